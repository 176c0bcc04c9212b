import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/scans.json';
import { expandUpcE, gtin14Readings, gtinCheckDigit, isGtin, toGtin14 } from './gtin';

const digits = (length: number) =>
  fc.array(fc.nat({ max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));
const gtin = fc
  .constantFrom(7, 11, 12, 13)
  .chain(digits)
  .filter((body) => /[1-9]/.test(body))
  .map((body) => body + gtinCheckDigit(body));

/** UPC-E from the long form, by the rules for taking zeros out; null where none applies. The opposite of expandUpcE. */
function compress(long: string): string | null {
  const [maker, item] = [long.slice(1, 6), long.slice(6, 11)];
  const frame = (six: string) => long.slice(0, 1) + six + long.slice(-1);
  if (/^..[0-2]00$/.test(maker) && item.startsWith('00'))
    return frame(maker.slice(0, 2) + item.slice(2) + maker.slice(2, 3));
  if (/^...00$/.test(maker) && item.startsWith('000')) return frame(`${maker.slice(0, 3)}${item.slice(3)}3`);
  if (/^....0$/.test(maker) && item.startsWith('0000')) return frame(`${maker.slice(0, 4)}${item.slice(4)}4`);
  if (/^0000[5-9]$/.test(item)) return frame(maker + item.slice(4));
  return null;
}

describe('a GTIN', () => {
  it.each(vectors.gtin.valid)('is valid: %s', (text) => {
    expect(isGtin(text)).toBe(true);
    expect(toGtin14({ text })).toBe(text.padStart(14, '0'));
  });

  it.each(vectors.gtin.invalid)('is refused for its check digit: %s', (text) => {
    expect(isGtin(text)).toBe(false);
    expect(toGtin14({ text })).toBeNull();
  });

  it('is refused at other lengths, with other characters, and when all zeros', () => {
    for (const text of [
      '',
      '0',
      '7',
      '000000000',
      '00000000',
      '00000000000000',
      '400638133393a',
      ' 4006381333931',
      '٤٠٠٦٣٨١٣٣٣٩٣١'
    ]) {
      expect(isGtin(text), text).toBe(false);
    }
  });

  it('has the same 14 digits in every length it fits in', () => {
    fc.assert(
      fc.property(gtin, (text) => {
        const normal = toGtin14({ text, aim: text.length === 8 ? ']E4' : null });
        expect(normal).toBe(text.padStart(14, '0'));
        for (const length of [12, 13, 14]) {
          if (length >= text.length) expect(toGtin14({ text: text.padStart(length, '0') })).toBe(normal);
        }
      })
    );
  });

  it('shows every single wrong digit', () => {
    fc.assert(
      fc.property(gtin, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, place, shift) => {
        const at = place % text.length;
        const wrong = String((Number(text[at]) + shift) % 10);
        expect(isGtin(text.slice(0, at) + wrong + text.slice(at + 1))).toBe(false);
      })
    );
  });
});

describe('UPC-E', () => {
  it('stands for a UPC-A whose zeros were taken out', () => {
    expect(expandUpcE('04252614')).toBe('042100005264');
    expect(expandUpcE('04252615')).toBeNull();
    expect(expandUpcE('24252614')).toBeNull();
    expect(expandUpcE('00000000')).toBeNull();
  });

  it('expands to a valid UPC-A, and the zero rules lead back to the same product', () => {
    const upcE = fc.tuple(fc.constantFrom('0', '1'), digits(6)).map(([system, six]) => {
      const check = [...'0123456789'].find((digit) => expandUpcE(system + six + digit) !== null);
      return check === undefined ? null : system + six + check;
    });
    fc.assert(
      fc.property(upcE, (text) => {
        fc.pre(text !== null);
        const long = expandUpcE(text);
        expect(long !== null && isGtin(long)).toBe(true);
        const again = compress(long ?? '');
        expect(again === null ? null : expandUpcE(again)).toBe(long);
      })
    );
  });

  it('is told from EAN-8 by the symbology, else by the setting, else by the check digit', () => {
    // valid in both readings
    const both = Array.from({ length: 1000 }, (_, item) => `0${String(item).padStart(6, '0')}`)
      .map((body) => body + gtinCheckDigit(body))
      .find((text) => isGtin(text) && expandUpcE(text) !== null && !expandUpcE(text)?.endsWith(text));
    const text = both ?? '';
    const asEan8 = text.padStart(14, '0');
    const asUpcE = expandUpcE(text)?.padStart(14, '0');
    expect(asUpcE).not.toBe(asEan8);
    expect(toGtin14({ text })).toBe(asEan8);
    expect(toGtin14({ text, eightDigits: 'upce' })).toBe(asUpcE);
    expect(toGtin14({ text, aim: ']E4', eightDigits: 'upce' })).toBe(asEan8);
    expect(toGtin14({ text, aim: ']E0' })).toBe(asUpcE);
    expect(gtin14Readings({ text })).toEqual([asEan8, asUpcE]);
    expect(toGtin14({ text: '04252614' })).toBe('00042100005264');
    expect(toGtin14({ text: '96385074', eightDigits: 'upce' })).toBe('00000096385074');
  });
});
