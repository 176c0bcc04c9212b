/** Changes to products: each is one transaction, attributed, written into the record, and a new version of the catalogue. */
import { randomBytes } from 'node:crypto';
import type { Insertable, Selectable, Updateable } from 'kysely';
import { printedBarcode } from '$lib/catalogue/barcode-check';
import { foldForSearch } from '$lib/catalogue/search';
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { ProductsTable } from '$lib/server/ledger/schema';
import type { ChangeProduct, NewProduct } from '$lib/wire/products';
import { appendEvent } from '../payments/change-attempt';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import { readBarcodes, refuseTaken } from './barcodes';
import { beginCatalogueChange } from './catalogue-version';

export type Written = { readonly ok: true; readonly productId: string; readonly changed: boolean };

/** Who changes the catalogue. */
export interface CatalogueWriter {
  readonly ledger: Ledger;
  /** The person's name. */
  readonly by: string;
}

type ProductRow = Selectable<ProductsTable>;

/** Adds a product. The same id sent again adds nothing. */
export async function addProduct({
  ledger,
  by,
  request
}: CatalogueWriter & { readonly request: NewProduct }): Promise<Written | Refusal> {
  return allOrNothing(ledger, async (trx) => {
    await beginCatalogueChange(trx);
    const known = await trx
      .selectFrom('products')
      .select('id')
      .where('id', '=', request.id)
      .executeTakeFirst();
    if (known !== undefined) return { ok: true, productId: request.id, changed: false };
    const missing = await refuseUnknownGroup(trx, request);
    if (missing !== null) return missing;
    const read = readBarcodes(request.barcodes);
    if (!read.ok) return refuse('barcode_wrong', read.detail);
    const taken = await refuseTaken(trx, { productId: request.id, codes: read.codes });
    if (taken !== null) return taken;
    await insertProduct(trx, {
      row: {
        id: request.id,
        name: request.name,
        category_id: request.categoryId,
        tax_rate_id: request.taxRateId,
        active: request.active ? 1 : 0,
        pinned: request.pinned ? 1 : 0,
        sold_out: request.soldOut ? 1 : 0,
        minimum_age: request.minimumAge,
        needs_tidying: 0
      },
      codes: read.codes,
      priceMinor: request.priceMinor,
      by,
      why: null,
      what: 'product_added',
      nowMs: ledger.nowMs()
    });
    return { ok: true, productId: request.id, changed: true };
  });
}

/** Writes a new product with its first price at the end of the tiles. */
export async function insertProduct(
  trx: LedgerTransaction,
  product: {
    readonly row: Omit<Insertable<ProductsTable>, 'position' | 'search_text' | 'updated_at_ms'>;
    readonly codes: readonly string[];
    readonly priceMinor: number;
    readonly by: string;
    readonly why: string | null;
    readonly what: 'product_added' | 'product_added_at_counter';
    readonly nowMs: number;
  }
): Promise<void> {
  const { row, codes, priceMinor, by, why, what, nowMs } = product;
  const last = await trx
    .selectFrom('products')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst();
  await trx
    .insertInto('products')
    .values({
      ...row,
      position: (last?.position ?? -1) + 1,
      search_text: foldForSearch(row.name),
      updated_at_ms: nowMs
    })
    .execute();
  await setPrice(trx, { productId: row.id, priceMinor, by, why, nowMs });
  await setCodes(trx, { productId: row.id, codes });
  await appendEvent(trx, {
    at_ms: nowMs,
    subject: 'product',
    subject_id: row.id,
    what,
    actor: by,
    amount_minor: priceMinor,
    message: row.name
  });
}

/** Changes what the request names, and nothing else. An admin who saves a product has looked at it: it is tidy. */
export async function changeProduct({
  ledger,
  by,
  productId,
  request
}: CatalogueWriter & { readonly productId: string; readonly request: ChangeProduct }): Promise<
  Written | Refusal
> {
  return allOrNothing(ledger, async (trx) => {
    await beginCatalogueChange(trx);
    const before = await trx
      .selectFrom('products')
      .selectAll()
      .where('id', '=', productId)
      .forUpdate()
      .executeTakeFirst();
    if (before === undefined) {
      return refuse('not_found', 'There is no such product. Nothing was saved. Reload the list.');
    }
    const missing = await refuseUnknownGroup(trx, {
      categoryId: request.categoryId ?? before.category_id,
      taxRateId: request.taxRateId ?? before.tax_rate_id
    });
    if (missing !== null) return missing;
    const nowMs = ledger.nowMs();
    const words: string[] = [];

    if (request.barcodes !== undefined) {
      const refused = await changeCodes(trx, { productId, typed: request.barcodes, words });
      if (refused !== null) return refused;
    }
    const price = await currentPriceOf(trx, productId);
    if (request.priceMinor !== undefined && request.priceMinor !== price) {
      await setPrice(trx, {
        productId,
        priceMinor: request.priceMinor,
        by,
        why: request.why === '' ? null : request.why,
        nowMs
      });
      words.push(`price ${price} → ${request.priceMinor}`);
    }
    const columns = columnsOf(request, before, words);
    await trx
      .updateTable('products')
      .set({ ...columns, needs_tidying: 0, updated_at_ms: nowMs })
      .where('id', '=', productId)
      .execute();
    if (before.needs_tidying === 1) words.push('tidied');
    if (words.length > 0) {
      await appendEvent(trx, {
        at_ms: nowMs,
        subject: 'product',
        subject_id: productId,
        what: 'product_changed',
        actor: by,
        amount_minor: request.priceMinor ?? price,
        message: words.join('; ')
      });
    }
    return { ok: true, productId, changed: words.length > 0 };
  });
}

