/**
 * Money that the register takes itself: cash, and a card on another machine. Written onto the disk before it is shown as
 * taken; then the server hears of it.
 *
 *   closed ──open──> amount ──cash──> taken (all is paid) | closed (a part is paid: the rest goes on)
 *                      └──card──> as cash
 */
import { cashRoundingMinor } from '$lib/money/cash';
import type { Journal } from '$lib/journal/journal';
import type { OrderEvent } from '$lib/order/events';
import type { OrderTender } from '$lib/order/order';
import { changeMinor } from '$lib/order/tenders';
import type { CurrentOrder } from './current-order.svelte';
import type { Drawer } from './drawer';

interface ScreenBase {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly currency: string;
}

/** What the stage shows where money is taken by hand. Amounts in minor units. */
export type CashScreen = ScreenBase &
  (
    | {
        readonly state: 'amount';
        /** What is left to pay, exactly: what a card pays. */
        readonly leftMinor: number;
        /** The same as coins can pay it. */
        readonly cashMinor: number;
        /** It is being written down. */
        readonly busy: boolean;
        /** Nothing is taken: something about the order is asked first. */
        readonly blocked: boolean;
      }
    | {
        readonly state: 'taken';
        readonly kind: OrderTender['kind'];
        readonly name: string | null;
        readonly paidMinor: number;
        readonly givenMinor: number;
        readonly changeMinor: number;
        /** False: the drawer is to be opened by hand. */
        readonly drawerOpened: boolean;
        readonly at: string;
      }
  );

export interface CashDeskParts {
  readonly journal: Pick<Journal, 'append'>;
  readonly drawer: Drawer;
  /** Tells the server of the order as it stands now. */
  readonly tellOrder: (events: readonly OrderEvent[]) => void;
}

/** How taking money ended: all is paid, a part is, or nothing was written down and nothing was taken. */
export type TakeResult = 'covered' | 'part' | 'failed';

export class CashDesk {
  readonly #parts: CashDeskParts;
  #order = $state.raw<CurrentOrder | null>(null);
  #taken = $state.raw<OrderTender | null>(null);
  #drawerOpened = $state(false);
  #busy = $state(false);

  constructor(parts: CashDeskParts) {
    this.#parts = parts;
  }

  /** Null while it is closed. */
  get screen(): CashScreen | null {
    const order = this.#order;
    if (order?.order === null || order === null) return null;
    const { orderId, number: orderNumber, currency } = order.order;
    const base = { orderId, orderNumber, currency };
    const taken = this.#taken;
    if (taken === null) {
      const { leftMinor } = order;
      const cashMinor = leftMinor + cashRoundingMinor({ amountMinor: leftMinor, currency });
      const blocked = order.chargeBlock !== null;
      return { ...base, state: 'amount', leftMinor, cashMinor, busy: this.#busy, blocked };
    }
    return {
      ...base,
      state: 'taken',
      kind: taken.kind,
      name: taken.name,
      paidMinor: taken.amountMinor + taken.roundingMinor,
      givenMinor: taken.givenMinor,
      changeMinor: changeMinor(taken),
      drawerOpened: this.#drawerOpened,
      at: taken.at
    };
  }
  /** True where all is paid by what was taken here. */
  get isPaid(): boolean {
    return this.#taken !== null;
  }
  get isBusy(): boolean {
    return this.#busy;
  }

  open(order: CurrentOrder): void {
    this.#order = order;
    this.#taken = null;
  }
  close(): void {
    this.#order = null;
    this.#taken = null;
  }

  /** @param givenMinor what the shopper gave: less than what is left is a part of it, the rest is paid otherwise */
  takeCash(givenMinor: number): Promise<TakeResult> {
    const { screen } = this;
    if (screen?.state !== 'amount') return Promise.resolve('failed');
    const all = givenMinor >= screen.cashMinor;
    return this.#take({
      kind: 'cash_tendered',
      amountMinor: all ? screen.leftMinor : givenMinor,
      roundingMinor: all ? screen.cashMinor - screen.leftMinor : 0,
      givenMinor
    });
  }
  /** What the other machine was paid: all that is left. */
  takeCard(name: string): Promise<TakeResult> {
    const { screen } = this;
    if (screen?.state !== 'amount') return Promise.resolve('failed');
    return this.#take({ kind: 'card_tendered', amountMinor: screen.leftMinor, name });
  }
  /** Gives a part back before all is paid. @returns false where it was not written down: then nothing goes back */
  async giveBack(
    order: CurrentOrder,
    tender: { readonly tenderId: string; readonly why: string }
  ): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    try {
      if (!(await order.giveTenderBack(tender.tenderId, tender.why))) return false;
      this.#parts.tellOrder(order.events);
      return true;
    } finally {
      this.#busy = false;
    }
  }

  async #take(tender: Parameters<CurrentOrder['tender']>[0]): Promise<TakeResult> {
    const order = this.#order;
    if (order === null || this.#busy) return 'failed';
    this.#busy = true;
    try {
      if (!(await order.tender(tender))) return 'failed';
      this.#parts.tellOrder(order.events);
      if (tender.kind === 'cash_tendered') await this.#kick(order.order?.orderId ?? null);
      if (!order.isCovered) {
        this.close();
        return 'part';
      }
      this.#taken = order.tenders.at(-1) ?? null;
      return 'covered';
    } finally {
      this.#busy = false;
    }
  }

  async #kick(orderId: string | null): Promise<void> {
    const sent = await this.#parts.drawer.kick().catch(() => false);
    this.#drawerOpened = sent;
    await this.#parts.journal.append([{ kind: 'drawer_kicked', orderId, body: { why: 'cash', sent } }]);
  }
}
