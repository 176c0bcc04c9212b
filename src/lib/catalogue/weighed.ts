/**
 * What a code says beyond the product: weight, price or count. Codes with the prefixes 02 and 20–29 belong to each shop,
 * so how they are built is configuration; GS1 element strings say it by their identifiers.
 */
import { currencyExponent } from '$lib/money/currency';
import type { Elements } from './element-string';
import { isGtin } from './gtin';

/** How much of a product, or for how much money, a code stands for. */
export type Measure =
  | { readonly kind: 'weight'; readonly grams: number }
  | { readonly kind: 'price'; readonly priceMinor: number }
  | { readonly kind: 'count'; readonly count: number };

/** How a shop builds its own codes. */
export interface EmbeddedPattern {
  /**
   * Thirteen characters: a prefix (`02` or `20` to `29`, more digits may follow), then `I` item, `W` weight, `P` price
   * or `N` count, `X` a digit that is not read (an inner check digit), and `C` the check digit at the end. Examples:
   * `21IIIIIWWWWWC`, `02IIIIXPPPPPC`. A UPC-A of number system 2 is the prefix `02`.
   */
  readonly layout: string;
  /** Decimals of the weight in kilograms (3 is grams) or of the price in major units; 0 for a count. */
  readonly decimals: number;
}

/** What a shop's own code says. A product sold by such codes has prefix and item (`2100001`) as a barcode. */
export interface EmbeddedCode {
  /** The digits that the pattern begins with. */
  readonly prefix: string;
  readonly item: string;
  readonly measure: Measure;
}

/**
 * Refuses a pattern that can't work, where it is configured and not at the counter.
 *
 * @throws RangeError with what is wrong.
 */
export function assertEmbeddedPattern({ layout, decimals }: EmbeddedPattern): void {
  const rightShape = layout.length === 13 && /^(?:02|2[0-9])[0-9]*[IWPNX]+C$/.test(layout);
  const oneItem = /^[^I]*I+[^I]*$/.test(layout);
  const oneValue = /^[^WPN]*(?:W+|P+|N+)[^WPN]*$/.test(layout);
  if (!rightShape || !oneItem || !oneValue) {
    throw new RangeError(
      `The code pattern "${layout}" must have 13 characters: prefix 02 or 20 to 29, I for the item, one of W, P or N for the value, X for digits not read, C at the end.`
    );
  }
  const most = layout.includes('N') ? 0 : layout.includes('W') ? 3 : 4;
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > most) {
    throw new RangeError(`The code pattern "${layout}" can have 0 to ${most} decimals, not ${decimals}.`);
  }
}

/**
 * Reads a shop's own code by the first pattern whose prefix fits.
 *
 * @param text EAN-13, or UPC-A without its leading zero.
 * @param currency ISO 4217; says how many decimals a price can have.
 * @returns null when the text is no such code, its check digit is wrong, no pattern fits, or the price is finer than the
 * currency.
 * @throws RangeError when a pattern can't work or the currency is unknown.
 */
export function readEmbeddedCode({
  text,
  patterns,
  currency
}: {
  readonly text: string;
  readonly patterns: readonly EmbeddedPattern[];
  readonly currency: string;
}): EmbeddedCode | null {
  const code = /^2[0-9]{11}$/.test(text) ? `0${text}` : text;
  if (code.length !== 13 || !isGtin(code)) return null;

  for (const pattern of patterns) {
    assertEmbeddedPattern(pattern);
    const prefix = /^[0-9]+/.exec(pattern.layout)?.[0] ?? '';
    if (!code.startsWith(prefix)) continue;
    const measure = measureOf({ pattern, code, currency });
    return measure === null ? null : { prefix, item: digitsAt(pattern.layout, 'I', code), measure };
  }
  return null;
}

/**
 * The measure in GS1 elements: net weight in kilograms (`310n`), count (`30`), price in the shop's currency (`392n`).
 *
 * @returns null when the elements carry none; `'unclear'` when they carry one that can't be used exactly: pounds
 * (`320n`), a price with a currency of its own (`393n`), parts of a gram, zero.
 * @throws RangeError when the currency is unknown.
 */
export function measureOfElements({
  elements,
  currency
}: {
  readonly elements: Elements;
  readonly currency: string;
}): Measure | 'unclear' | null {
  for (const [identifier, value] of elements) {
    const decimals = Number(identifier.slice(-1));
    if (/^310[0-9]$/.test(identifier)) return weight(value, decimals) ?? 'unclear';
    if (/^392[0-9]$/.test(identifier)) return price(value, decimals, currency) ?? 'unclear';
    if (identifier === '30') return count(value) ?? 'unclear';
    if (/^3(?:20|93)[0-9]$/.test(identifier)) return 'unclear';
  }
  return null;
}

function measureOf({
  pattern,
  code,
  currency
}: {
  pattern: EmbeddedPattern;
  code: string;
  currency: string;
}): Measure | null {
  const { layout, decimals } = pattern;
  if (layout.includes('W')) return weight(digitsAt(layout, 'W', code), decimals);
  if (layout.includes('P')) return price(digitsAt(layout, 'P', code), decimals, currency);
  return count(digitsAt(layout, 'N', code));
}

function digitsAt(layout: string, mark: string, code: string): string {
  return [...layout].map((at, index) => (at === mark ? (code[index] ?? '') : '')).join('');
}

function weight(digits: string, decimals: number): Measure | null {
  const grams = scaled(digits, 3 - decimals);
  return grams === null || grams === 0 ? null : { kind: 'weight', grams };
}

function price(digits: string, decimals: number, currency: string): Measure | null {
  const priceMinor = scaled(digits, currencyExponent(currency) - decimals);
  return priceMinor === null || priceMinor === 0 ? null : { kind: 'price', priceMinor };
}

function count(digits: string): Measure | null {
  const number = scaled(digits, 0);
  return number === null || number === 0 ? null : { kind: 'count', count: number };
}

/** digits × 10^shift, or null when that is no whole number that can be counted with. */
function scaled(digits: string, shift: number): number | null {
  const cut = shift < 0 ? digits.slice(shift) : '';
  if (/[1-9]/.test(cut)) return null;
  const kept = shift < 0 ? digits.slice(0, shift) : digits + '0'.repeat(shift);
  const value = Number(kept);
  return Number.isSafeInteger(value) ? value : null;
}