/** What is to be set, and in words what changes. */
function columnsOf(
  request: ChangeProduct,
  before: ProductRow,
  words: string[]
): Omit<Updateable<ProductsTable>, 'id'> {
  const flag = (value: boolean | undefined): number | undefined =>
    value === undefined ? undefined : value ? 1 : 0;
  const wanted = {
    name: request.name,
    category_id: request.categoryId,
    tax_rate_id: request.taxRateId,
    active: flag(request.active),
    pinned: flag(request.pinned),
    sold_out: flag(request.soldOut),
    minimum_age: request.minimumAge
  };
  for (const name of [
    'name',
    'category_id',
    'tax_rate_id',
    'active',
    'pinned',
    'sold_out',
    'minimum_age'
  ] as const) {
    const value = wanted[name];
    if (value !== undefined && value !== before[name]) words.push(`${name} ${before[name]} → ${value}`);
  }
  return {
    name: request.name ?? before.name,
    search_text: foldForSearch(request.name ?? before.name),
    category_id: wanted.category_id ?? before.category_id,
    tax_rate_id: wanted.tax_rate_id ?? before.tax_rate_id,
    active: wanted.active ?? before.active,
    pinned: wanted.pinned ?? before.pinned,
    sold_out: wanted.sold_out ?? before.sold_out,
    minimum_age: wanted.minimum_age === undefined ? before.minimum_age : wanted.minimum_age
  };
}

async function changeCodes(
  trx: LedgerTransaction,
  change: { readonly productId: string; readonly typed: readonly string[]; readonly words: string[] }
): Promise<Refusal | null> {
  const { productId, typed, words } = change;
  const known = (
    await trx.selectFrom('barcodes').select('code').where('product_id', '=', productId).execute()
  ).map(({ code }) => code);
  const read = readBarcodes(typed, known);
  if (!read.ok) return refuse('barcode_wrong', read.detail);
  const added = read.codes.filter((code) => !known.includes(code));
  const gone = known.filter((code) => !read.codes.includes(code));
  const taken = await refuseTaken(trx, { productId, codes: added });
  if (taken !== null) return taken;
  if (gone.length > 0) await trx.deleteFrom('barcodes').where('code', 'in', gone).execute();
  await setCodes(trx, { productId, codes: added });
  for (const code of added) words.push(`barcode + ${printedBarcode(code)}`);
  for (const code of gone) words.push(`barcode − ${printedBarcode(code)}`);
  return null;
}

async function setCodes(
  trx: LedgerTransaction,
  { productId, codes }: { readonly productId: string; readonly codes: readonly string[] }
): Promise<void> {
  if (codes.length === 0) return;
  await trx
    .insertInto('barcodes')
    .values(codes.map((code) => ({ code, product_id: productId })))
    .execute();
}

async function currentPriceOf(trx: LedgerTransaction, productId: string): Promise<number> {
  const row = await trx
    .selectFrom('price_versions')
    .select('price_minor')
    .where('product_id', '=', productId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return row.price_minor;
}

/** A price is never rewritten: the new one is a version of its own. */
async function setPrice(
  trx: LedgerTransaction,
  price: {
    readonly productId: string;
    readonly priceMinor: number;
    readonly by: string;
    readonly why: string | null;
    readonly nowMs: number;
  }
): Promise<void> {
  const last = await trx
    .selectFrom('price_versions')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('product_id', '=', price.productId)
    .executeTakeFirst();
  await trx
    .insertInto('price_versions')
    .values({
      id: randomBytes(16).toString('hex'),
      product_id: price.productId,
      price_minor: price.priceMinor,
      valid_from_ms: price.nowMs,
      version: (last?.version ?? 0) + 1,
      set_by: price.by,
      set_why: price.why
    })
    .execute();
}

async function refuseUnknownGroup(
  trx: LedgerTransaction,
  { categoryId, taxRateId }: { readonly categoryId: string; readonly taxRateId: string }
): Promise<Refusal | null> {
  const category = await trx
    .selectFrom('categories')
    .select('id')
    .where('id', '=', categoryId)
    .executeTakeFirst();
  const rate = await trx.selectFrom('tax_rates').select('id').where('id', '=', taxRateId).executeTakeFirst();
  if (category !== undefined && rate !== undefined) return null;
  return refuse(
    'not_found',
    `This ${category === undefined ? 'category' : 'tax rate'} is not there any more. Nothing was saved. Reload the page.`
  );
}
