/** Which order each payment is for, whose money came, and which ended payments are still listened for. */
import type { OrderEvent } from '$lib/order/events';
import type { CurrentOrder } from './current-order.svelte';
import type { Payment } from './payment.svelte';

/** Of so many payments that ended without money it is heard when their money comes late; a manager's desk knows of all. */
const mostListened = 20;
/** Of so many orders it is known at once that their money came; the journal knows of all. */
const mostPaid = 100;

interface Asked {
  /** Null where it stood nowhere: it is parked. */
  readonly order: CurrentOrder | null;
  readonly events: readonly OrderEvent[];
}

export class PaymentOrders {
  readonly #atCounter: (orderId: string) => CurrentOrder | null;
  /** As they were when asked for: the counter may since have put another order into the same place. */
  readonly #asked = new WeakMap<Payment, Asked>();
  /** By order; the one whose money came first, oldest first. */
  readonly #paid = new Map<string, Payment>();
  /** Ended without money, oldest first. */
  #listened: readonly Payment[] = [];

  /** @param atCounter the order of this id, where it stands at the counter */
  constructor(atCounter: (orderId: string) => CurrentOrder | null) {
    this.#atCounter = atCounter;
  }

  add(payment: Payment, asked: Asked): void {
    this.#asked.set(payment, asked);
  }

  /** Where the payment's order stands; null where it stands nowhere any more. */
  of(payment: Payment): CurrentOrder | null {
    // it may have been parked and taken up again elsewhere
    const here = this.#atCounter(payment.orderId);
    if (here !== null) return here;
    const { order = null, events = [] } = this.#asked.get(payment) ?? {};
    // the browser may have lost the order's lines: then there is nothing in its place to mistake it for
    const stands = events.length === 0 || order?.order?.orderId === payment.orderId;
    return stands ? order : null;
  }

  /** The order's events as they were paid. */
  eventsOf(payment: Payment): readonly OrderEvent[] {
    return this.#asked.get(payment)?.events ?? [];
  }

  /** Its money is in: nothing is asked for its order again. */
  moneyCame(payment: Payment): void {
    if (this.#paid.has(payment.orderId)) return;
    this.#paid.set(payment.orderId, payment);
    const [oldest] = this.#paid.keys();
    if (this.#paid.size > mostPaid && oldest !== undefined) this.#paid.delete(oldest);
  }

  /** The payment that brought the order's money; null where none did, as far as this page knows. */
  moneyOf(orderId: string): Payment | null {
    return this.#paid.get(orderId) ?? null;
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
