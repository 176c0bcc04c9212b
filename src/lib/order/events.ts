/**
 * What can happen to an order's content. The list of these events *is* the order: register and server fold the
 * same list with the same code (`order.ts`). Money that the register itself took (cash, another
 * card machine) is part of it; wallet money (attempts, refunds) stands beside it in the ledger, never in it.
 */

/** Who did it, as known on the register at that moment. */
export interface Actor {
  readonly staffId: string;
  readonly name: string;
  /**
   * How the person was named where the server did not vouch for it: `pin`, by their PIN at the register alone; `last`, as
   * the one who was signed in last. Left out where the server knew.
   */
  readonly offline?: NamedOffline;
}

export type NamedOffline = 'pin' | 'last';

/** True where something of it was done by a person whom the server did not know to be there. */
export function isNamedOffline(events: readonly OrderEvent[]): boolean {
  return events.some(({ by }) => by.offline !== undefined);
}

/** Prices with the tax inside (a café in Europe) or added on top (a shop in the United States). */
export type TaxMode = 'included' | 'added';

interface Happened {
  /** ISO 8601, UTC, by the register's clock: shown to people, never used to order things. */
  readonly at: string;
  readonly by: Actor;
}

export interface OrderOpened extends Happened {
  readonly kind: 'order_opened';
  readonly orderId: string;
  /** Shown to people: register code, dash, four digits or more (`T1-0042`); from the second epoch `T1.2-0042`. */
  readonly number: string;
  readonly registerId: string;
  readonly epoch: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly taxMode: TaxMode;
}

/** A product from the catalogue. The server takes name, price and tax from its own price history, not from here. */
export interface LineAdded extends Happened {
  readonly kind: 'line_added';
  readonly lineId: string;
  readonly productId: string;
  readonly priceVersionId: string;
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly taxRateId: string;
  readonly taxRatePpm: number;
  readonly quantity: number;
}

/** "Other item": a price that a person typed. */
export interface OpenLineAdded extends Happened {
  readonly kind: 'open_line_added';
  readonly lineId: string;
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly taxRateId: string;
  readonly taxRatePpm: number;
  readonly quantity: number;
  readonly why: string;
}

export interface QuantitySet extends Happened {
  readonly kind: 'quantity_set';
  readonly lineId: string;
  /** Whole and at least 1: taking the last one away is `line_removed`. */
  readonly quantity: number;
}

export interface LineRemoved extends Happened {
  readonly kind: 'line_removed';
  readonly lineId: string;
}

/** Undo of a removal: the line comes back as it was, at its old place. */
export interface LineRestored extends Happened {
  readonly kind: 'line_restored';
  readonly lineId: string;
}

export type DiscountAmount =
  | { readonly type: 'amount'; readonly amountMinor: number }
  /** Parts per million: 10 % is 100 000. */
  | { readonly type: 'percent'; readonly ratePpm: number };

export interface DiscountAdded extends Happened {
  readonly kind: 'discount_added';
  readonly discountId: string;
  /** The line it takes off, or null for the whole order. */
  readonly lineId: string | null;
  readonly discount: DiscountAmount;
  readonly why: string;
}

export interface DiscountRemoved extends Happened {
  readonly kind: 'discount_removed';
  readonly discountId: string;
}

export interface OrderParked extends Happened {
  readonly kind: 'order_parked';
}

export interface OrderResumed extends Happened {
  readonly kind: 'order_resumed';
}

export interface OrderCleared extends Happened {
  readonly kind: 'order_cleared';
}

export interface OrderRestored extends Happened {
  readonly kind: 'order_restored';
}

/** Somebody looked: the shopper has the age that goods on this order ask for. */
export interface AgeConfirmed extends Happened {
  readonly kind: 'age_confirmed';
  /** Years. */
  readonly age: number;
}

/** Goods that cost nothing leave without a payment: only allowed at a total of zero and with at least one line. */
export interface OrderGivenFree extends Happened {
  readonly kind: 'order_given_free';
}

/** Cash into the register's drawer, for a part of the order or for all that is left of it. */
export interface CashTendered extends Happened {
  readonly kind: 'cash_tendered';
  readonly tenderId: string;
  /** How much of the order's total it pays. */
  readonly amountMinor: number;
  /** What was rounded on top (or off, negative) where small coins are gone: `amountMinor + roundingMinor` stays in the drawer. */
  readonly roundingMinor: number;
  /** What the shopper gave. Change is `givenMinor - amountMinor - roundingMinor`. */
  readonly givenMinor: number;
}

/** "Card on our other machine": only written down; Till can't prove it. */
export interface CardTendered extends Happened {
  readonly kind: 'card_tendered';
  readonly tenderId: string;
  readonly amountMinor: number;
  /** What the shop calls that machine. */
  readonly name: string;
}

/** A tender before its order stamps it. */
export type NewTender =
  Omit<CashTendered, 'at' | 'by' | 'tenderId'> | Omit<CardTendered, 'at' | 'by' | 'tenderId'>;

/** Taken back before the order was covered: cash went back out of the drawer. */
export interface TenderRemoved extends Happened {
  readonly kind: 'tender_removed';
  readonly tenderId: string;
  readonly why: string;
}

export type OrderEvent =
  | OrderOpened
  | LineAdded
  | OpenLineAdded
  | QuantitySet
  | LineRemoved
  | LineRestored
  | DiscountAdded
  | DiscountRemoved
  | OrderParked
  | OrderResumed
  | OrderCleared
  | OrderRestored
  | AgeConfirmed
  | OrderGivenFree
  | CashTendered
  | CardTendered
  | TenderRemoved;
