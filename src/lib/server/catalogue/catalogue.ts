/** The catalogue in the database: stored once from a list, read whole for the registers. */
import type { Selectable } from 'kysely';
import type { Catalogue, PriceVersion, Product } from '$lib/catalogue/product';
import type { Ledger, LedgerConnection, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { ProductsTable } from '$lib/server/ledger/schema';
import { foldForSearch } from '$lib/catalogue/search';
import { usualRateFirst } from './usual-rate';
import { beginCatalogueChange, readCatalogueVersion } from './catalogue-version';

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
    await beginCatalogueChange(trx);
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
      minimum_age: product.minimumAge,
      search_text: foldForSearch(product.name)
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
 * The whole catalogue as registers keep it, each product with the price that it has now. The version is read first: what
 * is written meanwhile makes a newer one, and is then read again.
 */
export async function readCatalogue({
  ledger,
  currency
}: {
  readonly ledger: Ledger;
  readonly currency: string;
}): Promise<Catalogue> {
  return ledger.transaction(async (trx) => {
    const version = await readCatalogueVersion(trx);
    const rows = await trx.selectFrom('products').selectAll().orderBy('position').orderBy('id').execute();
    const categories = await trx
      .selectFrom('categories')
      .selectAll()
      .orderBy('position')
      .orderBy('id')
      .execute();
    const rates = await trx
      .selectFrom('tax_rates')
      .selectAll()
      .orderBy(usualRateFirst)
      .orderBy('id')
      .execute();
    return {
      version,
      currency,
      products: await productsOf(trx, rows),
      categories: categories.map(({ id, name, colour }) => ({ id, name, colour })),
      taxRates: rates.map(({ id, name, rate_ppm }) => ({ id, name, ratePpm: rate_ppm }))
    };
  });
}

/** One product as registers keep it, or null. */
export async function readCatalogueProduct(
  trx: LedgerConnection,
  productId: string
): Promise<Product | null> {
  const rows = await trx.selectFrom('products').selectAll().where('id', '=', productId).execute();
  return (await productsOf(trx, rows, productId))[0] ?? null;
}

/** @param only the one product that the rows are of; all of them where left out */
async function productsOf(
  db: LedgerConnection,
  rows: readonly Selectable<ProductsTable>[],
  only?: string
): Promise<Product[]> {
  const prices = await db
    .selectFrom('price_versions')
    .selectAll()
    .$if(only !== undefined, (query) => query.where('product_id', '=', only ?? ''))
    .orderBy('version')
    .execute();
  const barcodes = await db
    .selectFrom('barcodes')
    .selectAll()
    .$if(only !== undefined, (query) => query.where('product_id', '=', only ?? ''))
    .orderBy('code')
    .execute();
  // In order of version: the last one set is the price that it has now.
  const priceOf = new Map(prices.map((price) => [price.product_id, price]));
  const codesOf = Map.groupBy(barcodes, (barcode) => barcode.product_id);
  return rows.map((row) => {
    const price = priceOf.get(row.id);
    if (price === undefined) throw new Error(`product ${row.id} has no price`);
    return productOf({
      row,
      price: {
        id: price.id,
        priceMinor: price.price_minor,
        validFrom: new Date(price.valid_from_ms).toISOString()
      },
      barcodes: (codesOf.get(row.id) ?? []).map(({ code }) => code)
    });
  });
}

function productOf({
  row,
  price,
  barcodes
}: {
  readonly row: Selectable<ProductsTable>;
  readonly price: PriceVersion;
  readonly barcodes: readonly string[];
}): Product {
  return {
    id: row.id,
    name: row.name,
    category: row.category_id,
    taxRateId: row.tax_rate_id,
    prices: [price],
    barcodes,
    active: row.active === 1,
    pinned: row.pinned === 1,
    soldOut: row.sold_out === 1,
    minimumAge: row.minimum_age
  };
}
