import type { OrderEvent } from '$lib/order/events';
import type { Api } from './api';
import { delay, type Clock } from './ports';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/**
 * Tells the server of an order that needs no payment, until it has heard it. The journal has it already, so that nothing
 * is lost where the page goes first.
 */
export async function tellOrder({
  api,
  clock,
  events,
  signal
}: {
  readonly api: Pick<Api, 'storeOrder'>;
  readonly clock: Clock;
  readonly events: readonly OrderEvent[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const [first] = events;
  if (first?.kind !== 'order_opened') return;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const answer = await api.storeOrder({
      orderId: first.orderId,
      revision: events.length,
      events: [...events]
    });
    // refused by the server: saying it again would change nothing
    if (answer.ok || (answer.problem !== null && answer.problem.status < 500)) return;
    await delay({ clock, ms: pauseMs, signal });
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}
