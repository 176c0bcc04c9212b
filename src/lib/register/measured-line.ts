/** A product whose label carries its weight or its price: a line of its own, because two pieces are never alike. */
import type { Measure } from '$lib/catalogue/weighed';
import { multiplyRatio } from '$lib/money/rounding';
import type { CatalogueProduct } from './ports';

/** What stands on the line, and why its price is not the catalogue's. */
export interface MeasuredLine {
  readonly name: string;
  readonly unitPriceMinor: number;
  readonly why: string;
  readonly taxRateId: string;
}

/**
 * @param priced the product's price now, in minor units; for a weight it is the price of a kilogram
 * @param measure a count is a quantity of the product's own line, and none of this
 */
export function measuredLine({
  product,
  priced,
  measure
}: {
  readonly product: CatalogueProduct;
  readonly priced: { readonly unitPriceMinor: number };
  readonly measure: Exclude<Measure, { readonly kind: 'count' }>;
}): MeasuredLine {
  const { name, taxRateId } = product;
  if (measure.kind === 'price')
    return { name, taxRateId, unitPriceMinor: measure.priceMinor, why: 'price on the label' };
  const { grams } = measure;
  return {
    name: `${name}, ${(grams / 1000).toFixed(3)} kg`,
    taxRateId,
    unitPriceMinor: multiplyRatio({
      amountMinor: priced.unitPriceMinor,
      numerator: grams,
      denominator: 1000,
      rounding: 'half_up'
    }),
    why: 'weight on the label'
  };
}
