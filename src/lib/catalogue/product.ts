/** What a shop sells: the shape that server, register and journal agree on. */

/** A price from a moment on. It never changes; a new price is a new version. */
export interface PriceVersion {
  readonly id: string;
  /** Minor units of the catalogue's currency, for one piece. */
  readonly priceMinor: number;
  /** ISO 8601, UTC. */
  readonly validFrom: string;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  /** Id of a {@link Category}. */
  readonly category: string;
  /** Id of a {@link TaxRate}. */
  readonly taxRateId: string;
  /** At least one; the newest is last. */
  readonly prices: readonly [PriceVersion, ...PriceVersion[]];
  /** GTIN-14, or the raw text of a code that is no GTIN. None for what is only tapped. */
  readonly barcodes: readonly string[];
  /** False: no longer sold. Kept, because old orders name it. */
  readonly active: boolean;
  /** A key of its own beside the order, instead of a tile. */
  readonly pinned: boolean;
  readonly soldOut: boolean;
  /** Years the shopper must have, or null. */
  readonly minimumAge: number | null;
}

export interface Category {
  readonly id: string;
  readonly name: string;
  /** CSS hex colour of the tile's edge. */
  readonly colour: string;
}

export interface TaxRate {
  readonly id: string;
  readonly name: string;
  /** Parts per million: 7.25 % is 72 500. */
  readonly ratePpm: number;
}

export interface Catalogue {
  /** Changes with every change of the catalogue; opaque. */
  readonly version: string;
  /** ISO 4217. */
  readonly currency: string;
  /** In the order of the tiles. */
  readonly products: readonly Product[];
  readonly categories: readonly Category[];
  readonly taxRates: readonly TaxRate[];
}

/**
 * The price of a product at a moment: the newest version that had begun by then, or the oldest one for a moment before
 * all of them.
 *
 * @param at ISO 8601.
 */
export function priceAt({ product, at }: { readonly product: Product; readonly at: string }): PriceVersion {
  const moment = Date.parse(at);
  const begun = product.prices.findLast((price) => Date.parse(price.validFrom) <= moment);
  return begun ?? product.prices[0];
}

/** The newest price of a product. A catalogue holds prices that have begun, so this is what it costs now. */
export function currentPrice(product: Product): PriceVersion {
  return product.prices.at(-1) ?? product.prices[0];
}
