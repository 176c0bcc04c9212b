import { assertMinor } from './amount';

/**
 * Splits an amount by weights without losing or making a cent: the shares always add up to the amount.
 *
 * Largest remainder: each share is first rounded towards zero, and the units left over go one each to the shares that
 * lost most; of equals the earlier one wins, so the same input always gives the same split. A share of weight 0 is 0.
 * If every weight is 0 the amount is split evenly. A negative amount splits like its opposite with the sign turned.
 * When 0 ≤ amount ≤ the sum of the weights, no share is larger than its weight: a discount never makes a line negative.
 *
 * @param amountMinor minor units, may be negative.
 * @param weights whole numbers ≥ 0, for example the lines' totals in minor units.
 * @returns one share in minor units for each weight, in the same order.
 * @throws RangeError when a weight is not a safe integer ≥ 0, or when an amount other than 0 has nobody to go to.
 */
export function allocate({
  amountMinor,
  weights
}: {
  readonly amountMinor: number;
  readonly weights: readonly number[];
}): number[] {
  assertMinor(amountMinor);
  for (const weight of weights) {
    if (!Number.isSafeInteger(weight) || weight < 0) {
      throw new RangeError(`A weight must be a whole number of 0 or more, got ${weight}.`);
    }
  }
  if (weights.length === 0) {
    if (amountMinor === 0) return [];
    throw new RangeError('Cannot split an amount among nobody.');
  }

  const given = weights.map((weight) => BigInt(weight));
  const givenTotal = given.reduce((sum, weight) => sum + weight, 0n);
  const parts = givenTotal === 0n ? given.map(() => 1n) : given;
  const total = givenTotal === 0n ? BigInt(parts.length) : givenTotal;

  const size = BigInt(Math.abs(amountMinor));
  const shares = parts.map((part, index) => ({
    index,
    whole: (size * part) / total,
    rest: (size * part) % total
  }));
  const leftOver = Number(size - shares.reduce((sum, share) => sum + share.whole, 0n));

  // sort is stable, so equal remainders stay in the order given
  const byRest = [...shares].sort((a, b) => (a.rest === b.rest ? 0 : a.rest > b.rest ? -1 : 1));
  const topped = new Set(byRest.slice(0, leftOver).map((share) => share.index));

  return shares.map(({ index, whole }) => {
    const share = Number(topped.has(index) ? whole + 1n : whole);
    return amountMinor < 0 && share !== 0 ? -share : share;
  });
}
