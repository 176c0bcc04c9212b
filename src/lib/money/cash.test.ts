import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cashRoundingMinor, likelyCashMinor, smallestCoinMinor } from './cash';
import { currencyCodes } from './currency';

describe('rounding of cash', () => {
  it('goes to the nearest coin, a half up, and leaves other currencies alone', () => {
    const by = (amountMinor: number, currency: string) => cashRoundingMinor({ amountMinor, currency });
    expect(by(1002, 'CHF')).toBe(-2);
    expect(by(1003, 'CHF')).toBe(2);
    expect(by(1050, 'SEK')).toBe(50);
    expect(by(1049, 'SEK')).toBe(-49);
    expect(by(29_900, 'HUF')).toBe(100);
    expect(by(1003, 'EUR')).toBe(0);
    expect(by(1003, 'USD')).toBe(0);
  });

  it('never gives something away for nothing', () => {
    expect(cashRoundingMinor({ amountMinor: 1, currency: 'CHF' })).toBe(4);
    expect(cashRoundingMinor({ amountMinor: 0, currency: 'CHF' })).toBe(0);
  });

  it('always leaves an amount that the coins can pay, by less than a coin', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000_000 }),
        fc.constantFrom(...currencyCodes),
        (amountMinor, currency) => {
          const coin = smallestCoinMinor(currency);
          const rounding = cashRoundingMinor({ amountMinor, currency });
          expect((amountMinor + rounding) % coin).toBe(0);
          expect(Math.abs(rounding)).toBeLessThan(coin);
          expect(amountMinor + rounding).toBeGreaterThan(0);
        }
      )
    );
  });
});

describe('what people hand over', () => {
  it.each([
    ['USD', 1090, [1100, 2000, 5000]],
    ['USD', 3450, [4000, 5000, 10_000]],
    ['USD', 13_720, [14_000, 15_000, 20_000]],
    ['EUR', 350, [400, 500, 1000]],
    ['JPY', 1480, [1500, 5000, 10_000]],
    ['VND', 45_000, [50_000, 60_000, 100_000]]
  ])('%s %i: %j', (currency, dueMinor, expected) => {
    expect(likelyCashMinor({ dueMinor, currency })).toEqual(expected);
  });

  it('is always more than what is due, in rising order, and at most three', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.constantFrom(...currencyCodes),
        (dueMinor, currency) => {
          const likely = likelyCashMinor({ dueMinor, currency });
          expect(likely.length).toBeLessThanOrEqual(3);
          expect(likely.every((amount) => amount > dueMinor)).toBe(true);
          expect(likely).toEqual([...new Set(likely)].toSorted((one, other) => one - other));
        }
      )
    );
  });
});
