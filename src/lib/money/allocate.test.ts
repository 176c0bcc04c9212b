import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate';

const weights = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 40 });

function total(shares: readonly number[]): bigint {
  return shares.reduce((sum, share) => sum + BigInt(share), 0n);
}

describe('splitting an amount by weights', () => {
  it('gives the left-over cents to those who lost most, the earlier first among equals', () => {
    expect(allocate({ amountMinor: 100, weights: [1, 1, 1] })).toEqual([34, 33, 33]);
    expect(allocate({ amountMinor: 5, weights: [3, 7] })).toEqual([2, 3]);
    expect(allocate({ amountMinor: 10, weights: [1, 6, 3] })).toEqual([1, 6, 3]);
    expect(allocate({ amountMinor: 2, weights: [1, 1, 1, 1] })).toEqual([1, 1, 0, 0]);
  });

  it('gives nothing to weight 0, and splits evenly when every weight is 0', () => {
    expect(allocate({ amountMinor: 7, weights: [0, 5, 0] })).toEqual([0, 7, 0]);
    expect(allocate({ amountMinor: 7, weights: [0, 0] })).toEqual([4, 3]);
    expect(allocate({ amountMinor: 0, weights: [] })).toEqual([]);
  });

  it('splits a negative amount like its opposite', () => {
    expect(allocate({ amountMinor: -100, weights: [1, 1, 1] })).toEqual([-34, -33, -33]);
    expect(allocate({ amountMinor: -2, weights: [1, 1, 0] })).toEqual([-1, -1, 0]);
    expect(allocate({ amountMinor: -1, weights: [1, 0] }).every((share) => !Object.is(share, -0))).toBe(true);
  });

  it('never loses or makes a cent', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (amountMinor, given) => {
        expect(total(allocate({ amountMinor, weights: given }))).toBe(BigInt(amountMinor));
      })
    );
  });

  it('keeps every share within one unit of the exact one', () => {
    fc.assert(
      fc.property(fc.integer(), weights, (amountMinor, given) => {
        const sum = given.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        allocate({ amountMinor, weights: given }).forEach((share, index) => {
          const off = BigInt(share) * BigInt(sum) - BigInt(amountMinor) * BigInt(given[index] ?? 0);
          expect((off < 0n ? -off : off) < BigInt(sum)).toBe(true);
        });
      })
    );
  });

  it('never makes a discounted line negative', () => {
    const withinTotal = weights.chain((given) =>
      fc.tuple(fc.constant(given), fc.nat({ max: given.reduce((a, b) => a + b, 0) }))
    );
    fc.assert(
      fc.property(withinTotal, ([given, amountMinor]) => {
        fc.pre(given.some((weight) => weight > 0));
        allocate({ amountMinor, weights: given }).forEach((share, index) => {
          expect(share).toBeLessThanOrEqual(given[index] ?? 0);
        });
      })
    );
  });

  it('refuses weights that are no shares, and an amount with nobody to take it', () => {
    expect(() => allocate({ amountMinor: 1, weights: [-1, 2] })).toThrow(RangeError);
    expect(() => allocate({ amountMinor: 1, weights: [0.5] })).toThrow(RangeError);
    expect(() => allocate({ amountMinor: 1, weights: [] })).toThrow(/nobody/);
    expect(() => allocate({ amountMinor: 0.5, weights: [1] })).toThrow(RangeError);
  });
});
