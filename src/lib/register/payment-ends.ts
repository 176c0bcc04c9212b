/** What becomes of a payment's order when the payment ends, is set aside by a manager, or its money comes late. */
import type { CashFlow } from './cash-flow';
import type { CounterParts } from './counter-parts';
import type { CurrentOrder } from './current-order.svelte';
import type { Payment } from './payment.svelte';
import type { PaymentListener } from './payment-parts';
import type { PaymentOrders } from './payment-orders';
import type { Places } from './places.svelte';
import type { Sounds } from './sounds';
import type { Tray } from './tray.svelte';

export interface PaymentEndsParts {
  readonly counter: Pick<CounterParts, 'cash' | 'sounds' | 'refreshCatalogue' | 'onWaitingChanged'>;
  readonly places: Places;
  readonly tray: Tray;
  readonly orders: PaymentOrders;
  readonly cash: () => CashFlow;
  /** Wallet money is in, at this moment. */
  readonly onPaid: () => void;
}

export class PaymentEnds implements PaymentListener {
  readonly #parts: PaymentEndsParts;
  readonly onEnded = (payment: Payment): void => this.#parts.cash().afterwards(() => this.#ended(payment));
  readonly onLate = (payment: Payment): void => this.#parts.cash().afterwards(() => this.#late(payment));

  constructor(parts: PaymentEndsParts) {
    this.#parts = parts;
  }

  /** A manager wrote that the shopper was not charged: the order may be paid another way. */
  readonly onSetAside = (payment: Payment): void => {
    this.#free(payment);
    if (this.#parts.tray.tell(payment)) this.#sound('needs_you');
  };

  /** The order is paid otherwise: should the money of these come, a manager decides. */
  goOnWithout(payments: readonly Payment[], { order }: CurrentOrder): void {
    for (const payment of payments) if (payment.orderId === order?.orderId) payment.payOtherwise();
  }

  #ended(payment: Payment): void {
    const { tray, orders, onPaid } = this.#parts;
    const { state } = payment.screen;
    if (payment.isPaid) onPaid();
    if (payment.hasMoney) this.#takeAway(payment);
    else {
      this.#free(payment);
      orders.listenFor(payment);
    }
    tray.tell(payment);
    this.#sound(payment.isPaid ? 'paid' : state === 'late' ? 'needs_you' : 'not_paid');
    if (state === 'price_changed') void this.#reprice(payment);
  }

  #late(payment: Payment): void {
    const { places, tray } = this.#parts;
    this.#takeAway(payment);
    if (places.payment !== payment) {
      tray.add(payment);
      tray.tell(payment);
    }
    this.#sound('needs_you');
  }

  /** The order may be paid another way, unless the money of another payment of it came while this one held it. */
  #free(payment: Payment): void {
    const { orders } = this.#parts;
    if (payment.paidOtherwise) return;
    orders.of(payment)?.setLocked(false);
    const paid = orders.moneyOf(payment.orderId);
    if (paid !== null) this.#takeAway(paid);
  }

  /** Its money is in: wherever the order waits to be paid, it must not be asked for again. */
  #takeAway(payment: Payment): void {
    const { counter, places, tray, orders } = this.#parts;
    orders.moneyCame(payment);
    const order = orders.of(payment);
    // perhaps it is parked
    if (order === null || payment.screen.state === 'late') counter.onWaitingChanged();
    // one that goes on otherwise is only left alone where that holds it, or has paid it
    if (order === null || (payment.paidOtherwise && order.locked)) return;
    order.setLocked(true);
    if (places.payment === payment) return;
    if (places.order !== order) {
      if (order === places.selling) places.begin();
      return;
    }
    tray.take(payment.attemptId);
    if (places.payment?.isOpen === true) tray.add(places.payment);
    counter.cash.close();
    places.show(order, payment);
  }

  async #reprice(payment: Payment): Promise<void> {
    const { counter, orders } = this.#parts;
    await counter.refreshCatalogue();
    orders.of(payment)?.takeNewPrices();
  }

  #sound(name: Parameters<Sounds['play']>[0]): void {
    this.#parts.counter.sounds().play(name);
  }
}
