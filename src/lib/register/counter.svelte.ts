/**
 * The counter: the order being sold, the stage where one is paid, the tray of payments that go on elsewhere. One open
 * attempt per order, and the next customer never waits for the last one's phone.
 */
import type { ScanMatch } from '$lib/catalogue/lookup';
import type { AttemptRecord, OrderRecord } from '$lib/journal/entries';
import type { OrderEvent } from '$lib/order/events';
import { hasMoney } from './attempt-seen';
import { CashFlow } from './cash-flow';
import type { CounterParts, StageNotice } from './counter-parts';
import { CurrentOrder } from './current-order.svelte';
import { HeldGoods } from './held-goods.svelte';
import { counterSale, lastSaleOf, type LastSale } from './last-sale';
import { createSentGuard } from './one-scan';
import type { PaymentScreen } from './payment-screen';
import { PaymentEnds } from './payment-ends';
import { PaymentOrders } from './payment-orders';
import { Payment } from './payment.svelte';
import { Places } from './places.svelte';
import { isoNow } from './ports';
import { Reminder } from './reminder';
import type { Sounds } from './sounds';
import { stageScreen } from './stage-screen';
import { Tray } from './tray.svelte';

export class Counter {
  readonly tray = new Tray();
  /** Scanned while a shopper pays. */
  readonly held: HeldGoods;
  /** Money that the register takes itself. */
  readonly cash: CashFlow;
  readonly #parts: CounterParts;
  readonly #sentGuard = createSentGuard();
  readonly #places: Places;
  readonly #orders: PaymentOrders;
  readonly #ends: PaymentEnds;
  #last = $state.raw<{ readonly payment: Payment; readonly at: string } | LastSale | null>(null);
  #lastPaidAtMs: number | null = null;
  #starting = false;
  readonly #reminder: Reminder;

