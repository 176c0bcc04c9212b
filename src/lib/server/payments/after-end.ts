/** What an attempt's end may leave for a manager: more money than the order cost, or a written word that proved wrong. */
import { isMoneyIn } from '$lib/payment/states';
import type { LedgerTransaction } from '../ledger/ledger';
import type { AttemptRow } from './parts';
import { raiseTask } from './tasks';

/** Called in the commit that ends an open attempt. */
export async function raiseAfterEnd(options: {
  readonly trx: LedgerTransaction;
  readonly after: AttemptRow;
  readonly now: number;
}): Promise<void> {
  const { trx, after, now } = options;
  const raise = (kind: 'surplus' | 'contradiction', attempt: AttemptRow, text: string): Promise<void> =>
    raiseTask(trx, {
      task: { kind, text },
      id: attempt.id,
      attemptId: attempt.id,
      orderId: attempt.order_id,
      now
    });
  if (after.state === 'succeeded') {
    const paid = await moneyOn(trx, after.order_id);
    // The one that a manager set aside came beyond what was expected, whichever came last.
    const surplus = paid.attempts.find((attempt) => attempt.set_aside_at_ms !== null) ?? after;
    if (paid.surplusMinor > 0) {
      await raise('surplus', surplus, 'This order was paid twice: the payment that was set aside came too');
    } else if (after.set_aside_at_ms !== null) {
      await raise(
        'surplus',
        after,
        'It was written that the shopper was not charged, and the wallet now says paid'
      );
    }
    return;
  }
  if (after.state !== 'failed' && after.state !== 'cancelled') return;
  const charged = await trx
    .selectFrom('resolutions')
    .select('id')
    .where('attempt_id', '=', after.id)
    .where('resolution', '=', 'charged')
    .executeTakeFirst();
  if (charged !== undefined) {
    await raise(
      'contradiction',
      after,
      'It was written that the shopper was charged, and the wallet now says not paid'
    );
  }
}

/** The confirmed wallet payments of an order, and by how much they and its tenders are more than it costs. */
export async function moneyOn(
  trx: LedgerTransaction,
  orderId: string
): Promise<{ readonly attempts: readonly AttemptRow[]; readonly surplusMinor: number }> {
  // Two payments of one order that end at once must each see the other: the second one waits here for the first.
  const order = await trx
    .selectFrom('orders')
    .select(['total_minor', 'tendered_minor'])
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  const rows = await trx.selectFrom('attempts').selectAll().where('order_id', '=', orderId).execute();
  const attempts = rows.filter((row) => isMoneyIn(row.state));
  const paidMinor = attempts.reduce((sum, row) => sum + row.amount_minor, 0);
  const dueMinor = order === undefined ? paidMinor : order.total_minor - order.tendered_minor;
  return { attempts, surplusMinor: Math.max(0, paidMinor - dueMinor) };
}

/** Cash that was taken while a wallet payment came in after all: somebody has to give one of the two back. */
export async function raiseSurplus(options: {
  trx: LedgerTransaction;
  orderId: string;
  now: number;
}): Promise<void> {
  const { trx, orderId, now } = options;
  const paid = await moneyOn(trx, orderId);
  const last = paid.attempts.at(-1);
  if (last === undefined || paid.surplusMinor <= 0) return;
  await raiseTask(trx, {
    task: { kind: 'surplus', text: 'This order was paid twice: by a wallet, and in cash or by card' },
    id: last.id,
    attemptId: last.id,
    orderId,
    now
  });
}
