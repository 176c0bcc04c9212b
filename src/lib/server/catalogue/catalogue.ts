/** The catalogue in the database: stored once from a list, read whole for the registers. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Catalogue, PriceVersion, Product } from '$lib/catalogue/product';
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { ProductsTable } from '$lib/server/ledger/schema';

/**
 * Fills an empty catalogue, in one transaction. One that has a tax rate is never touched.
 *
 * @returns true where it was filled now
 */
export async function seedCatalogue({
  ledger,
  catalogue
}: {
  readonly ledger: Ledger;
  readonly catalogue: Omit<Catalogue, 'version'>;
}): Promise<boolean> {
  return ledger.transaction(async (trx) => {
    const known = await trx.selectFrom('tax_rates').select('id').limit(1).executeTakeFirst();
    if (known !== undefined) return false;
    for (const { id, name, ratePpm } of catalogue.taxRates) {
      await trx.insertInto('tax_rates').values({ id, name, rate_ppm: ratePpm }).execute();
    }
    for (const [position, { id, name, colour }] of catalogue.categories.entries()) {
      await trx.insertInto('categories').values({ id, name, colour, position }).execute();
    }
    for (const [position, product] of catalogue.products.entries()) {
      await addProduct({ trx, product, position });
    }
    return true;
  });
}

async function addProduct({
  trx,
  product,
  position
}: {
  readonly trx: LedgerTransaction;
  readonly product: Product;
  readonly position: number;
}): Promise<void> {
  await trx
    .insertInto('products')
    .values({
      id: product.id,
      name: product.name,
      category_id: product.category,
      tax_rate_id: product.taxRateId,
      position,
      active: product.active ? 1 : 0,
      pinned: product.pinned ? 1 : 0,
      sold_out: product.soldOut ? 1 : 0,
      minimum_age: product.minimumAge
    })
    .execute();
  for (const [index, price] of product.prices.entries()) {
    await trx
      .insertInto('price_versions')
      .values({
        id: price.id,
        product_id: product.id,
        price_minor: price.priceMinor,
        valid_from_ms: Date.parse(price.validFrom),
        version: index + 1
      })
      .execute();
  }
  for (const code of product.barcodes) {
    await trx.insertInto('barcodes').values({ code, product_id: product.id }).execute();
  }
}

/**
 * The whole catalogue as registers keep it. Its version is a digest of its content: the same content has the same
 * version, on any server.
 */
export async function readCatalogue({
  ledger,
  currency
}: {
  readonly ledger: Ledger;
  readonly currency: string;
}): Promise<Catalogue> {
  const { products, prices, barcodes, categories, rates } = await ledger.transaction(async (trx) => ({
    products: await trx.selectFrom('products').selectAll().orderBy('position').orderBy('id').execute(),
    prices: await trx.selectFrom('price_versions').selectAll().orderBy('version').execute(),
    barcodes: await trx.selectFrom('barcodes').selectAll().orderBy('code').execute(),
    categories: await trx.selectFrom('categories').selectAll().orderBy('position').orderBy('id').execute(),
    rates: await trx.selectFrom('tax_rates').selectAll().orderBy('id').execute()
  }));

  const pricesOf = Map.groupBy(prices, (price) => price.product_id);
  const codesOf = Map.groupBy(barcodes, (barcode) => barcode.product_id);
  const content = {
    currency,
    products: products.map((row) =>
      productOf({
        row,
        prices: (pricesOf.get(row.id) ?? []).map((price) => ({
          id: price.id,
          priceMinor: price.price_minor,
          validFrom: new Date(price.valid_from_ms).toISOString()
        })),
        barcodes: (codesOf.get(row.id) ?? []).map(({ code }) => code)
      })
    ),
    categories: categories.map(({ id, name, colour }) => ({ id, name, colour })),
    taxRates: rates.map(({ id, name, rate_ppm }) => ({ id, name, ratePpm: rate_ppm }))
  };
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return { version, ...content };
}

function productOf({
  row,
  prices,
  barcodes
}: {
  readonly row: Selectable<ProductsTable>;
  readonly prices: readonly PriceVersion[];
  readonly barcodes: readonly string[];
}): Product {
  const [first, ...more] = prices;
  if (first === undefined) throw new Error(`product ${row.id} has no price`);
  return {
    id: row.id,
    name: row.name,
    category: row.category_id,
    taxRateId: row.tax_rate_id,
    prices: [first, ...more],
    barcodes,
    active: row.active === 1,
    pinned: row.pinned === 1,
    soldOut: row.sold_out === 1,
    minimumAge: row.minimum_age
  };
}
