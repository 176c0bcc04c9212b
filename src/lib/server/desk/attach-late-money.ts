/** Late money that is kept for its order: goods that are gone are paid for after all. */
import { isMoneyIn, isOpen, isRefundOpen } from '$lib/payment/states';
import type { AttachObstacle } from '$lib/wire/desk';
import type { LedgerConnection } from '../ledger/ledger';
import { changeAttemptWithin, lockAttempt } from '../payments/change-attempt';
import { refundedMinor } from '../payments/order-money';
import type { AttemptRow, PaymentParts } from '../payments/parts';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import type { DeskStaff } from './desk-staff';

export type AttachResult = { readonly ok: true; readonly row: AttemptRow } | Refusal;

const obstacleWords: Record<AttachObstacle, string> = {
  already_paid: 'This order was paid otherwise since. Nothing was changed. Give the late money back.',
  order_busy: 'Another payment of this order is still open. Nothing was changed. Wait for its end.',
  refund_in_flight: 'A refund of this money is on its way. Nothing was changed. Wait for its end.',
  part_given_back: 'A part of this money was given back already. Nothing was changed. Give the rest back too.'
};

/**
 * Attaches late money to its order. It counts on the business day on which this happens; the event names the day that
 * the order was of. The caller has just had the money confirmed.
 */
export async function attachLateMoney(options: {
  readonly parts: PaymentParts;
  readonly staff: DeskStaff;
  readonly attemptId: string;
}): Promise<AttachResult> {
  const { parts, staff, attemptId } = options;
  const result = await allOrNothing(parts.ledger, async (trx): Promise<AttachResult> => {
    const known = await trx
      .selectFrom('attempts')
      .select('id')
      .where('id', '=', attemptId)
      .executeTakeFirst();
    if (known === undefined) return refuse('not_found', 'There is no such payment. Nothing was changed.');
    const row = await lockAttempt(trx, attemptId);
    // A payment that is asked for at the same time stands in line behind this, and finds the order paid.
    const order = await trx
      .selectFrom('orders')
      .select('business_day')
      .where('id', '=', row.order_id)
      .forUpdate()
      .executeTakeFirst();
    // Pressed twice: it is attached, and that is what was asked for.
    if (row.state === 'attached') return { ok: true, row };
    if (row.state !== 'paid_late') {
      return refuse('not_attachable', 'No late money waits on this payment. Nothing was changed.');
    }
    const obstacle = await attachObstacle({ db: trx, row });
    if (obstacle !== null) {
      return refuse(obstacle === 'part_given_back' ? 'not_attachable' : obstacle, obstacleWords[obstacle]);
    }
    const changed = await changeAttemptWithin({
      trx,
      parts,
      id: attemptId,
      actor: staff.staffName,
      decide: () => ({
        event: { type: 'late_money_attached' },
        set: { next_due_at_ms: null },
        ...(order === undefined ? {} : { message: `order of ${order.business_day}` })
      })
    });
    return { ok: true, row: changed.row };
  });
  if (result.ok) {
    parts.changes.happened({ kind: 'attempt', id: result.row.id, version: result.row.version });
    parts.changes.happened({ kind: 'order', id: result.row.order_id, version: null });
  }
  return result;
}

/** Why late money can't be attached to its order now; null where it can. */
export async function attachObstacle(options: {
  readonly db: LedgerConnection;
  readonly row: AttemptRow;
}): Promise<AttachObstacle | null> {
  const { db, row } = options;
  const others = await db
    .selectFrom('attempts')
    .select(['state', 'amount_minor', 'set_aside_at_ms'])
    .where('order_id', '=', row.order_id)
    .where('id', '!=', row.id)
    .execute();
  if (others.some((other) => isOpen(other.state) && other.set_aside_at_ms === null)) return 'order_busy';
  const order = await db
    .selectFrom('orders')
    .select(['total_minor', 'tendered_minor'])
    .where('id', '=', row.order_id)
    .executeTakeFirst();
  const paidMinor = others
    .filter((other) => isMoneyIn(other.state))
    .reduce((sum, other) => sum + other.amount_minor, 0);
  if (order === undefined || paidMinor + row.amount_minor > order.total_minor - order.tendered_minor)
    return 'already_paid';
  const refunds = await db
    .selectFrom('refunds')
    .select(['state', 'amount_minor', 'given_back_minor', 'cash_id'])
    .where('attempt_id', '=', row.id)
    .execute();
  if (refunds.some((refund) => isRefundOpen(refund.state))) return 'refund_in_flight';
  if (refundedMinor(refunds) > 0) {
    return 'part_given_back';
  }
  return null;
}
