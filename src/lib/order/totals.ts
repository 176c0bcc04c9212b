/** One line's money. All amounts are in the price's own terms: with the tax inside or without it, as the shop sells. */
export interface LineTotal {
  readonly lineId: string;
  /** Unit price × quantity. */
  readonly listMinor: number;
  /** What the line's own discounts take off. */
  readonly lineDiscountMinor: number;
  /** This line's share of the order's discounts. */
  readonly orderDiscountMinor: number;
  /** List less the line's own discounts: what stands beside the line on the screen. */
  readonly shownMinor: number;
  /** After all discounts. */
  readonly totalMinor: number;
}

/** What is taxed at one rate. `netMinor + taxMinor = grossMinor`. */
export interface RateTotal {
  readonly taxRateId: string;
  readonly taxRatePpm: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly grossMinor: number;
}

export interface DiscountTotal {
  readonly discountId: string;
  readonly lineId: string | null;
  /** What it really took off: never more than there was. */
  readonly amountMinor: number;
}

export interface Totals {
  readonly currency: string;
  readonly lines: readonly LineTotal[];
  readonly discounts: readonly DiscountTotal[];
  /** Lines after their own discounts, before the order's discounts; tax inside or not, as the shop sells. */
  readonly subtotalMinor: number;
  /** What the order's discounts take off (positive). */
  readonly orderDiscountMinor: number;
  readonly taxMinor: number;
  /** What the shopper pays. */
  readonly totalMinor: number;
  readonly byRate: readonly RateTotal[];
  /** Pieces: the sum of all quantities. */
  readonly itemCount: number;
}
