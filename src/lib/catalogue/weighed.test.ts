import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtinCheckDigit } from './gtin';
import {
  assertEmbeddedPattern,
  measureOfElements,
  patternProblem,
  readEmbeddedCode,
  usualPatterns,
  type EmbeddedPattern
} from './weighed';

const byWeight: EmbeddedPattern = { layout: '21IIIIIWWWWWC', decimals: 3 };
const byPrice: EmbeddedPattern = { layout: '23IIIIIPPPPPC', decimals: 2 };
const patterns = [byWeight, byPrice];

function read(text: string, currency = 'EUR', using: readonly EmbeddedPattern[] = patterns) {
  return readEmbeddedCode({ text, patterns: using, currency });
}

function withCheck(body: string): string {
  return body + gtinCheckDigit(body);
}

describe("a shop's own code", () => {
  it('carries a weight where the shop configured one', () => {
    expect(read('2100001012342')).toEqual({
      prefix: '21',
      item: '00001',
      measure: { kind: 'weight', grams: 1234 }
    });
  });

  it('carries a price where the shop configured one', () => {
    expect(read('2350123009991')).toEqual({
      prefix: '23',
      item: '50123',
      measure: { kind: 'price', priceMinor: 999 }
    });
  });

  it('is read by the patterns that a settings page offers to begin with, in every currency', () => {
    const currencies = [
      ['JPY', 0, 999],
      ['EUR', 2, 999],
      ['KWD', 3, 999]
    ] as const;
    for (const [currency, exponent, priceMinor] of currencies) {
      const usual = usualPatterns(exponent);
      const all = Object.values(usual);
      expect(all.map(patternProblem)).toEqual([null, null, null]);
      const measure = (body: string) => read(withCheck(body), currency, all)?.measure;
      expect(measure('210000101234')).toEqual({ kind: 'weight', grams: 1234 });
      expect(measure('020000100999')).toEqual({ kind: 'price', priceMinor });
      expect(measure('230000100006')).toEqual({ kind: 'count', count: 6 });
    }
  });

  it('carries a count, skips an inner check digit, and may be a UPC-A', () => {
    const counted: EmbeddedPattern = { layout: '29IIIINNNNXXC', decimals: 0 };
    expect(read(withCheck('291234000799'), 'EUR', [counted])?.measure).toEqual({ kind: 'count', count: 7 });
    const upcA: EmbeddedPattern = { layout: '02IIIIIXPPPPC', decimals: 2 };
    const code = withCheck('21234570450');
    expect(code).toHaveLength(12);
    expect(read(code, 'USD', [upcA])).toEqual({
      prefix: '02',
      item: '12345',
      measure: { kind: 'price', priceMinor: 450 }
    });
    expect(read(`0${code}`, 'USD', [upcA])).toEqual(read(code, 'USD', [upcA]));
  });

  it('is nothing without a pattern, with a wrong check digit, or with a value of zero', () => {
    expect(read('2100001012342', 'EUR', [])).toBeNull();
    expect(read('2200001012349')).toBeNull();
    expect(read('2100001012343')).toBeNull();
    expect(read(withCheck('210000100000'))).toBeNull();
    expect(read('4006381333931')).toBeNull();
    expect(read('251001020123456789012345')).toBeNull();
  });

  it('takes a price in the decimals of the currency, and refuses one that is finer', () => {
    expect(read('2350123009991', 'KWD')?.measure).toEqual({ kind: 'price', priceMinor: 9990 });
    expect(read('2350123009991', 'JPY')).toBeNull();
    expect(read(withCheck('235012300900'), 'JPY')?.measure).toEqual({ kind: 'price', priceMinor: 9 });
  });

  it('gives back every item and weight that was put in', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), fc.integer({ min: 1, max: 99_999 }), (item, grams) => {
        const five = (value: number) => String(value).padStart(5, '0');
        expect(read(withCheck(`21${five(item)}${five(grams)}`))).toEqual({
          prefix: '21',
          item: five(item),
          measure: { kind: 'weight', grams }
        });
      })
    );
  });

  it('takes the first pattern that fits, so a longer prefix can stand in front of a shorter one', () => {
    const special: EmbeddedPattern = { layout: '2199IIIWWWWWC', decimals: 2 };
    const both = [special, byWeight];
    expect(read(withCheck('219912300150'), 'EUR', both)).toEqual({
      prefix: '2199',
      item: '123',
      measure: { kind: 'weight', grams: 1500 }
    });
    expect(read('2100001012342', 'EUR', both)?.item).toBe('00001');
  });

  it.each([
    { layout: '21IIIIIWWWWW', decimals: 3 },
    { layout: '31IIIIIWWWWWC', decimals: 3 },
    { layout: '21IIWWIWWWWWC', decimals: 3 },
    { layout: '21IIIIIWWPPPC', decimals: 2 },
    { layout: '21IIIIIIIIIIC', decimals: 0 },
    { layout: '21XXXXXWWWWWC', decimals: 3 },
    { layout: '21IIIIIWWWWWC', decimals: 4 },
    { layout: '21IIIIIWWWWWC', decimals: 1.5 },
    { layout: '29IIIIINNNNNC', decimals: 1 }
  ])('refuses the pattern $layout with $decimals decimals', (pattern) => {
    expect(() => assertEmbeddedPattern(pattern)).toThrow(RangeError);
  });
});

describe('the measure in GS1 elements', () => {
  const measure = (elements: Record<string, string>, currency = 'EUR') =>
    measureOfElements({ elements: new Map(Object.entries(elements)), currency });

  it('is a net weight, a price or a count', () => {
    expect(measure({ '01': '04006381333931', '3103': '001234' })).toEqual({ kind: 'weight', grams: 1234 });
    expect(measure({ '3101': '000012' })).toEqual({ kind: 'weight', grams: 1200 });
    expect(measure({ '3922': '999' })).toEqual({ kind: 'price', priceMinor: 999 });
    expect(measure({ '30': '6' })).toEqual({ kind: 'count', count: 6 });
    expect(measure({ '01': '04006381333931', '10': 'A' })).toBeNull();
  });

  it('is unclear when it cannot be taken exactly, and never guessed', () => {
    expect(measure({ '3105': '001234' })).toBe('unclear');
    expect(measure({ '3202': '000150' })).toBe('unclear');
    expect(measure({ '3932': '978999' })).toBe('unclear');
    expect(measure({ '3923': '9995' })).toBe('unclear');
    expect(measure({ '3103': '000000' })).toBe('unclear');
  });
});
