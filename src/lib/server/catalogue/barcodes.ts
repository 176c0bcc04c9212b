/** Barcodes of products: each names one product of the shop, and is checked before it is kept. */
import { checkBarcode, longestBarcode, printedBarcode } from '$lib/catalogue/barcode-check';
import type { LedgerConnection } from '$lib/server/ledger/ledger';
import { recognisePaymentCode } from '$lib/scanning/payment-code';
import { refuse, type Refusal } from '../payments/store-order';

/** Kept codes, or why one can't be kept: in words for people. */
export type CodesRead =
  { readonly ok: true; readonly codes: readonly string[] } | { readonly ok: false; readonly detail: string };

/**
 * Reads barcodes as a person typed them. What looks like a shopper's payment code is refused without being shown again.
 *
 * @param known codes that the product has already: they are not checked anew, the shop sells by them
 */
export function readBarcodes(typed: readonly string[], known: readonly string[] = []): CodesRead {
  const codes = new Set<string>();
  for (const text of typed) {
    const kept = known.find((code) => code === text.trim() || printedBarcode(code) === text.trim());
    if (kept !== undefined) {
      codes.add(kept);
      continue;
    }
    if (recognisePaymentCode(text.replace(/\s/g, '')).looksLike) {
      return {
        ok: false,
        detail:
          'One of the barcodes is a payment code from a shopper’s phone. It was not kept. Scan the code on the product.'
      };
    }
    const checked = checkBarcode(text);
    if (!checked.ok) {
      if (checked.reason === 'empty') continue;
      return { ok: false, detail: sentenceOf(text.trim(), checked) };
    }
    codes.add(checked.code);
  }
  return { ok: true, codes: [...codes] };
}

function sentenceOf(
  text: string,
  { reason, expected }: { readonly reason: string; readonly expected?: string }
): string {
  const shown = text.length > longestBarcode ? `${text.slice(0, longestBarcode)}…` : text;
  switch (reason) {
    case 'check_digit':
      return `The barcode ${shown} can’t be right: its last digit should be ${expected?.slice(-1) ?? ''}. Scan it, or type it again.`;
    case 'shortened':
      return `The barcode ${shown} was shortened by a spreadsheet, and its last digits are gone. Set the column to “text” there, and fill it in again.`;
    case 'too_long':
      return `The barcode ${shown} is too long: at most ${longestBarcode} characters.`;
    default:
      return `The barcode ${shown} has signs that no barcode has. Scan it, or type it again.`;
  }
}

/** Refuses codes that another product has, with that product's name. */
export async function refuseTaken(
  db: LedgerConnection,
  { productId, codes }: { readonly productId: string; readonly codes: readonly string[] }
): Promise<Refusal | null> {
  if (codes.length === 0) return null;
  const taken = await db
    .selectFrom('barcodes')
    .innerJoin('products', 'products.id', 'barcodes.product_id')
    .where('barcodes.code', 'in', codes)
    .where('barcodes.product_id', '!=', productId)
    .select(['barcodes.code', 'products.name', 'products.id', 'products.active'])
    .executeTakeFirst();
  if (taken === undefined) return null;
  const noLonger = taken.active === 1 ? '' : ', which is no longer sold';
  return refuse(
    'barcode_taken',
    `The barcode ${printedBarcode(taken.code)} belongs to “${taken.name}”${noLonger}. Nothing was saved. Take it off there first, or use another one.`,
    { productId: taken.id, name: taken.name }
  );
}
