/** What stands at the counter: the order being sold, and the stage where one is paid. */
import type { CounterParts, Stage, StageNotice } from './counter-parts';
import { CurrentOrder } from './current-order.svelte';
import type { HeldGoods } from './held-goods.svelte';
import type { Payment } from './payment.svelte';
import type { Tray } from './tray.svelte';

export interface PlacesParts {
  readonly counter: Pick<CounterParts, 'order' | 'cash' | 'onWaitingChanged'>;
  /** Where a payment goes on that leaves the stage. */
  readonly tray: Tray;
  readonly held: HeldGoods;
}

export class Places {
  readonly #parts: PlacesParts;
  #selling;
  #stage = $state.raw<Stage | null>(null);

  constructor(parts: PlacesParts) {
    this.#parts = parts;
    this.#selling = $state.raw(new CurrentOrder(parts.counter.order));
  }

  get stage(): Stage | null {
    return this.#stage;
  }
  /** The order beside the catalogue, also while the stage shows another one. */
  get selling(): CurrentOrder {
    return this.#selling;
  }
  /** What stands beside the catalogue or the stage. */
  get order(): CurrentOrder {
    return this.#stage?.order ?? this.#selling;
  }
  get payment(): Payment | null {
    return this.#stage?.payment ?? null;
  }

  /** Where an order stands; null where it is on neither place. */
  orderOf(orderId: string): CurrentOrder | null {
    const places = [this.order, this.#selling];
    return places.find(({ order }) => order?.orderId === orderId) ?? null;
  }

  /** Brings an order and its payment on the stage. */
  show(order: CurrentOrder, payment: Payment | null, notice: StageNotice | null = null): void {
    this.#stage = { order, payment, notice, justAdded: null };
  }
  /** The order stands on the stage, ready to be paid; a payment that is still open goes on in the tray. */
  put({ order, payment }: Stage, justAdded: string | null): void {
    if (payment?.isOpen === true) this.#parts.tray.add(payment);
    this.#stage = { order, payment: null, notice: null, justAdded };
  }
  /** Says something beside what the stage shows. */
  say(notice: StageNotice | null): void {
    if (this.#stage !== null) this.#stage = { ...this.#stage, notice };
  }

  /** `closed`: the order is done or goes on in the tray; else it goes back to the counter. */
  leave(stage: Stage, { closed }: { readonly closed: boolean }): void {
    const { counter, tray, held } = this.#parts;
    this.#stage = null;
    counter.cash.close();
    if (stage.payment?.isOpen === true) tray.add(stage.payment);
    if (closed) {
      if (stage.order === this.#selling) this.begin();
      held.moveTo(this.order);
      return;
    }
    stage.order.setLocked(false);
    if (stage.order === this.#selling) return;
    this.#holdRedRows();
    // two unpaid orders: the one just looked at comes to the counter, the other is parked
    if (!this.#selling.isEmpty && this.#selling.park()) void this.tellWaiting(this.#selling);
    this.#selling = stage.order;
  }
  /** The order is done: the next one begins. */
  finish(): void {
    this.#stage = null;
    this.begin();
    this.#parts.held.moveTo(this.order);
  }
  /** An empty counter, whatever stood there. */
  begin(): void {
    this.#holdRedRows();
    this.#selling = new CurrentOrder(this.#parts.counter.order);
  }

  /** What nobody knows on the order is in no parked or paid one: it stays in sight. */
  #holdRedRows(): void {
    this.#parts.held.holdRows(this.#selling.redRows);
    this.#selling.takeUpRedRows([]);
  }

  /** The list of parked orders is read from the journal: it is whole once this order is written. */
  async tellWaiting(order: CurrentOrder): Promise<void> {
    await order.save();
    this.#parts.counter.onWaitingChanged();
  }
}
