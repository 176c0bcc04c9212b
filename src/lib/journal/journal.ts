/**
 * The register's journal: append-only, numbered, each entry carrying the hash of the one before. One queue writes it, so
 * that what was appended first is numbered first; an append that was confirmed is on the disk.
 */
import { toJsonObject } from '$lib/chain/canonical-json';
import type { JournalEntry } from '$lib/chain/entry';
import { firstPrevHash } from '$lib/chain/entry';
import { appendTo } from '$lib/chain/hash';
import {
  asUnavailable,
  entryKeys,
  epochKeys,
  JournalUnavailable,
  type JournalDatabase,
  type MetaRecord
} from './database';
import type { AttemptRecord, JournalDraft, OrderRecord } from './entries';
import { projectAll } from './projection';

export type AppendResult =
  | { readonly ok: true; readonly entries: readonly JournalEntry[] }
  /** Nothing of it was kept. */
  | { readonly ok: false; readonly failure: JournalUnavailable };

export interface Journal {
  readonly registerId: string;
  readonly epoch: number;
  /** This writer's number, from 1; 0 where it may only read. The newest one writes, all others are refused. */
  readonly term: number;
  /**
   * Appends entries, all or none. Resolved only when the transaction is done.
   *
   * @param strict waits for the disk itself, not only for the operating system: for everything about money.
   */
  append(drafts: readonly JournalDraft[], options?: { readonly strict?: boolean }): Promise<AppendResult>;
  /** Settles when everything appended until now is written, or was refused. */
  settled(): Promise<void>;
  /** The next order number's sequence in this epoch; taken for good with the next append. */
  takeOrderSeq(): number;
  /** @throws JournalUnavailable */
  order(orderId: string): Promise<OrderRecord | undefined>;
  /** The order that a receipt's number names; the latest where an old journal has it twice. @throws JournalUnavailable */
  orderByNumber(number: string): Promise<OrderRecord | undefined>;
  /** Orders opened from `startMs` on and before `endMs`, oldest first. @throws JournalUnavailable */
  ordersBetween(span: { readonly startMs: number; readonly endMs: number }): Promise<readonly OrderRecord[]>;
  /** Parked and cleared orders. @throws JournalUnavailable */
  waitingOrders(): Promise<readonly OrderRecord[]>;
  /** Attempts whose end was never seen. @throws JournalUnavailable */
  openAttempts(): Promise<readonly AttemptRecord[]>;
  /** @throws JournalUnavailable */
  attemptsOf(orderId: string): Promise<readonly AttemptRecord[]>;
  /** Attempts asked for from a moment on, oldest first. @throws JournalUnavailable */
  attemptsSince(ms: number): Promise<readonly AttemptRecord[]>;
  /** Those of many orders, one question for each; in their order. @throws JournalUnavailable */
  attemptsOfAll(orderIds: readonly string[]): Promise<readonly (readonly AttemptRecord[])[]>;
  /** This epoch's entries after a number, in order. @throws JournalUnavailable */
  entriesAfter(seq: number): Promise<readonly JournalEntry[]>;
}

/** Attempts to follow a head that another tab moved meanwhile, before giving up. */
const maxTries = 5;

/**
 * Opens the journal of one register in one epoch.
 *
 * @param writes null: only to read. Else this is the one that writes from now on, and whoever wrote before is refused;
 * `termAtLeast` is the highest number of a writer that the server knows
 * @param orderSeqAtLeast the last order number that the server knows of this epoch: a browser that lost its journal goes on after it
 * @param now milliseconds since 1970, for people
 * @param monotonic milliseconds that only grow
 * @throws JournalUnavailable
 */
