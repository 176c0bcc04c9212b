/** What evidence means for a refund: money rule 7, as pure functions. Only a query ends a refund. */
import type { Updateable } from 'kysely';
import { isRefundOpen, type RefundEvent } from '$lib/payment/states';
import type { Answer, Evidence, RefundTaken } from '../gateway/port';
import type { RefundsTable } from '../ledger/schema';
import { alarmOf, alarmTask } from './alarms';
import type { RefundVerdict } from './belief';
import type { RefundRow } from './parts';
import type { RaisedTask } from './tasks';
import { nextAskIn, type Timing } from './timing';

export interface RefundChange {
  readonly event: RefundEvent | null;
  readonly what?: string;
  readonly set: Omit<Updateable<RefundsTable>, 'state' | 'version' | 'ended_at_ms'>;
  readonly evidence: Evidence;
  readonly message?: string;
  readonly task?: RaisedTask;
}

/** True when the refund's number may be sent (again): never sent yet, or proven not to have arrived. */
export function refundMayBeSent(options: {
  row: RefundRow;
  verdict: RefundVerdict | null;
  askedAtMs: number;
  timing: Timing;
}): boolean {
  const { row, verdict, askedAtMs, timing } = options;
  switch (row.state) {
    case 'intent':
      return true;
    case 'waiting_funds':
    case 'unknown':
      return verdict?.says === 'not_found' && notFoundTwice({ row, askedAtMs, timing });
    case 'submitted':
    case 'refunding':
    case 'succeeded':
    case 'failed':
      return false;
  }
}

/** Two reads that find nothing prove it only when they are far enough apart; the one at `askedAtMs` is the second. */
function notFoundTwice(options: { row: RefundRow; askedAtMs: number; timing: Timing }): boolean {
  const { row, askedAtMs, timing } = options;
  return (
    row.first_not_found_at_ms !== null &&
    askedAtMs - row.first_not_found_at_ms >= timing.refundNotFoundApartMs
  );
}

/** "Already refunded" may speak of this very refund, sent once before: only a request that creates nothing fails at once. */
function refusedForGood(options: { row: RefundRow; askedAtMs: number; timing: Timing }): boolean {
  switch (options.row.refusal) {
    case 'not_created':
      return true;
    case 'final_refused':
      return notFoundTwice(options);
    default:
      return false;
  }
}

/** The submit's answer says that the refund was taken on, or leaves a doubt. */
export function afterRefundSubmit(options: {
  row: RefundRow;
  answer: Answer<RefundTaken>;
  now: number;
}): RefundChange {
  const { row, answer, now } = options;
  const evidence = answer.evidence;
  const set = { psn: evidence.psn ?? row.psn };
  switch (answer.kind) {
    case 'answered':
      return {
        event: isRefundOpen(row.state) ? { type: 'seen_refunding' } : null,
        what: 'refund_taken',
        set: {
          ...set,
          trans_no: answer.value.transNo ?? row.trans_no,
          refusal: null,
          first_not_found_at_ms: null
        },
        evidence
      };
    case 'refused':
      return {
        event: isRefundOpen(row.state) ? { type: 'doubt_arose' } : null,
        what: 'refund_refused',
        set: {
          ...set,
          refusal: answer.codeClass,
          error_code: evidence.code,
          error_text: evidence.message,
          next_due_at_ms: now,
          ask_wanted_at_ms: now
        },
        evidence,
        ...alarmTask(alarmOf(answer), evidence, now)
      };
    case 'fault': {
      const notSent = answer.fault === 'not_sent' && row.state === 'submitted';
      return {
        event: notSent ? { type: 'nothing_sent' } : isRefundOpen(row.state) ? { type: 'doubt_arose' } : null,
        what: notSent ? 'nothing_sent' : 'refund_unanswered',
        set,
        evidence,
        message: answer.fault,
        ...alarmTask(alarmOf(answer), evidence, now)
      };
    }
  }
}

