import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import type { NewProduct } from '$lib/wire/products';
import { seedShop } from '../payments/shop.fixture';
import { addNow } from './add-now';
import { readCatalogue, readCatalogueProduct } from './catalogue';
import { readCatalogueVersion } from './catalogue-version';
import { readGroups, readProduct, readProducts, type ProductQuestion } from './read-products';
import { removeGroup, saveCategory, saveTaxRate } from './write-groups';
import { addProduct, changeProduct } from './write-product';

let ledger: Ledger;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 10, 23, 9);
  ledger = await openLedger({ path: ':memory:', now: () => now });
  await seedShop(ledger.db);
});
afterEach(() => ledger.close());

const ada = 'Ada Okafor';
const question: ProductQuestion = {
  text: '',
  show: 'sold',
  categoryId: null,
  sort: 'position',
  descending: false,
  page: 1
};

function product(over: Partial<NewProduct> = {}): NewProduct {
  return {
    id: randomBytes(16).toString('hex'),
    name: 'Oat biscuits',
    categoryId: 'coffee',
    taxRateId: 'standard',
    priceMinor: 250,
    barcodes: [],
    active: true,
    pinned: false,
    soldOut: false,
    minimumAge: null,
    ...over
  };
}

async function add(over: Partial<NewProduct> = {}) {
  const request = product(over);
  return { request, result: await addProduct({ ledger, by: ada, request }) };
}

async function names(over: Partial<ProductQuestion>): Promise<string[]> {
  const { products } = await readProducts(ledger.db, { ...question, ...over });
  return products.map(({ name }) => name);
}

function eventsOf(subjectId: string) {
  return ledger.db.selectFrom('events').selectAll().where('subject_id', '=', subjectId).execute();
}

describe('adding a product', () => {
  test('keeps it with its first price, its codes as 14 digits, and who did it', async () => {
    const { request, result } = await add({ barcodes: ['4006381333931', ' HOUSE-1 '], minimumAge: 18 });
    expect(result).toMatchObject({ ok: true, changed: true });
    expect(await readProduct(ledger.db, request.id)).toMatchObject({
      product: { name: 'Oat biscuits', priceMinor: 250, barcodes: ['4006381333931', 'HOUSE-1'] },
      prices: [{ priceMinor: 250, from: '2026-11-23T09:00:00.000Z', by: ada }]
    });
    expect(await readCatalogueProduct(ledger.db, request.id)).toMatchObject({
      barcodes: ['04006381333931', 'HOUSE-1'],
      minimumAge: 18
    });
    expect(await eventsOf(request.id)).toMatchObject([
      { subject: 'product', what: 'product_added', actor: ada, amount_minor: 250 }
    ]);
  });

  test('sent twice, adds one', async () => {
    const { request } = await add();
    expect(await addProduct({ ledger, by: ada, request })).toMatchObject({ ok: true, changed: false });
    expect(await eventsOf(request.id)).toHaveLength(1);
  });

  test('refuses a barcode whose last digit is wrong and says the right one', async () => {
    const { result } = await add({ barcodes: ['4006381333930'] });
    expect(result).toMatchObject({ ok: false, code: 'barcode_wrong' });
    expect(result).toHaveProperty('detail', expect.stringContaining('last digit should be 1'));
    expect(await names({ text: 'oat' })).toEqual([]);
  });

  test('refuses a barcode of another product, in any form, and names that product', async () => {
    await add({ name: 'Water', barcodes: ['036000291452'] });
    const { result } = await add({ barcodes: ['0036000291452'] });
    expect(result).toMatchObject({
      ok: false,
      code: 'barcode_taken',
      detail: expect.stringContaining('belongs to “Water”')
    });
  });

  test('keeps no payment code, and does not repeat it', async () => {
    const { result } = await add({ barcodes: ['281234567890123456'] });
    expect(result).toMatchObject({ ok: false, code: 'barcode_wrong' });
    expect(JSON.stringify(result)).not.toContain('28123456');
  });
});