  constructor(parts: CounterParts) {
    this.#parts = parts;
    const { tray } = this;
    const held = new HeldGoods(() => void parts.keepLoose());
    this.held = held;
    const places = new Places({ counter: parts, tray, held });
    this.#places = places;
    this.#orders = new PaymentOrders((orderId) => places.orderOf(orderId));
    this.#ends = new PaymentEnds({
      counter: parts,
      places,
      tray,
      orders: this.#orders,
      cash: () => this.cash,
      onPaid: () => this.#paidNow()
    });
    this.cash = new CashFlow({
      desk: parts.cash,
      stage: () => places.stage,
      order: () => this.order,
      isWaiting: () => this.isWaiting,
      isPaid: () => this.isPaid,
      isProven: parts.isProven,
      clearStage: (stage) => places.put(stage, null),
      sayNotSaved: () => this.say('journal_failed'),
      onPart: (order) => this.#tendered(order),
      onSold: (order) => this.#soldHere(order)
    });
    this.#reminder = new Reminder({ ...parts, counter: this });
  }

  get mode(): 'selling' | 'paying' {
    return this.#places.stage === null ? 'selling' : 'paying';
  }
  /** What stands beside the catalogue or the stage. */
  get order(): CurrentOrder {
    return this.#places.order;
  }
  /** The order beside the catalogue, also while the stage shows another one. */
  get selling(): CurrentOrder {
    return this.#places.selling;
  }
  get payment(): Payment | null {
    return this.#places.payment;
  }
  get lastPaidAtMs(): number | null {
    return this.#lastPaidAtMs;
  }
  get lastSale(): LastSale | null {
    const last = this.#last;
    if (last === null || !('payment' in last)) return last;
    const tenders = this.#orders.of(last.payment)?.tenders ?? [];
    return lastSaleOf(last.payment, { at: last.at, tenders });
  }

  /** What the stage shows; null while selling. */
  get screen(): PaymentScreen | null {
    const { stage } = this.#places;
    return stage === null ? null : stageScreen(stage);
  }

  /** True while the payment on the stage holds the order. */
  get isWaiting(): boolean {
    return this.#starting || this.#parts.cash.isBusy || this.payment?.holdsOrder === true;
  }
  /** True where the order on the stage is paid, by whatever. */
  get isPaid(): boolean {
    return this.payment?.isPaid === true || this.#parts.cash.isPaid;
  }

  /** True while a payment is at the counter, on the stage or in the tray: then no other tab may take over. */
  get hasPaymentAtCounter(): boolean {
    return this.isWaiting || this.tray.open.some((payment) => payment.view?.place !== 'desk');
  }

  /** Opens the stage at `ready`. */
  openStage(notice: StageNotice | null = null): void {
    // its money may have come while it was cleared, before "Undo"
    const paid = this.#orders.moneyOf(this.order.order?.orderId ?? '');
    if (paid === null) this.#places.show(this.order, null, notice);
    else this.#showPaid(paid);
  }
  /** "and the gum": a product in the pay panel, before sending. */
  addOnStage(found: ScanMatch): boolean {
    const { stage } = this.#places;
    if (stage === null || !stage.order.addScanned(found)) return false;
    this.#places.put(stage, found.product.name);
    return true;
  }
  say(notice: StageNotice | null): void {
    this.#places.say(notice);
  }
  /** Puts what was held on the order that stands there. */
  addHeld(): void {
    this.held.moveTo(this.order);
  }

  /**
   * Charges the order on the stage. Once: while one charge is beginning or open, another call does nothing.
   *
   * @param paymentCode a secret, handed on and forgotten
   * @returns whether it is sent
   */
  async pay(paymentCode: string): Promise<boolean> {
    const { stage } = this.#places;
    if (stage === null || this.isWaiting || stage.order.chargeBlock !== null) return false;
    const now = this.#parts.clock.monotonic();
    if (this.#sentGuard.wasSentJustNow(paymentCode, now)) return false;
    // somebody counts cash: a phone that is read now pays only when it is shown once more
    if (this.cash.close()) {
      this.say('once_more');
      return false;
    }
    const block = this.#parts.walletBlock();
    if (block !== null) {
      // nothing is sent and nothing is kept of the code: a fresh one is scanned afterwards
      this.say(block);
      this.#sound('not_paid');
      return false;
    }
    const { order } = stage;
    this.#starting = true;
    order.setLocked(true);
    try {
      if (!(await order.save()) || order.order === null) {
        order.setLocked(false);
        this.say('journal_failed');
        return false;
      }
      this.#sentGuard.sent(paymentCode, now);
      const payment = Payment.begin({
        parts: this.#parts.payment,
        order: {
          orderId: order.order.orderId,
          orderNumber: order.order.number,
          revision: order.order.revision,
          amountMinor: order.leftMinor,
          currency: order.totals.currency,
          events: order.events
        },
        paymentCode,
        listener: this.#ends
      });
      this.#sound('code_taken');
      this.#places.put(stage, null);
      this.#ends.goOnWithout(this.tray.open, order);
      this.#follow(payment, order);
      this.#places.show(order, payment);
      return true;
    } finally {
      this.#starting = false;
    }
  }

  /**
   * After a reload: the newest unpaid order stands on the counter, older ones under Parked.
   *
   * @param unpaid the events of each, newest first
   */
  comeBack({
    unpaid: [newest, ...older],
    lastSale
  }: {
    readonly unpaid: readonly (readonly OrderEvent[])[];
    readonly lastSale: LastSale | null;
  }): void {
    this.#last = lastSale;
    if (newest !== undefined) this.takeUp(newest);
    for (const events of older) {
      const order = this.orderOf(events);
      if (order.park()) void this.#places.tellWaiting(order);
    }
  }

  /**
   * An attempt that a reload left behind, with its order: on the stage where that is free, else in the tray.
   *
   * @param late the counter sells already: what is sold there keeps its place
   */
  recover(
    record: Pick<AttemptRecord, 'requested'>,
    order: CurrentOrder,
    { late = false }: { readonly late?: boolean } = {}
  ): void {
    const aside = late && this.order !== order && !this.order.isEmpty;
    order.setLocked(true);
    const payment = this.#found(record);
    const last = this.#last;
    this.#follow(payment, order);
    // the newest comes first: an older one is not the last sale
    if (aside || (last !== null && 'payment' in last)) this.#last = last;
    if (this.#places.stage === null && !aside) this.#places.show(order, payment);
    else this.tray.add(payment);
  }

  /**
   * An attempt that a reload left behind, of an order that is parked, or went on without it: one that is open goes on in the
   * tray, one that ended without money is listened for.
   *
   * @param events its order's
   */
  followOnly(
    record: AttemptRecord,
    { events, paidOtherwise }: { readonly events: readonly OrderEvent[]; readonly paidOtherwise: boolean }
  ): void {
    const payment = this.#found(record);
    this.#orders.add(payment, { order: null, events: events.slice(0, record.requested.revision) });
    if (paidOtherwise) payment.payOtherwise();
    if (payment.isOpen) this.tray.add(payment);
    else this.#orders.listenFor(payment);
  }

  /** "Serve the next customer": the payment goes on in the tray. */
  serveNext(): void {
    const { stage } = this.#places;
    if (stage === null || stage.payment === null || this.#parts.cash.isBusy) return;
    this.#places.leave(stage, { closed: true });
  }
  /** "Next" on the paid screen. */
  next(): void {
    const { stage } = this.#places;
    if (stage === null || this.isWaiting) return;
    // late money is a manager's: whatever becomes of it, nothing is asked for this order again
    const { payment } = stage;
    const closed = payment !== null && (payment.paidOtherwise || payment.screen.state === 'late');
    this.#places.leave(stage, { closed: closed || this.isPaid });
  }
  /** Leaves the stage where no payment is open; an unpaid order goes back to the counter. */
  backToOrder(): void {
    // where something is said over the cash, it is not the cash that is left
    if (this.cash.screen === null || !this.cash.close()) this.next();
  }
  /** A tap on a chip: that payment comes on the stage; what stood there makes room. */
  openFromTray(attemptId: string): void {
    if (this.#starting || this.#parts.cash.isBusy) return;
    const payment = this.tray.take(attemptId);
    if (payment === null) return;
    // another one may have brought the order's money since this one failed
    const paid = payment.isOpen || payment.hasMoney ? null : this.#orders.moneyOf(payment.orderId);
    this.#look(paid ?? payment);
  }
  startNextWithHeld(): void {
    if (this.held.goods.length === 0 || this.#parts.cash.isBusy) return;
    if (this.isWaiting) this.serveNext();
    else this.next();
    if (this.held.goods.length === 0) return;
    // not paid: that order is on the counter again, and these goods are not its
    this.park();
    if (this.order.isEmpty) this.addHeld();
  }

  clear(): void {
    const { selling } = this.#places;
    const events = selling.clear();
    if (events === null) return;
    this.#parts.tellOrder(events);
    void this.#places.tellWaiting(selling);
  }
  /** One with a red row stays where it is. */
  park(): void {
    const { selling } = this.#places;
    if (this.mode === 'selling' && selling.park()) void this.#places.tellWaiting(selling);
  }
  /**
   * Takes up an order's events; what stands on the counter is parked.
   *
   * @returns false when it can't be read, or a red row on the counter would be lost
   */
  takeUp(events: readonly OrderEvent[]): boolean {
    const { selling } = this.#places;
    if (this.mode !== 'selling' || selling.hasRedRow) return false;
    if (!selling.isEmpty && !selling.park()) return false;
    const taken = selling.takeUp(events);
    void this.#places.tellWaiting(selling);
    return taken;
  }
  /**
   * Takes up an order that waits. One whose money came meanwhile is only shown, and asked for no more.
   *
   * @param attempts the order's, as the journal has them
   */
  resume({ orderId, events }: OrderRecord, attempts: readonly AttemptRecord[]): void {
    if (this.mode !== 'selling') return;
    const payment = this.#orders.moneyOf(orderId) ?? this.#paidBefore(events, attempts);
    if (payment === null) {
      if (!this.takeUp(events)) return;
      const holder = this.tray.open.find((open) => open.orderId === orderId && open.holdsOrder);
      if (holder === undefined) return;
      this.order.setLocked(true);
      this.openFromTray(holder.attemptId);
    } else {
      this.#showPaid(payment);
      this.#parts.onWaitingChanged();
    }
  }
  /** The order that an attempt left behind by a reload belongs to; an empty one where the journal lost it. */
  orderOf(events: readonly OrderEvent[], orderId?: string): CurrentOrder {
    // two of one order could be charged twice
    const { selling } = this.#places;
    if (orderId !== undefined && selling.order?.orderId === orderId) return selling;
    const order = new CurrentOrder(this.#parts.order);
    order.takeUp(events);
    return order;
  }

  /** Total zero: the goods leave without a payment. */
  finishFree(): void {
    const { order } = this;
    const sale = counterSale(order, { state: 'given_free', at: isoNow(this.#parts.clock) });
    const events = order.giveFree();
    if (events === null) return;
    this.#parts.tellOrder(events);
    this.#last = sale;
    this.#places.finish();
    this.#sound('paid');
  }

  /** The network came or went. */
  lookAtOnce(): void {
    this.payment?.lookAtOnce();
    for (const payment of this.tray.open) payment.lookAtOnce();
  }

  /** The page goes, or another tab takes over: nothing is asked any more. @returns when all that happened is written */
  async leave(): Promise<void> {
    this.#reminder.stop();
    this.payment?.leave();
    for (const payment of this.tray.open) payment.leave();
    this.#orders.leave();
    await this.#places.selling.save();
    await this.#parts.keepLoose();
  }

  #follow(payment: Payment, order: CurrentOrder): void {
    this.#orders.add(payment, { order, events: order.events });
    this.#last = { payment, at: isoNow(this.#parts.clock) };
    this.#reminder.start();
  }

  #found(record: Pick<AttemptRecord, 'requested'> & Partial<AttemptRecord>): Payment {
    return Payment.recover({ parts: this.#parts.payment, record, listener: this.#ends });
  }
  /** The payment that brought an order's money, where the journal alone knows of it. */
  #paidBefore(events: readonly OrderEvent[], attempts: readonly AttemptRecord[]): Payment | null {
    const record = attempts.find(hasMoney);
    if (record === undefined) return null;
    const payment = this.#found(record);
    this.#orders.add(payment, { order: null, events: events.slice(0, record.requested.revision) });
    this.#orders.moneyCame(payment);
    return payment;
  }
  /** A payment comes on the stage with its order; what stood there makes room. */
  #look(payment: Payment): void {
    this.tray.take(payment.attemptId);
    let order = this.#orders.of(payment);
    if (order === null) {
      // parked or changed meanwhile: it is only shown
      order = this.orderOf(this.#orders.eventsOf(payment));
      order.setLocked(true);
      if (payment.isOpen && !payment.holdsOrder) payment.payOtherwise();
    }
    if (this.isWaiting) this.serveNext();
    else this.next();
    this.#places.show(order, payment);
  }

  /** "Already paid": nothing is asked for its order. */
  #showPaid(payment: Payment): void {
    this.#look(payment);
    this.order.setLocked(true);
    if (payment.isPaid) this.say('already_paid');
  }

  #paidNow(): void {
    this.#lastPaidAtMs = this.#parts.clock.monotonic();
  }
  #tendered(order: CurrentOrder): void {
    // also where it was paid while the cash was written down
    const others = this.tray.all.filter((payment) => payment.isOpen || payment.isPaid);
    this.#ends.goOnWithout(others, order);
    this.#sound('code_taken');
  }
  #soldHere(order: CurrentOrder): void {
    // also where it ended without money, which may come late
    this.#ends.goOnWithout([...this.tray.all, ...this.#orders.listened], order);
    order.setLocked(true);
    this.#paidNow();
    this.#last = counterSale(order, { state: 'paid', at: isoNow(this.#parts.clock) });
    this.#sound('paid');
  }

  #sound(name: Parameters<Sounds['play']>[0]): void {
    this.#parts.sounds().play(name);
  }
}
