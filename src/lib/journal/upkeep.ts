/** What a journal can be asked for besides selling: is it whole, what stands in it, and make its projections anew. */
import type { IDBPDatabase } from 'idb';
import type { ChainHead, JournalEntry } from '$lib/chain/entry';
import { verifyChain, type ChainProblem } from '$lib/chain/verify';
import { asUnavailable, JournalUnavailable, type JournalDatabase, type JournalSchema } from './database';
import type { AttemptRecord, JournalDraft, OrderRecord } from './entries';
import type { Journal } from './journal';
import { projectOrder, projectRequested, projectSeen } from './projection';

/** What checking a register's journal gives. */
export type JournalVerdict =
  | { readonly ok: true; readonly entries: number; readonly head: ChainHead | null }
  /** `missing_end`: the last entries that were written are not there any more. */
  | { readonly ok: false; readonly seq: number; readonly reason: ChainProblem | 'missing_end' };

type Which = Pick<Journal, 'registerId' | 'epoch'>;

const batch = 2000;

/** @returns a range over one epoch's entries */
function entriesIn({ registerId, epoch }: Which, from: number, to: number): IDBKeyRange {
  return IDBKeyRange.bound([registerId, epoch, from], [registerId, epoch, to]);
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
  let head: ChainHead | null = null;
  let entries = 0;
  for (let from = 1; from <= last; from += batch) {
    const some = await database.use((open) =>
      open.getAll('entries', entriesIn(which, from, Math.min(last, from + batch - 1)))
    );
    const verdict = await verifyChain({ entries: some, after: head });
    if (!verdict.ok) return { ok: false, seq: from + verdict.at, reason: verdict.reason };
    head = verdict.head;
    entries += some.length;
  }
  if ((head?.seq ?? 0) !== last) return { ok: false, seq: (head?.seq ?? 0) + 1, reason: 'missing_end' };
  if (head !== null && head.hash !== written?.hash) return { ok: false, seq: last, reason: 'wrong_hash' };
  return { ok: true, entries, head };
}

/**
 * Entries of one epoch, newest first.
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
    return (await open.getAll('entries', entriesIn(which, Math.max(1, to - count + 1), to))).reverse();
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
  let read = 0;
  let range: IDBKeyRange | undefined;
  for (;;) {
    const entries = await transaction.objectStore('entries').getAll(range, batch);
    for (const entry of entries) project(made, entry);
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

interface Projections {
  readonly orders: Map<string, OrderRecord>;
  readonly attempts: Map<string, AttemptRecord>;
}

function emptyProjections(): Projections {
  return { orders: new Map(), attempts: new Map() };
}

/** As the append did it, one entry after the other. */
function project({ orders, attempts }: Projections, entry: JournalEntry): void {
  const draft = draftOf(entry);
  if (draft === null) return;
  const atMs = Date.parse(entry.at);
  if (draft.kind === 'order_event') {
    const { orderId } = draft;
    const next = projectOrder({ record: orders.get(orderId), event: draft.body, atMs });
    if (next !== undefined) orders.set(orderId, next);
  }
  if (draft.kind === 'attempt_requested') {
    attempts.set(draft.body.attemptId, projectRequested({ requested: draft.body, atMs }));
  }
  if (draft.kind === 'attempt_seen') {
    const { attemptId } = draft.body;
    const next = projectSeen({ record: attempts.get(attemptId), seen: draft.body });
    if (next !== undefined) attempts.set(attemptId, next);
  }
}

/** What was appended, read back. Its hash says that nobody changed it since; null for a kind that nothing is made from. */
export function draftOf({ kind, orderId, body }: JournalEntry): JournalDraft | null {
  const projected: readonly string[] = ['order_event', 'attempt_requested', 'attempt_seen'];
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the store's border: it holds what append wrote
  return projected.includes(kind) ? ({ kind, orderId, body } as unknown as JournalDraft) : null;
}
