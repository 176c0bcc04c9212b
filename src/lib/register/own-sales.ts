/** What a register's journal tells of its own sales; the code for it is fetched when it is asked for. */
import type { Receipt } from '$lib/order/receipt';
import type { JournaledOrder } from './sales';
import type { Station } from './station.svelte';

type Source = Pick<Station, 'journal' | 'shopSession'>;

/** @returns null where this register's journal does not know the order */
export async function readReceipt({
  station,
  orderId
}: {
  readonly station: Source;
  readonly orderId: string;
}): Promise<Receipt | null> {
  const { journal, shopSession } = station;
  const { session } = shopSession;
  if (journal === null || session === null) return null;
  // the payment that was just seen is on its way into the journal
  await journal.settled();
  const { receiptOf } = await import('./sales');
  return receiptOf({ journal, shop: session.shop, orderId, training: session.mode === 'training' });
}

/** This register's orders of today, newest first. */
export async function readOrdersToday({
  station,
  nowMs
}: {
  readonly station: Source;
  readonly nowMs: number;
}): Promise<readonly JournaledOrder[]> {
  const { journal, shopSession } = station;
  const { session } = shopSession;
  if (journal === null || session === null) return [];
  await journal.settled();
  const { ordersToday } = await import('./sales');
  return ordersToday({ journal, shop: session.shop, nowMs });
}
