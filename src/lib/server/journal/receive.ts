/**
 * Takes a register's entries: verified, in order, all or none of a batch, and the same batch again changes nothing.
 *
 *   the server's last number ─┬─ before it: kept already, passed over (another hash: a fork, a dead letter)
 *                             ├─ the next one: kept, with its order and its attempts, in one transaction
 *                             └─ beyond it: nothing is kept; the answer says from where to send
 *
 * A dead letter stops the chain: it is kept as evidence, and nothing after it is taken until what follows the last good
 * entry is sent again.
 */
import { firstPrevHash } from '$lib/chain/entry';
import { mostKeepDays } from '$lib/chain/keep-days';
import type { DeadLetterReason, JournalStanding, SendJournal } from '$lib/wire/journal';
import type { Ledger, LedgerTransaction } from '../ledger/ledger';
import { counterDay } from '../payments/counter-time';
import { raiseTask } from '../payments/tasks';
import { noteAttempts } from './attempt-entries';
import { tellCash } from './cash-entries';
import { keepHole, readCheckpoint, toldBy } from './holes';
import type { JournalSender } from './journal-sender';
import { tellOrders } from './order-entries';
import { deadLetter, readBatch, type DeadLetter, type ReadEntry } from './read-batch';

/** What was done with a batch: what to answer, and which orders to tell about. */
export interface Received {
  readonly standing: JournalStanding;
  readonly changedOrders: readonly string[];
  /** An attempt that the ledger may have to take up. */
  readonly attemptsToLearn: boolean;
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** @param graceMs see `noteAttempts` */
export async function receiveJournal({
  ledger,
  sender,
  batch,
  graceMs
}: {
  readonly ledger: Ledger;
  readonly sender: JournalSender;
  readonly batch: SendJournal;
  readonly graceMs: number;
}): Promise<Received> {
  const { registerId } = sender;
  const { epoch } = batch;
  // Hashing is not the database's work: nothing else is awaited inside of the transaction.
  const read = await readBatch({ registerId, epoch, entries: batch.entries });
  const checkpoint = await readCheckpoint({ sender, epoch, checkpoint: batch.checkpoint });
  return ledger.transaction(
    async (trx) => {
      const now = ledger.nowMs();
      const aheadMs = (batch.sentAtMs ?? now) - now;
      const telling = { trx, sender, now, aheadMs, graceMs };
      const stood = await lockHead(trx, { registerId, epoch });
      const hole = checkpoint !== null && checkpoint.cut.seq > stood.seq ? checkpoint : null;
      const head = hole?.cut ?? stood;
      if (hole !== null) {
        await keepHole({ trx, sender, epoch, fromSeq: stood.seq + 1, read: hole, now });
        await tell({ ...telling, fresh: toldBy(hole, epoch) });
      }
      const { fresh, dead } = await takeFresh({ trx, sender, epoch, head, read });
      const result = await keepFresh({ ...telling, fresh });
      if (dead !== null) await keepDeadLetter({ trx, sender, epoch, dead, now });
      const last = fresh.at(-1)?.entry ?? head;
      await trx
        .updateTable('journal_heads')
        .set({
          seq: last.seq,
          hash: last.hash,
          waiting: Math.max(0, batch.waiting - fresh.length),
          received_at_ms: now,
          // The chain goes on: whatever stopped it was sent anew.
          ...(dead === null && fresh.length > 0
            ? { stopped_seq: null, stopped_reason: null, stopped_at_ms: null }
            : {})
        })
        .where('register_id', '=', registerId)
        .where('epoch', '=', epoch)
        .execute();
      const standing = await readStanding(trx, { registerId, epoch, now });
      return {
        standing,
        changedOrders: [...result.changedOrders, ...(hole?.body.orders.map(({ orderId }) => orderId) ?? [])],
        attemptsToLearn: result.attemptsToLearn || (hole?.body.attempts.length ?? 0) > 0
      };
    },
    { repeatable: true }
  );
}

/** Where a chain stands here. An epoch that nothing came of stands at 0. */
export async function readStanding(
  db: Pick<Ledger['db'], 'selectFrom'>,
  { registerId, epoch, now }: { readonly registerId: string; readonly epoch: number; readonly now: number }
): Promise<JournalStanding> {
  const old = await db
    .selectFrom('journal_entries')
    .select('seq')
    .where('register_id', '=', registerId)
    .where('epoch', '=', epoch)
    .where('received_at_ms', '<=', now - (await keepMs(db)))
    .orderBy('received_at_ms', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const row = await db
    .selectFrom('journal_heads')
    .selectAll()
    .where('register_id', '=', registerId)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  return {
    registerId,
    epoch,
    lastSeq: row?.seq ?? 0,
    lastHash: row === undefined || row.seq === 0 ? null : row.hash,
    stopped:
      row === undefined || row.stopped_seq === null
        ? null
        : { seq: row.stopped_seq, reason: reasonOf(row.stopped_reason) },
    mayLeaveUpTo: old?.seq ?? 0
  };
}

/** How long a register keeps what the server has. */
async function keepMs(db: Pick<Ledger['db'], 'selectFrom'>): Promise<number> {
  const shop = await db.selectFrom('shop').select('journal_keep_days').executeTakeFirst();
  return (shop?.journal_keep_days ?? mostKeepDays) * 24 * 60 * 60 * 1000;
}

/** Written by this file only. */
function reasonOf(text: string | null): DeadLetterReason {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the column holds what keepDeadLetter wrote
  return (text ?? 'unreadable') as DeadLetterReason;
}

async function lockHead(
  trx: LedgerTransaction,
  { registerId, epoch }: { readonly registerId: string; readonly epoch: number }
): Promise<Head> {
  await trx
    .insertInto('journal_heads')
    .values({ register_id: registerId, epoch, seq: 0, hash: firstPrevHash, waiting: 0 })
    .onConflict((conflict) => conflict.columns(['register_id', 'epoch']).doNothing())
    .execute();
  return trx
    .selectFrom('journal_heads')
    .select(['seq', 'hash'])
    .where('register_id', '=', registerId)
    .where('epoch', '=', epoch)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** What of a batch comes next here, and what of it can't be believed. */
async function takeFresh(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  epoch: number;
  head: Head;
  read: { readonly entries: readonly ReadEntry[]; readonly dead: DeadLetter | null };
}): Promise<{ fresh: readonly ReadEntry[]; dead: DeadLetter | null }> {
  const { trx, sender, epoch, head, read } = options;
  // The last of those that are kept already stands for all before it: they are one chain.
  const again = read.entries.findLast(({ entry }) => entry.seq <= head.seq);
  if (again !== undefined) {
    const kept = await trx
      .selectFrom('journal_entries')
      .select('hash')
      .where('register_id', '=', sender.registerId)
      .where('epoch', '=', epoch)
      .where('seq', '=', again.entry.seq)
      .executeTakeFirst();
    if (kept?.hash !== again.entry.hash) {
      return {
        fresh: [],
        dead: deadLetter({ entry: again.entry, seq: again.entry.seq, reason: 'fork' })
      };
    }
  }
  const fresh = read.entries.filter(({ entry }) => entry.seq > head.seq);
  const [next] = fresh;
  if (next === undefined) {
    // A bad entry behind what is kept, or far beyond it, says nothing about the one that comes next.
    return { fresh, dead: read.dead !== null && read.dead.seq === head.seq + 1 ? read.dead : null };
  }
  if (next.entry.seq > head.seq + 1) return { fresh: [], dead: null };
  if (next.entry.prevHash !== head.hash) {
    return {
      fresh: [],
      dead: deadLetter({ entry: next.entry, seq: next.entry.seq, reason: 'wrong_prev' })
    };
  }
  return { fresh, dead: read.dead };
}

async function keepFresh(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  fresh: readonly ReadEntry[];
  now: number;
  aheadMs: number;
  graceMs: number;
}): Promise<Omit<Received, 'standing'>> {
  const { trx, fresh, now, aheadMs } = options;
  if (fresh.length === 0) return { changedOrders: [], attemptsToLearn: false };
  const shop = await trx
    .selectFrom('shop')
    .select(['time_zone', 'day_starts_at_minute'])
    .executeTakeFirstOrThrow();
  const { questions, changedOrders } = await tell(options);
  await trx
    .insertInto('journal_entries')
    .values(
      fresh.map(({ entry, raw }) => ({
        register_id: entry.registerId,
        epoch: entry.epoch,
        seq: entry.seq,
        kind: entry.kind,
        order_id: entry.orderId,
        business_day: counterDay({ at: entry.at, shop, now, aheadMs }),
        hash: entry.hash,
        raw,
        received_at_ms: now,
        question: questions.get(entry.seq) ?? null
      }))
    )
    .execute();
  return {
    changedOrders,
    attemptsToLearn: fresh.some(({ entry }) => entry.kind.startsWith('attempt_'))
  };
}

/** Takes from entries what orders and attempts become of them; a task for each that must be looked at. */
async function tell(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  fresh: readonly ReadEntry[];
  now: number;
  aheadMs: number;
  graceMs: number;
}): Promise<{ questions: ReadonlyMap<number, string>; changedOrders: readonly string[] }> {
  const { trx, sender, fresh, now } = options;
  const orders = await tellOrders(options);
  const questions = new Map([
    ...orders.questions,
    ...(await noteAttempts({ ...options, orders })),
    ...(await tellCash(options))
  ]);
  for (const { entry } of fresh) {
    const question = questions.get(entry.seq);
    if (question === undefined) continue;
    await raiseTask(trx, {
      task: { kind: 'journal', text: `${sender.code}, entry ${entry.epoch}/${entry.seq}: ${question}` },
      id: `${sender.registerId}:${entry.epoch}:${entry.orderId ?? entry.seq}`,
      attemptId: null,
      orderId: entry.orderId,
      now
    });
  }
  return { questions, changedOrders: orders.changed };
}

