/** What a list of products would do to a catalogue: decided as a whole, before anything is written. */
import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { printedBarcode } from '$lib/catalogue/barcode-check';
import { foldForSearch } from '$lib/catalogue/search';
import type { ProductsTable } from '$lib/server/ledger/schema';
import { otherCategory } from '../add-now';
import type { RowRead, RowValues } from './read-row';

export type KnownProduct = Selectable<ProductsTable> & { readonly price_minor: number };

/** The catalogue as it stands. */
export interface Known {
  readonly products: readonly KnownProduct[];
  /** Product id by code. */
  readonly codes: ReadonlyMap<string, string>;
  readonly categories: readonly { readonly id: string; readonly name: string }[];
  /** The usual one first. */
  readonly taxRates: readonly { readonly id: string; readonly name: string; readonly rate_ppm: number }[];
}

/** A product as it is to be written. */
export interface PlannedProduct {
  readonly row: Omit<KnownProduct, 'price_minor' | 'updated_at_ms'>;
  readonly isNew: boolean;
  /** Null: the price stays. */
  readonly priceMinor: number | null;
  readonly newCodes: readonly string[];
}

export interface ImportPlan {
  readonly rows: number;
  readonly write: readonly PlannedProduct[];
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly newCategories: readonly { readonly id: string; readonly name: string }[];
  readonly bad: readonly { readonly row: number; readonly message: string }[];
}

/**
 * A row belongs to the product with its id, else to the one with one of its barcodes, else to the one with its name; else
 * it is a new one. Codes are added, never taken away; an empty cell changes nothing.
 *
 * @param rows as read, each with its place in the file
 */
