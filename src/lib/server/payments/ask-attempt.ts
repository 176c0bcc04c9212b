/**
 * One turn of the worker on one attempt: ask, settle by the answer, stop it when its time is up, ask again.
 * No lock is held while the gateway is spoken to; each answer is settled on the row as it then stands.
 */
import type { Selectable } from 'kysely';
import { isMoneyIn, isOpen } from '$lib/payment/states';
import type { Answer, PaymentFacts } from '../gateway/port';
import type { CancelsTable } from '../ledger/schema';
import { alarmOf, alarmTask } from './alarms';
import { readPaymentQuery, type PaymentVerdict } from './belief';
import { changeAttempt, lockAttempt, type AttemptChange } from './change-attempt';
import { afterQuery } from './decide-attempt';
import type { AttemptRow, PaymentParts } from './parts';
import { cancelIsDue, dueNow, nextDue } from './when-due';

/** @param options.row the row as the worker claimed it, under its lease */
export async function askAttempt(options: {
  parts: PaymentParts;
  row: AttemptRow;
  owner: string;
}): Promise<void> {
  const { parts, row, owner } = options;
  if (row.state === 'intent') {
    await giveUpIntent(parts, row.id);
  } else {
    const first = await queryAttempt(parts, row);
    const sent = await cancelWhenDue({ parts, owner, row: first.row, verdict: first.verdict });
    if (sent) await queryAttempt(parts, first.row);
  }
  return release(parts, owner, row.id);
}

/** Its process died before "sending" was committed, and the code died with it: nothing ever left. */
async function giveUpIntent(parts: PaymentParts, id: string): Promise<void> {
  await changeAttempt({
    parts,
    id,
    actor: 'worker',
    decide: (current) => {
      const over = parts.ledger.nowMs() >= current.created_at_ms + parts.timing.intentLifeMs;
      return current.state === 'intent' && over
        ? { event: { type: 'nothing_sent' }, set: { next_due_at_ms: null } }
        : null;
    }
  });
}

/** Asks the gateway and settles what it says on the row as it then stands. */
export async function queryAttempt(
  parts: PaymentParts,
  row: AttemptRow
): Promise<{ row: AttemptRow; verdict: PaymentVerdict }> {
  // Read before the question: what is sent or answered from here on makes its own answer too old to be believed.
  const cancels = await cancelsOf(parts, row.id);
  const askedAtMs = parts.ledger.nowMs();
  const knownForMs = parts.stopwatch.elapsedMs(row.id);
  const suspicion = `${row.id} paid`;
  if (row.late_seen_at_ms === null) parts.stopwatch.forget(suspicion);
  const suspectedForMs = parts.stopwatch.elapsedMs(suspicion);
  const answer: Answer<PaymentFacts> = await parts.gateway.queryPayment({
    merchantOrderNo: row.merchant_order_no
  });
  const verdict = readPaymentQuery(
    {
      id: row.id,
      merchantOrderNo: row.merchant_order_no,
      amountMinor: row.amount_minor,
      currency: row.currency,
      identity: parts.identity
    },
    answer
  );
  const settled = await changeAttempt({
    parts,
    id: row.id,
    actor: 'gateway',
    decide: (current) =>
      afterQuery({
        row: current,
        verdict,
        evidence: answer.evidence,
        askedAtMs,
        knownForMs,
        suspectedForMs,
        cancelLost: cancels.some(isLost),
        cancelAccepted: cancels.some(isAccepted),
        now: parts.ledger.nowMs(),
        timing: parts.timing
      })
  });
  if (settled.late_seen_at_ms === null || isMoneyIn(settled.state)) parts.stopwatch.forget(suspicion);
  return { row: settled, verdict };
}

/** Commits the cancel, sends it, records the answer (money rule 6). False: none was due. */
async function cancelWhenDue(options: {
  parts: PaymentParts;
  owner: string;
  row: AttemptRow;
  verdict: PaymentVerdict;
}): Promise<boolean> {
  const { parts, owner, row, verdict } = options;
  const { timing } = parts;
  const earlier = await cancelsOf(parts, row.id);
  const lastCancelAtMs = earlier.at(-1)?.committed_at_ms ?? null;
  const isDue = (current: AttemptRow, now: number): boolean =>
    cancelIsDue({
      row: current,
      verdict,
      lastCancelAtMs,
      now,
      timing,
      knownForMs: parts.stopwatch.elapsedMs(row.id)
    });
  if (!isDue(row, parts.ledger.nowMs())) return false;
  let committedAtMs = 0;
  let sinceCommitMs = parts.stopwatch.begin();
  let cancelId: number | null = null;
  await changeAttempt({
    parts,
    id: row.id,
    actor: row.stop_requested_by ?? 'worker',
    decide: (current) => {
      cancelId = null;
      sinceCommitMs = parts.stopwatch.begin();
      committedAtMs = parts.ledger.nowMs();
      // Fenced: a row that another worker took, or that changed since it was asked about, is not this worker's to cancel.
      const same = current.lease_owner === owner && current.version === row.version;
      // A webhook or a person wants a newer answer than the one that this cancel would rest on.
      const askFirst = current.ask_wanted_at_ms !== null;
      return same && !askFirst && isDue(current, committedAtMs)
        ? { event: { type: 'cancel_committed' }, set: { cancel_standing: 'unanswered' } }
        : null;
    },
    also: async (trx) => {
      const inserted = await trx
        .insertInto('cancels')
        .values({ attempt_id: row.id, committed_at_ms: committedAtMs })
        .returning('id')
        .executeTakeFirstOrThrow();
      cancelId = inserted.id;
    }
  });
  if (cancelId === null) return false;
  parts.crashPoint('after_cancel_commit');
  if (sinceCommitMs() > timing.sendWithinMs) {
    // This process slept. The row says "unanswered": it is asked about and sent again by the usual road.
    return true;
  }
  const answer = await parts.gateway.cancelPayment({ merchantOrderNo: row.merchant_order_no });
  parts.crashPoint('after_cancel_send');
  const standing = cancelStandingOf(answer);
  const heard = answer.kind === 'fault' ? answer.fault : answer.codeClass;
  const lost = earlier.some(isLost);
  const answeredAtMs = parts.ledger.nowMs();
  const cancel = cancelId;
  await changeAttempt({
    parts,
    id: row.id,
    actor: 'gateway',
    decide: (current) => ({
      event: null,
      what: `cancel_${standing}`,
      ...(standing === 'unanswered' ? { message: heard } : {}),
      set: afterCancel({
        standing,
        lost,
        // Another worker's own may have been heard of since this one was committed.
        accepted: earlier.some(isAccepted) || current.cancel_standing === 'accepted',
        ours: current.lease_owner === owner,
        answeredAtMs,
        answer
      }),
      evidence: answer.evidence,
      ...alarmTask(alarmOf(answer), answer.evidence, answeredAtMs)
    }),
    also: async (trx) => {
      await trx
        .updateTable('cancels')
        .set({
          sent_at_ms: committedAtMs,
          answered_at_ms: standing === 'unanswered' ? null : answeredAtMs,
          answer: heard,
          psn: answer.evidence.psn
        })
        .where('id', '=', cancel)
        .execute();
    }
  });
  return true;
}

