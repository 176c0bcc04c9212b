/**
 * Amounts: whole numbers of a currency's minor unit, and their texts for machines. Texts for people are in
 * `locale-money.ts`.
 */
import { currencyExponent } from './currency';

/** An amount in whole minor units (cents, fils; whole yen) with its ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Why a text is no amount of the currency. */
export type MoneyTextProblem = 'not_a_number' | 'too_many_decimals' | 'too_large';

/** What reading an amount gives: minor units, or the reason why not. */
export type MoneyParsed =
  | { readonly ok: true; readonly amountMinor: number }
  | { readonly ok: false; readonly reason: MoneyTextProblem };

/**
 * Guards a number that is about to be used as money.
 *
 * @throws RangeError when it is not a safe integer: a fraction, NaN, infinite, or above 2^53 − 1.
 */
export function assertMinor(amountMinor: number): void {
  if (!Number.isSafeInteger(amountMinor)) {
    throw new RangeError(`An amount must be a whole number of minor units, got ${amountMinor}.`);
  }
}

/**
 * Adds amounts of one currency.
 *
 * @returns minor units; 0 for no amounts.
 * @throws RangeError when an amount or the sum is not a safe integer.
 */
export function addMinor(...amountsMinor: readonly number[]): number {
  return sumMinor(amountsMinor);
}

/**
 * The sum of a list of amounts of one currency.
 *
 * @returns minor units; 0 for an empty list.
 * @throws RangeError when an amount or the sum so far is not a safe integer.
 */
export function sumMinor(amountsMinor: Iterable<number>): number {
  let sum = 0;
  for (const amountMinor of amountsMinor) {
    assertMinor(amountMinor);
    sum += amountMinor;
    assertMinor(sum);
  }
  return sum;
}

/**
 * An amount so many times: a unit price by a number of pieces.
 *
 * @param times a whole number, may be negative. For parts of one (grams, percent) use `multiplyRatio`.
 * @throws RangeError when a factor or the product is not a safe integer.
 */
export function multiplyMinor({
  amountMinor,
  times
}: {
  readonly amountMinor: number;
  readonly times: number;
}): number {
  assertMinor(amountMinor);
  assertMinor(times);
  const product = amountMinor * times;
  assertMinor(product);
  return product === 0 ? 0 : product; // no −0
}

/**
 * The amount as machines write it: a point, no grouping, and exactly the currency's decimals: "34.50", "1200" (JPY),
 * "-1.000" (KWD).
 *
 * @throws RangeError when the currency is unknown or the amount is not a safe integer.
 */
export function toMajorText({ amountMinor, currency }: Money): string {
  assertMinor(amountMinor);
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/**
 * Reads an amount in a machine's text: a JSON number, whole or with decimals, with or without an exponent, taken
 * exactly ("1e1" is 10, "0.29" is 29 cents). Trailing zeros may be missing or extra ("34.5", "34.500").
 *
 * @returns minor units, or why the text is no amount of this currency. Text from a network never throws.
 * @throws RangeError when the currency is unknown.
 */
export function parseMajorText({
  text,
  currency
}: {
  readonly text: string;
  readonly currency: string;
}): MoneyParsed {
  const exponent = currencyExponent(currency);
  const match = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  if (match === null) return { ok: false, reason: 'not_a_number' };
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;

  const padded = whole + fraction;
  const digits = trimZeros(padded);
  if (digits.value === '') return { ok: true, amountMinor: 0 };

  // value = digits × 10^shift minor units; an absurd power gives ±Infinity here, which both tests below refuse
  const shift = exponent - fraction.length + digits.trimmedFromEnd + Number(power);
  if (shift < 0) return { ok: false, reason: 'too_many_decimals' };
  if (digits.value.length + shift > 16) return { ok: false, reason: 'too_large' };
  const size = BigInt(digits.value + '0'.repeat(shift));
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, reason: 'too_large' };
  return { ok: true, amountMinor: Number(sign === '-' ? -size : size) };
}

// by hand and not by /0+$/, which takes quadratic time on a long run of zeros inside a hostile text
function trimZeros(text: string): { value: string; trimmedFromEnd: number } {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '0') start += 1;
  while (end > start && text[end - 1] === '0') end -= 1;
  return { value: text.slice(start, end), trimmedFromEnd: text.length - end };
}