export async function openJournal({
  database,
  registerId,
  epoch,
  orderSeqAtLeast = 0,
  writes,
  now,
  monotonic
}: {
  readonly database: JournalDatabase;
  readonly registerId: string;
  readonly epoch: number;
  readonly orderSeqAtLeast?: number;
  readonly writes: { readonly termAtLeast: number } | null;
  readonly now: () => number;
  readonly monotonic: () => number;
}): Promise<Journal> {
  const readMeta = () => database.use((open) => open.get('meta', [registerId, epoch]));
  // as it stands when this one begins to write: whoever wrote before may have taken numbers until then
  const begun =
    writes === null
      ? { term: 0, orderSeq: 0 }
      : await becomeWriter({ database, registerId, epoch, termAtLeast: writes.termAtLeast });
  const { term } = begun;
  let orderSeq = Math.max(begun.orderSeq, orderSeqAtLeast);
  let queue: Promise<unknown> = Promise.resolve();
  /** The head as this writer left it; looked at again in every transaction. */
  let known: MetaRecord | undefined;

  async function write(drafts: readonly JournalDraft[], strict: boolean): Promise<readonly JournalEntry[]> {
    if (term === 0) throw new JournalUnavailable('not_writer');
    const atMs = now();
    const at = new Date(atMs).toISOString();
    const monotonicMs = monotonic();
    let hashed: readonly JournalEntry[] = [];
    for (let tries = 0; tries < maxTries; tries += 1) {
      const before = known ?? (await readMeta());
      known = undefined;
      // a try whose confirmation was lost with the connection has been kept all the same
      if (before !== undefined && before.hash === hashed.at(-1)?.hash) return hashed;
      hashed = await hashAll(before, drafts, { registerId, epoch, at, monotonicMs });
      known = await commit({ before, entries: hashed, drafts, atMs, strict });
      if (known !== undefined) return hashed;
    }
    throw new Error('The journal’s head kept moving.');
  }

  /** @returns the new head; undefined when somebody else appended since the last one was read. */
  async function commit({
    before,
    entries,
    drafts,
    atMs,
    strict
  }: {
    readonly before: MetaRecord | undefined;
    readonly entries: readonly JournalEntry[];
    readonly drafts: readonly JournalDraft[];
    readonly atMs: number;
    readonly strict: boolean;
  }): Promise<MetaRecord | undefined> {
    return database.use(async (open) => {
      const transaction = open.transaction(['entries', 'orders', 'attempts', 'outbox', 'meta'], 'readwrite', {
        durability: strict ? 'strict' : 'default'
      });
      // one that breaks while something else is awaited is told by what is awaited
      transaction.done.catch(() => undefined);
      try {
        const [meta, outbox, orders, attempts] = [
          transaction.objectStore('meta'),
          transaction.objectStore('outbox'),
          transaction.objectStore('orders'),
          transaction.objectStore('attempts')
        ];
        // asked first, so answered first: nothing that is written meanwhile is committed before it was looked at.
        // Of this epoch and newer ones, oldest first
        const heads = heard(meta.getAll(epochKeys(registerId, epoch), 2));
        const changed = await projectAll({
          drafts,
          atMs,
          order: (orderId) => orders.get(orderId),
          attempt: (attemptId) => attempts.get(attemptId)
        });
        const written = Promise.all([
          ...entries.map((entry) => heard(transaction.objectStore('entries').add(entry))),
          ...entries.map(({ seq }) => heard(outbox.add({ registerId, epoch, seq }))),
          ...changed.orders.map((record) => heard(orders.put(record))),
          // add, not put: one attempt is requested once
          ...changed.requested.map((record) => heard(attempts.add(record))),
          ...changed.seen.map((record) => heard(attempts.put(record)))
        ]);
        void heard(written);
        const [head, newer] = await heads;
        if (head?.epoch !== epoch || head.term !== term || newer !== undefined)
          throw new JournalUnavailable('not_writer');
        if (head.hash !== before?.hash) {
          transaction.abort();
          return undefined;
        }
        const { seq, hash } = entries.at(-1) ?? head;
        const moved: MetaRecord = { ...head, seq, hash, orderSeq: Math.max(orderSeq, head.orderSeq) };
        const moves = heard(meta.put(moved));
        // nothing follows: the disk need not wait until each of them was answered
        transaction.commit();
        await Promise.all([written, moves, transaction.done]);
        return moved;
      } catch (error) {
        undo(transaction);
        throw error;
      }
    });
  }

  async function appendNow(drafts: readonly JournalDraft[], strict: boolean): Promise<AppendResult> {
    try {
      return { ok: true, entries: await write(drafts, strict) };
    } catch (error) {
      return { ok: false, failure: asUnavailable(error) };
    }
  }

  return {
    registerId,
    epoch,
    term,
    append(drafts, { strict = false } = {}) {
      const turn = queue.then(() => appendNow(drafts, strict));
      queue = turn;
      return turn;
    },
    async settled() {
      await queue;
    },
    takeOrderSeq() {
      orderSeq += 1;
      return orderSeq;
    },
    order: (orderId) => database.use((open) => open.get('orders', orderId)),
    async orderByNumber(number) {
      const found = await database.use((open) => open.getAllFromIndex('orders', 'byNumber', number));
      return found.toSorted((a, b) => a.openedAtMs - b.openedAtMs).at(-1);
    },
    ordersBetween: ({ startMs, endMs }) =>
      database.use((open) =>
        open.getAllFromIndex('orders', 'byOpenedAt', IDBKeyRange.bound(startMs, endMs, false, true))
      ),
    waitingOrders: () => database.use((open) => open.getAllFromIndex('orders', 'byWaiting', 1)),
    openAttempts: () => database.use((open) => open.getAllFromIndex('attempts', 'byOpen', 1)),
    attemptsOf: (orderId) => database.use((open) => open.getAllFromIndex('attempts', 'byOrder', orderId)),
    attemptsSince: (ms) =>
      database.use((open) => open.getAllFromIndex('attempts', 'byRequestedAt', IDBKeyRange.lowerBound(ms))),
    attemptsOfAll: (orderIds) =>
      database.use((open) => {
        const index = open.transaction('attempts').store.index('byOrder');
        return Promise.all(orderIds.map((orderId) => index.getAll(orderId)));
      }),
    entriesAfter: (seq) =>
      database.use((open) => open.getAll('entries', entryKeys({ registerId, epoch }, seq + 1)))
  };
}

