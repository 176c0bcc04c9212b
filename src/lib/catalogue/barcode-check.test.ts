import { describe, expect, test } from 'vitest';
import { checkBarcode, printedBarcode } from './barcode-check';

describe('a typed barcode', () => {
  test.each([
    ['EAN-13', '4006381333931', '04006381333931'],
    ['an ISBN with hyphens', '978-3-16-148410-0', '09783161484100'],
    ['UPC-A with spaces', ' 0 36000 29145 2 ', '00036000291452'],
    ['EAN-8', '96385074', '00000096385074'],
    ["the shop's own label", 'HOUSE-17', 'HOUSE-17'],
    ['a short number', '1234', '1234']
  ])('is kept as it is compared: %s', (_what, typed, code) => {
    expect(checkBarcode(typed)).toEqual({ ok: true, code });
  });

  test('with a wrong check digit is refused with the right one', () => {
    expect(checkBarcode('4006381333930')).toEqual({
      ok: false,
      reason: 'check_digit',
      expected: '4006381333931'
    });
  });

  test.each([
    ['nothing', '  ', 'empty'],
    ['a number that a spreadsheet has shortened', '4.00638E+12', 'shortened'],
    ['one with a decimal comma', '4,00638E+12', 'shortened'],
    ['words', 'two words', 'characters'],
    ['a very long text', 'A'.repeat(49), 'too_long']
  ])('is refused when it is %s', (_what, typed, reason) => {
    expect(checkBarcode(typed)).toEqual({ ok: false, reason });
  });
});

test.each([
  ['04006381333931', '4006381333931'],
  ['00036000291452', '036000291452'],
  ['00000096385074', '96385074'],
  ['HOUSE-17', 'HOUSE-17']
])('the kept code %s is shown as printed: %s', (code, printed) => {
  expect(printedBarcode(code)).toBe(printed);
});
