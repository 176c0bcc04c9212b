import type { Journal } from '$lib/journal/journal';
import type { Counter } from './counter.svelte';

/**
 * After a reload or a crash: every attempt whose end the journal never saw is asked for again. Nothing is ever sent again.
 *
 * @throws JournalUnavailable
 */
export async function recoverAttempts({
  journal,
  counter
}: {
  readonly journal: Journal;
  readonly counter: Counter;
}): Promise<void> {
  const records = await journal.openAttempts();
  // the newest comes on the stage, the others into the tray
  for (const record of records.toSorted((a, b) => b.requestedAtMs - a.requestedAtMs)) {
    const order = await journal.order(record.orderId);
    const attempts = await journal.attemptsOf(record.orderId);
    const since = order?.events.slice(record.requested.revision) ?? [];
    // only one that was set aside lets another payment, or a tender, come after it
    const paidOtherwise =
      attempts.some((other) => other.requestedAtMs > record.requestedAtMs) ||
      since.some(({ kind }) => kind === 'cash_tendered' || kind === 'card_tendered');
    counter.recover(record, counter.orderOf(order?.events ?? []), { paidOtherwise });
  }
}
