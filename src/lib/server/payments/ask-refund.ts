/** One turn of the worker on one refund: send it when it may be sent, else ask how it stands. */
import { nextRefundState, type RefundState } from '$lib/payment/states';
import { businessDayOf } from '$lib/order/business-day';
import type { Insertable } from 'kysely';
import type { LedgerTransaction } from '../ledger/ledger';
import type { EventsTable } from '../ledger/schema';
import { readRefundQuery, type RefundVerdict } from './belief';
import { appendEvent, changeAttemptWithin, evidenceColumns } from './change-attempt';
import {
  afterRefundQuery,
  afterRefundSubmit,
  nextRefundDue,
  refundMayBeSent,
  wishedRefundDue,
  type RefundChange
} from './decide-refund';
import { matchWaiting } from './inbox';
import { neverSent } from './never-sent';
import type { PaymentParts, RefundRow } from './parts';
import { raiseTask } from './tasks';
import { dueNow } from './when-due';

/** @param options.row the row as the worker claimed it, under its lease */
export async function askRefund(options: {
  parts: PaymentParts;
  row: RefundRow;
  owner: string;
}): Promise<void> {
  const { parts, owner } = options;
  let { row } = options;
  const askedAtMs = parts.ledger.nowMs();
  let verdict: RefundVerdict | null = null;
  if (row.state !== 'intent') {
    const asked = await queryRefund(parts, row, askedAtMs);
    row = asked.row;
    verdict = asked.verdict;
  }
  if (refundMayBeSent({ row, verdict, askedAtMs, timing: parts.timing })) {
    await send(parts, row, owner);
  }
  await release(parts, owner, row.id);
}

/** Asks the gateway and settles what it says on the row as it then stands. */
export async function queryRefund(
  parts: PaymentParts,
  row: RefundRow,
  askedAtMs = parts.ledger.nowMs()
): Promise<{ row: RefundRow; verdict: RefundVerdict }> {
  const answer = await parts.gateway.queryRefund({
    merchantOrderNo: row.merchant_order_no,
    currency: row.currency
  });
  const verdict = readRefundQuery(
    {
      id: row.id,
      merchantOrderNo: row.merchant_order_no,
      amountMinor: row.amount_minor,
      currency: row.currency,
      identity: parts.identity
    },
    answer
  );
  const after = await changeRefund({
    parts,
    id: row.id,
    decide: (current) =>
      afterRefundQuery({
        row: current,
        verdict,
        evidence: answer.evidence,
        askedAtMs,
        now: parts.ledger.nowMs(),
        timing: parts.timing
      })
  });
  return { row: after, verdict };
}

