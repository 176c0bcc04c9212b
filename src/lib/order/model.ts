/** What an order is once its events are folded. */
import type { Actor, DiscountAmount, TaxMode } from './events';

/** A line as it stands after all events. Removed lines stay in the list, so that undo puts them back in place. */
export interface OrderLine {
  readonly lineId: string;
  /** Null for "Other item". */
  readonly productId: string | null;
  readonly priceVersionId: string | null;
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly taxRateId: string;
  readonly taxRatePpm: number;
  readonly quantity: number;
  /** Why a person typed the price; null for a product. */
  readonly why: string | null;
  readonly removed: boolean;
}

/** A discount that is in force. A removed one leaves the list: a new one gets a new id. */
export interface OrderDiscount {
  readonly discountId: string;
  /** The line it takes off, or null for the whole order. */
  readonly lineId: string | null;
  readonly discount: DiscountAmount;
  readonly why: string;
}

/** Money for the order that did not come through the ledger. One that was taken back leaves the list. */
export interface OrderTender {
  readonly tenderId: string;
  readonly kind: 'cash' | 'card';
  /** How much of the total it pays. */
  readonly amountMinor: number;
  /** 0 for a card. */
  readonly roundingMinor: number;
  /** What the shopper gave; for a card the amount. */
  readonly givenMinor: number;
  /** What the shop calls the other card machine; null for cash. */
  readonly name: string | null;
  readonly at: string;
  readonly by: Actor;
}

export interface Order {
  readonly orderId: string;
  /** For people: `T1-0042`. */
  readonly number: string;
  readonly registerId: string;
  readonly epoch: number;
  readonly currency: string;
  readonly taxMode: TaxMode;
  readonly openedAt: string;
  readonly openedBy: Actor;
  /** How many events it took: what a payment attempt freezes. */
  readonly revision: number;
  /** Oldest first, removed ones too. */
  readonly lines: readonly OrderLine[];
  readonly discounts: readonly OrderDiscount[];
  /** Oldest first. */
  readonly tenders: readonly OrderTender[];
  /** Years that somebody has seen the shopper to have; 0 where nobody has looked. */
  readonly confirmedAge: number;
  readonly parked: boolean;
  readonly cleared: boolean;
  readonly givenFree: boolean;
}

/** Why an event cannot happen to an order as it stands. */
export type OrderRefusal =
  | 'no_events'
  | 'not_opened'
  | 'opened_twice'
  | 'order_cleared'
  | 'order_not_cleared'
  | 'order_parked'
  | 'order_not_parked'
  | 'given_free'
  | 'line_unknown'
  | 'line_id_used'
  | 'line_removed'
  | 'line_not_removed'
  | 'bad_quantity'
  | 'bad_price'
  | 'bad_tax_rate'
  | 'bad_discount'
  | 'discount_unknown'
  | 'discount_id_used'
  | 'bad_age'
  | 'nothing_to_give'
  | 'amount_too_large'
  | 'not_free'
  | 'covered'
  | 'tendered'
  | 'bad_tender'
  | 'tender_too_high'
  | 'tender_id_used'
  | 'tender_unknown'
  | 'less_than_tendered';

export type ApplyResult =
  { readonly ok: true; readonly order: Order } | { readonly ok: false; readonly reason: OrderRefusal };

/** `at` is the index of the first event that cannot be. */
export type FoldResult =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly at: number; readonly reason: OrderRefusal };
