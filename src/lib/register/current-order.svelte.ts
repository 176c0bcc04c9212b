/** The order on the counter. Every change is an event, journaled as it happens; nothing here moves money. */
import type { ScanMatch } from '$lib/catalogue/lookup';
import { eventsForAdding, eventsForNewPrices } from '$lib/order/adding';
import type { Actor, DiscountAmount, NewTender, OrderEvent } from '$lib/order/events';
import { foldOrder, maxQuantity, openLines, type Order, type OrderLine } from '$lib/order/order';
import { isCovered, tenderedMinor } from '$lib/order/tenders';
import { computeTotals, emptyTotals, type Totals } from '$lib/order/totals';
import { ageQuestion, type AgeQuestion } from './age-check';
import { OrderBook } from './order-book.svelte';
import {
  discountRows,
  orderRows,
  type DiscountRow,
  type Moments,
  type OrderRow,
  type RedRow
} from './order-rows';
import { openedOn, type ChargeBlock, type NewOpenLine, type OrderParts } from './order-parts';
import { measuredLine } from './measured-line';
import { isoNow, type CatalogueProduct } from './ports';
import { RedRows } from './red-rows.svelte';
import { UndoTimes } from './undo-times.svelte';

export type { ChargeBlock } from './order-parts';
export type { DiscountRow, OrderRow } from './order-rows';

