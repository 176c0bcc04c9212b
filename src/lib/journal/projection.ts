/** What is kept ready beside the entries: always what folding the entries would give. */
import type { AttemptRecord, AttemptRequested, AttemptSeen, JournalDraft, OrderRecord } from './entries';
import type { OrderEvent } from '$lib/order/events';

/** @returns the order's record with one more event; undefined for an event of an order that never began. */
export function projectOrder({
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
export function projectRequested({
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
export function projectSeen({
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
  const orders = new Map<string, OrderRecord>();
  const requested = new Map<string, AttemptRecord>();
  const seen = new Map<string, AttemptRecord>();
  for (const draft of drafts) {
    if (draft.kind === 'order_event') {
      const record = orders.get(draft.orderId) ?? (await order(draft.orderId));
      const next = projectOrder({ record, event: draft.body, atMs });
      if (next !== undefined) orders.set(draft.orderId, next);
    }
    if (draft.kind === 'attempt_requested') {
      requested.set(draft.body.attemptId, projectRequested({ requested: draft.body, atMs }));
    }
    if (draft.kind === 'attempt_seen') {
      const { attemptId } = draft.body;
      const record = seen.get(attemptId) ?? (await attempt(attemptId));
      const next = projectSeen({ record, seen: draft.body });
      if (next !== undefined) seen.set(attemptId, next);
    }
  }
  return { orders: [...orders.values()], requested: [...requested.values()], seen: [...seen.values()] };
}
