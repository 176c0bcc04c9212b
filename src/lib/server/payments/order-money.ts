/**
 * What an order was paid, and what of it went back. Counted here for everybody who decides about giving money back: two
 * places that count differently give it back twice.
 */
import { isMoneyIn, isRefundOpen } from '$lib/payment/states';
import type { LedgerConnection, LedgerTransaction } from '../ledger/ledger';
import type { AttemptRow, RefundRow } from './parts';

export interface OrderMoney {
  /** Confirmed wallet payments, oldest first, each with what of it was not given back and not asked to be. */
  readonly payments: readonly { readonly row: AttemptRow; readonly leftMinor: number }[];
  readonly totalMinor: number;
  /** Confirmed by wallets, and tendered in cash or on another machine. Nothing that went back is taken off. */
  readonly paidMinor: number;
  /** What was paid beyond the total and did not go back yet: what is left to give back of an order that was paid twice. */
  readonly surplusMinor: number;
  /** When the last money of it came here; 0 where none did. */
  readonly lastCameAtMs: number;
}

/** @returns null for an order that nobody stored */
export async function readOrderMoney(db: LedgerConnection, orderId: string): Promise<OrderMoney | null> {
  const order = await db
    .selectFrom('orders')
    .select(['total_minor', 'tendered_minor'])
    .where('id', '=', orderId)
    .executeTakeFirst();
  if (order === undefined) return null;
  const attempts = await db
    .selectFrom('attempts')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('created_at_ms')
    .orderBy('id')
    .execute();
  const refunds = await db.selectFrom('refunds').selectAll().where('order_id', '=', orderId).execute();
  const payments = attempts
    .filter(({ state }) => isMoneyIn(state))
    .map((row) => {
      const ofIt = refunds.filter((refund) => refund.attempt_id === row.id);
      return { row, leftMinor: leftOf(row, ofIt) };
    });
  const inWallets = payments.reduce((sum, { row }) => sum + row.amount_minor, 0);
  const leftInWallets = payments.reduce((sum, { leftMinor }) => sum + leftMinor, 0);
  const tenders = await readTenderMoney(db, orderId);
  const paidMinor = inWallets + order.tendered_minor;
  const kept = leftInWallets + order.tendered_minor - tenders.returnedMinor;
  return {
    payments,
    totalMinor: order.total_minor,
    paidMinor,
    surplusMinor: Math.max(0, kept - order.total_minor),
    lastCameAtMs: Math.max(tenders.lastCameAtMs, ...payments.map(({ row }) => row.ended_at_ms ?? 0))
  };
}

/** The same for a decision in this transaction: whoever decides about this order too waits until it ends. */
export async function lockOrderMoney(trx: LedgerTransaction, orderId: string): Promise<OrderMoney | null> {
  await trx.selectFrom('orders').select('id').where('id', '=', orderId).forUpdate().executeTakeFirst();
  return readOrderMoney(trx, orderId);
}

type Refund = Pick<RefundRow, 'state' | 'amount_minor' | 'given_back_minor' | 'cash_id'>;

/** What of a payment was not given back and is not asked to be. Below 0 where money went back twice. */
export function leftOf(attempt: Pick<AttemptRow, 'amount_minor'>, refunds: readonly Refund[]): number {
  return attempt.amount_minor - refundedMinor(refunds) - askedBackMinor(refunds);
}

/**
 * What went back by these refunds. One that had failed and was paid out after all is money given back too, and so is one
 * that was paid in cash instead; where both happened it went back twice.
 */
export function refundedMinor(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, refund) => {
    const byWallet = refund.state === 'succeeded' || refund.given_back_minor !== null;
    return sum + (byWallet ? refund.amount_minor : 0) + (refund.cash_id === null ? 0 : refund.amount_minor);
  }, 0);
}

/** What is on its way back. */
export function askedBackMinor(refunds: readonly Refund[]): number {
  return refunds
    .filter((refund) => isRefundOpen(refund.state) && refund.given_back_minor === null)
    .reduce((sum, refund) => sum + refund.amount_minor, 0);
}

/**
 * What managers gave back of tenders, in money of the order: all the cash of a total that was rounded to coins is all of
 * that total.
 */
async function readTenderMoney(
  db: LedgerConnection,
  orderId: string
): Promise<{ readonly returnedMinor: number; readonly lastCameAtMs: number }> {
  const tenders = await db
    .selectFrom('tenders')
    .select(['id', 'amount_minor', 'rounding_minor', 'received_at_ms'])
    .where('order_id', '=', orderId)
    .execute();
  const returns = await db
    .selectFrom('tender_returns')
    .select(['tender_id', 'amount_minor'])
    .where('order_id', '=', orderId)
    .execute();
  const returnedMinor = tenders.reduce((sum, { id, amount_minor, rounding_minor }) => {
    const back = returns
      .filter(({ tender_id }) => tender_id === id)
      .reduce((total, returned) => total + returned.amount_minor, 0);
    return sum + (back >= amount_minor + rounding_minor ? amount_minor : Math.min(back, amount_minor));
  }, 0);
  return { returnedMinor, lastCameAtMs: Math.max(0, ...tenders.map(({ received_at_ms }) => received_at_ms)) };
}
