/**
 * What evidence means for an attempt: the money rules 4 to 6, as pure functions of the row, the evidence and the time.
 * Answers, queries and webhooks may come in any order and any number of times: each is decided on the row as it stands.
 */
import { isOpen } from '$lib/payment/states';
import type { Answer, Evidence, PaymentFacts } from '../gateway/port';
import { alarmOf, alarmTask } from './alarms';
import type { PaymentVerdict } from './belief';
import type { AttemptChange } from './change-attempt';
import type { AttemptRow } from './parts';
import { nextAskIn, type Timing } from './timing';

/** The contract's clock of an attempt: from the commit of the row that says "sending". */
export function ageOf(row: AttemptRow, now: number): number {
  return Math.max(0, now - (row.submitted_at_ms ?? row.created_at_ms));
}

/** Makes a query due at once, also where one is under way that began before. */
export function dueNow(now: number): Pick<AttemptChange['set'], 'next_due_at_ms' | 'ask_wanted_at_ms'> {
  return { next_due_at_ms: now, ask_wanted_at_ms: now };
}

/** The submit's own answer: it says how the call went, and a query says how the money went. */
export function afterSubmit(options: {
  row: AttemptRow;
  answer: Answer<PaymentFacts>;
  now: number;
}): AttemptChange {
  const { row, answer, now } = options;
  const evidence = answer.evidence;
  const answered = { submit_answered_at_ms: now, psn: evidence.psn ?? row.psn };
  const still = isOpen(row.state);
  switch (answer.kind) {
    case 'answered': {
      const set = { ...answered, gateway_reachable: 1, ...numbersOf(answer.value, row) };
      const paying = answer.value.status === 'paying' || answer.value.status === 'created';
      if (paying && still) return { event: { type: 'seen_paying' }, set, evidence };
      return { event: null, what: 'submit_answered', set: { ...set, ...dueNow(now) }, evidence };
    }
    case 'refused': {
      const set = {
        ...answered,
        gateway_reachable: 1,
        submit_refusal: answer.codeClass,
        error_code: evidence.code,
        error_text: evidence.message,
        ...dueNow(now)
      };
      return {
        event: still && answer.codeClass !== 'not_created' ? { type: 'doubt_arose' } : null,
        what: 'submit_refused',
        set,
        evidence,
        ...alarmTask(alarmOf(answer), evidence)
      };
    }
    case 'fault': {
      const set = { ...answered, gateway_reachable: 0 };
      if (answer.fault === 'not_sent' && row.state === 'submitted') {
        return { event: { type: 'nothing_sent' }, set: { ...set, next_due_at_ms: null }, evidence };
      }
      return {
        event: still ? { type: 'doubt_arose' } : null,
        what: 'submit_unanswered',
        set,
        evidence,
        message: answer.fault,
        ...alarmTask(alarmOf(answer), evidence)
      };
    }
  }
}

/** A query's verdict. `askedAtMs` is when the query began: what happened since is not in it. */
export function afterQuery(options: {
  row: AttemptRow;
  verdict: PaymentVerdict;
  evidence: Evidence;
  askedAtMs: number;
  now: number;
  timing: Timing;
}): AttemptChange | null {
  const { row, verdict, evidence, now } = options;
  const asked = {
    last_asked_at_ms: now,
    gateway_reachable: verdict.says === 'nothing' && !verdict.reachable ? 0 : 1
  };
  if (!isOpen(row.state)) return afterEnd({ ...options, asked });
  switch (verdict.says) {
    case 'paid':
      if (!successMayBeBelieved(row, options.askedAtMs)) {
        return { event: null, what: 'paid_seen_while_stopping', set: asked, evidence };
      }
      return {
        event: { type: 'proven_paid' },
        set: {
          ...asked,
          ...numbersOf(verdict.facts, row),
          error_code: null,
          error_text: null,
          next_due_at_ms: null
        },
        evidence
      };
    case 'cancelled':
      return { event: { type: 'proven_cancelled' }, set: { ...asked, next_due_at_ms: null }, evidence };
    case 'closed': {
      const set = {
        ...asked,
        ...numbersOf(verdict.facts, row),
        error_code: verdict.facts.errorCode ?? row.error_code,
        error_text: verdict.facts.errorMessage ?? row.error_text,
        next_due_at_ms: null
      };
      if (row.cancel_standing === 'accepted') return { event: { type: 'proven_cancelled' }, set, evidence };
      const reason = row.submit_refusal === 'not_created' ? 'refused' : 'declined';
      return { event: { type: 'proven_failed', reason }, set, evidence };
    }
    case 'paying':
      return {
        event: { type: 'seen_paying' },
        set: { ...asked, ...numbersOf(verdict.facts, row), not_found_late: 0 },
        evidence
      };
    case 'not_found':
      return afterNotFound({ ...options, asked });
    case 'mismatch':
      return {
        event: { type: 'doubt_arose' },
        set: asked,
        evidence,
        message: verdict.what,
        task: { kind: 'mismatch', text: `The gateway's answer is about something else: ${verdict.what}` }
      };
    case 'nothing': {
      const doubt = row.state === 'submitted' && ageOf(row, now) > options.timing.submitDoubtMs;
      return {
        event: doubt ? { type: 'doubt_arose' } : null,
        what: 'asked_in_vain',
        set: asked,
        evidence,
        ...alarmTask(verdict.alarm, evidence)
      };
    }
  }
}