export function planImport({
  known,
  rows
}: {
  readonly known: Known;
  readonly rows: readonly { readonly row: number; readonly read: RowRead }[];
}): ImportPlan {
  const byId = new Map(known.products.map((product) => [product.id, product]));
  const byName = Map.groupBy(
    known.products.filter(({ active }) => active === 1),
    (product) => foldForSearch(product.name)
  );
  const categories = new Map(known.categories.map(({ id, name }) => [foldForSearch(name), id]));
  const rates = new Map(known.taxRates.map((rate) => [foldForSearch(rate.name), rate.id]));
  for (const rate of known.taxRates) {
    const percent = String(rate.rate_ppm / 10_000);
    for (const text of [percent, `${percent}%`]) if (!rates.has(text)) rates.set(text, rate.id);
  }
  const newCategories: { id: string; name: string }[] = [];
  const rowOfProduct = new Map<string, number>();
  const rowOfCode = new Map<string, number>();
  const rowOfNewName = new Map<string, number>();
  const bad: { row: number; message: string }[] = [];
  const write: PlannedProduct[] = [];
  let position = Math.max(-1, ...known.products.map((product) => product.position));
  let unchanged = 0;

  function categoryOf(name: string): string {
    const folded = foldForSearch(name);
    const there = categories.get(folded);
    if (there !== undefined) return there;
    const id = name === otherCategory.name ? otherCategory.id : randomBytes(16).toString('hex');
    categories.set(folded, id);
    newCategories.push({ id, name });
    return id;
  }

  /** The product of a row, null for a new one, or why it is none. */
  function productOf(values: RowValues): KnownProduct | null | string {
    const byItsId = values.id === undefined ? undefined : byId.get(values.id);
    const owners = new Set(
      values.codes.flatMap((code) => {
        const owner = known.codes.get(code);
        return owner === undefined ? [] : [owner];
      })
    );
    if (byItsId !== undefined) owners.add(byItsId.id);
    if (owners.size > 1) {
      const names = [...owners].map((id) => `“${byId.get(id)?.name ?? id}”`);
      return `Its barcodes or id belong to different products: ${names.join(' and ')}.`;
    }
    const [owner] = owners;
    if (owner !== undefined) return byId.get(owner) ?? null;
    if (values.id !== undefined || values.name === undefined) return null;
    const named = byName.get(foldForSearch(values.name)) ?? [];
    if (named.length > 1)
      return `Several products are called “${values.name}”. Add a barcode or the id to say which.`;
    return named[0] ?? null;
  }

  function problemOf(row: number, values: RowValues): string | null {
    const found = productOf(values);
    if (typeof found === 'string') return found;
    const rate = values.tax === undefined ? undefined : rates.get(taxKey(values.tax));
    if (values.tax !== undefined && rate === undefined)
      return `There is no tax rate “${values.tax}”. Make it first, or write one that is there.`;
    const usualRate = known.taxRates[0]?.id;
    if (found === null && (values.name === undefined || values.priceMinor === undefined))
      return `A new product needs a ${values.name === undefined ? 'name' : 'price'}.`;
    if (usualRate === undefined) return 'This shop has no tax rate yet. Make one first.';
    for (const code of values.codes) {
      const other = rowOfCode.get(code);
      if (other !== undefined) return `Row ${other} has the barcode ${printedBarcode(code)} too.`;
    }
    const id = found?.id ?? values.id ?? randomBytes(16).toString('hex');
    const twin = rowOfProduct.get(id);
    if (twin !== undefined) return `Row ${twin} is about the same product.`;
    const folded = found === null ? foldForSearch(values.name ?? '') : '';
    const sameName =
      values.codes.length === 0 && values.id === undefined ? rowOfNewName.get(folded) : undefined;
    if (found === null && sameName !== undefined)
      return `Row ${sameName} has the same name and neither has a barcode.`;

    rowOfProduct.set(id, row);
    if (found === null) rowOfNewName.set(folded, row);
    for (const code of values.codes) rowOfCode.set(code, row);
    plan(id, found, values, rate ?? usualRate);
    return null;
  }

  function plan(id: string, found: KnownProduct | null, values: RowValues, rateId: string): void {
    const flag = (value: boolean | undefined, usual: number): number =>
      value === undefined ? usual : value ? 1 : 0;
    const name = values.name ?? found?.name ?? '';
    const row = {
      id,
      name,
      search_text: foldForSearch(name),
      category_id:
        values.category === undefined
          ? (found?.category_id ?? categoryOf(otherCategory.name))
          : categoryOf(values.category),
      tax_rate_id: found !== null && values.tax === undefined ? found.tax_rate_id : rateId,
      position: found?.position ?? (position += 1),
      active: flag(values.active, found?.active ?? 1),
      pinned: flag(values.pinned, found?.pinned ?? 0),
      sold_out: flag(values.soldOut, found?.sold_out ?? 0),
      minimum_age: values.minimumAge === undefined ? (found?.minimum_age ?? null) : values.minimumAge,
      needs_tidying: found?.needs_tidying ?? 0
    };
    const newPrice =
      values.priceMinor !== undefined && values.priceMinor !== found?.price_minor ? values.priceMinor : null;
    const newCodes = values.codes.filter((code) => !known.codes.has(code));
    const same =
      found !== null &&
      newPrice === null &&
      newCodes.length === 0 &&
      comparedColumns.every((column) => row[column] === found[column]);
    if (same) unchanged += 1;
    else write.push({ row, isNew: found === null, priceMinor: newPrice, newCodes });
  }

  for (const { row, read } of rows) {
    const message = read.ok ? problemOf(row, read.values) : read.message;
    if (message !== null) bad.push({ row, message });
  }
  const added = write.filter(({ isNew }) => isNew).length;
  return { rows: rows.length, write, added, changed: write.length - added, unchanged, newCategories, bad };
}

const comparedColumns = [
  'name',
  'category_id',
  'tax_rate_id',
  'active',
  'pinned',
  'sold_out',
  'minimum_age'
] as const;

/** `7,25 %` as `7.25%`, a name as it is compared. */
function taxKey(text: string): string {
  const percent = /^(\d{1,3})(?:[.,](\d{1,4}?))?0*\s*(%?)$/.exec(text.trim());
  if (percent === null) return foldForSearch(text);
  const [, whole = '0', decimals = '', sign = ''] = percent;
  return `${Number(whole)}${decimals === '' ? '' : `.${decimals}`}${sign}`;
}