async function keepDeadLetter(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  epoch: number;
  dead: DeadLetter;
  now: number;
}): Promise<void> {
  const { trx, sender, epoch, dead, now } = options;
  const where = { register_id: sender.registerId, epoch, seq: dead.seq };
  // Sent again and again by a register that can't know better: kept once.
  const kept = await trx
    .selectFrom('journal_dead_letters')
    .select('id')
    .where('register_id', '=', where.register_id)
    .where('epoch', '=', epoch)
    .where('seq', '=', dead.seq)
    .where('raw', '=', dead.raw)
    .executeTakeFirst();
  if (kept === undefined) {
    await trx
      .insertInto('journal_dead_letters')
      .values({ ...where, reason: dead.reason, raw: dead.raw, received_at_ms: now })
      .execute();
  }
  await trx
    .updateTable('journal_heads')
    .set({ stopped_seq: dead.seq, stopped_reason: dead.reason, stopped_at_ms: now })
    .where('register_id', '=', sender.registerId)
    .where('epoch', '=', epoch)
    .execute();
  await raiseTask(trx, {
    task: {
      kind: 'journal',
      text: `${sender.code}, entry ${epoch}/${dead.seq} can't be believed (${dead.reason}): its journal no longer arrives. Enrol that till anew`
    },
    id: `${sender.registerId}:${epoch}:stopped`,
    attemptId: null,
    orderId: null,
    now
  });
}
