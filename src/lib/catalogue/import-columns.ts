/** Which column of a list of products is what: guessed from its headings, for a person to correct. */
import { foldForSearch } from './search';

export const importFields = [
  'name',
  'price',
  'barcodes',
  'category',
  'tax',
  'soldOut',
  'pinned',
  'active',
  'age',
  'id'
] as const;
export type ImportField = (typeof importFields)[number];

/** By field the column's place, from 0. */
export type ImportColumns = Partial<Record<ImportField, number | undefined>>;

export type DecimalSign = '.' | ',';

/** As `foldForSearch` gives them. The headings of our own export stand first. */
const headings: Record<ImportField, readonly string[]> = {
  name: [
    'name',
    'product',
    'product name',
    'item',
    'item name',
    'title',
    'description',
    'artikel',
    'bezeichnung',
    'artikelbezeichnung',
    'produkt',
    'nombre',
    'nom',
    'nome'
  ],
  price: [
    'price',
    'retail price',
    'sales price',
    'unit price',
    'gross price',
    'amount',
    'preis',
    'verkaufspreis',
    'vk',
    'precio',
    'prix',
    'prezzo'
  ],
  barcodes: [
    'barcodes',
    'barcode',
    'ean',
    'ean code',
    'ean13',
    'gtin',
    'upc',
    'code',
    'strichcode',
    'codigo'
  ],
  category: [
    'category',
    'categories',
    'group',
    'department',
    'kategorie',
    'warengruppe',
    'categoria',
    'categorie'
  ],
  tax: ['tax', 'tax rate', 'vat', 'vat rate', 'mwst', 'ust', 'steuer', 'steuersatz', 'iva', 'tva'],
  soldOut: ['sold out', 'out of stock', 'ausverkauft'],
  pinned: ['key', 'pinned'],
  active: ['sold here', 'active', 'aktiv'],
  age: ['age check', 'age', 'minimum age', 'alter', 'mindestalter'],
  id: ['id', 'till id', 'product id']
};

/** The first column with a known heading, for each field. */
export function guessColumns(titles: readonly string[]): ImportColumns {
  const folded = titles.map((title) => foldForSearch(title));
  const columns: ImportColumns = {};
  for (const field of importFields) {
    const place = headings[field].map((heading) => folded.indexOf(heading)).find((at) => at >= 0);
    if (place !== undefined) columns[field] = place;
  }
  return columns;
}

/** The decimal sign that the prices are written with, by their ends; a dot where nothing tells. */
export function guessDecimal(prices: readonly string[]): DecimalSign {
  const commas = prices.filter((price) => /,\d{1,2}\D*$/.test(price)).length;
  const dots = prices.filter((price) => /\.\d{1,2}\D*$/.test(price)).length;
  return commas > dots ? ',' : '.';
}
