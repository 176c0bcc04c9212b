import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gtinCheckDigit } from '$lib/catalogue/gtin';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import type { ImportProducts } from '$lib/wire/product-import';
import { seedShop } from '../../payments/shop.fixture';
import { readCatalogueVersion } from '../catalogue-version';
import { readGroups, readProducts } from '../read-products';
import { saveTaxRate } from '../write-groups';
import { exportProducts } from './export-products';
import { importProducts } from './import-products';

let ledger: Ledger;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 10, 23, 9);
  ledger = await openLedger({ path: ':memory:', now: () => now });
  await seedShop(ledger.db);
});
afterEach(() => ledger.close());

const by = 'Ada Okafor';
const columns = { name: 0, price: 1, barcodes: 2, category: 3, tax: 4 };

function bring(lines: readonly string[], over: Partial<ImportProducts> = {}) {
  const text = ['Name,Price,Barcodes,Category,Tax', ...lines].join('\r\n');
  const request = { text, separator: ',', decimal: '.', columns, dryRun: false, ...over } as const;
  return importProducts({ ledger, by, currency: 'USD', request });
}

async function all() {
  const question = { text: '', show: 'sold', categoryId: null, sort: 'position', descending: false, page: 1 };
  return (await readProducts(ledger.db, question as Parameters<typeof readProducts>[1])).products;
}
async function named(name: string) {
  return (await all()).find((product) => product.name === name);
}

describe('a list of products', () => {
  test('is imported: new ones with their categories, known ones by barcode or name', async () => {
    await bring(['Water,1.90,4006381333931,Drinks,']);
    now += 1000;
    const report = await bring([
      'Still water,2.10,4006381333931,Drinks,10%',
      'americano,3.40,,,',
      'Cola,"1,250.00",96385074 HOUSE-1,Drinks,10 %'
    ]);
    expect(report).toMatchObject({ imported: true, rows: 3, added: 1, changed: 2, badCount: 0 });
    expect(await named('Still water')).toMatchObject({ priceMinor: 210, barcodes: ['4006381333931'] });
    expect(await named('americano')).toMatchObject({
      id: 'americano',
      priceMinor: 340,
      categoryId: 'coffee'
    });
    expect(await named('Cola')).toMatchObject({ priceMinor: 125_000, barcodes: ['96385074', 'HOUSE-1'] });
    expect((await readGroups(ledger.db)).categories.map(({ name }) => name)).toEqual(['Coffee', 'Drinks']);
    const versions = await ledger.db
      .selectFrom('price_versions')
      .selectAll()
      .where('product_id', '=', 'americano')
      .orderBy('version')
      .execute();
    expect(versions).toMatchObject([
      { price_minor: 320, version: 1, set_by: null },
      { price_minor: 340, version: 2, set_by: by, set_why: 'import', valid_from_ms: now }
    ]);
  });

  test('with one bad row changes nothing, and says of each bad row what is wrong', async () => {
    await saveTaxRate({ ledger, by, request: { id: 'low', name: 'Low', ratePpm: 72_500 } });
    const version = await readCatalogueVersion(ledger.db);
    const report = await bring([
      'Good,1.00,,,7.25%',
      ',1.00,,,',
      'Two,one,,,',
      'Three,1.005,,,',
      'Four,1.00,4006381333930,,',
      'Five,1.00,4.00638E+12,,',
      'Six,1.00,,,Exotic',
      'Seven,,,,',
      'Eight,1.00,96385074,,',
      'Nine,1.00,96385074,,',
      'good,2.00,,,',
      'Ten,1.00,281234567890123456,,'
    ]);
    expect(report).toMatchObject({ imported: false, badCount: 10 });
    const said = Object.fromEntries(report.bad.map(({ row, message }) => [row, message]));
    expect(said[3]).toBe('A new product needs a name.');
    expect(said[4]).toBe('“one” is no price.');
    expect(said[5]).toContain('too many decimals');
    expect(said[6]).toContain('last digit should be 1');
    expect(said[7]).toContain('shortened by a spreadsheet');
    expect(said[8]).toContain('no tax rate “Exotic”');
    expect(said[9]).toBe('A new product needs a price.');
    expect(said[11]).toBe('Row 10 has the barcode 96385074 too.');
    expect(said[12]).toBe('Row 2 has the same name and neither has a barcode.');
    expect(said[13]).not.toContain('28123456');
    expect(await all()).toHaveLength(2);
    expect((await readGroups(ledger.db)).categories).toHaveLength(1);
    // another version makes registers look, and they find the same
    expect(version).not.toBe('');
  });

  test('refuses a row whose barcodes belong to two products', async () => {
    await bring(['Water,1.90,4006381333931,,', 'Gum,1.20,96385074,,']);
    const report = await bring(['Both,1.00,4006381333931 96385074,,']);
    expect(report.bad[0]?.message).toContain('“Water” and “Gum”');
  });

  test('dry, says the same and writes nothing', async () => {
    const version = await readCatalogueVersion(ledger.db);
    const report = await bring(['Cola,2.20,,Drinks,'], { dryRun: true });
    expect(report).toMatchObject({ imported: false, added: 1, badCount: 0, newCategories: ['Drinks'] });
    expect(await all()).toHaveLength(2);
    expect(await readCatalogueVersion(ledger.db)).toBe(version);
  });

  test('with a decimal comma and semicolons is read as it was meant', async () => {
    const text = 'Bezeichnung;VK\nCafé crème;2,90\nMaschine;1.250,00';
    const report = await bring([], { text, separator: ';', decimal: ',', columns: { name: 0, price: 1 } });
    expect(report).toMatchObject({ imported: true, added: 2 });
    expect(await named('Café crème')).toMatchObject({ priceMinor: 290 });
    expect(await named('Maschine')).toMatchObject({ priceMinor: 125_000 });
  });

  test('changes nothing where a cell is empty, and takes no barcode away', async () => {
    await bring(['Water,1.90,4006381333931,Drinks,']);
    expect(await bring(['Water,,4006381333931,,'])).toMatchObject({ unchanged: 1, changed: 0 });
    await bring(['Water,2.00,,,']);
    expect(await named('Water')).toMatchObject({ priceMinor: 200, barcodes: ['4006381333931'] });
  });
});

