import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taxInside, taxOnTop } from './tax';

const rate = fc.integer({ min: 0, max: 1_000_000 });
const rounding = fc.constantFrom('half_up', 'half_even');

describe('tax', () => {
  it('inside a price is gross × rate ÷ (1 + rate)', () => {
    expect(taxInside({ grossMinor: 1090, ratePpm: 100_000, rounding: 'half_up' })).toBe(99);
    expect(taxInside({ grossMinor: 119, ratePpm: 190_000, rounding: 'half_up' })).toBe(19);
    expect(taxInside({ grossMinor: 500, ratePpm: 0, rounding: 'half_up' })).toBe(0);
  });

  it('on top of a price is net × rate', () => {
    expect(taxOnTop({ netMinor: 1000, ratePpm: 72_500, rounding: 'half_up' })).toBe(73);
    expect(taxOnTop({ netMinor: 1000, ratePpm: 72_500, rounding: 'half_even' })).toBe(72);
    expect(taxOnTop({ netMinor: -1000, ratePpm: 72_500, rounding: 'half_up' })).toBe(-73);
  });

  it('inside is found again from the net amount that it leaves, to the cent', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e12 }), rate, rounding, (grossMinor, ratePpm, name) => {
        const inside = taxInside({ grossMinor, ratePpm, rounding: name });
        const again = taxOnTop({ netMinor: grossMinor - inside, ratePpm, rounding: name });
        expect(Math.abs(again - inside)).toBeLessThanOrEqual(1);
        expect(inside).toBeGreaterThanOrEqual(0);
        expect(inside).toBeLessThanOrEqual(grossMinor);
      })
    );
  });

  it('of money given back is the opposite of the tax that was taken', () => {
    fc.assert(
      fc.property(fc.integer(), rate, rounding, (grossMinor, ratePpm, name) => {
        const taken = taxInside({ grossMinor, ratePpm, rounding: name });
        expect(taxInside({ grossMinor: -grossMinor, ratePpm, rounding: name }) + taken).toBe(0);
      })
    );
  });

  it('refuses a rate in the wrong unit', () => {
    expect(() => taxInside({ grossMinor: 1, ratePpm: 7.25, rounding: 'half_up' })).toThrow(
      /parts per million/
    );
    expect(() => taxOnTop({ netMinor: 1, ratePpm: -1, rounding: 'half_up' })).toThrow(RangeError);
  });
});