/** Takes the next writer's number, on the disk before anything else happens. */
async function becomeWriter({
  database,
  registerId,
  epoch,
  termAtLeast
}: {
  readonly database: JournalDatabase;
  readonly registerId: string;
  readonly epoch: number;
  readonly termAtLeast: number;
}): Promise<Required<Pick<MetaRecord, 'term' | 'orderSeq'>>> {
  return database.use(async (open) => {
    const transaction = open.transaction('meta', 'readwrite', { durability: 'strict' });
    transaction.done.catch(() => undefined);
    const before = await transaction.store.get([registerId, epoch]);
    const term = Math.max(before?.term ?? 0, termAtLeast) + 1;
    const meta = before ?? { registerId, epoch, seq: 0, hash: firstPrevHash, orderSeq: 0 };
    await Promise.all([transaction.store.put({ ...meta, term }), transaction.done]);
    return { term, orderSeq: meta.orderSeq };
  });
}

/** Its failure is told where it is awaited, and until then it is nobody's. */
function heard<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

/** Nothing of it is kept: left to itself, a transaction keeps what was asked of it before something failed. */
function undo(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // it has ended already, and kept nothing
  }
}

async function hashAll(
  before: MetaRecord | undefined,
  drafts: readonly JournalDraft[],
  stamp: Pick<JournalEntry, 'registerId' | 'epoch' | 'at' | 'monotonicMs'>
): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (const draft of drafts) {
    const entry = await appendTo({
      head: entries.at(-1) ?? before ?? null,
      draft: { ...stamp, kind: draft.kind, orderId: draft.orderId, body: toJsonObject(draft.body) }
    });
    entries.push(entry);
  }
  return entries;
}
