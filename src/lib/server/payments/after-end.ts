/** What an attempt's end may leave for a manager: more money than the order cost, or a written word that proved wrong. */
import type { LedgerTransaction } from '../ledger/ledger';
import { lockOrderMoney } from './order-money';
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
    const text = 'This order was paid twice: the payment that was set aside came too';
    const surplus = await raiseSurplus({ trx, orderId: after.order_id, now, text });
    if (!surplus && after.set_aside_at_ms !== null) {
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

/**
 * Money came in twice: somebody has to give one of the two back. The payments that a manager set aside came beyond what
 * was expected; else the last ones did. As many become tasks as it takes. What somebody wrote is done stays done, until
 * more money comes.
 *
 * @returns whether there is more than the order costs
 */
export async function raiseSurplus({
  trx,
  orderId,
  now,
  text = 'This order was paid twice: by a wallet, and in cash or by card'
}: {
  readonly trx: LedgerTransaction;
  readonly orderId: string;
  readonly now: number;
  readonly text?: string;
}): Promise<boolean> {
  // Two payments of one order that end at once must each see the other: the second one waits here for the first.
  const money = await lockOrderMoney(trx, orderId);
  if (money === null || money.surplusMinor <= 0) return false;
  const done = await trx
    .selectFrom('tasks')
    .select('id')
    .where('order_id', '=', orderId)
    .where('kind', '=', 'surplus')
    .where('done_at_ms', '>', money.lastCameAtMs)
    .executeTakeFirst();
  if (done !== undefined) return true;
  const setAside = money.payments.filter(({ row }) => row.set_aside_at_ms !== null);
  const others = money.payments.filter(({ row }) => row.set_aside_at_ms === null);
  let uncovered = money.surplusMinor;
  for (const { row, leftMinor } of [...setAside, ...others.toReversed()]) {
    if (uncovered <= 0) break;
    if (leftMinor <= 0) continue;
    uncovered -= leftMinor;
    await raiseTask(trx, {
      task: { kind: 'surplus', text },
      id: row.id,
      attemptId: row.id,
      orderId,
      now
    });
  }
  return true;
}