/** Money rule 6: once a cancel is committed, only a refusal of it and a later query make a success certain. */
function successMayBeBelieved(row: AttemptRow, askedAtMs: number): boolean {
  switch (row.cancel_standing) {
    case 'none':
      return true;
    case 'refused':
    case 'busy':
      return row.cancel_answered_at_ms !== null && askedAtMs >= row.cancel_answered_at_ms;
    case 'unanswered':
    case 'accepted':
    case 'not_found':
      return false;
  }
}

type Asked = { last_asked_at_ms: number; gateway_reachable: number };

/** "Not found" soon after a submit proves nothing (money rule 5). */
function afterNotFound(options: {
  row: AttemptRow;
  evidence: Evidence;
  now: number;
  timing: Timing;
  asked: Asked;
}): AttemptChange {
  const { row, evidence, now, timing, asked } = options;
  if (row.submit_refusal === 'not_created') {
    return {
      event: { type: 'proven_failed', reason: 'refused' },
      set: { ...asked, next_due_at_ms: null },
      evidence
    };
  }
  const age = ageOf(row, now);
  const late = age >= timing.notFoundCountsFromMs ? row.not_found_late + 1 : 0;
  const shut = ['accepted', 'refused', 'not_found'].includes(row.cancel_standing);
  if (late >= 2 && shut) {
    return {
      event: { type: 'proven_failed', reason: 'not_received' },
      set: { ...asked, not_found_late: late, next_due_at_ms: now + Math.max(1, timing.lookAgainAtMs - age) },
      evidence
    };
  }
  const doubt =
    row.state === 'submitted' && (row.submit_answered_at_ms !== null || age > timing.submitDoubtMs);
  return {
    event: doubt ? { type: 'doubt_arose' } : null,
    what: 'not_found',
    set: { ...asked, not_found_late: late },
    evidence
  };
}

/** An ended attempt moves only from failed or cancelled to paid late, and not on a single, perhaps stale, read. */
function afterEnd(options: {
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

/** The numbers that a shopper can show later, and what was really paid. */
function numbersOf(facts: PaymentFacts, row: AttemptRow): AttemptChange['set'] {
  return {
    trans_no: facts.transNo ?? row.trans_no,
    pay_channel_trans_no: facts.payChannelTransNo ?? row.pay_channel_trans_no,
    pay_platform_trans_no: facts.payPlatformTransNo ?? row.pay_platform_trans_no,
    ref_no: facts.refNo ?? row.ref_no,
    wallet: facts.payMethodId ?? row.wallet,
    paid_minor: facts.paidAmountMinor ?? row.paid_minor,
    offer_by_merchant_minor: facts.discountByMerchantMinor ?? row.offer_by_merchant_minor,
    offer_by_channel_minor: facts.discountByChannelMinor ?? row.offer_by_channel_minor
  };
}

/** When the worker must look at this row again, if nothing happens before; null: never by itself. */
export function nextDue(row: AttemptRow, now: number, timing: Timing): number | null {
  if (!isOpen(row.state)) return row.next_due_at_ms;
  if (row.state === 'intent') return row.created_at_ms + timing.intentLifeMs;
  const age = ageOf(row, now);
  const ask = now + nextAskIn(timing, age);
  const cancelWanted = row.stop_requested_at_ms !== null || age >= timing.counterMs;
  if (!cancelWanted) return ask;
  const from = row.submitted_at_ms ?? row.created_at_ms;
  if (row.cancel_standing === 'none')
    return Math.min(ask, Math.max(now + 1, from + timing.cancelNotBeforeMs));
  if (row.cancel_standing === 'unanswered' || row.cancel_standing === 'busy') {
    return Math.min(ask, now + timing.cancelAgainMs);
  }
  return age < timing.notFoundCountsFromMs ? Math.min(ask, now + timing.cancelAgainMs) : ask;
}

/** True when a cancel must be sent now: the first, or one more (money rule 6 and the contract's timing). */
export function cancelIsDue(options: {
  row: AttemptRow;
  verdict: PaymentVerdict;
  lastCancelAtMs: number | null;
  now: number;
  timing: Timing;
}): boolean {
  const { row, verdict, lastCancelAtMs, now, timing } = options;
  if (!isOpen(row.state) || row.state === 'intent') return false;
  const age = ageOf(row, now);
  if (row.stop_requested_at_ms === null && age < timing.counterMs) return false;
  if (age < timing.cancelNotBeforeMs) return false;
  const sinceLast = lastCancelAtMs === null ? Infinity : now - lastCancelAtMs;
  switch (row.cancel_standing) {
    case 'none':
      // No first cancel once success is known, or while it is unclear whose payment the gateway speaks of.
      return verdict.says !== 'paid' && verdict.says !== 'mismatch';
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