/** What a cancel's answer says of all the cancels of this attempt. */
function afterCancel(options: {
  standing: Standing;
  /** An earlier one was never answered. */
  lost: boolean;
  /** Another one was taken on: it may be what this one is refused for, and be carried out yet. */
  accepted: boolean;
  /** No other worker can have sent one since. */
  ours: boolean;
  answeredAtMs: number;
  answer: Answer<null>;
}): AttemptChange['set'] {
  const { standing, lost, accepted, ours, answeredAtMs, answer } = options;
  const answered = { cancel_standing: standing, cancel_answered_at_ms: answeredAtMs, gateway_reachable: 1 };
  switch (standing) {
    case 'unanswered':
      return { gateway_reachable: answer.kind === 'fault' ? 0 : 1 };
    case 'accepted':
      // Whatever another one was told since, this one was taken on. What rested on its silence is asked about anew.
      return ours ? answered : { ...answered, ...dueNow(answeredAtMs) };
    case 'busy':
      if (ours && accepted) return { ...answered, cancel_standing: 'accepted' };
      // "Not now" does not speak for a lost one, which may arrive when the shopper has paid: it is as open as before.
      return ours && !lost ? answered : { gateway_reachable: 1 };
    case 'refused':
    case 'not_found':
      if (ours && accepted) return { ...answered, cancel_standing: 'accepted' };
      // After its lease another worker may have sent a cancel of its own: this answer does not speak for that one.
      return ours ? answered : { gateway_reachable: 1 };
  }
}

/** How a cancel that was sent stands by its own answer. */
type Standing = Exclude<AttemptRow['cancel_standing'], 'none'>;

function cancelStandingOf(answer: Answer<null>): Standing {
  if (answer.kind === 'fault') return 'unanswered';
  switch (answer.codeClass) {
    case 'ok':
      return 'accepted';
    case 'busy':
      return 'busy';
    case 'not_found':
      return 'not_found';
    case 'final_refused':
      return 'refused';
    default:
      // A refusal of the call, not of the cancel: nobody has decided about it yet.
      return 'unanswered';
  }
}

type SentCancel = Pick<Selectable<CancelsTable>, 'committed_at_ms' | 'answered_at_ms' | 'answer'>;

/** The cancels of an attempt, in their order. */
function cancelsOf(parts: PaymentParts, attemptId: string): Promise<SentCancel[]> {
  return parts.ledger.db
    .selectFrom('cancels')
    .select(['committed_at_ms', 'answered_at_ms', 'answer'])
    .where('attempt_id', '=', attemptId)
    .orderBy('id')
    .execute();
}

/** Never answered: it may still be on its way, or have been carried out. */
function isLost(cancel: SentCancel): boolean {
  return cancel.answered_at_ms === null;
}

/** Taken on, which is not yet carried out. */
function isAccepted(cancel: SentCancel): boolean {
  return cancel.answered_at_ms !== null && cancel.answer === 'ok';
}

/** Gives the row back, due again by the timing rules, or at once where somebody asked while it was being asked about. */
async function release(parts: PaymentParts, owner: string, id: string): Promise<void> {
  await parts.ledger.transaction(
    async (trx) => {
      const current = await lockAttempt(trx, id);
      if (current.lease_owner !== owner) return;
      // The claim took every earlier wish: one that stands came while this turn was asking.
      const wanted = current.ask_wanted_at_ms !== null;
      const now = parts.ledger.nowMs();
      const knownForMs = parts.stopwatch.elapsedMs(id);
      if (!isOpen(current.state)) parts.stopwatch.forget(id);
      await trx
        .updateTable('attempts')
        .set({
          lease_owner: null,
          lease_until_ms: null,
          next_due_at_ms: wanted ? now : nextDue({ row: current, now, timing: parts.timing, knownForMs })
        })
        .where('id', '=', id)
        .execute();
    },
    { repeatable: true }
  );
}
