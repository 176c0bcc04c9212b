import type { Journal } from '$lib/journal/journal';
import type { Api } from './api';
import type { Counter } from './counter.svelte';

/**
 * After a reload or a crash: every attempt whose end the journal never saw is asked for again, and so is every one that
 * the ledger has open for this register (the browser's storage may have been emptied). Nothing is ever sent again.
 *
 * @throws JournalUnavailable
 */
export async function recoverAttempts({
  journal,
  api,
  counter
}: {
  readonly journal: Journal;
  readonly api: Pick<Api, 'openPayments'>;
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

  const answer = await api.openPayments();
  if (!answer.ok) return;
  const known = new Set(records.map((record) => record.attemptId));
  for (const attempt of answer.value) {
    if (known.has(attempt.attemptId)) continue;
    const order = await journal.order(attempt.orderId);
    const { attemptId, orderId, amountMinor, currency, codeLast4 } = attempt;
    const requested = {
      attemptId,
      orderId,
      orderNumber: order?.number ?? '',
      revision: order?.events.length ?? 0,
      amountMinor,
      currency,
      codeLast4
    };
    counter.recover({ requested }, counter.orderOf(order?.events ?? []));
  }
}
