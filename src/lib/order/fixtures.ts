/** Small orders for tests. */
import type { Actor, OrderEvent, OrderOpened, TaxMode } from './events';

export const rosa: Actor = { staffId: 'staff-rosa', name: 'Rosa' };
export const at = '2026-11-23T09:00:00.000Z';

export function opened(taxMode: TaxMode = 'included', currency = 'EUR'): OrderOpened {
  return {
    kind: 'order_opened',
    at,
    by: rosa,
    orderId: '0'.repeat(31) + '1',
    number: 'T1-0042',
    registerId: 'register-1',
    epoch: 1,
    currency,
    taxMode
  };
}

export function line(
  lineId: string,
  unitPriceMinor: number,
  quantity = 1,
  { taxRatePpm = 190_000 }: { readonly taxRatePpm?: number } = {}
): OrderEvent {
  return {
    kind: 'line_added',
    at,
    by: rosa,
    lineId,
    productId: `product-${lineId}`,
    priceVersionId: `product-${lineId}-v1`,
    name: `Product ${lineId}`,
    unitPriceMinor,
    taxRateId: `rate-${taxRatePpm}`,
    taxRatePpm,
    quantity
  };
}

export function quantity(lineId: string, pieces: number): OrderEvent {
  return { kind: 'quantity_set', at, by: rosa, lineId, quantity: pieces };
}

export function amountOff(discountId: string, amountMinor: number, lineId: string | null = null): OrderEvent {
  return {
    kind: 'discount_added',
    at,
    by: rosa,
    discountId,
    lineId,
    discount: { type: 'amount', amountMinor },
    why: 'regular'
  };
}

export function percentOff(discountId: string, ratePpm: number, lineId: string | null = null): OrderEvent {
  return {
    kind: 'discount_added',
    at,
    by: rosa,
    discountId,
    lineId,
    discount: { type: 'percent', ratePpm },
    why: 'regular'
  };
}

export function plain(
  kind: 'order_parked' | 'order_resumed' | 'order_cleared' | 'order_restored' | 'order_given_free'
): OrderEvent {
  return { kind, at, by: rosa };
}
