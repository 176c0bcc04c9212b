/** Which order each payment is for, and which ended payments are still listened for. */
import type { OrderEvent } from '$lib/order/events';
import type { CurrentOrder } from './current-order.svelte';
import type { Payment } from './payment.svelte';

/** Of so many payments that ended without money it is heard when their money comes late; a manager's desk knows of all. */
const mostListened = 20;

export class PaymentOrders {
  /** As they were when asked for: the counter may since have put another order into the same place. */
  readonly #orders = new WeakMap<
    Payment,
    { readonly order: CurrentOrder; readonly events: readonly OrderEvent[] }
  >();
  /** Ended without money, oldest first. */
  #listened: readonly Payment[] = [];

  add(payment: Payment, order: CurrentOrder): void {
    this.#orders.set(payment, { order, events: order.events });
  }

  /** Where the payment's order stands; null where it stands nowhere any more. */
  of(payment: Payment): CurrentOrder | null {
    const known = this.#orders.get(payment);
    if (known === undefined) return null;
    // the browser may have lost the order's lines: then there is nothing in its place to mistake it for
    const stands = known.events.length === 0 || known.order.order?.orderId === payment.orderId;
    return stands ? known.order : null;
  }

  /** The order's events as they were paid. */
  eventsOf(payment: Payment): readonly OrderEvent[] {
    return this.#orders.get(payment)?.events ?? [];
  }

  /** It ended without money; should that come late, it is heard. */
  listenFor(payment: Payment): void {
    this.#listened = [...this.#listened, payment];
    const [oldest] = this.#listened;
    if (this.#listened.length <= mostListened || oldest === undefined) return;
    this.#listened = this.#listened.slice(1);
    oldest.leave();
  }

  /** Those that ended without money, and are listened for. */
  get listened(): readonly Payment[] {
    return this.#listened;
  }

  /** The page goes: nothing is heard any more. */
  leave(): void {
    for (const payment of this.#listened) payment.leave();
    this.#listened = [];
  }
}
