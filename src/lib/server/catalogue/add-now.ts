/**
 * "Add it now" at the counter: an unknown barcode becomes a product at once, so that goods never leave unsold, and waits
 * for somebody who knows the catalogue.
 */
import type { LedgerTransaction } from '$lib/server/ledger/ledger';
import type { AddNow } from '$lib/wire/products';
import { recognisePaymentCode } from '$lib/scanning/payment-code';
import { toGtin14 } from '$lib/catalogue/gtin';
import { checkBarcode } from '$lib/catalogue/barcode-check';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import { beginCatalogueChange } from './catalogue-version';
import { usualRateFirst } from './usual-rate';
import { insertProduct, type CatalogueWriter } from './write-product';

/** The category of what nobody has put into one yet. */
export const otherCategory = { id: 'other', name: 'Other', colour: '#8A867B' } as const;

export type AddedNowResult = { readonly ok: true; readonly productId: string; readonly added: boolean };

/**
 * Adds the product, flagged for tidying. Where the code has a product already (another register was quicker, or this is
 * the same request again), that one is the answer, whatever its price: prices are the server's (money rule 11).
 */
export async function addNow({
  ledger,
  by,
  request
}: CatalogueWriter & { readonly request: AddNow }): Promise<AddedNowResult | Refusal> {
  return allOrNothing(ledger, async (trx) => {
    const code = scannedCode(request.barcode);
    if (code === null) {
      return refuse(
        'barcode_wrong',
        'This code can’t belong to a product. Nothing was added. Sell it as “Other item”.'
      );
    }
    await beginCatalogueChange(trx);
    const owner = await trx
      .selectFrom('barcodes')
      .innerJoin('products', 'products.id', 'barcodes.product_id')
      .where('barcodes.code', '=', code)
      .select(['products.id', 'products.active', 'products.name'])
      .executeTakeFirst();
    if (owner !== undefined && owner.active === 1) return { ok: true, productId: owner.id, added: false };
    if (owner !== undefined) {
      return refuse(
        'barcode_taken',
        `This code belongs to “${owner.name}”, which is no longer sold. Nothing was added. Ask an admin, or sell it as “Other item”.`,
        { productId: owner.id, name: owner.name }
      );
    }
    const known = await trx
      .selectFrom('products')
      .select('id')
      .where('id', '=', request.id)
      .executeTakeFirst();
    if (known !== undefined) return { ok: true, productId: known.id, added: false };
    const rate = await trx
      .selectFrom('tax_rates')
      .select('id')
      .orderBy(usualRateFirst)
      .orderBy('id')
      .executeTakeFirst();
    if (rate === undefined) {
      return refuse(
        'not_found',
        'This shop has no tax rate yet. Nothing was added. Ask an admin to make one.'
      );
    }
    await ensureOtherCategory(trx);
    await insertProduct(trx, {
      row: {
        id: request.id,
        name: request.name,
        category_id: otherCategory.id,
        tax_rate_id: rate.id,
        active: 1,
        pinned: 0,
        sold_out: 0,
        minimum_age: null,
        needs_tidying: 1
      },
      codes: [code],
      priceMinor: request.priceMinor,
      by,
      why: 'added at the counter',
      what: 'product_added_at_counter',
      nowMs: ledger.nowMs()
    });
    return { ok: true, productId: request.id, added: true };
  });
}

/** A scanner has read it: its symbology vouches for it, so digits without a GTIN's check digit are a label of the shop's own. */
function scannedCode(scanned: string): string | null {
  const text = scanned.trim();
  if (recognisePaymentCode(text).looksLike) return null;
  const checked = checkBarcode(text);
  if (checked.ok) return checked.code;
  return checked.reason === 'check_digit' ? (toGtin14({ text }) ?? text) : null;
}

export async function ensureOtherCategory(trx: LedgerTransaction): Promise<void> {
  const last = await trx
    .selectFrom('categories')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst();
  await trx
    .insertInto('categories')
    .values({ ...otherCategory, position: (last?.position ?? -1) + 1 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
