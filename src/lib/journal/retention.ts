/**
 * Lets old entries go, once the server has had them for long enough: always a whole beginning of the journal, never
 * something from its middle. In the same transaction a checkpoint is appended, from which checking and making anew go on:
 *
 *   1 … 400 (left) │ 401 … 900 │ 901: checkpoint { up to 400, its hash, what is not over } │ 902 …
 *
 * What the server must have had, and for how long, the server says; what it has not confirmed never leaves.
 */
import { canonicalJson, toJsonObject } from '$lib/chain/canonical-json';
import type { ChainHead, JournalEntry } from '$lib/chain/entry';
import { appendTo } from '$lib/chain/hash';
import { verifyChain } from '$lib/chain/verify';
import { checkpointOf, cutIn, newestPlace } from './checkpoint';
import { asUnavailable, entryKeys, epochKeys, type JournalDatabase, type MetaRecord } from './database';
import type { AttemptRecord, Checkpoint, Cut, OrderRecord } from './entries';
import type { Journal } from './journal';
import { emptyProjections, projectEntry, type Projections } from './projection';

/** So few are not worth a checkpoint. */
export const fewestAtOnce = 100;
/** So many are enough for one transaction: the counter writes beside it. */
const mostAtOnce = 2000;
/** A checkpoint is an entry and is sent as one: bytes. */
const largestCheckpoint = 100_000;

export type LetGo =
  | { readonly ok: true; readonly entries: number }
  /**
   * Nothing has left:
   * - `few`: too little to be worth it.
   * - `waits`: the server has not confirmed all of it.
   * - `not_whole`: the beginning can't be believed: it stays as evidence.
   * - `not_over`: too much of it is still open.
   * - `moved`: something was written meanwhile, or another tab writes now: try again later.
   */
  | { readonly ok: false; readonly reason: 'few' | 'waits' | 'not_whole' | 'not_over' | 'moved' };

type Writer = Pick<Journal, 'registerId' | 'epoch' | 'term'>;

interface Plan {
  readonly metas: readonly MetaRecord[];
  /** Of the writer's own epoch. */
  readonly head: MetaRecord;
  readonly before: Checkpoint | null;
  readonly parts: readonly { readonly epoch: number; readonly from: number; readonly to: number }[];
}

/**
 * @param allowed up to which number the server has had each epoch for long enough
 * @param keeps orders that must not leave: what lies on the counter
 * @throws JournalUnavailable
 */
export async function letEntriesGo({
  database,
  writer,
  allowed,
  keeps,
  now,
  monotonic
}: {
  readonly database: JournalDatabase;
  readonly writer: Writer;
  readonly allowed: ReadonlyMap<number, number>;
  readonly keeps: ReadonlySet<string>;
  readonly now: () => number;
  readonly monotonic: () => number;
}): Promise<LetGo> {
  try {
    const plan = await planOf(database, writer, allowed);
    if (typeof plan === 'string') return { ok: false, reason: plan };
    const leaving = await foldLeaving(database, writer, plan);
    if (leaving === null) return { ok: false, reason: 'not_whole' };
    const { carried, gone } = await divide(database, leaving.made, keeps);
    const body: Checkpoint = { cuts: leaving.cuts, ...carried };
    const { length: bytes } = new TextEncoder().encode(canonicalJson(body));
    if (bytes > largestCheckpoint) return { ok: false, reason: 'not_over' };
    const checkpoint = await appendTo({
      head: plan.head,
      draft: {
        registerId: writer.registerId,
        epoch: writer.epoch,
        at: new Date(now()).toISOString(),
        monotonicMs: monotonic(),
        kind: 'checkpoint',
        orderId: null,
        body: toJsonObject(body)
      }
    });
    const refused = await commit({ database, writer, plan, cuts: leaving.cuts, gone, checkpoint });
    return refused === null ? { ok: true, entries: leaving.count } : { ok: false, reason: refused };
  } catch (error) {
    throw asUnavailable(error);
  }
}

