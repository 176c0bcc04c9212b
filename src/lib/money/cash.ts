/** Cash: what can be paid with the coins that there are, and what people are likely to hand over. */
import { currencyExponent } from './currency';
import { roundRatio } from './rounding';

/**
 * The smallest coin in use, in minor units, where it is not 1. Only what ends a sale in cash is rounded to it; wallet and
 * card amounts stay exact.
 *
 * Source: the central banks' rules on cash rounding. Countries of the euro differ among themselves, so the euro is not
 * rounded.
 */
const smallestCoins: ReadonlyMap<string, number> = new Map([
  ['AUD', 5],
  ['CAD', 5],
  ['CHF', 5],
  ['MYR', 5],
  ['HKD', 10],
  ['NZD', 10],
  ['ZAR', 10],
  ['DKK', 50],
  ['CZK', 100],
  ['NOK', 100],
  ['SEK', 100],
  ['TWD', 100],
  ['HUF', 500],
  ['IDR', 10_000],
  ['KRW', 10]
]);

/** Notes, and the coin that stands for "the next round amount", in major units; smallest first. */
const piecesInMajor: ReadonlyMap<string, readonly number[]> = new Map([
  ['USD', [1, 5, 10, 20, 50, 100]],
  ['EUR', [1, 5, 10, 20, 50, 100, 200]],
  ['GBP', [1, 5, 10, 20, 50]],
  ['CHF', [1, 10, 20, 50, 100, 200]],
  ['CAD', [1, 5, 10, 20, 50, 100]],
  ['AUD', [1, 5, 10, 20, 50, 100]],
  ['NZD', [1, 5, 10, 20, 50, 100]],
  ['SGD', [1, 2, 5, 10, 50, 100]],
  ['MYR', [1, 5, 10, 20, 50, 100]],
  ['CNY', [1, 5, 10, 20, 50, 100]],
  ['HKD', [10, 20, 50, 100, 500]],
  ['JPY', [100, 500, 1000, 5000, 10_000]],
  ['KRW', [500, 1000, 5000, 10_000, 50_000]],
  ['THB', [10, 20, 50, 100, 500, 1000]],
  ['PHP', [10, 20, 50, 100, 200, 500, 1000]],
  ['IDR', [1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]],
  ['VND', [1000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000]],
  ['SEK', [10, 20, 50, 100, 200, 500]],
  ['NOK', [10, 50, 100, 200, 500]],
  ['DKK', [10, 50, 100, 200, 500]],
  ['PLN', [1, 10, 20, 50, 100, 200]],
  ['CZK', [10, 100, 200, 500, 1000, 2000]],
  ['HUF', [100, 500, 1000, 2000, 5000, 10_000, 20_000]],
  ['INR', [10, 20, 50, 100, 200, 500]],
  ['BRL', [1, 2, 5, 10, 20, 50, 100]],
  ['MXN', [10, 20, 50, 100, 200, 500]]
]);

/** The smallest coin in use, in minor units: 1 where every amount can be paid. */
export function smallestCoinMinor(currency: string): number {
  return smallestCoins.get(currency) ?? 1;
}

/**
 * What an amount is rounded by when it is paid in cash: −2, 0, +1 … minor units. Nearest; a half goes up. Never down to
 * nothing: what costs something costs a coin.
 */
export function cashRoundingMinor({
  amountMinor,
  currency
}: {
  readonly amountMinor: number;
  readonly currency: string;
}): number {
  const coin = smallestCoinMinor(currency);
  const coins = roundRatio({ numerator: amountMinor, denominator: coin, rounding: 'half_up' });
  return (amountMinor > 0 ? Math.max(1, coins) : coins) * coin - amountMinor;
}

/**
 * Up to three amounts that a shopper is likely to hand over for what is due, more than it, smallest first: few pieces,
 * and none far above. 10.90 in dollars: 11, 20, 50.
 *
 * @param dueMinor after rounding; above 0
 */
export function likelyCashMinor({
  dueMinor,
  currency
}: {
  readonly dueMinor: number;
  readonly currency: string;
}): readonly number[] {
  const pieces = piecesMinor({ dueMinor, currency });
  const [, second] = pieces.filter((piece) => piece > dueMinor);
  const roundUps = pieces.map((piece) => (Math.floor(dueMinor / piece) + 1) * piece);
  return [...new Set(roundUps)]
    .filter((amount) => amount <= (second ?? Infinity) && amount < dueMinor * 100)
    .map((amount) => ({ amount, count: countPieces(amount, pieces) }))
    .toSorted((one, other) => one.count - other.count || one.amount - other.amount)
    .slice(0, 3)
    .map(({ amount }) => amount)
    .toSorted((one, other) => one - other);
}

function piecesMinor({
  dueMinor,
  currency
}: {
  readonly dueMinor: number;
  readonly currency: string;
}): readonly number[] {
  const known = piecesInMajor.get(currency);
  if (known !== undefined) return known.map((piece) => piece * 10 ** currencyExponent(currency));
  // a currency whose notes nobody wrote down: the round amounts about what is due
  const power = Math.max(0, Math.floor(Math.log10(dueMinor)) - 1);
  return [1, 2, 5, 10, 20, 50, 100].map((step) => step * 10 ** power);
}

function countPieces(amountMinor: number, pieces: readonly number[]): number {
  let left = amountMinor;
  let count = 0;
  for (const piece of pieces.toReversed()) {
    count += Math.floor(left / piece);
    left %= piece;
  }
  return left > 0 ? Infinity : count;
}