/** A query's verdict on a refund. */
export function afterRefundQuery(options: {
  row: RefundRow;
  verdict: RefundVerdict;
  evidence: Evidence;
  askedAtMs: number;
  now: number;
  timing: Timing;
}): RefundChange | null {
  const { row, verdict, evidence, askedAtMs, now, timing } = options;
  const asked = { last_asked_at_ms: now };
  if (!isRefundOpen(row.state)) {
    const turned = row.state === 'failed' && verdict.says === 'refunded';
    const change: RefundChange = {
      event: null,
      what: 'looked_again',
      set: { ...asked, next_due_at_ms: null },
      evidence
    };
    return turned
      ? {
          ...change,
          set: {
            ...change.set,
            // Counted by requestRefund against what can still be given back.
            given_back_minor: verdict.facts.transAmountMinor ?? row.amount_minor
          },
          task: {
            kind: 'contradiction',
            text:
              row.cash_id === null
                ? 'A refund that had failed was paid out after all'
                : 'This money went back twice: the refund had failed and was paid back in cash, and the wallet paid it out after all. Ask the shopper for the cash'
          }
        }
      : change;
  }
  switch (verdict.says) {
    case 'refunded':
      return {
        event: { type: 'proven_refunded' },
        set: {
          ...asked,
          trans_no: verdict.facts.transNo ?? row.trans_no,
          given_back_minor: verdict.facts.transAmountMinor ?? verdict.facts.orderAmountMinor,
          error_code: null,
          error_text: null,
          next_due_at_ms: null
        },
        evidence
      };
    case 'closed':
      return {
        event: { type: 'proven_failed' },
        set: {
          ...asked,
          error_code: verdict.facts.errorCode ?? row.error_code,
          error_text: verdict.facts.errorMessage ?? row.error_text,
          next_due_at_ms: null
        },
        evidence
      };
    case 'refunding':
      return {
        event: { type: 'seen_refunding' },
        set: { ...asked, trans_no: verdict.facts.transNo ?? row.trans_no, first_not_found_at_ms: null },
        evidence
      };
    case 'not_found': {
      // Asked before this number left, told after: it says nothing about what was sent since.
      if (askedAtMs < (row.submitted_at_ms ?? 0)) return null;
      const missed = { ...asked, first_not_found_at_ms: row.first_not_found_at_ms ?? askedAtMs };
      if (row.refusal === 'balance' && row.state !== 'waiting_funds') {
        return { event: { type: 'funds_lacking' }, set: missed, evidence };
      }
      if (row.state === 'unknown' && refusedForGood({ row, askedAtMs, timing })) {
        return { event: { type: 'proven_failed' }, set: { ...asked, next_due_at_ms: null }, evidence };
      }
      return {
        // Its process may have died between the commit and the sending: from doubt there is a way to send it again.
        event: row.state === 'submitted' ? { type: 'doubt_arose' } : null,
        what: 'not_found',
        set: missed,
        evidence
      };
    }
    case 'mismatch':
      return {
        event: { type: 'doubt_arose' },
        what: 'answer_differs',
        set: asked,
        evidence,
        message: verdict.what,
        task: {
          kind: 'mismatch',
          text: `The gateway's answer about a refund is about something else: ${verdict.what}`
        }
      };
    case 'nothing':
      return {
        event: null,
        what: 'asked_in_vain',
        set: asked,
        evidence,
        ...alarmTask(verdict.alarm, evidence, now)
      };
  }
}

/** When the worker must look at this refund again; null: never by itself. */
export function nextRefundDue(row: RefundRow, now: number, timing: Timing): number | null {
  if (!isRefundOpen(row.state)) return null;
  if (row.state === 'waiting_funds') return now + timing.fundsAgainMs;
  const age = Math.max(0, now - (row.submitted_at_ms ?? row.created_at_ms));
  const ask = now + nextAskIn(timing, age, row.id);
  if (row.state === 'unknown' && row.first_not_found_at_ms !== null) {
    // The second "not found", a minute after the first, allows the same number to go again.
    const second = row.first_not_found_at_ms + timing.refundNotFoundApartMs;
    if (second > now) return Math.min(ask, second);
  }
  return ask;
}

/** "Try again now" and "Ask now": at once, or when what was asked for may be done. */
export function wishedRefundDue(row: RefundRow, now: number, timing: Timing): number {
  if (row.state !== 'waiting_funds' || row.first_not_found_at_ms === null) return now;
  // Asked sooner it could not be sent yet, and a wish that is spent on a question alone would be lost.
  return Math.max(now, row.first_not_found_at_ms + timing.refundNotFoundApartMs);
}
