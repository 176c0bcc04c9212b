import { allocate } from '$lib/money/allocate';
import { multiplyMinor, sumMinor } from '$lib/money/amount';
import { multiplyRatio } from '$lib/money/rounding';
import { ppmInOne, taxInside, taxOnTop } from '$lib/money/tax';
import type { DiscountAmount, TaxMode } from './events';
import type { Order, OrderDiscount, OrderLine } from './model';

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

/**
 * What an order costs.
 *
 * Discounts come off in the order they were given: first each line's own, then the whole order's, which are spread over
 * the lines by worth without losing a cent, so that every rate's tax is right. A percentage is of what is left at that
 * moment and rounded half up; nothing ever goes below zero. Tax is rounded half up once per rate, not per line.
 */
export function computeTotals(order: Order): Totals {
  const taken: DiscountTotal[] = [];
  const take = (discount: OrderDiscount, leftMinor: number): number => {
    const amountMinor = Math.min(wantedMinor(discount.discount, leftMinor), leftMinor);
    taken.push({ discountId: discount.discountId, lineId: discount.lineId, amountMinor });
    return leftMinor - amountMinor;
  };

  const open = order.lines.filter((line) => !line.removed);
  const shown = open.map((line) => {
    const listMinor = multiplyMinor({ amountMinor: line.unitPriceMinor, times: line.quantity });
    const shownMinor = order.discounts
      .filter((discount) => discount.lineId === line.lineId)
      .reduce((leftMinor, discount) => take(discount, leftMinor), listMinor);
    return { line, listMinor, shownMinor };
  });
  const subtotalMinor = sumMinor(shown.map(({ shownMinor }) => shownMinor));

  const afterMinor = order.discounts
    .filter((discount) => discount.lineId === null)
    .reduce((leftMinor, discount) => take(discount, leftMinor), subtotalMinor);
  const orderDiscountMinor = subtotalMinor - afterMinor;
  const shares = allocate({
    amountMinor: orderDiscountMinor,
    weights: shown.map(({ shownMinor }) => shownMinor)
  });

  const priced = shown.map(({ line, listMinor, shownMinor }, index) => {
    const shareMinor = shares[index] ?? 0;
    const total: LineTotal = {
      lineId: line.lineId,
      listMinor,
      lineDiscountMinor: listMinor - shownMinor,
      orderDiscountMinor: shareMinor,
      shownMinor,
      totalMinor: shownMinor - shareMinor
    };
    return { line, total };
  });
  const byRate = rateTotals(order.taxMode, priced);

  return {
    currency: order.currency,
    lines: priced.map(({ total }) => total),
    discounts: taken,
    subtotalMinor,
    orderDiscountMinor,
    taxMinor: sumMinor(byRate.map((rate) => rate.taxMinor)),
    totalMinor: sumMinor(byRate.map((rate) => rate.grossMinor)),
    byRate,
    itemCount: open.reduce((count, line) => count + line.quantity, 0)
  };
}

/** The open lines' list prices together, before anything comes off. */
export function listTotalMinor(order: Order): number {
  return order.lines.reduce(
    (sum, line) => (line.removed ? sum : sum + line.unitPriceMinor * line.quantity),
    0
  );
}

/** What an order that has not begun costs. */
export function emptyTotals(currency: string): Totals {
  return {
    currency,
    lines: [],
    discounts: [],
    subtotalMinor: 0,
    orderDiscountMinor: 0,
    taxMinor: 0,
    totalMinor: 0,
    byRate: [],
    itemCount: 0
  };
}

function wantedMinor(discount: DiscountAmount, leftMinor: number): number {
  return discount.type === 'amount'
    ? discount.amountMinor
    : multiplyRatio({
        amountMinor: leftMinor,
        numerator: discount.ratePpm,
        denominator: ppmInOne,
        rounding: 'half_up'
      });
}

function rateTotals(
  taxMode: TaxMode,
  priced: readonly { readonly line: OrderLine; readonly total: LineTotal }[]
): RateTotal[] {
  // by id and rate: a rate that changed while the order stood parked is two rates
  const groups = new Map<string, { taxRateId: string; ratePpm: number; baseMinor: number }>();
  for (const { line, total } of priced) {
    const key = `${line.taxRatePpm} ${line.taxRateId}`;
    const group = groups.get(key) ?? { taxRateId: line.taxRateId, ratePpm: line.taxRatePpm, baseMinor: 0 };
    groups.set(key, { ...group, baseMinor: group.baseMinor + total.totalMinor });
  }
  return [...groups.values()].map(({ taxRateId, ratePpm, baseMinor }) => {
    const taxMinor =
      taxMode === 'included'
        ? taxInside({ grossMinor: baseMinor, ratePpm, rounding: 'half_up' })
        : taxOnTop({ netMinor: baseMinor, ratePpm, rounding: 'half_up' });
    return taxMode === 'included'
      ? { taxRateId, taxRatePpm: ratePpm, netMinor: baseMinor - taxMinor, taxMinor, grossMinor: baseMinor }
      : { taxRateId, taxRatePpm: ratePpm, netMinor: baseMinor, taxMinor, grossMinor: baseMinor + taxMinor };
  });
}
