/**
 * An order's events in memory and in the journal: applied at once, written in the background in the same order. What
 * could not be written yet stays in line; money waits for it.
 */
import type { Journal } from '$lib/journal/journal';
import { applyEvent, openOrder, type Order } from '$lib/order/order';
import type { OrderEvent } from '$lib/order/events';

export class OrderBook {
  readonly #journal: Pick<Journal, 'append'>;
  #order = $state.raw<Order | null>(null);
  #events = $state.raw<readonly OrderEvent[]>([]);
  #isFromJournal = $state(false);
  #failed = $state(false);
  #unsaved: { readonly orderId: string; readonly event: OrderEvent }[] = [];
  #saving: Promise<void> = Promise.resolve();
  #writesMoney = false;

  constructor(journal: Pick<Journal, 'append'>) {
    this.#journal = journal;
  }

  get order(): Order | null {
    return this.#order;
  }

  get events(): readonly OrderEvent[] {
    return this.#events;
  }

  /** True where the order was taken up, not begun here. */
  get isFromJournal(): boolean {
    return this.#isFromJournal;
  }

  /** True while something could not be written. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * Appends events, all or none.
   *
   * @returns false where one of them cannot be, or while money is being written: then nothing changed.
   */
  record(events: readonly OrderEvent[]): boolean {
    if (this.#writesMoney) return false;
    let order = this.#order;
    for (const event of events) {
      if (order === null) {
        if (event.kind !== 'order_opened') return false;
        order = openOrder(event);
        continue;
      }
      const applied = applyEvent(order, event);
      if (!applied.ok) return false;
      order = applied.order;
    }
    if (order === null) return false;
    const { orderId } = order;
    this.#order = order;
    this.#events = [...this.#events, ...events];
    this.#unsaved.push(...events.map((event) => ({ orderId, event })));
    void this.save();
    return true;
  }

  /**
   * Appends one event about money: first onto the disk, then here. What was taken is never shown before it is kept.
   *
   * @returns false where it cannot be or was not written: then nothing changed.
   */
  async recordFirst(event: OrderEvent): Promise<boolean> {
    const order = this.#order;
    if (order === null || this.#writesMoney) return false;
    const applied = applyEvent(order, event);
    if (!applied.ok) return false;
    // the order stays as it was looked at: nothing else is recorded meanwhile
    this.#writesMoney = true;
    try {
      if (!(await this.save())) return false;
      const { orderId } = order;
      const written = await this.#journal.append([{ kind: 'order_event', orderId, body: event }], {
        strict: true
      });
      if (!written.ok) return false;
      // written is written: whatever stands here since has nothing to do with it
      if (this.#order === order) {
        this.#order = applied.order;
        this.#events = [...this.#events, event];
      }
      return true;
    } finally {
      this.#writesMoney = false;
    }
  }

  /** Writes what is not written yet. @returns true when everything is in the journal. */
  async save(): Promise<boolean> {
    this.#saving = this.#saving.then(() => this.#saveNow());
    await this.#saving;
    return this.#unsaved.length === 0;
  }

  /** Lets the order go, to begin another one. What is not written yet is still written. */
  release(): void {
    this.#order = null;
    this.#events = [];
    this.#isFromJournal = false;
  }

  /** Takes up an order that the journal knows. */
  load(order: Order, events: readonly OrderEvent[]): void {
    this.#order = order;
    this.#events = events;
    this.#isFromJournal = true;
  }

  async #saveNow(): Promise<void> {
    while (this.#unsaved.length > 0) {
      const batch = [...this.#unsaved];
      const written = await this.#journal.append(
        batch.map(({ orderId, event }) => ({ kind: 'order_event', orderId, body: event }))
      );
      this.#failed = !written.ok;
      if (!written.ok) return;
      this.#unsaved = this.#unsaved.slice(batch.length);
    }
  }
}
