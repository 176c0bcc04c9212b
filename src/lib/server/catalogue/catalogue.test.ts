import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '$lib/catalogue/product';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { catalogueSchema, type Shop } from '$lib/wire/shop';
import { readCatalogue, seedCatalogue } from './catalogue';
import { readShop, storeShop } from './shop';

const list: Omit<Catalogue, 'version'> = {
  currency: 'USD',
  taxRates: [{ id: 'standard', name: 'Standard', ratePpm: 72_500 }],
  categories: [
    { id: 'hot', name: 'Hot drinks', colour: '#8a5a2b' },
    { id: 'bakery', name: 'Bakery', colour: '#c98a2b' }
  ],
  products: [
    {
      id: 'p2',
      name: 'Croissant',
      category: 'bakery',
      taxRateId: 'standard',
      prices: [
        { id: 'p2-1', priceMinor: 280, validFrom: '2025-01-01T00:00:00.000Z' },
        { id: 'p2-2', priceMinor: 290, validFrom: '2025-06-01T00:00:00.000Z' }
      ],
      barcodes: ['00012345678905'],
      active: true,
      pinned: false,
      soldOut: true,
      minimumAge: null
    },
    {
      id: 'p1',
      name: 'Americano',
      category: 'hot',
      taxRateId: 'standard',
      prices: [{ id: 'p1-1', priceMinor: 320, validFrom: '2025-01-01T00:00:00.000Z' }],
      barcodes: [],
      active: true,
      pinned: true,
      soldOut: false,
      minimumAge: 18
    }
  ]
};

let ledger: Ledger | undefined;
afterEach(async () => {
  await ledger?.close();
});

async function fresh(): Promise<Ledger> {
  ledger = await openLedger({ path: ':memory:', now: () => 1_700_000_000_000 });
  return ledger;
}

describe('the catalogue in the database', () => {
  it('comes back as it was stored, in the order of its tiles', async () => {
    const open = await fresh();
    expect(await seedCatalogue({ ledger: open, catalogue: list })).toBe(true);
    const read = await readCatalogue({ ledger: open, currency: 'USD' });
    // Only the price that it has now: the older ones are the server's memory.
    const products = list.products.map((product) => ({ ...product, prices: product.prices.slice(-1) }));
    expect({ ...read, version: undefined }).toEqual({ ...list, products, version: undefined });
    expect(v.is(catalogueSchema, read)).toBe(true);
  });

  it('is seeded once only', async () => {
    const open = await fresh();
    await seedCatalogue({ ledger: open, catalogue: list });
    expect(await seedCatalogue({ ledger: open, catalogue: { ...list, products: [] } })).toBe(false);
    expect((await readCatalogue({ ledger: open, currency: 'USD' })).products).toHaveLength(2);
  });

  it('keeps its version while nobody changes it', async () => {
    const open = await fresh();
    await seedCatalogue({ ledger: open, catalogue: list });
    const before = (await readCatalogue({ ledger: open, currency: 'USD' })).version;
    expect((await readCatalogue({ ledger: open, currency: 'USD' })).version).toBe(before);
  });
});

describe('the shop', () => {
  const shop: Shop = {
    name: 'Corner & Co',
    address: '',
    taxId: '',
    currency: 'USD',
    timeZone: 'Europe/Berlin',
    dayStartsAtMinute: 240,
    taxMode: 'included',
    locale: 'en-US',
    oneScanLimitMinor: 10_000,
    embeddedPatterns: [],
    journalKeepDays: 90
  };

  it('is stored once and read back', async () => {
    const open = await fresh();
    expect(await readShop({ ledger: open })).toBeNull();
    expect(await storeShop({ db: open.db, shop })).toBe(true);
    expect(await storeShop({ db: open.db, shop: { ...shop, name: 'Other' } })).toBe(false);
    expect(await readShop({ ledger: open })).toEqual(shop);
  });
});
