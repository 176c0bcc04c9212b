/** The orders of a span of time with their payments, in as few questions as the disk allows. */
import type { AttemptRecord, OrderRecord } from '$lib/journal/entries';
import type { Journal } from '$lib/journal/journal';
import { foldOrder, type Order } from '$lib/order/order';
import { isCovered } from '$lib/order/tenders';
import { isMoneyIn } from '$lib/payment/states';

/** An order of the journal, with what it comes to. */
export interface KnownOrder {
  readonly record: OrderRecord;
  readonly order: Order;
  /** Oldest first. */
  readonly attempts: readonly AttemptRecord[];
}

/**
 * Reads orders opened in a span, oldest first. Payments are read in one piece, by when they were asked for; only where
 * those don't say that an order is paid are its own looked for one by one, because a clock that was set back between order
 * and payment leaves a payment before the span.
 *
 * @throws JournalUnavailable
 */
export async function readOrdersBetween({
  journal,
  startMs,
  endMs
}: {
  readonly journal: Pick<Journal, 'ordersBetween' | 'attemptsSince' | 'attemptsOfAll'>;
  readonly startMs: number;
  readonly endMs: number;
}): Promise<readonly KnownOrder[]> {
  const [records, attempts] = await Promise.all([
    journal.ordersBetween({ startMs, endMs }),
    journal.attemptsSince(startMs)
  ]);
  const byOrder = Map.groupBy(attempts, ({ orderId }) => orderId);
  const known = records.flatMap((record) => {
    const folded = foldOrder(record.events);
    return folded.ok ? [{ record, order: folded.order }] : [];
  });
  const unsure = known
    .filter(({ order }) => !order.givenFree && !isCovered(order) && !isPaid(byOrder.get(order.orderId)))
    .map(({ order }) => order.orderId);
  const looked = unsure.length === 0 ? [] : await journal.attemptsOfAll(unsure);
  for (const [index, orderId] of unsure.entries()) byOrder.set(orderId, [...(looked[index] ?? [])]);
  return known.map(({ record, order }) => ({
    record,
    order,
    attempts: (byOrder.get(order.orderId) ?? []).toSorted((a, b) => a.requestedAtMs - b.requestedAtMs)
  }));
}

function isPaid(attempts: readonly AttemptRecord[] | undefined): boolean {
  return (attempts ?? []).some(
    ({ seen }) => seen !== null && seen.state !== 'refused' && isMoneyIn(seen.state)
  );
}
