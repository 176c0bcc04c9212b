import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyCodes, currencyExponent } from './currency';
import { addMinor, assertMinor, multiplyMinor, parseMajorText, sumMinor, toMajorText } from './amount';

const amount = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -100_000, max: 100_000 }));
const currency = fc.constantFrom(...currencyCodes);

describe('an amount for machines', () => {
  it('has exactly the decimals of its currency', () => {
    expect(toMajorText({ amountMinor: 3450, currency: 'USD' })).toBe('34.50');
    expect(toMajorText({ amountMinor: 1200, currency: 'JPY' })).toBe('1200');
    expect(toMajorText({ amountMinor: -1000, currency: 'KWD' })).toBe('-1.000');
    expect(toMajorText({ amountMinor: 5, currency: 'USD' })).toBe('0.05');
    expect(toMajorText({ amountMinor: -5, currency: 'USD' })).toBe('-0.05');
    expect(toMajorText({ amountMinor: 0, currency: 'USD' })).toBe('0.00');
    expect(toMajorText({ amountMinor: -0, currency: 'USD' })).toBe('0.00');
    expect(toMajorText({ amountMinor: 1, currency: 'CLF' })).toBe('0.0001');
  });

  it('comes back as the same amount, for every currency and every safe integer', () => {
    fc.assert(
      fc.property(amount, currency, (amountMinor, code) => {
        const text = toMajorText({ amountMinor, currency: code });
        expect(parseMajorText({ text, currency: code })).toEqual({ ok: true, amountMinor: amountMinor + 0 });
      })
    );
  });

  it('is the same with missing or extra trailing zeros', () => {
    for (const text of [
      '34.5',
      '34.50',
      '34.500',
      '34.5000000000000000000000',
      '345e-1',
      '0.345E+2',
      '3450e-2'
    ]) {
      expect(parseMajorText({ text, currency: 'USD' })).toEqual({ ok: true, amountMinor: 3450 });
    }
    expect(parseMajorText({ text: '1e1', currency: 'USD' })).toEqual({ ok: true, amountMinor: 1000 });
    expect(parseMajorText({ text: '1200.00', currency: 'JPY' })).toEqual({ ok: true, amountMinor: 1200 });
    expect(parseMajorText({ text: '-0.0', currency: 'JPY' })).toEqual({ ok: true, amountMinor: 0 });
    expect(parseMajorText({ text: '0e999', currency: 'JPY' })).toEqual({ ok: true, amountMinor: 0 });
  });

  it('does not change by adding zeros or moving the point with an exponent', () => {
    fc.assert(
      fc.property(
        amount,
        currency,
        fc.nat({ max: 30 }),
        fc.integer({ min: 0, max: 20 }),
        (minor, code, zeros, power) => {
          const text = toMajorText({ amountMinor: minor, currency: code });
          const long = text.includes('.') ? text + '0'.repeat(zeros) : `${text}.${'0'.repeat(zeros + 1)}`;
          expect(parseMajorText({ text: long, currency: code })).toEqual({
            ok: true,
            amountMinor: minor + 0
          });
          const whole = `${minor}${'0'.repeat(power)}e-${power + currencyExponent(code)}`;
          const read = parseMajorText({ text: minor === 0 ? '0e-5' : whole, currency: code });
          expect(read).toEqual({ ok: true, amountMinor: minor + 0 });
        }
      )
    );
  });

  it('is refused when it is finer than the minor unit', () => {
    const reason = { ok: false, reason: 'too_many_decimals' };
    expect(parseMajorText({ text: '34.505', currency: 'USD' })).toEqual(reason);
    expect(parseMajorText({ text: '1.5', currency: 'JPY' })).toEqual(reason);
    expect(parseMajorText({ text: '1e-3', currency: 'USD' })).toEqual(reason);
    expect(parseMajorText({ text: '1e-999999999999999999999', currency: 'USD' })).toEqual(reason);
  });

  it('is refused when it cannot be counted exactly', () => {
    const reason = { ok: false, reason: 'too_large' };
    expect(parseMajorText({ text: '90071992547409.91', currency: 'USD' })).toEqual({
      ok: true,
      amountMinor: Number.MAX_SAFE_INTEGER
    });
    expect(parseMajorText({ text: '90071992547409.92', currency: 'USD' })).toEqual(reason);
    expect(parseMajorText({ text: '1e400', currency: 'USD' })).toEqual(reason);
    expect(parseMajorText({ text: `1e${'9'.repeat(400)}`, currency: 'USD' })).toEqual(reason);
  });

  it('is refused when the text is not a JSON number', () => {
    for (const text of [
      '',
      ' 1',
      '1 ',
      '+1',
      '.5',
      '1.',
      '01',
      '1,5',
      '0x10',
      'NaN',
      'Infinity',
      '--1',
      '1e',
      '١',
      '1n'
    ]) {
      expect(parseMajorText({ text, currency: 'USD' })).toEqual({ ok: false, reason: 'not_a_number' });
    }
  });

  it('never throws, whatever the text, and agrees with what JSON calls a number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), currency, (text, code) => {
        const read = parseMajorText({ text, currency: code });
        if (!read.ok && read.reason === 'not_a_number') return;
        expect(typeof JSON.parse(text)).toBe('number');
      })
    );
  });

  it('reads a hostile run of zeros in no time', () => {
    const text = `1${'0'.repeat(300_000)}1e-300000`;
    expect(parseMajorText({ text, currency: 'USD' })).toMatchObject({ ok: false });
  });
});

describe('adding', () => {
  it('is exact, and gives 0 for nothing', () => {
    expect(addMinor(10, 20, -5)).toBe(25);
    expect(addMinor()).toBe(0);
    expect(sumMinor([])).toBe(0);
    expect(Object.is(sumMinor([-0]), 0)).toBe(true);
  });

  it('agrees with counting in bigints', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (amounts) => {
        const oracle = amounts.reduce((sum, minor) => sum + BigInt(minor), 0n);
        expect(BigInt(sumMinor(amounts))).toBe(oracle);
      })
    );
  });

  it('refuses fractions and sums that can no longer be exact', () => {
    expect(() => addMinor(0.1, 0.2)).toThrow(RangeError);
    expect(() => sumMinor([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
    expect(() => assertMinor(Number.NaN)).toThrow(/whole number of minor units/);
    expect(() => multiplyMinor({ amountMinor: Number.MAX_SAFE_INTEGER, times: 2 })).toThrow(RangeError);
    expect(() => multiplyMinor({ amountMinor: 290, times: 0.5 })).toThrow(RangeError);
  });

  it('multiplies a unit price by pieces', () => {
    expect(multiplyMinor({ amountMinor: 290, times: 2 })).toBe(580);
    expect(Object.is(multiplyMinor({ amountMinor: -290, times: 0 }), 0)).toBe(true);
  });
});
