/** The whole catalogue as a list that spreadsheets open and the import takes back. */
import Papa from 'papaparse';
import { printedBarcode } from '$lib/catalogue/barcode-check';
import { currencyExponent } from '$lib/money/currency';
import type { LedgerConnection } from '$lib/server/ledger/ledger';

/** Spreadsheets take a text for UTF-8 only where it begins so. */
const byteOrderMark = '\uFEFF';

export const exportHeadings = [
  'Name',
  'Price',
  'Barcodes',
  'Category',
  'Tax',
  'Sold out',
  'Key',
  'Sold here',
  'Age check',
  'Id'
] as const;

export async function exportProducts(
  db: LedgerConnection,
  { currency }: { readonly currency: string }
): Promise<string> {
  const products = await db
    .selectFrom('products')
    .innerJoin('categories', 'categories.id', 'products.category_id')
    .innerJoin('tax_rates', 'tax_rates.id', 'products.tax_rate_id')
    .selectAll('products')
    .select(['categories.name as category', 'tax_rates.name as tax'])
    .orderBy('products.position')
    .orderBy('products.id')
    .execute();
  const prices = await db
    .selectFrom('price_versions')
    .select(['product_id', 'price_minor'])
    .orderBy('version')
    .execute();
  const priceOf = new Map(prices.map((price) => [price.product_id, price.price_minor]));
  const codes = Map.groupBy(
    await db.selectFrom('barcodes').selectAll().orderBy('code').execute(),
    (code) => code.product_id
  );
  const yesOrNo = (flag: number): string => (flag === 1 ? 'yes' : 'no');
  const rows = products.map((product) => [
    product.name,
    majorText(priceOf.get(product.id) ?? 0, currency),
    (codes.get(product.id) ?? []).map(({ code }) => printedBarcode(code)).join(' '),
    product.category,
    product.tax,
    yesOrNo(product.sold_out),
    yesOrNo(product.pinned),
    yesOrNo(product.active),
    product.minimum_age === null ? '-' : String(product.minimum_age),
    product.id
  ]);
  return byteOrderMark + Papa.unparse([[...exportHeadings], ...rows], { escapeFormulae: /^[=+@\t\r]|^-./ });
}

/** 290 as `2.90`, digit by digit. */
function majorText(amountMinor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  if (exponent === 0) return String(amountMinor);
  const digits = String(amountMinor).padStart(exponent + 1, '0');
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
