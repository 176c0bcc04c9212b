/**
 * Which payments the ledger has open for this register and the journal does not know: the browser's storage may have been
 * emptied. The counter sells while that is asked, but charges no order from before.
 */
import type { Journal } from '$lib/journal/journal';
import type { Api } from './api';
import type { Counter } from './counter.svelte';
import type { Clock } from './ports';

export class OpenPayments {
  #asked = $state.raw<Counter | null>(null);

  /** True until there is an answer, or none will come. */
  get isAsking(): boolean {
    return this.#asked !== null;
  }

  /**
   * Brings them to a counter, to be asked about. Nothing is ever sent again.
   *
   * @param isWanted false once this counter is left
   * @throws JournalUnavailable
   */
  async bringTo({
    counter,
    journal,
    api,
    clock,
    isWanted
  }: {
    readonly counter: Counter;
    readonly journal: Journal;
    readonly api: Pick<Api, 'openPayments'>;
    readonly clock: Clock;
    readonly isWanted: () => boolean;
  }): Promise<void> {
    this.#asked = counter;
    const askedAtMs = clock.now();
    try {
      const answer = await api.openPayments();
      for (const attempt of answer.ok ? answer.value : []) {
        const { attemptId, orderId, amountMinor, currency, codeLast4 } = attempt;
        await journal.settled();
        const attempts = await journal.attemptsOf(orderId);
        const order = await journal.order(orderId);
        if (!isWanted()) return;
        const isFollowed = attempts.some(
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
        counter.recover({ requested }, counter.orderOf(order?.events ?? [], orderId), { late: true });
      }
    } finally {
      if (this.#asked === counter) this.#asked = null;
    }
  }
}
