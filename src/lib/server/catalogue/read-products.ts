/** Reading products for the admin's pages: a page at a time, so that fifty thousand of them are no more work than fifty. */
import { sql, type ExpressionBuilder, type Expression, type SqlBool } from 'kysely';
import { printedBarcode } from '$lib/catalogue/barcode-check';
import { toGtin14 } from '$lib/catalogue/gtin';
import { foldForSearch } from '$lib/catalogue/search';
import type { LedgerConnection } from '$lib/server/ledger/ledger';
import { usualRateFirst } from './usual-rate';
import type { LedgerTables } from '$lib/server/ledger/schema';
import {
  productsPerPage,
  type Groups,
  type ProductDetail,
  type ProductList,
  type ProductRow,
  type ProductShow,
  type ProductSort
} from '$lib/wire/products';

/** Fewer digits than this are no piece of a barcode. */
const fewestDigits = 4;

export interface ProductQuestion {
  readonly text: string;
  readonly show: ProductShow;
  /** Null: all. */
  readonly categoryId: string | null;
  readonly sort: ProductSort;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
}

type Products = ExpressionBuilder<LedgerTables, 'products'>;

/** One page of the products that match. A page after the last one is the last one. */
export async function readProducts(db: LedgerConnection, question: ProductQuestion): Promise<ProductList> {
  const { text, show, categoryId, sort, descending } = question;
  const counts = await readCounts(db);
  const matching = db
    .selectFrom('products')
    .where((eb) => shown(eb, show))
    .where((eb) => found(eb, text))
    .$if(categoryId !== null, (query) => query.where('products.category_id', '=', categoryId ?? ''));
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const pages = Math.max(1, Math.ceil(total / productsPerPage));
  const page = Math.min(Math.max(1, question.page), pages);
  const direction = descending ? 'desc' : 'asc';
  const rows = await matching
    .innerJoin('categories', 'categories.id', 'products.category_id')
    .select(['products.id'])
    .$if(sort === 'name', (query) => query.orderBy('products.search_text', direction))
    .$if(sort === 'updated', (query) => query.orderBy('products.updated_at_ms', direction))
    .$if(sort === 'price', (query) => query.orderBy(newestPrice, direction))
    .$if(sort === 'category', (query) => query.orderBy('categories.position', direction))
    .orderBy('products.position', sort === 'position' ? direction : 'asc')
    .orderBy('products.id')
    .limit(productsPerPage)
    .offset((page - 1) * productsPerPage)
    .execute();
  const products = await readRows(
    db,
    rows.map(({ id }) => id)
  );
  return { products, total, page, pages, counts };
}

const newestPrice = sql<number>`(SELECT price_minor FROM price_versions
  WHERE product_id = products.id ORDER BY version DESC LIMIT 1)`;

function shown(eb: Products, show: ProductShow): Expression<SqlBool> {
  if (show === 'not_sold') return eb('products.active', '=', 0);
  if (show === 'tidy') return eb('products.needs_tidying', '=', 1);
  return eb('products.active', '=', 1);
}

/** Every word begins a word of the name, or the text is a barcode or one of its ends. */
function found(eb: Products, typed: string): Expression<SqlBool> {
  const text = foldForSearch(typed);
  const raw = typed.trim();
  if (text === '') return raw === '' ? eb.lit(true) : codeIs(raw);
  const words = text
    .split(' ')
    .map((word) => sql<SqlBool>`(' ' || products.search_text) LIKE ${`% ${escaped(word)}%`} ESCAPE '!'`);
  const byName = eb.and(words);
  const digits = raw.replace(/[\s-]/g, '');
  if (!/^[0-9]+$/.test(digits)) return eb.or([byName, codeIs(raw)]);
  if (digits.length < fewestDigits) return byName;
  const code = toGtin14({ text: digits });
  const pieces = [`%${digits}`, `${digits}%`, ...[1, 2, 6].map((zeros) => `${'0'.repeat(zeros)}${digits}%`)];
  const byPiece = sql<SqlBool>`EXISTS (SELECT 1 FROM barcodes WHERE barcodes.product_id = products.id
    AND (${sql.join(
      pieces.map((piece) => sql`barcodes.code LIKE ${piece}`),
      sql` OR `
    )}))`;
  return eb.or([byName, code === null ? byPiece : codeIs(code)]);
}