describe('an exported list', () => {
  const exported = {
    name: 0,
    price: 1,
    barcodes: 2,
    category: 3,
    tax: 4,
    soldOut: 5,
    pinned: 6,
    active: 7,
    age: 8,
    id: 9
  };

  test('comes back as it was: nothing changes', async () => {
    await bring([
      '"=cmd, ""quoted""",1.90,4006381333931 HOUSE-1,Drinks,',
      '-5° water,0.90,,,',
      'Line 1,3,,,'
    ]);
    await ledger.db
      .updateTable('products')
      .set({ minimum_age: 18, pinned: 1 })
      .where('name', '=', 'Line 1')
      .execute();
    await ledger.db.updateTable('products').set({ active: 0 }).where('id', '=', 'croissant').execute();
    const text = await exportProducts(ledger.db, { currency: 'USD' });
    expect(text).toContain(`"'=cmd, ""quoted"""`);
    expect(await bring([], { text, columns: exported })).toMatchObject({
      imported: true,
      rows: 5,
      added: 0,
      changed: 0,
      unchanged: 5
    });
  });

  test('fills another, empty shop with the same ids', async () => {
    await bring(['Water,1.90,4006381333931,Drinks,']);
    const before = await all();
    const text = await exportProducts(ledger.db, { currency: 'USD' });
    for (const table of ['barcodes', 'price_versions', 'products'] as const)
      await ledger.db.deleteFrom(table).execute();
    expect(await bring([], { text, columns: exported })).toMatchObject({ imported: true, added: 3 });
    expect(await all()).toEqual(before);
  });
});

test('twenty thousand products are imported in one go, and found at once', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => {
    const body = `952${String(at).padStart(9, '0')}`;
    return `Product number ${at},${(at % 900) + 1}.${String(at % 100).padStart(2, '0')},${body}${gtinCheckDigit(body)},Group ${at % 20},`;
  });
  const startedMs = performance.now();
  const report = await bring(lines);
  console.info(`20,000 products imported in ${Math.round(performance.now() - startedMs)} ms`);
  expect(report).toMatchObject({ imported: true, added: 20_000 });
  const foundMs = performance.now();
  const question = {
    text: 'number 19999',
    show: 'sold',
    categoryId: null,
    sort: 'name',
    descending: true,
    page: 1
  } as const;
  const found = await readProducts(ledger.db, question);
  console.info(`one found among them in ${Math.round(performance.now() - foundMs)} ms`);
  expect(found.products.map(({ name }) => name)).toEqual(['Product number 19999']);
  expect(await bring(lines)).toMatchObject({ imported: true, added: 0, unchanged: 20_000 });
}, 60_000);