/** Commits "sending" under the lease, sends the one fixed number, records the answer. */
async function send(parts: PaymentParts, row: RefundRow, owner: string): Promise<void> {
  const committed = await parts.ledger.transaction(
    async (trx) => {
      const current = await trx
        .selectFrom('refunds')
        .selectAll()
        .where('id', '=', row.id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (current.lease_owner !== owner || current.version !== row.version) return null;
      const sinceMs = parts.stopwatch.begin();
      const now = parts.ledger.nowMs();
      const state = nextRefundState(current.state, { type: 'submit_started' });
      await appendEvent(
        trx,
        refundEvent(current, { at_ms: now, what: 'submit_started', actor: 'worker', to_state: state })
      );
      const version = current.version + 1;
      const waited = await matchWaiting({ trx, merchantOrderNo: current.merchant_order_no, with: 'refund' });
      await trx
        .updateTable('refunds')
        .set({
          state,
          version,
          submitted_at_ms: now,
          refusal: null,
          first_not_found_at_ms: null,
          ...(waited.length > 0 ? dueNow(now) : {})
        })
        .where('id', '=', row.id)
        .execute();
      return { sinceMs, version };
    },
    { repeatable: true }
  );
  if (committed === null) return;
  const attempt = await parts.ledger.db
    .selectFrom('attempts')
    .select('merchant_order_no')
    .where('id', '=', row.attempt_id)
    .executeTakeFirstOrThrow();
  parts.crashPoint('after_refund_commit');
  // A process that slept since may have been overtaken: by now another one may have sent this number.
  const slept = committed.sinceMs() > parts.timing.sendWithinMs;
  const answer = slept
    ? neverSent('order.refund.submit')
    : await parts.gateway.submitRefund({
        originalMerchantOrderNo: attempt.merchant_order_no,
        merchantOrderNo: row.merchant_order_no,
        amountMinor: row.amount_minor,
        currency: row.currency,
        reason: row.reason
      });
  parts.crashPoint('after_refund_send');
  await changeRefund({
    parts,
    id: row.id,
    decide: (current) => {
      // Overtaken while it slept: what it did not send says nothing about what another process sent.
      if (slept && current.version !== committed.version) return null;
      return afterRefundSubmit({ row: current, answer, now: parts.ledger.nowMs() });
    }
  });
}

/** The one place where a refund's row changes: read, decided and written with its event in one commit. */
export async function changeRefund(options: {
  parts: PaymentParts;
  id: string;
  decide: (row: RefundRow) => RefundChange | null;
}): Promise<RefundRow> {
  const { parts, id, decide } = options;
  const row = await parts.ledger.transaction(
    async (trx) => {
      const before = await trx
        .selectFrom('refunds')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const change = decide(before);
      if (change === null) return before;
      const now = parts.ledger.nowMs();
      const state: RefundState =
        change.event === null ? before.state : nextRefundState(before.state, change.event);
      const ended = state !== before.state && (state === 'succeeded' || state === 'failed');
      const shop = await trx.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
      const after = await trx
        .updateTable('refunds')
        .set({
          ...change.set,
          state,
          version: before.version + 1,
          ...(ended
            ? {
                ended_at_ms: now,
                business_day: businessDayOf({
                  atMs: now,
                  timeZone: shop.time_zone,
                  dayStartsAtMinute: shop.day_starts_at_minute
                })
              }
            : {})
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      const what = change.what ?? change.event?.type ?? 'looked_again';
      await appendEvent(
        trx,
        refundEvent(before, {
          at_ms: now,
          what,
          actor: 'gateway',
          to_state: state,
          ...evidenceColumns(change.evidence, change.message)
        })
      );
      if (change.task !== undefined) {
        await raiseTask(trx, {
          task: change.task,
          id,
          attemptId: before.attempt_id,
          orderId: before.order_id,
          now
        });
      }
      if (ended && state === 'succeeded') await settleLateMoney(trx, parts, after);
      return after;
    },
    { repeatable: true }
  );
  parts.changes.happened({ kind: 'refund', id: row.id, version: row.version });
  parts.changes.happened({ kind: 'attempt', id: row.attempt_id, version: null });
  parts.changes.happened({ kind: 'order', id: row.order_id, version: null });
  return row;
}

/** Late money that was given back in full, in cash too, is settled in the same commit: its attempt ends as refunded. */
export async function settleLateMoney(
  trx: LedgerTransaction,
  parts: PaymentParts,
  refund: RefundRow
): Promise<void> {
  const given = await trx
    .selectFrom('refunds')
    .select((builder) => builder.fn.sum<number>('amount_minor').as('sum'))
    .where('attempt_id', '=', refund.attempt_id)
    .where((where) => where.or([where('state', '=', 'succeeded'), where('cash_id', 'is not', null)]))
    .executeTakeFirstOrThrow();
  await changeAttemptWithin({
    trx,
    parts,
    id: refund.attempt_id,
    actor: 'gateway',
    decide: (attempt) =>
      attempt.state === 'paid_late' && Number(given.sum) >= attempt.amount_minor
        ? { event: { type: 'late_money_returned' }, set: {} }
        : null
  });
}

function refundEvent(
  row: RefundRow,
  event: Omit<Insertable<EventsTable>, 'subject' | 'subject_id' | 'order_id' | 'from_state' | 'amount_minor'>
): Insertable<EventsTable> {
  return {
    ...event,
    subject: 'refund',
    subject_id: row.id,
    order_id: row.order_id,
    from_state: row.state,
    amount_minor: row.amount_minor
  };
}

async function release(parts: PaymentParts, owner: string, id: string): Promise<void> {
  await parts.ledger.transaction(
    async (trx) => {
      const current = await trx
        .selectFrom('refunds')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (current.lease_owner !== owner) return;
      const now = parts.ledger.nowMs();
      // The claim took every earlier wish: one that stands came while this turn was asking.
      const wanted = current.ask_wanted_at_ms !== null;
      await trx
        .updateTable('refunds')
        .set({
          lease_owner: null,
          lease_until_ms: null,
          next_due_at_ms: wanted
            ? wishedRefundDue(current, now, parts.timing)
            : nextRefundDue(current, now, parts.timing)
        })
        .where('id', '=', id)
        .execute();
    },
    { repeatable: true }
  );
}
