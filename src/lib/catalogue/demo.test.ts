import { describe, expect, it } from 'vitest';
import { formatMoney } from '$lib/money/money';
import { taxInside } from '$lib/money/tax';
import { sumMinor } from '$lib/money/amount';
import { demoCatalogue } from './demo';
import { isGtin } from './gtin';
import { createLookup } from './lookup';

const catalogue = demoCatalogue({ currency: 'USD' });

describe('the demo shop', () => {
  it('has unique ids that are readable and stay', () => {
    const ids = catalogue.products.map((product) => product.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toBe(true);
    const prices = catalogue.products.flatMap((product) => product.prices.map((price) => price.id));
    expect(new Set(prices).size).toBe(prices.length);
  });

  it('names only categories and tax rates that it has', () => {
    const categories = new Set(catalogue.categories.map((category) => category.id));
    const rates = new Set(catalogue.taxRates.map((rate) => rate.id));
    expect(catalogue.products.every((product) => categories.has(product.category))).toBe(true);
    expect(catalogue.products.every((product) => rates.has(product.taxRateId))).toBe(true);
    expect(catalogue.categories.every((category) => /^#[0-9A-F]{6}$/.test(category.colour))).toBe(true);
  });

  it('has good codes, each on one product, all found by a scan', () => {
    const lookup = createLookup(catalogue);
    const codes = catalogue.products.flatMap((product) => product.barcodes);
    expect(new Set(codes).size).toBe(codes.length);
    for (const product of catalogue.products) {
      for (const text of product.barcodes) {
        expect(isGtin(text) ? text.length : 14, text).toBe(14);
        expect(lookup.byScan({ text })?.id).toBe(product.id);
      }
    }
    expect(codes.filter((code) => !isGtin(code))).toEqual(['CC-LOAF-800']);
  });

  it('shows 25 tiles before the pinned bag, and does not know one well-known code', () => {
    const tiles = catalogue.products.filter((product) => !product.pinned).slice(0, 25);
    expect(tiles[0]?.name).toBe('Flat white');
    expect(tiles[24]?.name).toBe('AA batteries, 4');
    const lookup = createLookup(catalogue);
    expect(lookup.byScan({ text: '4006381333931' })).toBeNull();
    const bag = lookup.byId('bag');
    expect(bag?.pinned).toBe(true);
  });

  it('adds up to the order that the documentation shows: 10.90 with 0.99 tax in it', () => {
    const lookup = createLookup(catalogue);
    const order = ['americano', 'butter-croissant', 'butter-croissant', 'sparkling-water-500-ml'];
    const lines = order.flatMap((id) => lookup.byId(id) ?? []);
    const totalMinor = sumMinor(lines.map((product) => lookup.currentPrice(product).priceMinor));
    expect(formatMoney({ amountMinor: totalMinor, currency: 'USD', locale: 'en-US' })).toBe('$10.90');
    const rate = lookup.taxRateById(lines[0]?.taxRateId ?? '');
    expect(lines.every((product) => product.taxRateId === rate?.id)).toBe(true);
    expect(taxInside({ grossMinor: totalMinor, ratePpm: rate?.ratePpm ?? 0, rounding: 'half_up' })).toBe(99);
  });

  it('keeps the digits of its prices in every currency', () => {
    const price = (currency: string) => {
      const [product] = demoCatalogue({ currency }).products;
      return formatMoney({
        amountMinor: product?.prices[0].priceMinor ?? 0,
        currency,
        locale: 'en-US',
        symbol: false
      });
    };
    expect([price('EUR'), price('JPY'), price('KWD'), price('CLF')]).toEqual([
      '3.80',
      '380',
      '3.800',
      '3.8000'
    ]);
  });
});
