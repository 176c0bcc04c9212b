/** Prices are the server's: a register's list of events, with the server's own values put in. */
import type { LineAdded, OpenLineAdded, OrderEvent } from './events';
import type { PricedProduct } from './adding';

export type RepriceResult =
  | {
      readonly ok: true;
      /** The same events with the server's name, price, price version and tax. */
      readonly events: readonly OrderEvent[];
      /** Lines still on the order whose price or tax is not what the register showed: `price_changed`. */
      readonly changedLineIds: readonly string[];
    }
  /** A product or tax rate that the server does not know: nothing may be charged for it. */
  | { readonly ok: false; readonly reason: 'product_unknown' | 'tax_rate_unknown'; readonly lineId: string };

/**
 * Takes every product line's price from the server's history. The result folds to the order that may be charged.
 *
 * @param priceOf the price that applies (the current one for an online sale; the line's own version where an old sale is
 * only recorded), or null for an unknown product.
 * @param taxRatePpmOf the rate of a tax by id, for lines with a typed price; without it their rates are taken as sent.
 */
export function repriceEvents({
  events,
  priceOf,
  taxRatePpmOf
}: {
  readonly events: readonly OrderEvent[];
  readonly priceOf: (productId: string, priceVersionId: string) => PricedProduct | null;
  readonly taxRatePpmOf?: (taxRateId: string) => number | null;
}): RepriceResult {
  const onOrder = new Set<string>();
  const changed = new Set<string>();
  const repriced: OrderEvent[] = [];

  for (const event of events) {
    switch (event.kind) {
      case 'line_added': {
        const price = priceOf(event.productId, event.priceVersionId);
        if (price === null) return { ok: false, reason: 'product_unknown', lineId: event.lineId };
        if (differs(event, price)) changed.add(event.lineId);
        onOrder.add(event.lineId);
        repriced.push({ ...event, ...price });
        break;
      }
      case 'open_line_added': {
        const taxed = withServersRate(event, taxRatePpmOf);
        if (taxed === null) return { ok: false, reason: 'tax_rate_unknown', lineId: event.lineId };
        if (taxed.taxRatePpm !== event.taxRatePpm) changed.add(event.lineId);
        onOrder.add(event.lineId);
        repriced.push(taxed);
        break;
      }
      case 'line_removed':
        onOrder.delete(event.lineId);
        repriced.push(event);
        break;
      case 'line_restored':
        onOrder.add(event.lineId);
        repriced.push(event);
        break;
      default:
        repriced.push(event);
    }
  }
  return { ok: true, events: repriced, changedLineIds: [...changed].filter((lineId) => onOrder.has(lineId)) };
}

function differs(line: LineAdded, price: PricedProduct): boolean {
  // a corrected name is no other price
  return (
    line.productId !== price.productId ||
    line.priceVersionId !== price.priceVersionId ||
    line.unitPriceMinor !== price.unitPriceMinor ||
    line.taxRateId !== price.taxRateId ||
    line.taxRatePpm !== price.taxRatePpm
  );
}

function withServersRate(
  line: OpenLineAdded,
  taxRatePpmOf: ((taxRateId: string) => number | null) | undefined
): OpenLineAdded | null {
  if (taxRatePpmOf === undefined) return line;
  const taxRatePpm = taxRatePpmOf(line.taxRateId);
  return taxRatePpm === null ? null : { ...line, taxRatePpm };
}
