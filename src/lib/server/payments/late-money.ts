/** What is heard of an attempt after its end: money that came late, or nothing new. Pure. */
import type { Evidence } from '../gateway/port';
import type { PaymentVerdict } from './belief';
import type { AttemptChange } from './change-attempt';
import { numbersOf } from './numbers';
import type { AttemptRow } from './parts';
import { nextAskIn, type Timing } from './timing';
import { ageOf } from './when-due';

/** What every query writes, whatever it hears. */
export type Asked = { readonly last_asked_at_ms: number; readonly gateway_reachable: number };

/** An ended attempt moves only from failed or cancelled to paid late, and not on a single, perhaps stale, read. */
export function afterEnd(options: {
  row: AttemptRow;
  verdict: PaymentVerdict;
  evidence: Evidence;
  askedAtMs: number;
  timing: Timing;
  now: number;
  asked: Asked;
}): AttemptChange | null {
  const { row, verdict, evidence, askedAtMs, timing, now, asked } = options;
  const ended = row.state === 'failed' || row.state === 'cancelled';
  if (ended && verdict.says === 'paid') {
    const numbers = numbersOf(verdict.facts, row);
    if (row.late_seen_at_ms === null || askedAtMs - row.late_seen_at_ms < timing.lateReadsApartMs) {
      return {
        event: null,
        what: 'late_money_suspected',
        set: {
          ...asked,
          ...numbers,
          late_seen_at_ms: row.late_seen_at_ms ?? askedAtMs,
          next_due_at_ms: now + timing.lateReadsApartMs
        },
        evidence
      };
    }
    return {
      event: { type: 'proven_paid' },
      set: { ...asked, ...numbers, next_due_at_ms: null },
      evidence,
      task: { kind: 'late_money', text: 'Money came after the payment had ended without it' }
    };
  }
  if (ended && verdict.says === 'nothing') {
    // The one more look is still owed.
    return {
      event: null,
      what: 'asked_in_vain',
      set: { ...asked, next_due_at_ms: now + nextAskIn(timing, ageOf(row, now)) },
      evidence
    };
  }
  const moneyIn = row.state === 'succeeded' || row.state === 'attached';
  const set = { ...asked, late_seen_at_ms: null, next_due_at_ms: null };
  if (moneyIn && verdict.says === 'cancelled') {
    return {
      event: null,
      what: 'contradiction',
      set,
      evidence,
      task: { kind: 'contradiction', text: 'The gateway now says that this paid order was cancelled' }
    };
  }
  return { event: null, what: 'looked_again', set, evidence };
}
