import type { DiscountAmount, OrderEvent } from '$lib/order/events';
import type { Order, OrderLine } from '$lib/order/order';
import type { LineTotal, Totals } from '$lib/order/totals';
import type { CatalogueProduct } from './ports';

function notBuilt(): never {
  throw new Error('not built yet');
}

/** One row of the order as the screen shows it, newest last. */
export type OrderRow =
  | { readonly kind: 'line'; readonly key: string; readonly line: OrderLine; readonly total: LineTotal }
  /** "Removed cola · Undo": for 8 s. `leftMs` counts down. */
  | { readonly kind: 'removed'; readonly key: string; readonly line: OrderLine; readonly leftMs: number }
  /** A scanned code that nobody knows: blocks charging until it is sorted out. */
  | { readonly kind: 'unknown_code'; readonly key: string; readonly rowId: string; readonly text: string };

/** A discount with what it takes off and its ×. */
export interface DiscountRow {
  readonly discountId: string;
  readonly lineId: string | null;
  readonly discount: DiscountAmount;
  readonly why: string;
  readonly amountMinor: number;
}

/** Why the order can't be charged now, or null. */
export type ChargeBlock = 'empty' | 'red_row' | 'journal_failed' | 'paying';

/** The order on the counter. Every change is an event, journaled as it happens; nothing here moves money. */
export class CurrentOrder {
  /** Null until the first line: an order begins by itself. */
  get order(): Order | null {
    return notBuilt();
  }
  get events(): readonly OrderEvent[] {
    return notBuilt();
  }
  get rows(): readonly OrderRow[] {
    return notBuilt();
  }
  get discountRows(): readonly DiscountRow[] {
    return notBuilt();
  }
  get totals(): Totals {
    return notBuilt();
  }
  get isEmpty(): boolean {
    return notBuilt();
  }
  /** True while its payment is open: it can be read but not changed. */
  get locked(): boolean {
    return notBuilt();
  }
  get chargeBlock(): ChargeBlock | null {
    return notBuilt();
  }
  /** "Order cleared · Undo": milliseconds left, or null. */
  get clearedUndoLeftMs(): number | null {
    return notBuilt();
  }
  /** For the badge on a tile. */
  quantityOf(productId: string): number {
    void productId;
    return notBuilt();
  }
  addProduct(product: CatalogueProduct, quantity?: number): void {
    void product;
    void quantity;
    notBuilt();
  }
  /** "Other item": name and price typed by a person. */
  addOpenLine(item: {
    readonly name: string;
    readonly unitPriceMinor: number;
    readonly why: string;
    /** Null: the catalogue's first rate. */
    readonly taxRateId: string | null;
    readonly quantity?: number;
  }): void {
    void item;
    notBuilt();
  }
  setQuantity(lineId: string, quantity: number): void {
    void lineId;
    void quantity;
    notBuilt();
  }
  plusOne(lineId: string): void {
    void lineId;
    notBuilt();
  }
  /** At 1 it removes the line (with undo). */
  minusOne(lineId: string): void {
    void lineId;
    notBuilt();
  }
  remove(lineId: string): void {
    void lineId;
    notBuilt();
  }
  undoRemove(lineId: string): void {
    void lineId;
    notBuilt();
  }
  /** Backspace with nothing focused: takes the last scan or tap back. */
  takeLastBack(): void {
    notBuilt();
  }
  addDiscount(discount: {
    readonly lineId: string | null;
    readonly discount: DiscountAmount;
    readonly why: string;
  }): void {
    void discount;
    notBuilt();
  }
  removeDiscount(discountId: string): void {
    void discountId;
    notBuilt();
  }
  clear(): void {
    notBuilt();
  }
  undoClear(): void {
    notBuilt();
  }
  /** The red row's three buttons: Skip, Search (put the found product in), Add it now. */
  skipUnknown(rowId: string): void {
    void rowId;
    notBuilt();
  }
  replaceUnknown(rowId: string, product: CatalogueProduct): void {
    void rowId;
    void product;
    notBuilt();
  }
  addUnknownNow(rowId: string, item: { readonly name: string; readonly unitPriceMinor: number }): void {
    void rowId;
    void item;
    notBuilt();
  }
}
