/** A refund for the screen: at once, or as soon as it changes. */
import type { RefundView } from '$lib/wire/refunds';
import type { Ledger } from '../ledger/ledger';
import type { Payments } from '../payments/payments';
import { viewRefund } from '../payments/views';

/** A waiting request is answered at the latest after this. */
const longestWaitMs = 10_000;

/**
 * The refund, once its version is above `after`, or when the wait is over.
 *
 * @param after null: at once
 * @returns null for an id that the ledger does not know
 */
export async function readRefund({
  ledger,
  payments,
  refundId,
  after,
  waitMs,
  signal
}: {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'changes'>;
  readonly refundId: string;
  readonly after: number | null;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}): Promise<RefundView | null> {
  // Listening begins before reading: a change between the two is not missed. Whoever does not wait lets go at once.
  const leave = new AbortController();
  const change = payments.changes.next({
    id: refundId,
    withinMs: Math.min(longestWaitMs, Math.max(0, waitMs)),
    signal: AbortSignal.any([signal, leave.signal])
  });
  const now = await findRefund(ledger, refundId);
  if (now === null || after === null || now.version > after) {
    leave.abort();
    return now;
  }
  await change;
  return findRefund(ledger, refundId);
}

async function findRefund(ledger: Ledger, refundId: string): Promise<RefundView | null> {
  const row = await ledger.db.selectFrom('refunds').selectAll().where('id', '=', refundId).executeTakeFirst();
  return row === undefined ? null : viewRefund({ row, now: ledger.nowMs() });
}
