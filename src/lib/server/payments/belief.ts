/**
 * What an answer of the gateway lets Till believe (money rule 5). Pure: an answer and what was asked in, a verdict out.
 * A failed check is never a failed payment: whatever is not a signed, matching statement says `nothing`.
 */
import type { Answer, Faulted, PaymentFacts, Refused, RefundFacts } from '../gateway/port';
import { alarmOf, type Alarm } from './alarms';
import type { GatewayIdentity } from './parts';

/** What every answer must be about. */
export interface Asked {
  readonly id: string;
  readonly merchantOrderNo: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly identity: GatewayIdentity;
}

export type Nothing = { readonly says: 'nothing'; readonly reachable: boolean; readonly alarm: Alarm | null };

export type PaymentVerdict =
  | { readonly says: 'paid' | 'paying' | 'closed' | 'cancelled'; readonly facts: PaymentFacts }
  | { readonly says: 'not_found' }
  /** Signed, but about another number, amount, currency or merchant: ignored and alarmed. */
  | { readonly says: 'mismatch'; readonly what: string; readonly facts: PaymentFacts }
  | Nothing;

export type RefundVerdict =
  | { readonly says: 'refunded' | 'refunding' | 'closed'; readonly facts: RefundFacts }
  | { readonly says: 'not_found' }
  | { readonly says: 'mismatch'; readonly what: string }
  | Nothing;

/** Reads the answer to `order.query`. */
export function readPaymentQuery(asked: Asked, answer: Answer<PaymentFacts>): PaymentVerdict {
  if (answer.kind !== 'answered') return withoutFacts(answer);
  const facts = answer.value;
  const wrong =
    mismatch('number', facts.merchantOrderNo, asked.merchantOrderNo, 'must be there') ??
    mismatch('currency', facts.currency, asked.currency, mustFor(facts)) ??
    mismatch('amount', facts.orderAmountMinor, asked.amountMinor, mustFor(facts)) ??
    mismatch('attach', facts.attach, asked.id, 'may be missing') ??
    mismatch('merchant', facts.merchantNo, asked.identity.merchantNo, 'may be missing') ??
    mismatch('app', facts.appId, asked.identity.appId, 'may be missing');
  if (wrong !== null) return { says: 'mismatch', what: wrong, facts };
  switch (facts.status) {
    case 'succeeded':
      return { says: 'paid', facts };
    case 'created':
    case 'paying':
      return { says: 'paying', facts };
    case 'closed':
      return { says: 'closed', facts };
    case 'cancelled':
      return { says: 'cancelled', facts };
  }
}

/** Reads the answer to `order.refund.query`, which carries neither currency nor merchant. */
export function readRefundQuery(asked: Asked, answer: Answer<RefundFacts>): RefundVerdict {
  if (answer.kind !== 'answered') return withoutFacts(answer);
  const facts = answer.value;
  const wrong =
    mismatch('number', facts.merchantOrderNo, asked.merchantOrderNo, 'must be there') ??
    mismatch('currency', facts.currency, asked.currency, 'may be missing') ??
    mismatch('amount', facts.orderAmountMinor, asked.amountMinor, 'may be missing');
  if (wrong !== null) return { says: 'mismatch', what: wrong };
  switch (facts.status) {
    case 'succeeded':
      return { says: 'refunded', facts };
    case 'created':
    case 'paying':
      return { says: 'refunding', facts };
    case 'closed':
    case 'cancelled':
      return { says: 'closed', facts };
  }
}

type Presence = 'must be there' | 'may be missing';

/** Only a success must carry amount and currency: a closed order may leave them out, but not give others. */
function mustFor(facts: PaymentFacts): Presence {
  return facts.status === 'succeeded' ? 'must be there' : 'may be missing';
}

function mismatch<T>(name: string, seen: T | null, expected: T, presence: Presence): string | null {
  if (seen === null) return presence === 'must be there' ? `${name} missing` : null;
  return seen === expected ? null : `${name} differs`;
}

function withoutFacts(answer: Refused | Faulted): Nothing | { readonly says: 'not_found' } {
  if (answer.kind === 'refused' && answer.codeClass === 'not_found') return { says: 'not_found' };
  return { says: 'nothing', reachable: answer.kind === 'refused', alarm: alarmOf(answer) };
}
