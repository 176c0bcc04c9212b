import type { OrderEvent } from '$lib/order/events';
import type { Api } from './api';
import type { Clock } from './ports';
import { untilHeard } from './until-heard';

/** Tells the server of an order that needs no payment, until it has heard it. */
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
  const order = { orderId: first.orderId, revision: events.length, events: [...events] };
  await untilHeard({ tell: () => api.storeOrder(order), clock, signal });
}
