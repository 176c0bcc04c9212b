import { multiplyRatio, type Rounding } from './rounding';

/** Parts in one: a rate of 1 000 000 ppm is 100 %. */
export const ppmInOne = 1_000_000;

/**
 * The tax that is already inside a price: gross × rate ÷ (1 + rate).
 *
 * @param grossMinor what the shopper pays, in minor units; may be negative (money given back).
 * @param ratePpm the rate in parts per million: 7.25 % is 72 500.
 * @returns the tax in minor units; the net amount is `grossMinor` minus it.
 * @throws RangeError when the rate is not a whole number of 0 or more.
 */
export function taxInside({
  grossMinor,
  ratePpm,
  rounding
}: {
  readonly grossMinor: number;
  readonly ratePpm: number;
  readonly rounding: Rounding;
}): number {
  assertRate(ratePpm);
  return multiplyRatio({
    amountMinor: grossMinor,
    numerator: ratePpm,
    denominator: ppmInOne + ratePpm,
    rounding
  });
}

/**
 * The tax that is added to a price: net × rate.
 *
 * @param netMinor the price before tax, in minor units; may be negative (money given back).
 * @param ratePpm the rate in parts per million: 7.25 % is 72 500.
 * @returns the tax in minor units; the shopper pays `netMinor` plus it.
 * @throws RangeError when the rate is not a whole number of 0 or more.
 */
export function taxOnTop({
  netMinor,
  ratePpm,
  rounding
}: {
  readonly netMinor: number;
  readonly ratePpm: number;
  readonly rounding: Rounding;
}): number {
  assertRate(ratePpm);
  return multiplyRatio({ amountMinor: netMinor, numerator: ratePpm, denominator: ppmInOne, rounding });
}

function assertRate(ratePpm: number): void {
  // 1 000 000 000 ppm (100 000 %) is far beyond any tax; a larger number is a percentage in the wrong unit
  if (!Number.isSafeInteger(ratePpm) || ratePpm < 0 || ratePpm > 1_000_000_000) {
    throw new RangeError(`A tax rate must be whole parts per million of 0 or more, got ${ratePpm}.`);
  }
}