export class CurrentOrder {
  readonly #parts: OrderParts;
  readonly #book: OrderBook;
  readonly #undo: UndoTimes;
  readonly #red: RedRows;
  /** Of the order that the next line begins, once something of it stands here. */
  #nextId: string | null = null;
  #touched = $state.raw<Moments>({});
  #locked = $state(false);
  #touches = 0;
  #lastAdded: { readonly lineId: string; readonly before: number } | null = null;
  #lastProductAtMs: number | null = null;
  #totals = $derived.by(() => {
    const { order } = this;
    return order === null ? emptyTotals(this.#parts.shop.currency) : computeTotals(order);
  });
  #rows = $derived.by(() =>
    orderRows({
      order: this.order,
      totals: this.#totals,
      redRows: this.#red.list,
      touched: this.#touched,
      removedLeftMs: (lineId) => this.#undo.removedLeftMs(lineId),
      takenBack: this.#undo.takenBack
    })
  );

  #ageQuestion = $derived.by(() => ageQuestion({ order: this.order, productById: this.#parts.productById }));

  constructor(parts: OrderParts) {
    this.#parts = parts;
    this.#book = new OrderBook(parts.journal);
    this.#undo = new UndoTimes(parts.clock);
    this.#red = new RedRows(parts);
  }

  /** Null until the first line: an order begins by itself. */
  get order(): Order | null {
    return this.#book.order;
  }
  /** Also before its first line. */
  get orderId(): string {
    return this.order?.orderId ?? (this.#nextId ??= this.#parts.newId());
  }
  get events(): readonly OrderEvent[] {
    return this.#book.events;
  }
  get rows(): readonly OrderRow[] {
    return this.#rows;
  }
  get discountRows(): readonly DiscountRow[] {
    return discountRows(this.order, this.#totals);
  }
  get totals(): Totals {
    return this.#totals;
  }
  /** Cash and other machines' cards that stand on it, oldest first. */
  get tenders(): Order['tenders'] {
    return this.order?.tenders ?? [];
  }
  /** The total less what was tendered. */
  get leftMinor(): number {
    return this.#totals.totalMinor - (this.order === null ? 0 : tenderedMinor(this.order));
  }
  /** True where tenders pay for all of it. */
  get isCovered(): boolean {
    return this.order !== null && isCovered(this.order);
  }
  /** Nothing is sold on it: no open line. Red rows don't count. */
  get isEmpty(): boolean {
    return this.order === null || openLines(this.order).length === 0;
  }
  get hasRedRow(): boolean {
    return this.#red.list.length > 0;
  }
  /** What is to be asked before it can be charged; null where nothing is. */
  get ageQuestion(): AgeQuestion | null {
    return this.#ageQuestion;
  }
  /** Somebody looked. `false`: the lines that need the age are taken back, with undo. */
  answerAge(isOldEnough: boolean): void {
    const asked = this.#ageQuestion;
    if (asked === null) return;
    if (isOldEnough) this.#change({ kind: 'age_confirmed', ...this.#stamp(), age: asked.age });
    else for (const { lineId } of asked.lines) this.remove(lineId);
  }
  /** True while its payment is open or done: it can be read but not changed. */
  get locked(): boolean {
    return this.#locked;
  }
  get journalFailed(): boolean {
    return this.#book.failed;
  }
  get chargeBlock(): ChargeBlock | null {
    if (this.#locked) return 'paying';
    if (this.hasRedRow) return this.#red.failed ? 'journal_failed' : 'red_row';
    if (this.isEmpty) return 'empty';
    if (this.ageQuestion !== null) return 'age';
    if (this.#book.isFromJournal && this.#parts.isAsking()) return 'asking';
    return this.#book.failed ? 'journal_failed' : null;
  }
  /** "Order cleared · Undo": milliseconds left, or null. */
  get clearedUndoLeftMs(): number | null {
    return this.order === null ? this.#undo.clearedLeftMs : null;
  }
  /** Monotonic milliseconds of the last product, for one-scan checkout's guard. */
  get lastProductAtMs(): number | null {
    return this.#lastProductAtMs;
  }
  /** For the badge on a tile. */
  quantityOf(productId: string): number {
    if (this.order === null) return 0;
    return openLines(this.order)
      .filter((line) => line.productId === productId)
      .reduce((sum, line) => sum + line.quantity, 0);
  }

  /** Adds a product to its line, or on a new one. @returns false when the order can't take it. */
  addProduct(product: CatalogueProduct, quantity = 1): boolean {
    const order = this.#begin();
    if (order === null) return false;
    const events = eventsForAdding({
      order,
      product: this.#parts.priced(product),
      quantity,
      newLineId: this.#parts.newId(),
      ...this.#stamp()
    });
    if (!this.#book.record(events)) return false;
    this.#lastProductAtMs = this.#parts.clock.monotonic();
    const [event] = events;
    if (event?.kind === 'line_added') this.#added(event.lineId, 0);
    if (event?.kind === 'quantity_set') this.#added(event.lineId, event.quantity - quantity);
    return true;
  }

  /** Adds what a scan names, in the weight, price or count that its label carries. @returns false when the order can't take it. */
  addScanned({ product, measure }: ScanMatch): boolean {
    if (measure === null) return this.addProduct(product);
    if (measure === 'unclear') return false;
    if (measure.kind === 'count') return this.addProduct(product, measure.count);
    const added = this.addOpenLine(measuredLine({ product, priced: this.#parts.priced(product), measure }));
    if (added) this.#lastProductAtMs = this.#parts.clock.monotonic();
    return added;
  }

  /** "Other item": name and price typed by a person. @returns false when the order can't take it. */
  addOpenLine({ name, unitPriceMinor, why, taxRateId, quantity = 1 }: NewOpenLine): boolean {
    const rate = this.#parts.taxRate(taxRateId);
    if (rate === null || this.#begin() === null) return false;
    const lineId = this.#parts.newId();
    const added = this.#book.record([
      {
        kind: 'open_line_added',
        ...this.#stamp(),
        lineId,
        name,
        unitPriceMinor,
        taxRateId: rate.id,
        taxRatePpm: rate.ratePpm,
        quantity,
        why
      }
    ]);
    if (added) this.#added(lineId, 0);
    return added;
  }

  /** Below 1 it removes the line. */
  setQuantity(lineId: string, quantity: number): void {
    if (quantity < 1) this.remove(lineId);
    else
      this.#change({
        kind: 'quantity_set',
        ...this.#stamp(),
        lineId,
        quantity: Math.min(quantity, maxQuantity)
      });
  }
  plusOne(lineId: string): void {
    const line = this.#line(lineId);
    if (line !== null) this.setQuantity(lineId, line.quantity + 1);
  }
  /** At 1 it removes the line (with undo). */
  minusOne(lineId: string): void {
    const line = this.#line(lineId);
    if (line !== null) this.setQuantity(lineId, line.quantity - 1);
  }
  remove(lineId: string): void {
    if (this.#change({ kind: 'line_removed', ...this.#stamp(), lineId })) this.#undo.removed(lineId);
  }
  undoRemove(lineId: string): void {
    if (this.#change({ kind: 'line_restored', ...this.#stamp(), lineId })) this.#undo.restored(lineId);
  }
  /** Backspace with nothing focused: takes the last scan or tap back, with undo. */
  takeLastBack(): void {
    const last = this.#lastAdded;
    this.#lastAdded = null;
    const line = last === null ? null : this.#line(last.lineId);
    if (last === null || line === null || this.#locked) return;
    this.setQuantity(last.lineId, last.before);
    if (last.before < 1 || line.quantity <= last.before) return;
    this.#undo.tookBack({ lineId: last.lineId, quantity: line.quantity - last.before });
  }
  /** Puts on the line again what was taken back, whatever it has by now. */
  undoTakeBack(): void {
    const back = this.#undo.takenBack;
    this.#undo.forgetTakenBack();
    const line = back === null ? null : this.#line(back.lineId);
    if (back !== null && line !== null) this.setQuantity(line.lineId, line.quantity + back.quantity);
  }

  addDiscount({
    lineId,
    discount,
    why
  }: {
    readonly lineId: string | null;
    readonly discount: DiscountAmount;
    readonly why: string;
  }): void {
    const discountId = this.#parts.newId();
    this.#change({ kind: 'discount_added', ...this.#stamp(), discountId, lineId, discount, why });
  }
  removeDiscount(discountId: string): void {
    this.#change({ kind: 'discount_removed', ...this.#stamp(), discountId });
  }

  /** Takes everything away, with Undo. @returns the events of the cleared order, to be told to the server. */
  clear(): readonly OrderEvent[] | null {
    if (this.order === null || !this.#change({ kind: 'order_cleared', ...this.#stamp() })) return null;
    const { order, events, redRows } = this;
    this.reset();
    this.#undo.wasCleared({ order, events, redRows });
    return events;
  }
  /** Possible until a new order has begun on the counter, or the time is over. */
  undoClear(): void {
    const { cleared } = this.#undo;
    if (cleared === null || this.order !== null) return;
    this.#load(cleared.order, cleared.events, [...cleared.redRows, ...this.redRows]);
    this.#book.record([{ kind: 'order_restored', ...this.#stamp() }]);
  }

  /** @returns false when there is nothing to park, or a red row on it: that one would be lost. */
  park(): boolean {
    if (this.isEmpty || this.hasRedRow || !this.#change({ kind: 'order_parked', ...this.#stamp() }))
      return false;
    this.reset();
    return true;
  }

  /** Takes up an order from the journal: parked, cleared, or left behind by a reload. @returns false when it can't be read. */
  takeUp(events: readonly OrderEvent[]): boolean {
    const folded = foldOrder(events);
    if (!folded.ok) return false;
    this.#load(folded.order, events);
    if (folded.order.cleared) this.#book.record([{ kind: 'order_restored', ...this.#stamp() }]);
    if (folded.order.parked) this.#book.record([{ kind: 'order_resumed', ...this.#stamp() }]);
    return true;
  }

  /** Money that the register takes itself. @returns false where it could not be written down: then it must go back. */
  async tender(tender: NewTender): Promise<boolean> {
    return (
      !this.#locked && this.#book.recordFirst({ ...tender, ...this.#stamp(), tenderId: this.#parts.newId() })
    );
  }
  /** Before the order is covered: the money goes back to the shopper. */
  async giveTenderBack(tenderId: string, why: string): Promise<boolean> {
    return (
      !this.#locked && this.#book.recordFirst({ kind: 'tender_removed', ...this.#stamp(), tenderId, why })
    );
  }

  /** Total zero, at least one line: the goods leave without a payment. @returns the events to send, or null. */
  giveFree(): readonly OrderEvent[] | null {
    return this.#change({ kind: 'order_given_free', ...this.#stamp() }) ? this.events : null;
  }

  /** A scanned code that nobody knows. `text` is empty where it must not be shown. */
  addUnknown(text: string): void {
    this.#touch(this.#red.add(text));
  }
  get redRows(): readonly RedRow[] {
    return this.#red.list;
  }
  /** These red rows and no others, such as those that a reload left behind. */
  takeUpRedRows(rows: readonly RedRow[]): void {
    this.#red.put(rows);
    for (const { rowId } of rows) this.#touch(rowId);
  }
  /** The red row's three buttons: Skip, Search (put the found product in), Add it now. */
  skipUnknown(rowId: string): void {
    this.#red.remove(rowId);
  }
  replaceUnknown(rowId: string, product: CatalogueProduct): void {
    const count = this.#red.byId(rowId)?.count ?? 1;
    if (this.addProduct(product, count)) this.skipUnknown(rowId);
  }
  /** The text of a red row that is still there; null where it was sorted out. */
  unknownText(rowId: string): string | null {
    return this.#red.byId(rowId)?.text ?? null;
  }
  /** Sold with the typed price, and nothing becomes of it in the catalogue. */
  addUnknownNow(
    rowId: string,
    { name, unitPriceMinor }: { readonly name: string; readonly unitPriceMinor: number }
  ): void {
    const { text = '', count = 1 } = this.#red.byId(rowId) ?? {};
    const why = text === '' ? 'unknown code' : `unknown code ${text}`;
    if (this.addOpenLine({ name, unitPriceMinor, why, taxRateId: null, quantity: count }))
      this.skipUnknown(rowId);
  }

  /** Takes the catalogue's prices of now, after the server said that they changed. */
  takeNewPrices(): void {
    if (this.order === null || this.#locked) return;
    const events = eventsForNewPrices({
      order: this.order,
      priceOf: (productId) => {
        const product = this.#parts.productById(productId);
        return product === null ? null : this.#parts.priced(product);
      },
      newId: this.#parts.newId,
      ...this.#stamp()
    });
    if (events.length > 0) this.#book.record(events);
  }

  /** While a payment is open or done nothing may change. */
  setLocked(locked: boolean): void {
    this.#locked = locked;
  }
  /** Writes what is not written yet. @returns true when every change is in the journal. */
  save(): Promise<boolean> {
    return this.#book.save();
  }
  /** An empty counter: the next line begins a new order. */
  reset(): void {
    this.#undo.reset();
    this.#book.release();
    this.#red.put([]);
    this.#nextId = null;
    this.#touched = {};
    this.#locked = false;
    this.#lastAdded = null;
  }

  #begin(): Order | null {
    if (this.#locked) return null;
    if (this.order !== null) return this.order;
    this.#undo.forgetCleared();
    this.#book.record([openedOn(this.#parts, { ...this.#stamp(), orderId: this.orderId })]);
    return this.#book.order;
  }

  #load(order: Order, events: readonly OrderEvent[], redRows: readonly RedRow[] = []): void {
    this.reset();
    this.#book.load(order, events);
    for (const line of order.lines) this.#touch(line.lineId);
    this.takeUpRedRows(redRows);
  }

  #change(event: OrderEvent): boolean {
    return !this.#locked && this.order !== null && this.#book.record([event]);
  }
  #line(lineId: string): OrderLine | null {
    return this.order?.lines.find((line) => line.lineId === lineId && !line.removed) ?? null;
  }
  #stamp(): { readonly at: string; readonly by: Actor } {
    return { at: isoNow(this.#parts.clock), by: this.#parts.staff() };
  }
  #added(lineId: string, before: number): void {
    this.#lastAdded = { lineId, before };
    this.#touch(lineId);
  }
  #touch(key: string): void {
    this.#touches += 1;
    this.#touched = { ...this.#touched, [key]: this.#touches };
  }
}
