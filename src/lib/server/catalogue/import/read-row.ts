/** One row of a list of products: its cells as values, or what is wrong with it. */
import type { ImportColumns, ImportField } from '$lib/catalogue/import-columns';
import { parseMoney } from '$lib/money/typed-money';
import { readBarcodes } from '../barcodes';

/** What a row says. Undefined: the cell is empty or there is no such column, so that nothing changes. */
export interface RowValues {
  readonly id?: string;
  readonly name?: string;
  readonly priceMinor?: number;
  readonly codes: readonly string[];
  readonly category?: string;
  readonly tax?: string;
  readonly active?: boolean;
  readonly soldOut?: boolean;
  readonly pinned?: boolean;
  readonly minimumAge?: number | null;
}

export type RowRead =
  { readonly ok: true; readonly values: RowValues } | { readonly ok: false; readonly message: string };

export interface RowHabits {
  readonly columns: ImportColumns;
  readonly decimal: '.' | ',';
  readonly currency: string;
}

const yes = new Set(['1', 'yes', 'y', 'true', 'x', 'ja', 'si', 'oui']);
const no = new Set(['0', 'no', 'n', 'false', '-', 'nein', 'non']);

const longest = { id: 64, name: 120, category: 40 } as const;

export function readRow(cells: readonly string[], { columns, decimal, currency }: RowHabits): RowRead {
  const cell = (field: ImportField): string => {
    const at = columns[field];
    return at === undefined ? '' : plain(cells[at] ?? '');
  };
  const bad = (message: string): RowRead => ({ ok: false, message });

  const id = cell('id');
  if (!/^[A-Za-z0-9_-]*$/.test(id) || id.length > longest.id)
    return bad(`“${shown(id)}” is no id of Till. Leave the cell empty for a new product.`);
  const name = cell('name');
  if (name.length > longest.name) return bad(`The name has more than ${longest.name} characters.`);
  const category = cell('category');
  if (category.length > longest.category)
    return bad(`The category “${shown(category)}” has more than ${longest.category} characters.`);

  const priceText = cell('price');
  const price =
    priceText === ''
      ? null
      : parseMoney({ text: priceText, currency, locale: decimal === ',' ? 'de-DE' : 'en-US' });
  if (price?.ok === false) {
    return bad(
      price.reason === 'too_many_decimals'
        ? `The price “${shown(priceText)}” has too many decimals. Is the decimal sign right?`
        : `“${shown(priceText)}” is no price.`
    );
  }
  if (price !== null && (price.amountMinor < 0 || price.amountMinor > 1_000_000_000))
    return bad(`The price “${shown(priceText)}” is too low or too high.`);

  const codes = readBarcodes(
    cell('barcodes')
      .split(/[\s|;,]+/)
      .filter((code) => code !== '')
  );
  if (!codes.ok) return bad(codes.detail);

  const flags: Partial<Record<'active' | 'soldOut' | 'pinned', boolean>> = {};
  for (const field of ['active', 'soldOut', 'pinned'] as const) {
    const text = cell(field).toLowerCase();
    if (text === '') continue;
    if (!yes.has(text) && !no.has(text)) return bad(`“${shown(text)}” is neither yes nor no.`);
    flags[field] = yes.has(text);
  }
  const age = cell('age');
  if (!/^([1-9][0-9]?|-|)$/.test(age)) return bad(`“${shown(age)}” is no age in years.`);

  return {
    ok: true,
    values: {
      codes: codes.codes,
      ...(id === '' ? {} : { id }),
      ...(name === '' ? {} : { name }),
      ...(price === null ? {} : { priceMinor: price.amountMinor }),
      ...(category === '' ? {} : { category }),
      ...(cell('tax') === '' ? {} : { tax: cell('tax') }),
      ...(age === '' ? {} : { minimumAge: age === '-' ? null : Number(age) }),
      ...flags
    }
  };
}

/** Our export puts an apostrophe before what a spreadsheet would take for a formula. */
function plain(text: string): string {
  return text.trim().replace(/^'(?=[=+\-@\t\r])/, '');
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
