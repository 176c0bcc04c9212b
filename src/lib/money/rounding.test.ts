import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyRatio, roundHalfEven, roundHalfUp, roundRatio } from './rounding';

const denominator = fc.integer().filter((value) => value !== 0);

describe('rounding', () => {
  it('half up takes halves away from zero, for negatives too', () => {
    const halves = [-25, -15, -5, 5, 15, 25].map((tenths) =>
      roundHalfUp({ numerator: tenths, denominator: 10 })
    );
    expect(halves).toEqual([-3, -2, -1, 1, 2, 3]);
  });

  it('half even takes halves to the even neighbour, for negatives too', () => {
    const halves = [-25, -15, -5, 5, 15, 25].map((tenths) =>
      roundHalfEven({ numerator: tenths, denominator: 10 })
    );
    expect(halves.map((value) => value + 0)).toEqual([-2, -2, 0, 0, 2, 2]);
  });

  it('leaves what is not a half to the nearest neighbour', () => {
    expect(roundHalfUp({ numerator: 249, denominator: 100 })).toBe(2);
    expect(roundHalfEven({ numerator: 251, denominator: 100 })).toBe(3);
    expect(roundHalfUp({ numerator: -249, denominator: 100 })).toBe(-2);
    expect(roundHalfUp({ numerator: 1, denominator: -2 })).toBe(-1);
  });

  it('never gives a negative zero', () => {
    expect(Object.is(roundHalfEven({ numerator: -1, denominator: 2 }), 0)).toBe(true);
    expect(Object.is(roundHalfUp({ numerator: 0, denominator: -5 }), 0)).toBe(true);
  });

  it('stays within half a unit of the exact value, and at a half obeys its name', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), denominator, (over, under) => {
        const d = BigInt(under);
        const twice = (rounded: number): bigint => 2n * (BigInt(rounded) * d - BigInt(over));
        const size = (value: bigint): bigint => (value < 0n ? -value : value);
        const up = roundHalfUp({ numerator: over, denominator: under });
        const even = roundHalfEven({ numerator: over, denominator: under });
        expect(size(twice(up)) <= size(d)).toBe(true);
        expect(size(twice(even)) <= size(d)).toBe(true);
        if (size(twice(up)) === size(d)) {
          expect(size(BigInt(up) * d) > size(BigInt(over))).toBe(true);
          expect(even % 2 === 0).toBe(true);
        } else {
          expect(even).toBe(up);
        }
      })
    );
  });

  it('meets halves often enough to be tested by them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (whole, step) => {
        const half = { numerator: (2n * BigInt(whole) + 1n) * BigInt(step), denominator: 2n * BigInt(step) };
        expect(roundHalfUp(half)).toBe(whole >= 0 ? whole + 1 : whole);
        expect(roundHalfEven(half)).toBe(whole % 2 === 0 ? whole : whole + 1);
      })
    );
  });

  it('turns its sign with the sign of the value', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        denominator,
        fc.constantFrom('half_up', 'half_even'),
        (over, under, rounding) => {
          const there = roundRatio({ numerator: over, denominator: under, rounding });
          const back = roundRatio({ numerator: -over, denominator: under, rounding });
          expect(back + there).toBe(0);
        }
      )
    );
  });

  it('refuses what has no exact answer', () => {
    expect(() => roundHalfUp({ numerator: 1, denominator: 0 })).toThrow(/denominator is 0/);
    expect(() => roundHalfUp({ numerator: 0.5, denominator: 1 })).toThrow(RangeError);
    expect(() => roundHalfUp({ numerator: 2n ** 60n, denominator: 1 })).toThrow(/too large/);
  });
});

describe('an amount times a fraction', () => {
  it('is rounded once, at the end', () => {
    // 1.234 kg at 9.99
    const weighed = { amountMinor: 999, numerator: 1234, denominator: 1000 };
    expect(multiplyRatio({ ...weighed, rounding: 'half_up' })).toBe(1233);
    expect(multiplyRatio({ amountMinor: 10, numerator: 1, denominator: 4, rounding: 'half_up' })).toBe(3);
    expect(multiplyRatio({ amountMinor: 10, numerator: 1, denominator: 4, rounding: 'half_even' })).toBe(2);
  });

  it('does not lose digits on the way when the product is beyond safe integers', () => {
    const amountMinor = Number.MAX_SAFE_INTEGER;
    const same = multiplyRatio({
      amountMinor,
      numerator: 999_983,
      denominator: 999_983,
      rounding: 'half_up'
    });
    expect(same).toBe(amountMinor);
  });
});
