/** When an attempt is due: to be asked about, or to be cancelled. Pure: the contract's timing rules on a row. */
import { isOpen } from '$lib/payment/states';
import type { PaymentVerdict } from './belief';
import type { AttemptChange } from './change-attempt';
import type { AttemptRow } from './parts';
import { nextAskIn, type Timing } from './timing';

/** The contract's clock of an attempt: from the commit of the row that says "sending". */
export function ageOf(row: AttemptRow, now: number): number {
  return Math.max(0, now - (row.submitted_at_ms ?? row.created_at_ms));
}

/**
 * True once an open payment is a manager's: its minute at the counter is over, and a stop that Till sends by itself then
 * has had its time too.
 */
export function isOnDesk(options: { row: AttemptRow; now: number; timing: Timing }): boolean {
  const { row, now, timing } = options;
  return isOpen(row.state) && ageOf(row, now) >= deskFromMs(timing, row.state);
}

/** The age from which on an open payment is a manager's. */
export function deskFromMs(timing: Timing, state: AttemptRow['state']): number {
  // A stop is still the counter's, until it has taken as long again.
  return state === 'cancelling' ? 2 * timing.counterMs : timing.counterMs;
}

/** Makes a query due at once, also where one is under way that began before. */
export function dueNow(now: number): Pick<AttemptChange['set'], 'next_due_at_ms' | 'ask_wanted_at_ms'> {
  return { next_due_at_ms: now, ask_wanted_at_ms: now };
}

/** When the worker must look at this row again, if nothing happens before; null: never by itself. */
export function nextDue(options: {
  row: AttemptRow;
  now: number;
  timing: Timing;
  knownForMs: number;
}): number | null {
  const { row, now, timing, knownForMs } = options;
  if (!isOpen(row.state)) return row.next_due_at_ms;
  if (row.state === 'intent') return row.created_at_ms + timing.intentLifeMs;
  const age = ageOf(row, now);
  // "Not found" proves something only to a process that has known of it for so long.
  const proves = timing.notFoundCountsFromMs - knownForMs;
  const soon = age >= timing.notFoundCountsFromMs && proves > 0 ? proves : Infinity;
  const usual = now + Math.min(nextAskIn(timing, age, row.id), soon);
  // A success that was seen once and must be seen again.
  const ask = row.late_seen_at_ms === null ? usual : Math.min(usual, now + timing.lateReadsApartMs);
  const cancelWanted = row.stop_requested_at_ms !== null || age >= timing.counterMs;
  if (!cancelWanted) return ask;
  if (row.cancel_standing === 'none') {
    const first = now + timing.cancelNotBeforeMs - Math.min(age, knownForMs);
    // Past it the turn that just ended has cancelled, or had a reason not to: that reason is asked about at the usual pace.
    return first > now ? Math.min(ask, first) : ask;
  }
  // A cancel is sent again every few seconds while the order can still be paid; after its life the growing gaps do, or a
  // gateway that is away for hours would be called by every open payment all the time.
  return age < timing.notFoundCountsFromMs ? Math.min(ask, now + timing.cancelAgainMs) : ask;
}

/** True when a cancel must be sent now: the first, or one more (money rule 6 and the contract's timing). */
export function cancelIsDue(options: {
  row: AttemptRow;
  verdict: PaymentVerdict;
  lastCancelAtMs: number | null;
  now: number;
  timing: Timing;
  /** How long this process has known of it, by its monotonic clock. */
  knownForMs: number;
}): boolean {
  const { row, verdict, lastCancelAtMs, now, timing, knownForMs } = options;
  if (!isOpen(row.state) || row.state === 'intent') return false;
  const age = ageOf(row, now);
  if (row.stop_requested_at_ms === null && age < timing.counterMs) return false;
  if (age < timing.cancelNotBeforeMs) return false;
  // One that lies ahead was written before the clock was set back: it was long enough ago.
  const sinceLast = lastCancelAtMs === null || lastCancelAtMs > now ? Infinity : now - lastCancelAtMs;
  switch (row.cancel_standing) {
    case 'none':
      // No first cancel once success is known, or while it is unclear whose payment the gateway speaks of.
      if (knownForMs < timing.cancelNotBeforeMs) return false;
      return row.success_seen_at_ms === null && verdict.says !== 'paid' && verdict.says !== 'mismatch';
    case 'unanswered':
    case 'busy':
      return sinceLast >= timing.cancelAgainMs;
    case 'accepted':
    case 'refused':
    case 'not_found': {
      // Answered, and yet the order stands: ask again, seldom.
      const stands =
        verdict.says === 'paying' || (verdict.says === 'paid' && row.cancel_standing !== 'refused');
      return stands && sinceLast >= timing.cancelRepeatMs;
    }
  }
}
