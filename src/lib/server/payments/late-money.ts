/** What is heard of an attempt after its end: money that came late, or nothing new. Pure. */
import { isMoneyIn } from '$lib/payment/states';
import type { Evidence } from '../gateway/port';
import { alarmTask } from './alarms';
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
  suspectedForMs: number;
  timing: Timing;
  now: number;
  asked: Asked;
}): AttemptChange {
  const { row, verdict, evidence, askedAtMs, timing, now, asked } = options;
  if (row.state === 'void') return afterVoid(options);
  if (row.state !== 'failed' && row.state !== 'cancelled') return afterMoneyEnd(options);
  const again = now + nextAskIn(timing, ageOf(row, now), row.id);
  switch (verdict.says) {
    case 'paid': {
      const numbers = numbersOf(verdict.facts, row);
      if (!isSecondRead({ ...options, firstAtMs: row.late_seen_at_ms })) {
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
        set: { ...asked, ...numbers, late_seen_at_ms: null, next_due_at_ms: null },
        evidence,
        task: { kind: 'late_money', text: 'Money came after the payment had ended without it' }
      };
    }
    case 'closed':
    case 'cancelled':
      return lookedAgain({ ...asked, late_seen_at_ms: null, next_due_at_ms: null }, evidence);
    case 'not_found':
      // It takes back no money that was seen; else it is what this end rests on, and one more look may be owed.
      return lookedAgain(
        { ...asked, next_due_at_ms: row.late_seen_at_ms === null ? owedLook(row, now, timing) : again },
        evidence
      );
    case 'paying':
      // The gateway holds it open after all: its shopper may still pay.
      return lookedAgain({ ...asked, next_due_at_ms: again }, evidence);
    case 'mismatch':
      return {
        event: null,
        set: { ...asked, next_due_at_ms: again },
        evidence,
        ...answerDiffers(verdict.what)
      };
    case 'nothing':
      return {
        event: null,
        what: 'asked_in_vain',
        set: { ...asked, next_due_at_ms: again },
        evidence,
        ...alarmTask(verdict.alarm, evidence, now)
      };
  }
}

/** Two reads that say "paid" are far enough apart by both clocks: one that was set on brings them no farther. */
export function isSecondRead(options: {
  firstAtMs: number | null;
  askedAtMs: number;
  suspectedForMs: number;
  timing: Timing;
}): boolean {
  const { firstAtMs, askedAtMs, suspectedForMs, timing } = options;
  return firstAtMs !== null && Math.min(askedAtMs - firstAtMs, suspectedForMs) >= timing.lateReadsApartMs;
}

/** The row knows no amount: whatever was paid under its number is money that this ledger forgot. */
function afterVoid({
  row,
  verdict,
  evidence,
  timing,
  now,
  asked
}: Parameters<typeof afterEnd>[0]): AttemptChange {
  const again = now + nextAskIn(timing, ageOf(row, now), row.id);
  if (verdict.says === 'nothing') {
    const set = { ...asked, next_due_at_ms: again };
    return { ...lookedAgain(set, evidence), ...alarmTask(verdict.alarm, evidence, now) };
  }
  const facts = verdict.says === 'not_found' ? null : verdict.facts;
  if (facts !== null && facts.merchantOrderNo !== row.merchant_order_no) {
    return lookedAgain({ ...asked, next_due_at_ms: again }, evidence);
  }
  const open = facts?.status === 'created' || facts?.status === 'paying';
  const looked = lookedAgain({ ...asked, next_due_at_ms: open ? again : null }, evidence);
  return facts?.status === 'succeeded' ? { ...looked, forgotten: facts } : looked;
}

/** Money that is in, or was given back, moves by no query; that the gateway says otherwise is for people. */
function afterMoneyEnd(options: Parameters<typeof afterEnd>[0]): AttemptChange {
  const { row, verdict, evidence, asked } = options;
  if (row.state === 'paid_late') return afterLateMoney(options);
  const set = { ...asked, next_due_at_ms: null };
  if (isMoneyIn(row.state) && verdict.says === 'cancelled') {
    return {
      event: null,
      what: 'contradiction',
      set,
      evidence,
      task: { kind: 'contradiction', text: 'The gateway now says that this paid order was cancelled' }
    };
  }
  return lookedAgain(set, evidence);
}

/** Late money waits for a manager, unless the gateway itself sent it back: that it says so must be read twice too. */
function afterLateMoney(options: Parameters<typeof afterEnd>[0]): AttemptChange {
  const { row, verdict, evidence, askedAtMs, timing, now, asked } = options;
  if (verdict.says === 'paid') {
    // What a manager does with it rests on a query that began after the wish.
    const set = { ...asked, late_confirmed_at_ms: askedAtMs, late_seen_at_ms: null, next_due_at_ms: null };
    return { event: null, what: 'late_money_confirmed', set, evidence };
  }
  if (verdict.says === 'cancelled') {
    const set = { ...asked, late_confirmed_at_ms: null };
    if (isSecondRead({ ...options, firstAtMs: row.late_seen_at_ms })) {
      return { event: { type: 'late_money_returned' }, set: { ...set, next_due_at_ms: null }, evidence };
    }
    return {
      event: null,
      what: 'contradiction',
      set: {
        ...set,
        late_seen_at_ms: row.late_seen_at_ms ?? askedAtMs,
        next_due_at_ms: now + timing.lateReadsApartMs
      },
      evidence,
      task: { kind: 'contradiction', text: 'The gateway now says that this late money was sent back' }
    };
  }
  const suspected = row.late_seen_at_ms !== null;
  const next_due_at_ms =
    suspected && verdict.says === 'nothing' ? now + nextAskIn(timing, ageOf(row, now), row.id) : null;
  return lookedAgain({ ...asked, next_due_at_ms }, evidence);
}

/** "Not received" is looked at once more at a fixed age, also where somebody asked before. */
function owedLook(row: AttemptRow, now: number, timing: Timing): number | null {
  const left = timing.lookAgainAtMs - ageOf(row, now);
  return row.fail_reason === 'not_received' && left > 0 ? now + left : null;
}

function lookedAgain(set: AttemptChange['set'], evidence: Evidence): AttemptChange {
  return { event: null, what: 'looked_again', set, evidence };
}

/** A signed answer about something else is ignored, and shown to people. */
export function answerDiffers(what: string): Pick<AttemptChange, 'what' | 'task' | 'message'> {
  return {
    what: 'answer_differs',
    message: what,
    task: { kind: 'mismatch', text: `The gateway's answer is about something else: ${what}` }
  };
}
