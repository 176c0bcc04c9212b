/** What a journal can be asked for besides selling: is it whole, what stands in it, and make its projections anew. */
import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { ChainHead, JournalEntry } from '$lib/chain/entry';
import { verifyChain, type ChainProblem } from '$lib/chain/verify';
import {
  asUnavailable,
  entryKeys,
  JournalUnavailable,
  type JournalDatabase,
  type JournalSchema
} from './database';
import type { Journal } from './journal';
import { checkpointOf, cutIn, newestPlace } from './checkpoint';
import type { Checkpoint, Cut } from './entries';
import { emptyProjections, projectEntry } from './projection';
import { newestCheckpoint } from './retention';

/** What checking a register's journal gives. */
export type JournalVerdict =
  | {
      readonly ok: true;
      readonly entries: number;
      /** So many before them are with the server only. */
      readonly left: number;
      readonly head: ChainHead | null;
    }
  /** `missing_end`: the last entries that were written are not there any more. */
  | { readonly ok: false; readonly seq: number; readonly reason: ChainProblem | 'missing_end' };

type Which = Pick<Journal, 'registerId' | 'epoch'>;

const batch = 2000;

/** Where an epoch's chain goes on after entries have left, as its checkpoint says; `broken` where that is not there. */
async function cutOf({
  database,
  which: { registerId, epoch }
}: {
  readonly database: JournalDatabase;
  readonly which: Which;
}): Promise<Cut | 'broken' | null> {
  const newest = await newestCheckpoint(database, registerId);
  return newest === 'broken' ? newest : cutIn(newest?.checkpoint ?? null, epoch);
}

/**
 * Checks one epoch's chain: no entry is missing, changed, or out of order.
 *
 * @throws JournalUnavailable
 */
export async function verifyJournal({
  database,
  which
}: {
  readonly database: JournalDatabase;
  readonly which: Which;
}): Promise<JournalVerdict> {
  const written = await database.use((open) => open.get('meta', [which.registerId, which.epoch]));
  const last = written?.seq ?? 0;
  const left = await cutOf({ database, which });
  if (left === 'broken') return { ok: false, seq: written?.left?.checkpoint.seq ?? 1, reason: 'unreadable' };
  let head: ChainHead | null = left === null ? null : { ...which, seq: left.upTo, hash: left.hash };
  let entries = 0;
  for (let from = (left?.upTo ?? 0) + 1; from <= last; from += batch) {
    const some = await database.use((open) =>
      open.getAll('entries', entryKeys(which, from, Math.min(last, from + batch - 1)))
    );
    const verdict = await verifyChain({ entries: some, after: head });
    if (!verdict.ok) return { ok: false, seq: from + verdict.at, reason: verdict.reason };
    head = verdict.head;
    entries += some.length;
  }
  if ((head?.seq ?? 0) !== last) return { ok: false, seq: (head?.seq ?? 0) + 1, reason: 'missing_end' };
  if (head !== null && head.hash !== written?.hash) return { ok: false, seq: last, reason: 'wrong_hash' };
  return { ok: true, entries, left: left?.upTo ?? 0, head };
}

/**
 * Entries of one epoch, newest first, as far as they are still here.
 *
 * @param before only entries numbered below it; null: from the newest on
 * @throws JournalUnavailable
 */
export async function newestEntries({
  database,
  which,
  before,
  count
}: {
  readonly database: JournalDatabase;
  readonly which: Which;
  readonly before: number | null;
  readonly count: number;
}): Promise<readonly JournalEntry[]> {
  return database.use(async (open) => {
    const last = (await open.get('meta', [which.registerId, which.epoch]))?.seq ?? 0;
    const to = Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1);
    if (to < 1) return [];
    return (await open.getAll('entries', entryKeys(which, Math.max(1, to - count + 1), to))).reverse();
  });
}

/**
 * Makes all projections anew from the entries, in one transaction: all or nothing.
 *
 * @param writer only the newest writer may
 * @returns how many entries were read
 * @throws JournalUnavailable
 */
export async function rebuildProjections({
  database,
  writer
}: {
  readonly database: JournalDatabase;
  readonly writer: Pick<Journal, 'registerId' | 'epoch' | 'term'>;
}): Promise<number> {
  try {
    return await database.use((open) => rebuildNow(open, writer));
  } catch (error) {
    throw asUnavailable(error);
  }
}

async function rebuildNow(
  open: IDBPDatabase<JournalSchema>,
  writer: Pick<Journal, 'registerId' | 'epoch' | 'term'>
): Promise<number> {
  const transaction = open.transaction(['entries', 'orders', 'attempts', 'meta'], 'readwrite', {
    durability: 'strict'
  });
  transaction.done.catch(() => undefined);
  const meta = await transaction.objectStore('meta').get([writer.registerId, writer.epoch]);
  if (meta?.term !== writer.term) {
    await transaction.done;
    throw new JournalUnavailable('not_writer');
  }
  const made = emptyProjections();
  for (const { orders, attempts } of await checkpoints(transaction)) {
    for (const order of orders) made.orders.set(order.orderId, order);
    for (const attempt of attempts) made.attempts.set(attempt.attemptId, attempt);
  }
  let read = 0;
  let range: IDBKeyRange | undefined;
  for (;;) {
    const entries = await transaction.objectStore('entries').getAll(range, batch);
    for (const entry of entries) projectEntry(made, entry);
    read += entries.length;
    const last = entries.at(-1);
    if (last === undefined) break;
    range = IDBKeyRange.lowerBound([last.registerId, last.epoch, last.seq], true);
  }
  const orders = transaction.objectStore('orders');
  const attempts = transaction.objectStore('attempts');
  await Promise.all([
    orders.clear(),
    attempts.clear(),
    ...[...made.orders.values()].map((record) => orders.put(record)),
    ...[...made.attempts.values()].map((record) => attempts.put(record)),
    transaction.done
  ]);
  return read;
}

/** What every register's entries that have left had made and is not over. @throws where a checkpoint is not there */
async function checkpoints(
  transaction: IDBPTransaction<JournalSchema, ('entries' | 'orders' | 'attempts' | 'meta')[], 'readwrite'>
): Promise<readonly Checkpoint[]> {
  const metas = await transaction.objectStore('meta').getAll();
  const read: Checkpoint[] = [];
  for (const [registerId, own] of Map.groupBy(metas, (meta) => meta.registerId)) {
    const place = newestPlace(own);
    if (place === null) continue;
    const entry = await transaction.objectStore('entries').get([registerId, place.epoch, place.seq]);
    const checkpoint = entry === undefined ? null : checkpointOf(entry);
    // better the lists as they are than lists without what the checkpoint held
    if (checkpoint === null) throw new Error('The journal’s checkpoint is missing or can’t be read.');
    read.push(checkpoint);
  }
  return read;
}
