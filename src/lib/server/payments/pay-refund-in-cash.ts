/** A refund that the wallet did not carry out, paid out of the drawer instead: once, and never while it may still arrive. */
import { isMoneyIn, isRefundOpen } from '$lib/payment/states';
import type { PayRefundInCash } from '$lib/wire/refunds';
import { lockNames } from '../ledger/locks';
import { settleLateMoney } from './ask-refund';
import { appendEvent, lockAttempt } from './change-attempt';
import { shopDayOf } from './counter-time';
import { leftOf } from './order-money';
import type { PaymentParts } from './parts';
import type { RefundResult } from './request-refund';
import { allOrNothing, refuse } from './store-order';

/**
 * Writes the cash down on the refund itself, so that every count of what went back sees it. The same id is one payout.
 *
 * @param options.registerId the register at whose drawer this happens; null where this browser is none: then the payment's
 */
export async function payRefundInCash(options: {
  readonly parts: PaymentParts;
  readonly staff: { readonly staffId: string; readonly staffName: string };
  readonly registerId: string | null;
  readonly refundId: string;
  readonly request: Pick<PayRefundInCash, 'cashId' | 'amountMinor' | 'currency'>;
  /** How it was confirmed, for the record. */
  readonly confirmedBy: string;
}): Promise<RefundResult> {
  const { parts, staff, registerId, refundId, request } = options;
  const result = await allOrNothing(parts.ledger, async (trx): Promise<RefundResult> => {
    // The same payout sent twice at once: the second one waits here and finds the first.
    await lockNames(trx, [`return ${request.cashId}`]);
    // A refund's row is locked before its payment's everywhere. The gateway's late word waits here too.
    const refund = await trx
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', refundId)
      .forUpdate()
      .executeTakeFirst();
    if (refund === undefined)
      return refuse('not_found', 'There is no such refund. No cash may be given. Find the order again.');
    if (request.amountMinor !== refund.amount_minor || request.currency !== refund.currency) {
      return refuse(
        'refund_conflict',
        'This is not the amount of that refund. No cash may be given. Reload this page.'
      );
    }
    if (refund.cash_id === request.cashId) return { ok: true, row: refund, fresh: false };
    if (refund.cash_id !== null) {
      return refuse(
        'refund_conflict',
        'This refund was paid back in cash already. Give no more cash. Look at the order.'
      );
    }
    const namesake = await trx
      .selectFrom('refunds')
      .select('id')
      .where('cash_id', '=', request.cashId)
      .executeTakeFirst();
    if (namesake !== undefined)
      return refuse('refund_conflict', 'This id belongs to another payout. No cash may be given.');
    const attempt = await lockAttempt(trx, refund.attempt_id);
    const refunds = await trx
      .selectFrom('refunds')
      .selectAll()
      .where('attempt_id', '=', attempt.id)
      .execute();
    const open = refunds.find(({ state }) => isRefundOpen(state));
    if (open !== undefined) {
      return refuse(
        'refund_in_flight',
        'A refund of this payment may still arrive in the wallet. Give no cash. Wait for its end.',
        { refundId: open.id }
      );
    }
    if (refund.state !== 'failed' || refund.given_back_minor !== null) {
      return refuse(
        'not_refundable',
        'This refund went back to the wallet. Give no cash. Look at the order.'
      );
    }
    if (refunds.some(({ created_at_ms }) => created_at_ms > refund.created_at_ms)) {
      return refuse(
        'not_refundable',
        'This payment was refunded again since. Give no cash for the earlier try. Look at the order.'
      );
    }
    if (!isMoneyIn(attempt.state) && attempt.state !== 'paid_late') {
      return refuse('not_refundable', 'There is no confirmed money in this payment. Give no cash.');
    }
    const restMinor = leftOf(attempt, refunds);
    if (refund.amount_minor > restMinor) {
      return refuse('refund_too_high', 'That is more than can still be given back. Give no cash.', {
        restMinor
      });
    }
    const now = parts.ledger.nowMs();
    const shop = await trx.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
    const row = await trx
      .updateTable('refunds')
      .set({
        cash_id: request.cashId,
        cash_at_ms: now,
        cash_day: shopDayOf({ atMs: now, shop }),
        cash_register_id: registerId ?? attempt.register_id,
        cash_staff_id: staff.staffId,
        cash_by: staff.staffName,
        version: refund.version + 1
      })
      .where('id', '=', refund.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const event = {
      at_ms: now,
      subject: 'refund' as const,
      subject_id: row.id,
      order_id: row.order_id,
      actor: staff.staffName
    };
    await appendEvent(trx, { ...event, what: 'refund_confirmed', message: options.confirmedBy });
    await appendEvent(trx, { ...event, what: 'refund_paid_in_cash', amount_minor: row.amount_minor });
    await settleLateMoney(trx, parts, row);
    return { ok: true, row, fresh: true };
  });
  if (result.ok && result.fresh) {
    const { row } = result;
    parts.changes.happened({ kind: 'refund', id: row.id, version: row.version });
    parts.changes.happened({ kind: 'attempt', id: row.attempt_id, version: null });
    parts.changes.happened({ kind: 'order', id: row.order_id, version: null });
  }
  return result;
}
