import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoCatalogue } from '$lib/catalogue/demo';
import { openLedger } from '$lib/server/ledger/ledger';
import { seedShop } from '../payments/shop.fixture';
import { carryOver, trainingBeside } from './carry-over';
import { readCatalogue, seedCatalogue } from './catalogue';
import type { Shop } from '$lib/wire/shop';
import { storeShop } from './shop';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carry-over-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
  embeddedPatterns: []
};

async function train(): Promise<string> {
  const path = join(folder, 'training.db');
  const training = await openLedger({ path, now: () => 0 });
  await storeShop({ db: training.db, shop });
  await seedCatalogue({ ledger: training, catalogue: demoCatalogue({ currency: 'USD' }) });
  await training.close();
  return path;
}

test('a live shop gets the products of training with codes, groups and flags, and no sale', async () => {
  const from = await train();
  expect(trainingBeside(folder)).toBe(from);
  const live = await openLedger({ path: ':memory:', now: () => 1_000 });
  await storeShop({ db: live.db, shop });
  await live.db
    .insertInto('tax_rates')
    .values({ id: 'standard', name: 'Standard', rate_ppm: 190_000 })
    .execute();
  const demo = demoCatalogue({ currency: 'USD' });
  expect(await carryOver({ from, ledger: live, by: 'Ada', currency: 'USD' })).toEqual({
    ok: true,
    products: demo.products.length
  });
  const { products, categories, taxRates } = await readCatalogue({ ledger: live, currency: 'USD' });
  const facts = (list: typeof products) =>
    list.map(({ prices, barcodes, ...rest }) => ({
      ...rest,
      barcodes: [...barcodes].sort(),
      priceMinor: prices.at(-1)?.priceMinor
    }));
  expect(facts(products)).toEqual(facts(demo.products));
  expect(categories).toEqual(demo.categories);
  // the rate that the live shop has typed stays
  expect(taxRates.find(({ id }) => id === 'standard')?.ratePpm).toBe(190_000);
  expect(await live.db.selectFrom('orders').selectAll().execute()).toEqual([]);
  await live.close();
});

test('prices in another currency are not taken over', async () => {
  const from = await train();
  const live = await openLedger({ path: ':memory:', now: () => 1_000 });
  await seedShop(live.db);
  expect(await carryOver({ from, ledger: live, by: 'Ada', currency: 'EUR' })).toEqual({
    ok: false,
    reason: 'currency'
  });
  await live.close();
});
