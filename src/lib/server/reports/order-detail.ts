/** One order with everything that happened to its money. */
import { isMoneyIn } from '$lib/payment/states';
import type { OrderDetail } from '$lib/wire/orders';
import type { Ledger } from '../ledger/ledger';
import { askedBackMinor, refundedMinor } from '../payments/order-money';
import type { AttemptRow, RefundRow } from '../payments/parts';
import { readOrder } from '../payments/store-order';
import type { Timing } from '../payments/timing';
import { isoTime, viewAttempt, viewRefund } from '../payments/views';
import { readTenders } from './cash-figures';
import { readOrderRows } from './order-rows';

/**
 * Reads an order: its content as the server folds it, its payments, refunds and timeline, oldest first.
 *
 * @returns null for an id that the ledger does not know
 */
export async function readOrderDetail({
  ledger,
  timing,
  orderId
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly orderId: string;
}): Promise<OrderDetail | null> {
  const { db } = ledger;
  const now = ledger.nowMs();
  const stored = await db.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirst();
  const [row] = await readOrderRows({ db, which: { orderIds: [orderId] } });
  if (stored === undefined || row === undefined) return null;
  const { events } = await readOrder(db, stored);
  // An attempt that never arrived asked for nothing; it is in the timeline only.
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', '!=', 'void')
    .orderBy('created_at_ms')
    .execute();
  const refunds = await db
    .selectFrom('refunds')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('created_at_ms')
    .execute();
  return {
    ...row,
    events,
    attempts: attempts.map((attempt) => viewAttempt({ row: attempt, now, timing })),
    refunds: refunds.map((refund) => viewRefund({ row: refund, now })),
    tenders: await readTenders({ db, orderId }),
    ...moneyLeft({ attempts, refunds }),
    timeline: await readTimeline({ ledger, orderId })
  };
}

/** What can still be given back (money rule 7), and what is on its way. */
function moneyLeft({
  attempts,
  refunds
}: {
  readonly attempts: readonly AttemptRow[];
  readonly refunds: readonly RefundRow[];
}): { readonly refundableMinor: number; readonly refundPendingMinor: number } {
  const cameIn = attempts.filter((attempt) => isMoneyIn(attempt.state) || attempt.state === 'paid_late');
  const ofThem = refunds.filter((refund) => cameIn.some((attempt) => attempt.id === refund.attempt_id));
  const pending = askedBackMinor(ofThem);
  return {
    // what went back twice is no debt of the shopper's here
    refundableMinor: Math.max(0, sumOf(cameIn) - refundedMinor(ofThem) - pending),
    refundPendingMinor: pending
  };
}

async function readTimeline({
  ledger,
  orderId
}: {
  readonly ledger: Ledger;
  readonly orderId: string;
}): Promise<OrderDetail['timeline']> {
  const events = await ledger.db
    .selectFrom('events')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('id')
    .execute();
  return events.map((event) => ({
    at: isoTime(event.at_ms),
    subject: event.subject,
    what: event.what,
    actor: event.actor,
    from: event.from_state,
    to: event.to_state,
    psn: event.psn,
    code: event.code,
    message: event.message,
    amountMinor: event.amount_minor
  }));
}

function sumOf(rows: readonly { readonly amount_minor: number }[]): number {
  return rows.reduce((sum, row) => sum + row.amount_minor, 0);
}
