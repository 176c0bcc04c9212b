/** What is kept ready beside the entries: always what folding the entries would give. */
import type { JournalEntry } from '$lib/chain/entry';
import type { OrderEvent } from '$lib/order/events';
import type { AttemptRecord, AttemptRequested, AttemptSeen, JournalDraft, OrderRecord } from './entries';

/** Orders and attempts by their ids. */
export interface Projections {
  readonly orders: Map<string, OrderRecord>;
  readonly attempts: Map<string, AttemptRecord>;
}

export function emptyProjections(): Projections {
  return { orders: new Map(), attempts: new Map() };
}

/** Takes one draft in, whose records must be there already where there are any. */
export function project({ orders, attempts }: Projections, draft: JournalDraft, atMs: number): void {
  if (draft.kind === 'order_event') {
    const next = projectOrder({ record: orders.get(draft.orderId), event: draft.body, atMs });
    if (next !== undefined) orders.set(draft.orderId, next);
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

/** As `project`, with an entry that was read back. */
export function projectEntry(made: Projections, entry: JournalEntry): void {
  const draft = draftOf(entry);
  if (draft !== null) project(made, draft, Date.parse(entry.at));
}

/** What was appended, read back. Its hash says that nobody changed it since; null for a kind that nothing is made from. */
export function draftOf({ kind, orderId, body }: JournalEntry): JournalDraft | null {
  const projected: readonly string[] = ['order_event', 'attempt_requested', 'attempt_seen'];
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the store's border: it holds what append wrote
  return projected.includes(kind) ? ({ kind, orderId, body } as unknown as JournalDraft) : null;
}

/** @returns the order's record with one more event; undefined for an event of an order that never began. */
function projectOrder({
  record,
  event,
  atMs
}: {
  readonly record: OrderRecord | undefined;
  readonly event: OrderEvent;
  readonly atMs: number;
}): OrderRecord | undefined {
  if (event.kind === 'order_opened') {
    return {
      orderId: event.orderId,
      number: event.number,
      openedAtMs: atMs,
      events: [event],
      waiting: 0
    };
  }
  if (record === undefined) return undefined;
  return { ...record, events: [...record.events, event], waiting: waitingAfter(record.waiting, event) };
}

function waitingAfter(before: 0 | 1, event: OrderEvent): 0 | 1 {
  if (event.kind === 'order_parked' || event.kind === 'order_cleared') return 1;
  // an order cleared while it was parked is parked again when it is restored: resuming follows
  if (event.kind === 'order_resumed' || event.kind === 'order_restored') return 0;
  return before;
}

/** @returns the attempt's record as its request makes it. */
function projectRequested({
  requested,
  atMs
}: {
  readonly requested: AttemptRequested;
  readonly atMs: number;
}): AttemptRecord {
  return {
    attemptId: requested.attemptId,
    orderId: requested.orderId,
    requestedAtMs: atMs,
    requested,
    seen: null,
    open: 1
  };
}

/** @returns the attempt's record with what was seen; an older word never covers a newer one. */
function projectSeen({
  record,
  seen
}: {
  readonly record: AttemptRecord | undefined;
  readonly seen: AttemptSeen;
}): AttemptRecord | undefined {
  if (record === undefined) return undefined;
  if (record.seen !== null && record.seen.version > seen.version) return record;
  return { ...record, seen, open: 0 };
}

/** The records that some entries change, read through the transaction that will write them. */
export async function projectAll({
  drafts,
  atMs,
  order,
  attempt
}: {
  readonly drafts: readonly JournalDraft[];
  readonly atMs: number;
  readonly order: (orderId: string) => Promise<OrderRecord | undefined>;
  readonly attempt: (attemptId: string) => Promise<AttemptRecord | undefined>;
}): Promise<{
  readonly orders: readonly OrderRecord[];
  readonly requested: readonly AttemptRecord[];
  readonly seen: readonly AttemptRecord[];
}> {
  const made = emptyProjections();
  const requested = new Set<string>();
  const orderIds = new Set<string>();
  const attemptIds = new Set<string>();
  for (const draft of drafts) {
    // what begins here is nowhere yet
    if (draft.kind === 'order_event' && draft.body.kind !== 'order_opened') orderIds.add(draft.orderId);
    if (draft.kind === 'attempt_requested') requested.add(draft.body.attemptId);
    if (draft.kind === 'attempt_seen') attemptIds.add(draft.body.attemptId);
  }
  const [orders, known] = await Promise.all([
    Promise.all([...orderIds].map(order)),
    Promise.all([...attemptIds].filter((id) => !requested.has(id)).map(attempt))
  ]);
  for (const record of orders) if (record !== undefined) made.orders.set(record.orderId, record);
  for (const record of known) if (record !== undefined) made.attempts.set(record.attemptId, record);
  for (const draft of drafts) project(made, draft, atMs);
  const attempts = [...made.attempts.values()];
  return {
    orders: [...made.orders.values()],
    requested: attempts.filter(({ attemptId }) => requested.has(attemptId)),
    seen: attempts.filter(({ attemptId }) => !requested.has(attemptId))
  };
}
