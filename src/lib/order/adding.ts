/** The events that adding goods takes. Ids, time and person come from outside. */
import type { Actor, OrderEvent } from './events';
import { maxQuantity, openLines, type Order } from './order';

/** A product as it is sold at this moment. */
export interface PricedProduct {
  readonly productId: string;
  readonly priceVersionId: string;
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly taxRateId: string;
  readonly taxRatePpm: number;
}

/**
 * Adding a product: ten scans of one product are one line of ten. It goes on its existing line where product, price
 * version and tax are the same, else on a new one.
 *
 * @param newLineId used only when a line begins.
 * @returns the events to append (always one).
 */
export function eventsForAdding({
  order,
  product,
  quantity = 1,
  newLineId,
  at,
  by
}: {
  readonly order: Order;
  readonly product: PricedProduct;
  readonly quantity?: number;
  readonly newLineId: string;
  readonly at: string;
  readonly by: Actor;
}): readonly OrderEvent[] {
  const line = openLines(order).find(
    (known) =>
      known.productId === product.productId &&
      known.priceVersionId === product.priceVersionId &&
      known.unitPriceMinor === product.unitPriceMinor &&
      known.taxRateId === product.taxRateId &&
      known.taxRatePpm === product.taxRatePpm &&
      known.quantity + quantity <= maxQuantity
  );
  return line === undefined
    ? [{ kind: 'line_added', at, by, lineId: newLineId, ...product, quantity }]
    : [{ kind: 'quantity_set', at, by, lineId: line.lineId, quantity: line.quantity + quantity }];
}

/**
 * Brings an order to new prices: each line whose price or tax is no longer the one sold at is taken out and put in anew
 * at the end, with its own discounts. Nothing is rewritten: the old lines stay in the list as removed.
 *
 * @param priceOf the price now; null for a product that is gone (its line stays, the server will say).
 */
export function eventsForNewPrices({
  order,
  priceOf,
  newId,
  at,
  by
}: {
  readonly order: Order;
  readonly priceOf: (productId: string) => PricedProduct | null;
  readonly newId: () => string;
  readonly at: string;
  readonly by: Actor;
}): readonly OrderEvent[] {
  return openLines(order).flatMap((line): OrderEvent[] => {
    const product = line.productId === null ? null : priceOf(line.productId);
    if (
      product === null ||
      (product.priceVersionId === line.priceVersionId &&
        product.unitPriceMinor === line.unitPriceMinor &&
        product.taxRateId === line.taxRateId &&
        product.taxRatePpm === line.taxRatePpm)
    ) {
      return [];
    }
    const lineId = newId();
    const discounts = order.discounts
      .filter((discount) => discount.lineId === line.lineId)
      .map(({ discount, why }): OrderEvent => ({
        kind: 'discount_added',
        at,
        by,
        discountId: newId(),
        lineId,
        discount,
        why
      }));
    return [
      { kind: 'line_removed', at, by, lineId: line.lineId },
      { kind: 'line_added', at, by, lineId, ...product, quantity: line.quantity },
      ...discounts
    ];
  });
}