describe('changing a product', () => {
  test('makes another price a new version with who and why, and leaves the old one as it was', async () => {
    const { request } = await add();
    now += 1000;
    await changeProduct({
      ledger,
      by: 'Max',
      productId: request.id,
      request: { priceMinor: 280, why: 'supplier' }
    });
    const { prices } = (await readProduct(ledger.db, request.id)) ?? { prices: [] };
    expect(prices).toEqual([
      { priceMinor: 280, from: '2026-11-23T09:00:01.000Z', by: 'Max', why: 'supplier' },
      { priceMinor: 250, from: '2026-11-23T09:00:00.000Z', by: ada, why: null }
    ]);
    const catalogue = await readCatalogue({ ledger, currency: 'USD' });
    const sold = catalogue.products.find(({ id }) => id === request.id);
    expect(sold?.prices.map(({ priceMinor }) => priceMinor)).toEqual([280]);
  });

  test('touches only what is named, and says in the record what changed', async () => {
    const { request } = await add({ barcodes: ['4006381333931'], minimumAge: 16 });
    await changeProduct({
      ledger,
      by: ada,
      productId: request.id,
      request: { soldOut: true, barcodes: ['HOUSE-2'], why: '' }
    });
    expect((await readProduct(ledger.db, request.id))?.product).toMatchObject({
      name: 'Oat biscuits',
      soldOut: true,
      minimumAge: 16,
      barcodes: ['HOUSE-2']
    });
    expect((await eventsOf(request.id)).at(-1)).toMatchObject({
      what: 'product_changed',
      message: 'barcode + HOUSE-2; barcode − 4006381333931; sold_out 0 → 1'
    });
  });

  test('that changes nothing is in no record', async () => {
    const { request } = await add();
    await changeProduct({
      ledger,
      by: ada,
      productId: request.id,
      request: { priceMinor: 250, name: request.name, why: '' }
    });
    expect(await eventsOf(request.id)).toHaveLength(1);
  });

  test('of one that is not there, or into a category that is not there, is refused', async () => {
    const { request } = await add();
    const change = (productId: string, categoryId: string) =>
      changeProduct({ ledger, by: ada, productId, request: { categoryId, why: '' } });
    expect(await change('nobody', 'coffee')).toMatchObject({ ok: false, code: 'not_found' });
    expect(await change(request.id, 'nothing')).toMatchObject({ ok: false, code: 'not_found' });
  });

  test('gives the catalogue another version each time', async () => {
    const before = await readCatalogueVersion(ledger.db);
    const { request } = await add();
    const added = await readCatalogueVersion(ledger.db);
    await changeProduct({ ledger, by: ada, productId: request.id, request: { pinned: true, why: '' } });
    const changed = await readCatalogueVersion(ledger.db);
    expect(new Set([before, added, changed]).size).toBe(3);
    expect((await readCatalogue({ ledger, currency: 'USD' })).version).toBe(changed);
  });
});

describe('finding products', () => {
  beforeEach(async () => {
    await add({ name: 'Crème brûlée', priceMinor: 500, barcodes: ['4006381333931'] });
    await add({ name: 'Oat bar 50%', priceMinor: 100 });
    await add({ name: 'Chocolate oat drink', priceMinor: 300 });
    await add({ name: 'Pumpkin latte', active: false });
  });

  test.each([
    ['creme', ['Crème brûlée']],
    ['oat', ['Oat bar 50%', 'Chocolate oat drink']],
    ['drink choc', ['Chocolate oat drink']],
    ['50%', ['Oat bar 50%']],
    ['%', []],
    ['4006381333931', ['Crème brûlée']],
    ['3931', ['Crème brûlée']],
    ['400638', ['Crème brûlée']],
    ['pumpkin', []]
  ])('%s finds %j', async (text, found) => {
    expect(await names({ text })).toEqual(found);
  });

  test('shows what is no longer sold apart, and counts both', async () => {
    expect(await names({ show: 'not_sold' })).toEqual(['Pumpkin latte']);
    const { counts } = await readProducts(ledger.db, question);
    expect(counts).toEqual({ sold: 5, tidy: 0, not_sold: 1 });
  });

  test('sorts by name and by price, both ways', async () => {
    expect((await names({ sort: 'name' }))[0]).toBe('americano');
    expect((await names({ sort: 'price', descending: true }))[0]).toBe('Crème brûlée');
    expect((await names({ sort: 'price' }))[0]).toBe('Oat bar 50%');
  });

  test('goes by pages of fifty; one beyond the end is the last', async () => {
    for (let count = 0; count < 60; count += 1) await add({ name: `Tea ${count}` });
    const second = await readProducts(ledger.db, { ...question, text: 'tea', page: 2 });
    expect([second.total, second.pages, second.products.length]).toEqual([60, 2, 10]);
    const beyond = await readProducts(ledger.db, { ...question, text: 'tea', page: 9 });
    expect(beyond.page).toBe(2);
  });
});

