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

/** What is wrong with a pattern. */
export type PatternProblem =
  | 'shape'
  /** More decimals than the value can have; see {@link mostDecimals}. */
  | 'decimals';

/** Says what is wrong with a pattern, where it is configured and not at the counter; null for one that works. */
export function patternProblem({ layout, decimals }: EmbeddedPattern): PatternProblem | null {
  const rightShape = layout.length === 13 && /^(?:02|2[0-9])[0-9]*[IWPNX]+C$/.test(layout);
  const oneItem = /^[^I]*I+[^I]*$/.test(layout);
  const oneValue = /^[^WPN]*(?:W+|P+|N+)[^WPN]*$/.test(layout);
  if (!rightShape || !oneItem || !oneValue) return 'shape';
  const fits = Number.isInteger(decimals) && decimals >= 0 && decimals <= mostDecimals(layout);
  return fits ? null : 'decimals';
}

/** Decimals of a weight in kilograms, of a price, of a count: so many at the most. */
export function mostDecimals(layout: string): number {
  return layout.includes('N') ? 0 : layout.includes('W') ? 3 : 4;
}

/**
 * Refuses a pattern that can't work.
 *
 * @throws RangeError with what is wrong.
 */
export function assertEmbeddedPattern(pattern: EmbeddedPattern): void {
  const { layout, decimals } = pattern;
  switch (patternProblem(pattern)) {
    case 'shape':
      throw new RangeError(
        `The code pattern "${layout}" must have 13 characters: prefix 02 or 20 to 29, I for the item, one of W, P or N for the value, X for digits not read, C at the end.`
      );
    case 'decimals':
      throw new RangeError(
        `The code pattern "${layout}" can have 0 to ${mostDecimals(layout)} decimals, not ${decimals}.`
      );
    case null:
  }
}

/**
 * What scales and counters of most shops print: a start for a list that fits the shop's own. None is in force before
 * somebody takes it, because another shop's pattern would read a wrong price without a word.
 *
 * @param exponent  decimals of the shop's currency
 */
export function usualPatterns(
  exponent: number
): Readonly<Record<'weight' | 'price' | 'count', EmbeddedPattern>> {
  return {
    weight: { layout: '21IIIIIWWWWWC', decimals: 3 },
    price: { layout: '02IIIIIPPPPPC', decimals: exponent },
    count: { layout: '23IIIIINNNNNC', decimals: 0 }
  };
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
