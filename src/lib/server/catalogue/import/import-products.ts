/** Imports a list of products: read, planned and written in one transaction, all of it or nothing. */
import { randomBytes } from 'node:crypto';
import Papa from 'papaparse';
import { foldForSearch } from '$lib/catalogue/search';
import type { LedgerTransaction } from '$lib/server/ledger/ledger';
import { badRowsTold, type ImportProducts, type ImportReport } from '$lib/wire/product-import';
import { beginCatalogueChange } from '../catalogue-version';
import { otherCategory } from '../add-now';
import { usualRateFirst } from '../usual-rate';
import type { CatalogueWriter } from '../write-product';
import { planImport, type ImportPlan, type Known, type PlannedProduct } from './plan-import';
import { readRow, type RowHabits } from './read-row';

/** Rows in one statement: well below what either database takes. */
const atOnce = 500;
const categoryColours = [
  '#8B6B4A',
  '#C98A2B',
  '#2F7F86',
  '#B4573F',
  '#5E8C3A',
  '#6A6F8F',
  '#A0527D',
  '#3F6FA8'
];

export async function importProducts({
  ledger,
  by,
  currency,
  request
}: CatalogueWriter & {
  readonly currency: string;
  readonly request: ImportProducts;
}): Promise<ImportReport> {
  const rows = readRows(request, currency);
  return ledger.transaction(async (trx) => {
    // first, so that nobody changes the catalogue between the plan and its writing
    if (!request.dryRun) await beginCatalogueChange(trx);
    const known = await readKnown(trx);
    const plan = planImport({ known, rows });
    const imported = !request.dryRun && plan.bad.length === 0;
    if (imported) await writePlan(trx, { plan, known, by, nowMs: ledger.nowMs() });
    return {
      imported,
      rows: plan.rows,
      added: plan.added,
      changed: plan.changed,
      unchanged: plan.unchanged,
      newCategories: plan.newCategories.map(({ name }) => name),
      badCount: plan.bad.length,
      bad: plan.bad.slice(0, badRowsTold)
    };
  });
}

/** Every row with something in it, with its place in the file: the headings are row 1. */
function readRows(
  { text, separator, decimal, columns }: ImportProducts,
  currency: string
): { row: number; read: ReturnType<typeof readRow> }[] {
  const habits: RowHabits = { decimal, currency, columns };
  const { data } = Papa.parse<string[]>(text, { delimiter: separator });
  return data
    .map((cells, at) => ({ cells, row: at + 1 }))
    .slice(1)
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ cells, row }) => ({ row, read: readRow(cells, habits) }));
}

async function readKnown(trx: LedgerTransaction): Promise<Known> {
  const products = await trx.selectFrom('products').selectAll().execute();
  const prices = await trx
    .selectFrom('price_versions')
    .select(['product_id', 'price_minor'])
    .orderBy('version')
    .execute();
  // in order of version: the last one set is the price that it has now
  const priceOf = new Map(prices.map((price) => [price.product_id, price.price_minor]));
  const codes = await trx.selectFrom('barcodes').selectAll().execute();
  return {
    products: products.map((product) => ({ ...product, price_minor: priceOf.get(product.id) ?? 0 })),
    codes: new Map(codes.map(({ code, product_id }) => [code, product_id])),
    categories: await trx.selectFrom('categories').select(['id', 'name']).execute(),
    taxRates: await trx.selectFrom('tax_rates').selectAll().orderBy(usualRateFirst).orderBy('id').execute()
  };
}

async function writePlan(
  trx: LedgerTransaction,
  { plan, known, by, nowMs }: { plan: ImportPlan; known: Known; by: string; nowMs: number }
): Promise<void> {
  for (const [at, { id, name }] of plan.newCategories.entries()) {
    const place = known.categories.length + at;
    const colour =
      id === otherCategory.id ? otherCategory.colour : categoryColours[place % categoryColours.length];
    await trx
      .insertInto('categories')
      .values({ id, name, colour: colour ?? otherCategory.colour, position: 1000 + place })
      .execute();
  }
  for (const products of chunks(plan.write)) await writeProducts(trx, products, nowMs);
  const versions = await nextVersions(trx);
  const priced = plan.write.filter(({ priceMinor }) => priceMinor !== null);
  for (const products of chunks(priced)) {
    await trx
      .insertInto('price_versions')
      .values(
        products.map(({ row, priceMinor }) => ({
          id: randomBytes(16).toString('hex'),
          product_id: row.id,
          price_minor: priceMinor ?? 0,
          valid_from_ms: nowMs,
          version: versions.get(row.id) ?? 1,
          set_by: by,
          set_why: 'import'
        }))
      )
      .execute();
  }
  const codes = plan.write.flatMap(({ row, newCodes }) =>
    newCodes.map((code) => ({ code, product_id: row.id }))
  );
  for (const some of chunks(codes)) await trx.insertInto('barcodes').values(some).execute();
  for (const products of chunks(plan.write)) {
    await trx
      .insertInto('events')
      .values(
        products.map(({ row, isNew, priceMinor }) => ({
          at_ms: nowMs,
          subject: 'product' as const,
          subject_id: row.id,
          what: isNew ? 'product_added' : 'product_changed',
          actor: by,
          amount_minor: priceMinor,
          message: `import: ${row.name}`
        }))
      )
      .execute();
  }
  await trx
    .insertInto('events')
    .values({
      at_ms: nowMs,
      subject: 'shop',
      subject_id: 'catalogue',
      what: 'products_imported',
      actor: by,
      message: `${plan.added} added, ${plan.changed} changed, ${plan.unchanged} as they were`
    })
    .execute();
}

async function writeProducts(
  trx: LedgerTransaction,
  products: readonly PlannedProduct[],
  nowMs: number
): Promise<void> {
  await trx
    .insertInto('products')
    .values(
      products.map(({ row }) => ({ ...row, search_text: foldForSearch(row.name), updated_at_ms: nowMs }))
    )
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        name: eb.ref('excluded.name'),
        search_text: eb.ref('excluded.search_text'),
        category_id: eb.ref('excluded.category_id'),
        tax_rate_id: eb.ref('excluded.tax_rate_id'),
        active: eb.ref('excluded.active'),
        pinned: eb.ref('excluded.pinned'),
        sold_out: eb.ref('excluded.sold_out'),
        minimum_age: eb.ref('excluded.minimum_age'),
        updated_at_ms: eb.ref('excluded.updated_at_ms')
      }))
    )
    .execute();
}

/** By product the version that its next price has. */
async function nextVersions(trx: LedgerTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await trx
    .selectFrom('price_versions')
    .select((eb) => ['product_id', eb.fn.max('version').as('version')])
    .groupBy('product_id')
    .execute();
  return new Map(rows.map(({ product_id, version }) => [product_id, version + 1]));
}

function chunks<T>(list: readonly T[]): T[][] {
  const made: T[][] = [];
  for (let from = 0; from < list.length; from += atOnce) made.push(list.slice(from, from + atOnce));
  return made;
}
