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
import { afterEnd, answerDiffers, isSecondRead, type Asked } from './late-money';
import { numbersOf } from './numbers';
import type { Timing } from './timing';
import { ageOf, dueNow } from './when-due';

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
      const paid = answer.value.status === 'succeeded';
      const set = {
        ...answered,
        gateway_reachable: 1,
        success_seen_at_ms: paid ? (row.success_seen_at_ms ?? now) : row.success_seen_at_ms,
        ...numbersOf(answer.value, row)
      };
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
        ...alarmTask(alarmOf(answer), evidence, now)
      };
    }
    case 'fault': {
      const set = { ...answered, gateway_reachable: 0 };
      if (answer.fault === 'not_sent' && row.state === 'submitted') {
        return {
          event: { type: 'nothing_sent' },
          set: { ...set, next_due_at_ms: null },
          evidence,
          ...alarmTask(alarmOf(answer), evidence, now)
        };
      }
      return {
        event: still ? { type: 'doubt_arose' } : null,
        what: 'submit_unanswered',
        set,
        evidence,
        message: answer.fault,
        ...alarmTask(alarmOf(answer), evidence, now)
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
  /** How long this process had known of the attempt when the query began, by its monotonic clock. */
  knownForMs: number;
  /** The same of a "paid" that must be read twice. */
  suspectedForMs: number;
  /** A cancel of this attempt was never answered: it may still be on its way, or have been carried out. */
  cancelLost: boolean;
  /** A cancel of this attempt was taken on: it may be carried out yet, whatever a later one was told. */
  cancelAccepted: boolean;
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
      if (options.cancelAccepted || !cancelIsRefused(row, options.askedAtMs)) {
        return { event: null, what: 'paid_seen_while_stopping', set: asked, evidence };
      }
      if (options.cancelLost) {
        const firstAtMs = firstSeenPaid(row);
        if (!isSecondRead({ ...options, firstAtMs })) {
          const set = { ...asked, late_seen_at_ms: firstAtMs ?? options.askedAtMs };
          return { event: null, what: 'paid_seen_while_stopping', set, evidence };
        }
      }
      return {
        event: { type: 'proven_paid' },
        set: {
          ...asked,
          late_seen_at_ms: null,
          ...numbersOf(verdict.facts, row),
          error_code: null,
          error_text: null,
          next_due_at_ms: null
        },
        evidence
      };
    case 'cancelled':
      return {
        event: { type: 'proven_cancelled' },
        set: { ...asked, late_seen_at_ms: null, next_due_at_ms: null },
        evidence
      };
    case 'closed': {
      const set = {
        ...asked,
        late_seen_at_ms: null,
        ...numbersOf(verdict.facts, row),
        error_code: verdict.facts.errorCode ?? row.error_code,
        error_text: verdict.facts.errorMessage ?? row.error_text,
        next_due_at_ms: null
      };
      if (options.cancelAccepted || row.cancel_standing === 'accepted')
        return { event: { type: 'proven_cancelled' }, set, evidence };
      const reason = row.submit_refusal === 'not_created' ? 'refused' : 'declined';
      return { event: { type: 'proven_failed', reason }, set, evidence };
    }
    case 'paying':
      return {
        event: { type: 'seen_paying' },
        set: { ...asked, ...numbersOf(verdict.facts, row), not_found_late: 0, late_seen_at_ms: null },
        evidence
      };
    case 'not_found':
      return afterNotFound({ ...options, asked });
    case 'mismatch':
      return {
        event: { type: 'doubt_arose' },
        set: asked,
        evidence,
        ...answerDiffers(verdict.what)
      };
    case 'nothing': {
      const doubt = row.state === 'submitted' && ageOf(row, now) > options.timing.submitDoubtMs;
      return {
        event: doubt ? { type: 'doubt_arose' } : null,
        what: 'asked_in_vain',
        set: asked,
        evidence,
        ...alarmTask(verdict.alarm, evidence, now)
      };
    }
  }
}

/** Money rule 6: once a cancel is committed, only a refusal of it and a later query make a success certain. */
function cancelIsRefused(row: AttemptRow, askedAtMs: number): boolean {
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

/**
 * A repeated cancel may be refused because an earlier one, whose answer was lost, had done its work; a query that reads
 * what stood before it would then be a false success. So it must say so twice since the refusal, as late money must.
 */
function firstSeenPaid(row: AttemptRow): number | null {
  const since = row.cancel_answered_at_ms ?? 0;
  return row.late_seen_at_ms !== null && row.late_seen_at_ms >= since ? row.late_seen_at_ms : null;
}

/** "Not found" soon after a submit proves nothing (money rule 5). */
function afterNotFound(options: {
  row: AttemptRow;
  evidence: Evidence;
  askedAtMs: number;
  knownForMs: number;
  now: number;
  timing: Timing;
  asked: Asked;
}): AttemptChange {
  const { row, evidence, askedAtMs, knownForMs, now, timing, asked } = options;
  // A query that began before the refusal came says nothing about it.
  const confirms = row.submit_answered_at_ms !== null && askedAtMs >= row.submit_answered_at_ms;
  if (row.submit_refusal === 'not_created' && confirms) {
    return {
      event: { type: 'proven_failed', reason: 'refused' },
      set: { ...asked, next_due_at_ms: null },
      evidence
    };
  }
  const age = ageOf(row, now);
  // A wall clock that was set on makes nothing older: the request may still be on its way.
  const provenAgeMs = Math.min(ageOf(row, askedAtMs), knownForMs);
  const counts = provenAgeMs >= timing.notFoundCountsFromMs;
  const late = row.not_found_late + (counts ? 1 : 0);
  const shut = ['accepted', 'refused', 'not_found'].includes(row.cancel_standing);
  if (late >= 2 && shut) {
    return {
      event: { type: 'proven_failed', reason: 'not_received' },
      set: {
        ...asked,
        not_found_late: late,
        next_due_at_ms: now + Math.max(1, timing.lookAgainAtMs - provenAgeMs)
      },
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
