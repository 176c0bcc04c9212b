/**
 * The counter: the order being sold, the stage where one is paid, the tray of payments that go on elsewhere. One open
 * attempt per order, and the next customer never waits for the last one's phone.
 */
import type { ScanMatch } from '$lib/catalogue/lookup';
import type { AttemptRecord } from '$lib/journal/entries';
import type { OrderEvent } from '$lib/order/events';
import { CashFlow } from './cash-flow';
import type { CounterParts, Recovered, Stage, StageNotice } from './counter-parts';
import { CurrentOrder } from './current-order.svelte';
import { HeldGoods } from './held-goods.svelte';
import { counterSale, lastSaleOf, type LastSale } from './last-sale';
import { createSentGuard } from './one-scan';
import type { PaymentScreen } from './payment-screen';
import { PaymentOrders } from './payment-orders';
import { Payment, type PaymentListener } from './payment.svelte';
import { isoNow } from './ports';
import { Reminder } from './reminder';
import type { Sounds } from './sounds';
import { stageScreen } from './stage-screen';
import { Tray } from './tray.svelte';

export class Counter {
  readonly tray = new Tray();
  /** Scanned while a shopper pays. */
  readonly held = new HeldGoods();
  /** Money that the register takes itself. */
  readonly cash: CashFlow;
  readonly #parts: CounterParts;
  readonly #sentGuard = createSentGuard();
  readonly #orders = new PaymentOrders();
  readonly #listener: PaymentListener = {
    onEnded: (payment) => this.cash.afterwards(() => this.#ended(payment)),
    onSetAside: (payment) => this.#setAside(payment),
    onLate: (payment) => this.cash.afterwards(() => this.#late(payment))
  };
  #selling;
  #stage = $state.raw<Stage | null>(null);
  #last = $state.raw<{ readonly payment: Payment; readonly at: string } | LastSale | null>(null);
  #lastPaidAtMs: number | null = null;
  #starting = false;
  readonly #reminder: Reminder;

  constructor(parts: CounterParts) {
    this.#parts = parts;
    this.#selling = $state.raw(new CurrentOrder(parts.order));
    this.cash = new CashFlow({
      desk: parts.cash,
      stage: () => this.#stage,
      order: () => this.order,
      isWaiting: () => this.isWaiting,
      isPaid: () => this.isPaid,
      isProven: parts.isProven,
      clearStage: (stage) => this.#putOrder(stage, null),
      sayNotSaved: () => this.say('journal_failed'),
      onPart: (order) => this.#tendered(order),
      onSold: (order) => this.#soldHere(order)
    });
    this.#reminder = new Reminder({ ...parts, counter: this });
  }

  get mode(): 'selling' | 'paying' {
    return this.#stage === null ? 'selling' : 'paying';
  }
  /** What stands beside the catalogue or the stage. */
  get order(): CurrentOrder {
    return this.#stage?.order ?? this.#selling;
  }
  get payment(): Payment | null {
    return this.#stage?.payment ?? null;
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
    return this.#stage === null ? null : stageScreen(this.#stage);
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
    this.#stage = { order: this.order, payment: null, notice, justAdded: null };
  }
  /** "and the gum": a product in the pay panel, before sending. */
  addOnStage(found: ScanMatch): boolean {
    const stage = this.#stage;
    if (stage === null || !stage.order.addScanned(found)) return false;
    this.#putOrder(stage, found.product.name);
    return true;
  }
  say(notice: StageNotice | null): void {
    if (this.#stage !== null) this.#stage = { ...this.#stage, notice };
  }
  /** Puts what was held on the order that stands there. */
  addHeld(): void {
    this.held.moveTo(this.order);
  }

  /**
   * Charges the order on the stage. Once: while one charge is beginning or open, another call does nothing.
   *
   * @param paymentCode a secret, handed on and forgotten
   */
  async pay(paymentCode: string): Promise<void> {
    const stage = this.#stage;
    if (stage === null || this.isWaiting || stage.order.chargeBlock !== null) return;
    const now = this.#parts.clock.monotonic();
    if (this.#sentGuard.wasSentJustNow(paymentCode, now)) return;
    // somebody counts cash: a phone that is read now pays only when it is shown once more
    if (this.cash.close()) {
      this.say('once_more');
      return;
    }
    const block = this.#parts.walletBlock();
    if (block !== null) {
      // nothing is sent and nothing is kept of the code: a fresh one is scanned afterwards
      this.say(block);
      this.#sound('not_paid');
      return;
    }
    const { order } = stage;
    this.#starting = true;
    order.setLocked(true);
    try {
      if (!(await order.save()) || order.order === null) {
        order.setLocked(false);
        this.say('journal_failed');
        return;
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
        listener: this.#listener
      });
      this.#sound('code_taken');
      this.#putOrder(stage, null);
      this.#goOnWithout(this.tray.open, order);
      this.#follow(payment, order);
      this.#stage = { order, payment, notice: null, justAdded: null };
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
      if (order.park()) void this.#tellWaiting(order);
    }
  }

  /** An attempt that a reload left behind: on the stage where that is free, else in the tray. */
  recover(
    record: Pick<AttemptRecord, 'requested'>,
    order: CurrentOrder,
    { paidOtherwise = false, late = false }: Recovered = {}
  ): void {
    const aside = paidOtherwise || (late && this.order !== order && !this.order.isEmpty);
    order.setLocked(true);
    const payment = Payment.recover({ parts: this.#parts.payment, record, listener: this.#listener });
    const last = this.#last;
    this.#follow(payment, order);
    // the newest comes first: an older one is not the last sale
    if (aside || (last !== null && 'payment' in last)) this.#last = last;
    if (paidOtherwise) payment.payOtherwise();
    if (this.#stage === null && !aside) this.#stage = { order, payment, notice: null, justAdded: null };
    else this.tray.add(payment);
  }

  /** "Serve the next customer": the payment goes on in the tray. */
  serveNext(): void {
    const stage = this.#stage;
    if (stage === null || stage.payment === null || this.#parts.cash.isBusy) return;
    this.#leaveStage(stage, { closed: true });
  }
  /** "Next" on the paid screen. */
  next(): void {
    const stage = this.#stage;
    if (stage === null || this.isWaiting) return;
    // late money is a manager's: whatever becomes of it, nothing is asked for this order again
    const { payment } = stage;
    const closed = payment !== null && (payment.paidOtherwise || payment.screen.state === 'late');
    this.#leaveStage(stage, { closed: closed || this.isPaid });
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
    let order = this.#orders.of(payment);
    if (order === null) {
      // parked or changed meanwhile: it is only shown
      order = this.orderOf(this.#orders.eventsOf(payment));
      order.setLocked(true);
      if (payment.isOpen && !payment.holdsOrder) payment.payOtherwise();
    }
    if (this.isWaiting) this.serveNext();
    else this.next();
    this.#stage = { order, payment, notice: null, justAdded: null };
  }
  startNextWithHeld(): void {
    if (this.held.goods.length === 0 || this.#parts.cash.isBusy) return;
    if (this.isWaiting) this.serveNext();
    else this.next();
    if (this.held.goods.length === 0) return;
    // not paid: that order is on the counter again, and these goods are not its
    this.park();
    this.addHeld();
  }

  clear(): void {
    const events = this.#selling.clear();
    if (events === null) return;
    this.#parts.tellOrder(events);
    void this.#tellWaiting(this.#selling);
  }
  park(): void {
    if (this.mode === 'selling' && this.#selling.park()) void this.#tellWaiting(this.#selling);
  }
  /** Takes up an order's events; what stands on the counter is parked. @returns false when it can't be read. */
  takeUp(events: readonly OrderEvent[]): boolean {
    if (this.mode !== 'selling') return false;
    if (!this.#selling.isEmpty && !this.#selling.park()) return false;
    const taken = this.#selling.takeUp(events);
    void this.#tellWaiting(this.#selling);
    return taken;
  }
  /** The order that an attempt left behind by a reload belongs to; an empty one where the journal lost it. */
  orderOf(events: readonly OrderEvent[], orderId?: string): CurrentOrder {
    // two of one order could be charged twice
    if (orderId !== undefined && this.#selling.order?.orderId === orderId) return this.#selling;
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
    this.#stage = null;
    this.#selling = new CurrentOrder(this.#parts.order);
    this.addHeld();
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
    await this.#selling.save();
  }

  #follow(payment: Payment, order: CurrentOrder): void {
    this.#orders.add(payment, order);
    this.#last = { payment, at: isoNow(this.#parts.clock) };
    this.#reminder.start();
  }

  /** `closed`: the order is done or goes on in the tray; else it goes back to the counter. */
  #leaveStage(stage: Stage, { closed }: { readonly closed: boolean }): void {
    this.#stage = null;
    this.#parts.cash.close();
    if (stage.payment?.isOpen === true) this.tray.add(stage.payment);
    if (closed) {
      if (stage.order === this.#selling) this.#selling = new CurrentOrder(this.#parts.order);
      this.addHeld();
      return;
    }
    stage.order.setLocked(false);
    if (stage.order === this.#selling) return;
    // two unpaid orders: the one just looked at comes to the counter, the other is parked
    if (!this.#selling.isEmpty && this.#selling.park()) void this.#tellWaiting(this.#selling);
    this.#selling = stage.order;
  }

  /** The order stands on the stage, ready to be paid; a payment that is still open goes on in the tray. */
  #putOrder({ order, payment }: Stage, justAdded: string | null): void {
    if (payment?.isOpen === true) this.tray.add(payment);
    this.#stage = { order, payment: null, notice: null, justAdded };
  }
  /** The order is paid otherwise: should the money of these come, a manager decides. */
  #goOnWithout(payments: readonly Payment[], { order }: CurrentOrder): void {
    for (const payment of payments) if (payment.orderId === order?.orderId) payment.payOtherwise();
  }
  #tendered(order: CurrentOrder): void {
    // also where it was paid while the cash was written down
    const others = this.tray.all.filter((payment) => payment.isOpen || payment.isPaid);
    this.#goOnWithout(others, order);
    this.#sound('code_taken');
  }
  #soldHere(order: CurrentOrder): void {
    // also where it ended without money, which may come late
    this.#goOnWithout([...this.tray.all, ...this.#orders.listened], order);
    order.setLocked(true);
    this.#lastPaidAtMs = this.#parts.clock.monotonic();
    this.#last = counterSale(order, { state: 'paid', at: isoNow(this.#parts.clock) });
    this.#sound('paid');
  }

  #ended(payment: Payment): void {
    const { state } = payment.screen;
    if (payment.isPaid) this.#lastPaidAtMs = this.#parts.clock.monotonic();
    if (payment.isPaid || state === 'late') this.#takeAway(payment);
    else {
      this.#free(payment);
      this.#orders.listenFor(payment);
    }
    this.tray.tell(payment);
    this.#sound(payment.isPaid ? 'paid' : state === 'late' ? 'needs_you' : 'not_paid');
    if (state === 'price_changed') void this.#reprice(payment);
  }

  /** A manager wrote that the shopper was not charged: the order may be paid another way. */
  #setAside(payment: Payment): void {
    this.#free(payment);
    if (this.tray.tell(payment)) this.#sound('needs_you');
  }

  /** The order may be paid another way, unless the money of an earlier payment came while this one held it. */
  #free(payment: Payment): void {
    if (payment.paidOtherwise) return;
    this.#orders.of(payment)?.setLocked(false);
    const late = this.tray.lateOf(payment.orderId);
    if (late !== null) this.#takeAway(late);
  }

  #late(payment: Payment): void {
    this.#takeAway(payment);
    if (this.#stage?.payment !== payment) {
      this.tray.add(payment);
      this.tray.tell(payment);
    }
    this.#sound('needs_you');
  }

  /** Its money is in: should the order stand on the counter to be paid, it must not be asked for again. */
  #takeAway(payment: Payment): void {
    const order = this.#orders.of(payment);
    // one that goes on otherwise is only left alone where that holds it, or has paid it
    if (order === null || (payment.paidOtherwise && order.locked)) return;
    order.setLocked(true);
    if (this.payment === payment) return;
    if (this.order !== order) {
      if (order === this.#selling) this.#selling = new CurrentOrder(this.#parts.order);
      return;
    }
    this.tray.take(payment.attemptId);
    if (this.payment?.isOpen === true) this.tray.add(this.payment);
    this.#parts.cash.close();
    this.#stage = { order, payment, notice: null, justAdded: null };
  }

  async #reprice(payment: Payment): Promise<void> {
    await this.#parts.refreshCatalogue();
    this.#orders.of(payment)?.takeNewPrices();
  }

  /** The list of parked orders is read from the journal: it is whole once this order is written. */
  async #tellWaiting(order: CurrentOrder): Promise<void> {
    await order.save();
    this.#parts.onWaitingChanged();
  }

  #sound(name: Parameters<Sounds['play']>[0]): void {
    this.#parts.sounds().play(name);
  }
}
