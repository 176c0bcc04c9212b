/**
 * The one home of rounding. Every rule takes an exact fraction and gives a whole number of minor units; nothing here
 * is a float, so 1.005 is exactly 1.005.
 */

/** A whole number: a safe integer or a bigint. */
export type Whole = number | bigint;

/** An exact fraction. The denominator is not 0; either part may be negative. */
export interface Ratio {
  readonly numerator: Whole;
  readonly denominator: Whole;
}

/**
 * A rounding by name:
 * - `half_up`: nearest; a half goes away from zero (2.5 → 3, −2.5 → −3), as people and most tax offices do.
 * - `half_even`: nearest; a half goes to the even neighbour (2.5 → 2, 3.5 → 4), so that many halves cancel out.
 */
export type Rounding = 'half_up' | 'half_even';

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Nearest whole number; halves go away from zero, for negatives too: −0.5 → −1.
 *
 * @throws RangeError when the denominator is 0, a part is not a whole number, or the result is no safe integer.
 */
export function roundHalfUp(ratio: Ratio): number {
  return roundRatio({ ...ratio, rounding: 'half_up' });
}

/**
 * Nearest whole number; halves go to the even neighbour: 0.5 → 0, 1.5 → 2, −2.5 → −2.
 *
 * @throws RangeError when the denominator is 0, a part is not a whole number, or the result is no safe integer.
 */
export function roundHalfEven(ratio: Ratio): number {
  return roundRatio({ ...ratio, rounding: 'half_even' });
}

/**
 * Rounds an exact fraction by a rounding's name.
 *
 * @throws RangeError when the denominator is 0, a part is not a whole number, or the result is no safe integer.
 */
export function roundRatio({
  numerator,
  denominator,
  rounding
}: Ratio & { readonly rounding: Rounding }): number {
  const over = toBigInt(numerator);
  const under = toBigInt(denominator);
  if (under === 0n) throw new RangeError('Cannot round a fraction whose denominator is 0.');

  const negative = over < 0n !== under < 0n;
  const size = absolute(over);
  const step = absolute(under);
  const whole = size / step;
  const twiceRest = (size % step) * 2n;

  const goesUp = twiceRest > step || (twiceRest === step && (rounding === 'half_up' || whole % 2n === 1n));
  const rounded = goesUp ? whole + 1n : whole;
  return toSafeNumber(negative ? -rounded : rounded);
}

/**
 * An amount times a fraction, rounded once at the end: a quantity in grams, a discount in percent, a share.
 *
 * @returns minor units of the same currency.
 * @throws RangeError as {@link roundRatio}.
 */
export function multiplyRatio({
  amountMinor,
  numerator,
  denominator,
  rounding
}: {
  readonly amountMinor: number;
  readonly numerator: Whole;
  readonly denominator: Whole;
  readonly rounding: Rounding;
}): number {
  return roundRatio({ numerator: toBigInt(amountMinor) * toBigInt(numerator), denominator, rounding });
}

function toBigInt(value: Whole): bigint {
  if (typeof value === 'bigint') return value;
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Expected a whole number that is safe to count with, got ${value}.`);
  }
  return BigInt(value);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function toSafeNumber(value: bigint): number {
  if (absolute(value) > maxSafe) {
    throw new RangeError(`The result ${value} is too large to be counted exactly.`);
  }
  return Number(value);
}
