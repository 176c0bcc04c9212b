/**
 * What the journals say of wallet payments. The ledger alone is the truth about them: a journal only makes Till ask the
 * gateway about one that the ledger does not know (a backup was restored, a request never arrived).
 */
import * as v from 'valibot';
import { attemptRequestedSchema, attemptSeenSchema } from '$lib/wire/journal';
import type { LedgerTransaction } from '../ledger/ledger';
import { counterDay, counterTimeMs } from '../payments/counter-time';
import type { JournalSender } from './journal-sender';
import type { OrdersTold } from './order-entries';
import type { ReadEntry } from './read-batch';

const wordless = 'a payment that this version of Till cannot read';

/**
 * Notes the attempts of a batch.
 *
 * @param options.graceMs how long a request may still be on its way: an attempt that the register never heard of again is
 *   taken up only after it, or its own late request would be refused
 * @returns what must be looked at, by the entry's number
 */
export async function noteAttempts(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  fresh: readonly ReadEntry[];
  orders: OrdersTold;
  now: number;
  aheadMs: number;
  graceMs: number;
}): Promise<Map<number, string>> {
  const { trx, sender, fresh, orders, now, aheadMs, graceMs } = options;
  const questions = new Map<number, string>();
  const shop = await trx
    .selectFrom('shop')
    .select(['time_zone', 'day_starts_at_minute'])
    .executeTakeFirstOrThrow();
  for (const { entry } of fresh) {
    if (entry.kind === 'attempt_requested') {
      const body = v.safeParse(attemptRequestedSchema, entry.body);
      if (!body.success) {
        questions.set(entry.seq, wordless);
        continue;
      }
      const { attemptId, orderId, revision, amountMinor, currency, codeLast4 } = body.output;
      const known = await trx
        .selectFrom('attempts')
        .select(['amount_minor', 'order_id', 'state'])
        .where('id', '=', attemptId)
        .executeTakeFirst();
      await trx
        .insertInto('journal_attempts')
        .values({
          attempt_id: attemptId,
          register_id: sender.registerId,
          epoch: entry.epoch,
          order_id: orderId,
          order_revision: revision,
          amount_minor: amountMinor,
          currency,
          code_last4: codeLast4.slice(-4),
          requested_at_ms: counterTimeMs({ at: entry.at, now, aheadMs }),
          business_day: counterDay({ at: entry.at, shop, now, aheadMs }),
          seen_state: null,
          seen_version: null,
          learn_after_ms: known === undefined ? now + graceMs : null,
          learned_at_ms: null
        })
        .onConflict((conflict) => conflict.column('attempt_id').doNothing())
        .execute();
      const total = orders.totalAt(orderId, revision);
      if (known !== undefined && known.state !== 'void') {
        if (known.amount_minor !== amountMinor || known.order_id !== orderId) {
          questions.set(entry.seq, 'a payment that the ledger knows with another amount or order');
        }
      } else if (total !== null && amountMinor > total) {
        questions.set(entry.seq, 'more money was asked for than the order costs');
      }
    }
    if (entry.kind === 'attempt_seen') {
      const body = v.safeParse(attemptSeenSchema, entry.body);
      if (!body.success) questions.set(entry.seq, wordless);
      else await noteSeen({ trx, seen: body.output, now });
    }
  }
  return questions;
}

async function noteSeen(options: {
  trx: LedgerTransaction;
  seen: v.InferOutput<typeof attemptSeenSchema>;
  now: number;
}): Promise<void> {
  const { trx, seen, now } = options;
  const row = await trx
    .selectFrom('journal_attempts')
    .selectAll()
    .where('attempt_id', '=', seen.attemptId)
    .executeTakeFirst();
  if (row === undefined || (row.seen_version ?? -1) > seen.version) return;
  const known = await trx
    .selectFrom('attempts')
    .select('id')
    .where('id', '=', seen.attemptId)
    .executeTakeFirst();
  // The register heard of an attempt, so there was one: this ledger has forgotten it. Refused, there was none.
  const learnAfterMs = known !== undefined || seen.state === 'refused' ? null : now;
  await trx
    .updateTable('journal_attempts')
    .set({ seen_state: seen.state, seen_version: seen.version, learn_after_ms: learnAfterMs })
    .where('attempt_id', '=', seen.attemptId)
    .execute();
}
