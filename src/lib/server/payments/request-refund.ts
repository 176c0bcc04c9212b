/** An admin gives money back: checked and written down under the attempt's lock before anything is sent (money rule 7). */
import { isMoneyIn, isRefundOpen } from '$lib/payment/states';
import type { WantedRefund } from '$lib/wire/refunds';
import { lockNames } from '../ledger/locks';
import { appendEvent } from './change-attempt';
import { merchantOrderNoOf } from './merchant-order-no';
import { refundedMinor } from './order-money';
import type { PaymentParts, RefundRow } from './parts';
import { allOrNothing, refuse, type Refusal } from './store-order';

export type RefundResult = { readonly ok: true; readonly row: RefundRow; readonly fresh: boolean } | Refusal;

/** Inserts the refund as `intent`, or says why not. The worker sends it. */
export async function requestRefund(options: {
  parts: PaymentParts;
  staff: { readonly staffId: string; readonly staffName: string };
  request: WantedRefund;
  /** How it was confirmed, for the record. */
  confirmedBy?: string | undefined;
}): Promise<RefundResult> {
  const { parts, staff, request } = options;
  const result = await allOrNothing(parts.ledger, async (trx): Promise<RefundResult> => {
    await lockNames(trx, [`number ${request.refundId}`]);
    const known = await trx
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', request.refundId)
      .executeTakeFirst();
    if (known !== undefined) {
      const same = known.attempt_id === request.attemptId && known.amount_minor === request.amountMinor;
      return same
        ? { ok: true, row: known, fresh: false }
        : refuse(
            'refund_conflict',
            'This refund is already under way with another amount. No new one was made. Look at its state.'
          );
    }
    const namesake = await trx
      .selectFrom('attempts')
      .select('id')
      .where('id', '=', request.refundId)
      .executeTakeFirst();
    if (namesake !== undefined) {
      // Numbers are made from ids: two things with one number could not be told apart at the gateway.
      return refuse(
        'refund_conflict',
        'This id belongs to a payment. No refund was made. Reload this page and try again.'
      );
    }
    const attempt = await trx
      .selectFrom('attempts')
      .selectAll()
      .where('id', '=', request.attemptId)
      .forUpdate()
      .executeTakeFirst();
    if (attempt === undefined) {
      return refuse('not_found', 'There is no such payment. No money moved. Find the order again.');
    }
    if (attempt.state === 'cancelling') {
      return refuse(
        'cancel_unanswered',
        'This payment is being stopped. No refund was made. Wait until it has ended.'
      );
    }
    if (!isMoneyIn(attempt.state) && attempt.state !== 'paid_late') {
      return refuse('not_refundable', 'There is no confirmed money in this payment. No refund was made.');
    }
    if (attempt.currency !== request.currency) {
      return refuse(
        'bad_request',
        "The refund is not in the payment's currency. No refund was made. Reload this page."
      );
    }
    const refunds = await trx
      .selectFrom('refunds')
      .selectAll()
      .where('attempt_id', '=', attempt.id)
      .execute();
    const open = refunds.find((refund) => isRefundOpen(refund.state));
    if (open !== undefined) {
      return refuse(
        'refund_in_flight',
        'A refund of this payment is still on its way. No second one was made. Wait for its end.',
        {
          refundId: open.id
        }
      );
    }
    const rest = attempt.amount_minor - refundedMinor(refunds);
    if (request.amountMinor > rest) {
      return refuse('refund_too_high', 'That is more than can still be refunded. No refund was made.', {
        restMinor: rest
      });
    }
    const now = parts.ledger.nowMs();
    const row = await trx
      .insertInto('refunds')
      .values({
        id: request.refundId,
        attempt_id: attempt.id,
        order_id: attempt.order_id,
        merchant_order_no: merchantOrderNoOf(request.refundId),
        amount_minor: request.amountMinor,
        currency: request.currency,
        reason: request.reason,
        lines: JSON.stringify(request.lines),
        state: 'intent',
        version: 1,
        staff_id: staff.staffId,
        staff_name: staff.staffName,
        created_at_ms: now,
        next_due_at_ms: now
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'refund',
      subject_id: row.id,
      order_id: row.order_id,
      what: 'refund_requested',
      actor: staff.staffName,
      to_state: 'intent',
      amount_minor: row.amount_minor,
      message: row.reason
    });
    if (options.confirmedBy !== undefined) {
      await appendEvent(trx, {
        at_ms: now,
        subject: 'refund',
        subject_id: row.id,
        order_id: row.order_id,
        what: 'refund_confirmed',
        actor: staff.staffName,
        message: options.confirmedBy
      });
    }
    return { ok: true, row, fresh: true };
  });
  if (result.ok && result.fresh) {
    parts.changes.happened({ kind: 'refund', id: result.row.id, version: result.row.version });
    parts.changes.happened({ kind: 'order', id: result.row.order_id, version: null });
    parts.wake();
  }
  return result;
}