function codeIs(code: string): Expression<SqlBool> {
  return sql<SqlBool>`products.id IN (SELECT product_id FROM barcodes WHERE code = ${code})`;
}

function escaped(word: string): string {
  return word.replace(/[!%_]/g, '!$&');
}

async function readCounts(db: LedgerConnection): Promise<ProductList['counts']> {
  const row = await db
    .selectFrom('products')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.sum<number | null>('active').as('sold'),
      eb.fn.sum<number | null>('needs_tidying').as('tidy')
    ])
    .executeTakeFirstOrThrow();
  const sold = Number(row.sold ?? 0);
  return { sold, tidy: Number(row.tidy ?? 0), not_sold: row.all - sold };
}

/** How many products wait for somebody who knows the catalogue. */
export async function countToTidy(db: LedgerConnection): Promise<number> {
  const { count } = await db
    .selectFrom('products')
    .where('needs_tidying', '=', 1)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Whole rows, in the order of the ids. */
export async function readRows(db: LedgerConnection, ids: readonly string[]): Promise<ProductRow[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('products')
    .selectAll()
    .select(newestPrice.as('price_minor'))
    .where('id', 'in', ids)
    .execute();
  const codes = await db
    .selectFrom('barcodes')
    .selectAll()
    .where('product_id', 'in', ids)
    .orderBy('code')
    .execute();
  const codesOf = Map.groupBy(codes, (code) => code.product_id);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    return [
      {
        id,
        name: row.name,
        categoryId: row.category_id,
        taxRateId: row.tax_rate_id,
        priceMinor: row.price_minor,
        barcodes: (codesOf.get(id) ?? []).map(({ code }) => printedBarcode(code)),
        active: row.active === 1,
        pinned: row.pinned === 1,
        soldOut: row.sold_out === 1,
        minimumAge: row.minimum_age,
        needsTidying: row.needs_tidying === 1
      }
    ];
  });
}

/** A product with the history of its price, or null. */
export async function readProduct(db: LedgerConnection, productId: string): Promise<ProductDetail | null> {
  const [product] = await readRows(db, [productId]);
  if (product === undefined) return null;
  const prices = await db
    .selectFrom('price_versions')
    .selectAll()
    .where('product_id', '=', productId)
    .orderBy('version', 'desc')
    .limit(100)
    .execute();
  return {
    product,
    prices: prices.map((price) => ({
      priceMinor: price.price_minor,
      from: new Date(price.valid_from_ms).toISOString(),
      by: price.set_by,
      why: price.set_why
    }))
  };
}

/** Categories and tax rates, with how many products each has. */
export async function readGroups(db: LedgerConnection): Promise<Groups> {
  const categories = await db
    .selectFrom('categories')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('products')
        .whereRef('products.category_id', '=', 'categories.id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('products')
    )
    .orderBy('position')
    .orderBy('id')
    .execute();
  const rates = await db
    .selectFrom('tax_rates')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('products')
        .whereRef('products.tax_rate_id', '=', 'tax_rates.id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .as('products')
    )
    .orderBy(usualRateFirst)
    .orderBy('id')
    .execute();
  return {
    categories: categories.map(({ id, name, colour, products }) => ({
      id,
      name,
      colour,
      products: products ?? 0
    })),
    taxRates: rates.map(({ id, name, rate_ppm, products }) => ({
      id,
      name,
      ratePpm: rate_ppm,
      products: products ?? 0
    }))
  };
}