/** Where a register's journal goes on and with what; null where nothing has left, `broken` where its checkpoint is not there. */
export async function newestCheckpoint(
  database: JournalDatabase,
  registerId: string
): Promise<{ readonly entry: JournalEntry; readonly checkpoint: Checkpoint } | 'broken' | null> {
  return database.use(async (open) => {
    const place = newestPlace(await open.getAll('meta', epochKeys(registerId)));
    if (place === null) return null;
    const entry = await open.get('entries', [registerId, place.epoch, place.seq]);
    const checkpoint = entry === undefined ? null : checkpointOf(entry);
    return entry === undefined || checkpoint === null ? 'broken' : { entry, checkpoint };
  });
}

async function planOf(
  database: JournalDatabase,
  { registerId, epoch, term }: Writer,
  allowed: ReadonlyMap<number, number>
): Promise<Plan | 'few' | 'moved' | 'not_whole'> {
  const metas = await database.use((open) => open.getAll('meta', epochKeys(registerId)));
  const head = metas.at(-1);
  if (head?.epoch !== epoch || head.term !== term) return 'moved';
  const newest = await newestCheckpoint(database, registerId);
  if (newest === 'broken') return 'not_whole';
  const parts: Plan['parts'][number][] = [];
  let room = mostAtOnce;
  for (const meta of metas) {
    const from = (meta.left?.upTo ?? 0) + 1;
    const to = Math.min(meta.seq, allowed.get(meta.epoch) ?? 0, from + room - 1);
    if (to >= from) {
      parts.push({ epoch: meta.epoch, from, to });
      room -= to - from + 1;
    }
    // an order may go on in the next epoch: what is older leaves first
    if (Math.max(to, from - 1) < meta.seq) break;
  }
  if (mostAtOnce - room < fewestAtOnce) return 'few';
  return { metas, head, before: newest?.checkpoint ?? null, parts };
}

/** Reads what is to leave, checks it, and makes of it what it had made. Null where it is not whole. */
async function foldLeaving(
  database: JournalDatabase,
  { registerId }: Writer,
  { before, parts }: Plan
): Promise<{
  readonly made: Projections;
  readonly cuts: readonly Cut[];
  readonly count: number;
} | null> {
  const made = emptyProjections();
  for (const order of before?.orders ?? []) made.orders.set(order.orderId, order);
  for (const attempt of before?.attempts ?? []) made.attempts.set(attempt.attemptId, attempt);
  const cuts = new Map((before?.cuts ?? []).map((cut) => [cut.epoch, cut]));
  let count = 0;
  for (const { epoch, from, to } of parts) {
    const entries = await database.use((open) =>
      open.getAll('entries', entryKeys({ registerId, epoch }, from, to))
    );
    const cut = cutIn(before, epoch);
    const after: ChainHead | null =
      cut === null ? null : { registerId, epoch, seq: cut.upTo, hash: cut.hash };
    const verdict = await verifyChain({ entries, after });
    if (!verdict.ok || verdict.head?.seq !== to) return null;
    for (const entry of entries) projectEntry(made, entry);
    cuts.set(epoch, { epoch, upTo: to, hash: verdict.head.hash });
    count += entries.length;
  }
  return { made, cuts: [...cuts.values()].toSorted((a, b) => a.epoch - b.epoch), count };
}