describe('"Add it now" at the counter', () => {
  const request = { id: 'a'.repeat(32), name: 'Biscuits', priceMinor: 250, barcode: '4006381333931' };

  test('makes a product that can be sold at once and waits to be tidied', async () => {
    expect(await addNow({ ledger, by: 'Rosa', request })).toMatchObject({ ok: true, added: true });
    const { products, counts } = await readProducts(ledger.db, { ...question, show: 'tidy' });
    expect(products).toMatchObject([{ name: 'Biscuits', priceMinor: 250, categoryId: 'other' }]);
    expect(counts.tidy).toBe(1);
    expect(await eventsOf(request.id)).toMatchObject([{ what: 'product_added_at_counter', actor: 'Rosa' }]);
  });

  test('gives the one that another register has added a moment before, with its price', async () => {
    await addNow({ ledger, by: 'Rosa', request });
    const second = { ...request, id: 'b'.repeat(32), priceMinor: 990 };
    expect(await addNow({ ledger, by: 'Max', request: second })).toEqual({
      ok: true,
      productId: request.id,
      added: false
    });
    expect(await names({ text: 'biscuits' })).toHaveLength(1);
  });

  test('is tidy as soon as an admin has saved it', async () => {
    await addNow({ ledger, by: 'Rosa', request });
    await changeProduct({ ledger, by: ada, productId: request.id, request: { why: '' } });
    expect(await names({ show: 'tidy' })).toEqual([]);
    expect((await eventsOf(request.id)).at(-1)).toMatchObject({ message: 'tidied', actor: ada });
  });

  test('takes a label of the shop’s own that only looks like a GTIN: the scanner has read it', async () => {
    const label = { ...request, barcode: '4006381333930' };
    expect(await addNow({ ledger, by: 'Rosa', request: label })).toMatchObject({ ok: true });
    expect(await names({ text: '4006381333930' })).toEqual(['Biscuits']);
  });

  test('keeps no payment code', async () => {
    const secret = { ...request, barcode: '281234567890123456' };
    expect(await addNow({ ledger, by: 'Rosa', request: secret })).toMatchObject({
      ok: false,
      code: 'barcode_wrong'
    });
  });

  test('says so where the product is no longer sold', async () => {
    await add({ name: 'Old biscuits', active: false, barcodes: [request.barcode] });
    expect(await addNow({ ledger, by: 'Rosa', request })).toMatchObject({
      ok: false,
      code: 'barcode_taken',
      detail: expect.stringContaining('Old biscuits')
    });
  });
});

describe('categories and tax rates', () => {
  test('are added and changed, each once by its id', async () => {
    const tea = { id: 'tea', name: 'Tea', colour: '#112233' };
    await saveCategory({ ledger, by: ada, request: tea });
    await saveCategory({ ledger, by: ada, request: { ...tea, name: 'Teas' } });
    await saveTaxRate({ ledger, by: ada, request: { id: 'low', name: 'Low', ratePpm: 50_000 } });
    await saveTaxRate({ ledger, by: ada, request: { id: 'low', name: 'Low', ratePpm: 70_000 } });
    expect(await readGroups(ledger.db)).toEqual({
      categories: [
        { id: 'coffee', name: 'Coffee', colour: '#000000', products: 2 },
        { ...tea, name: 'Teas', products: 0 }
      ],
      // The usual one first: it is taken where nobody says which.
      taxRates: [
        { id: 'standard', name: '10 %', ratePpm: 100_000, products: 2 },
        { id: 'low', name: 'Low', ratePpm: 70_000, products: 0 }
      ]
    });
    expect((await eventsOf('low')).at(-1)).toMatchObject({ message: 'Low 50000 ppm → Low 70000 ppm' });
  });

  test('share no name', async () => {
    const request = { id: 'second', name: 'Coffee', colour: '#112233' };
    expect(await saveCategory({ ledger, by: ada, request })).toMatchObject({ code: 'name_taken' });
  });

  test('go only while no product has them, and the last rate never', async () => {
    await saveCategory({ ledger, by: ada, request: { id: 'tea', name: 'Tea', colour: '#112233' } });
    expect(await removeGroup({ ledger, by: ada, kind: 'category', id: 'tea' })).toEqual({ ok: true });
    expect(await removeGroup({ ledger, by: ada, kind: 'category', id: 'coffee' })).toMatchObject({
      code: 'still_used'
    });
    await ledger.db.updateTable('products').set({ active: 0 }).execute();
    expect(await removeGroup({ ledger, by: ada, kind: 'tax_rate', id: 'standard' })).toMatchObject({
      code: 'still_used'
    });
  });
});
