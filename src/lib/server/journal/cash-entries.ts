/** Cash movements as the journals tell of them: a drawer agrees though the request with it never arrived. */
import * as v from 'valibot';
import { moveCashSchema } from '$lib/wire/cash';
import { keepMovement } from '../cash/move-cash';
import type { LedgerTransaction } from '../ledger/ledger';
import type { JournalSender } from './journal-sender';
import type { ReadEntry } from './read-batch';

/**
 * Keeps the movements of a batch; one that came by itself is known already.
 *
 * @param options.now the ledger's clock
 * @param options.aheadMs how far the register's clock is ahead of it
 * @returns what must be looked at, by the entry's number
 */
export async function tellCash({
  trx,
  sender,
  fresh,
  now,
  aheadMs
}: {
  readonly trx: LedgerTransaction;
  readonly sender: JournalSender;
  readonly fresh: readonly ReadEntry[];
  readonly now: number;
  readonly aheadMs: number;
}): Promise<ReadonlyMap<number, string>> {
  const questions = new Map<number, string>();
  for (const { entry } of fresh) {
    if (entry.kind !== 'cash_moved') continue;
    const movement = v.safeParse(moveCashSchema, entry.body);
    if (!movement.success) {
      questions.set(entry.seq, 'cash that this version of Till does not know');
      continue;
    }
    const from = { registerId: sender.registerId, aheadMs };
    const kept = await keepMovement({ trx, sender: from, request: movement.output, now });
    if (!kept.ok)
      questions.set(
        entry.seq,
        kept.code === 'order_conflict'
          ? 'this cash is known with another amount'
          : 'cash in an amount that this shop can’t have'
      );
  }
  return questions;
}
