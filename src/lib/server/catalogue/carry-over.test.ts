import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  await training.db
    .updateTable('shop')
    .set({ day_starts_at_minute: 300, refund_pin_limit_minor: 7_500 })
    .execute();
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
  const staff = async () => ({ people: 2, disabled: ['max'] });
  expect(await carryOver({ from, ledger: live, by: 'Ada', currency: 'USD', staff })).toEqual({
    products: demo.products.length,
    people: 2,
    disabled: 1,
    problem: null
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
  // what an admin set in training counts, and what the form asked stays; what a PIN may give back begins anew
  expect(await live.db.selectFrom('shop').selectAll().executeTakeFirst()).toMatchObject({
    name: 'Corner & Co',
    day_starts_at_minute: 300,
    refund_pin_limit_minor: 5_000
  });
  await live.close();
});

test('prices in another currency are not taken over, people are, and the shop’s record says so', async () => {
  const from = await train();
  const live = await openLedger({ path: ':memory:', now: () => 1_000 });
  await seedShop(live.db);
  const staff = async () => ({ people: 3, disabled: ['max', 'ada'] });
  expect(await carryOver({ from, ledger: live, by: 'Ada', currency: 'EUR', staff })).toEqual({
    products: 0,
    people: 3,
    disabled: 2,
    problem: 'currency'
  });
  expect(await live.db.selectFrom('events').select(['what', 'actor', 'message']).execute()).toEqual([
    {
      what: 'shop_changed',
      actor: 'Ada',
      message:
        'From training: 0 products, 3 people, of them disabled: max, ada (no products: its prices are in another currency)'
    }
  ]);
  await live.close();
});

test('a training database that can’t be read is said, and stops nobody', async () => {
  const from = join(folder, 'training.db');
  writeFileSync(from, 'no database at all, '.repeat(500));
  const live = await openLedger({ path: ':memory:', now: () => 1_000 });
  await seedShop(live.db);
  const causes: unknown[] = [];
  const carried = await carryOver({
    from,
    ledger: live,
    by: 'Ada',
    currency: 'USD',
    staff: async () => ({ people: 0, disabled: [] }),
    onFault: (cause) => causes.push(cause)
  });
  expect(carried).toEqual({ products: 0, people: 0, disabled: 0, problem: 'unreadable' });
  expect(causes).toHaveLength(1);
  await live.close();
});