/** What of it goes on in the entries that stay, or may still; and what is over and leaves with its entries. */
async function divide(
  database: JournalDatabase,
  made: Projections,
  keeps: ReadonlySet<string>
): Promise<{
  readonly carried: Pick<Checkpoint, 'orders' | 'attempts'>;
  readonly gone: { readonly orders: readonly string[]; readonly attempts: readonly string[] };
}> {
  const orderIds = new Set([
    ...made.orders.keys(),
    ...[...made.attempts.values()].map(({ orderId }) => orderId)
  ]);
  const attemptsOf = Map.groupBy(made.attempts.values(), ({ orderId }) => orderId);
  const carried: { orders: OrderRecord[]; attempts: AttemptRecord[] } = { orders: [], attempts: [] };
  const gone: { orders: string[]; attempts: string[] } = { orders: [], attempts: [] };
  await database.use(async (open) => {
    const transaction = open.transaction(['orders', 'attempts']);
    const byOrder = transaction.objectStore('attempts').index('byOrder');
    const now = await Promise.all(
      [...orderIds].map(async (orderId) => ({
        orderId,
        order: await transaction.objectStore('orders').get(orderId),
        attempts: await byOrder.getAll(orderId)
      }))
    );
    await transaction.done;
    for (const { orderId, order, attempts } of now) {
      const then = made.orders.get(orderId);
      const attemptsThen = attemptsOf.get(orderId) ?? [];
      const goesOn =
        keeps.has(orderId) ||
        isParked(order) ||
        attempts.some(({ open: isOpen }) => isOpen === 1) ||
        (order?.events.length ?? 0) !== (then?.events.length ?? 0) ||
        attempts.length !== attemptsThen.length ||
        attemptsThen.some(
          ({ attemptId, seen }) =>
            attempts.find((one) => one.attemptId === attemptId)?.seen?.version !== seen?.version
        );
      if (goesOn && then !== undefined) carried.orders.push(then);
      if (goesOn) carried.attempts.push(...attemptsThen);
      else {
        gone.orders.push(orderId);
        gone.attempts.push(...attemptsThen.map(({ attemptId }) => attemptId));
      }
    }
  });
  return { carried, gone };
}

/** Parked, and not cleared since: it can be taken up again whenever somebody likes. */
function isParked(order: OrderRecord | undefined): boolean {
  if (order === undefined || order.waiting === 0) return false;
  const last = order.events.findLast(({ kind }) => kind === 'order_parked' || kind === 'order_cleared');
  return last?.kind === 'order_parked';
}

/** All or nothing. @returns why nothing */
async function commit({
  database,
  writer: { registerId, epoch, term },
  plan,
  cuts,
  gone,
  checkpoint
}: {
  readonly database: JournalDatabase;
  readonly writer: Writer;
  readonly plan: Plan;
  readonly cuts: readonly Cut[];
  readonly gone: { readonly orders: readonly string[]; readonly attempts: readonly string[] };
  readonly checkpoint: JournalEntry;
}): Promise<'moved' | 'waits' | null> {
  return database.use(async (open) => {
    const transaction = open.transaction(['entries', 'orders', 'attempts', 'outbox', 'meta'], 'readwrite', {
      durability: 'strict'
    });
    transaction.done.catch(() => undefined);
    const [entries, orders, attempts, outbox, meta] = [
      transaction.objectStore('entries'),
      transaction.objectStore('orders'),
      transaction.objectStore('attempts'),
      transaction.objectStore('outbox'),
      transaction.objectStore('meta')
    ];
    const metas = await meta.getAll(epochKeys(registerId));
    const head = metas.at(-1);
    // kept already, and only its confirmation was lost with the connection
    const isKept = head?.hash === checkpoint.hash;
    if (isKept || head?.epoch !== epoch || head.term !== term || head.hash !== plan.head.hash) {
      await transaction.done;
      return isKept ? null : 'moved';
    }
    const ranges = plan.parts.map(({ epoch: of, from, to }) =>
      entryKeys({ registerId, epoch: of }, from, to)
    );
    const waiting = await Promise.all(ranges.map((range) => outbox.count(range)));
    if (waiting.some((count) => count > 0)) {
      await transaction.done;
      return 'waits';
    }
    const place = { epoch, seq: checkpoint.seq };
    await Promise.all([
      ...ranges.map((range) => entries.delete(range)),
      ...gone.orders.map((id) => orders.delete(id)),
      ...gone.attempts.map((id) => attempts.delete(id)),
      entries.add(checkpoint),
      outbox.add({ registerId, ...place }),
      ...metas.map((one) => {
        const cut = cuts.find((known) => known.epoch === one.epoch);
        const moved = one.epoch === epoch ? { ...one, seq: checkpoint.seq, hash: checkpoint.hash } : one;
        return meta.put(
          cut === undefined
            ? moved
            : { ...moved, left: { upTo: cut.upTo, hash: cut.hash, checkpoint: place } }
        );
      }),
      transaction.done
    ]);
    return null;
  });
}
