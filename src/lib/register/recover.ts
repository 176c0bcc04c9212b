import type { Journal } from '$lib/journal/journal';
import type { Api } from './api';
import type { Counter } from './counter.svelte';
import type { Clock } from './ports';

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

/**
 * The same for every attempt that the ledger has open for this register and the journal does not know: the browser's
 * storage may have been emptied. The counter sells meanwhile, but no order from before.
 *
 * @param isWanted false once this counter is left
 * @throws JournalUnavailable
 */
export async function recoverUnknown({
  journal,
  api,
  counter,
  clock,
  isWanted
}: {
  readonly journal: Journal;
  readonly api: Pick<Api, 'openPayments'>;
  readonly counter: Counter;
  readonly clock: Clock;
  readonly isWanted: () => boolean;
}): Promise<void> {
  const askedAtMs = clock.now();
  const answer = await api.openPayments();
  if (!answer.ok) return;
  for (const attempt of answer.value) {
    const { attemptId, orderId, amountMinor, currency, codeLast4 } = attempt;
    await journal.settled();
    const known = await journal.attemptsOf(orderId);
    const order = await journal.order(orderId);
    if (!isWanted()) return;
    const isFollowed = known.some(
      // one that was begun here since the question left may have ended since
      (one) => one.attemptId === attemptId && (one.open === 1 || one.requestedAtMs >= askedAtMs)
    );
    if (isFollowed) continue;
    const requested = {
      attemptId,
      orderId,
      orderNumber: order?.number ?? '',
      revision: order?.events.length ?? 0,
      amountMinor,
      currency,
      codeLast4
    };
    counter.recover({ requested }, counter.orderOf(order?.events ?? [], orderId));
  }
}
