import type { Product } from './product';

/** Fewer digits than this are a quantity or a house number, not a piece of a barcode. */
const fewestDigits = 4;

/** Letters that stand for themselves in Unicode, but that people type without their stroke or joined. */
const plainLetters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i']
]);

/**
 * A text as it is compared: lower case, no accents, no full-width forms, words apart by one space.
 */
export function foldForSearch(text: string): string {
  // most names: what follows would change nothing of them, and takes ten times as long
  if (/^[\x20-\x7e]*$/.test(text)) {
    return text
      .toLowerCase()
      .replace(/'/g, '')
      .replace(/[^a-z0-9%]+/g, ' ')
      .trim();
  }
  const base = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  // İ becomes i and a dot in lower case, so marks go once more
  const plain = [...base.replace(/\p{Mn}/gu, '')].map((char) => plainLetters.get(char) ?? char).join('');
  return plain
    .normalize('NFC')
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}%]+/gu, ' ')
    .trim();
}

interface Searchable {
  readonly product: Product;
  readonly name: string;
  readonly words: readonly string[];
  /** Barcodes that are digits only, without leading zeros. */
  readonly numbers: readonly string[];
}

/**
 * Prepares a search over products. Every word that was typed must begin a word of the name; in writing without spaces
 * it may stand anywhere. Names that begin with the text come first, then those whose words stand in the same order;
 * equals stay in the catalogue's order. Four digits or more also find the beginning or the end of a barcode.
 */
export function createSearch({
  products
}: {
  readonly products: readonly Product[];
}): (text: string) => Product[] {
  // folding all names takes longer than anything else of a till's start, and nobody searches then
  let searchable: readonly Searchable[] | null = null;

  return function search(text: string): Product[] {
    const typed = foldForSearch(text);
    if (typed === '') return [];
    searchable ??= products.map(prepare);
    return searchable
      .map((entry) => ({ product: entry.product, rank: rankOf(entry, typed) }))
      .filter((found) => found.rank !== null)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
      .map((found) => found.product);
  };
}

function prepare(product: Product): Searchable {
  const name = foldForSearch(product.name);
  return {
    product,
    name,
    words: name.split(' '),
    numbers: product.barcodes.filter((code) => /^[0-9]+$/.test(code)).map((code) => code.replace(/^0+/, ''))
  };
}

/** 0 is best; null is no match. */
function rankOf({ name, words, numbers }: Searchable, typed: string): number | null {
  if (name.startsWith(typed)) return 0;
  if (` ${name}`.includes(` ${typed}`)) return 1;
  if (typed.split(' ').every((part) => words.some((word) => beginsOrHolds(word, part)))) return 2;

  const digits = typed.replaceAll(' ', '');
  if (/^[0-9]+$/.test(digits) && digits.length >= fewestDigits) {
    const start = digits.replace(/^0+/, '');
    const found = numbers.some(
      (number) => number.endsWith(digits) || (start !== '' && number.startsWith(start))
    );
    if (found) return 3;
  }
  return null;
}

function beginsOrHolds(word: string, part: string): boolean {
  if (word.startsWith(part)) return true;
  return (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(part) && word.includes(part)
  );
}
