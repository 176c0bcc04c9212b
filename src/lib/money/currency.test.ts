import { describe, expect, it } from 'vitest';
import { currencyCodes, currencyExponent, isCurrency } from './currency';

describe('currencies', () => {
  it('have the decimals of ISO 4217', () => {
    expect(currencyExponent('USD')).toBe(2);
    expect(currencyExponent('JPY')).toBe(0);
    expect(currencyExponent('KWD')).toBe(3);
    expect(currencyExponent('CLF')).toBe(4);
  });

  it('follow ISO and not cash habits where the two differ', () => {
    expect(currencyExponent('IQD')).toBe(3);
    expect(currencyExponent('HUF')).toBe(2);
    expect(currencyExponent('ISK')).toBe(0);
  });

  it('are refused with a clear sentence when unknown, instead of guessing two decimals', () => {
    expect(() => currencyExponent('usd')).toThrow(/Unknown currency "usd"/);
    expect(() => currencyExponent('')).toThrow(RangeError);
    expect(() => currencyExponent('XAU')).toThrow(RangeError);
    expect(isCurrency('constructor')).toBe(false);
  });

  it('are listed once each, as three capitals', () => {
    expect(new Set(currencyCodes).size).toBe(currencyCodes.length);
    expect(currencyCodes.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(currencyCodes.every(isCurrency)).toBe(true);
    expect(currencyCodes.length).toBeGreaterThan(160);
  });

  it('include those of the places where wallets are used most', () => {
    const missing = [
      'USD',
      'EUR',
      'GBP',
      'CNY',
      'HKD',
      'SGD',
      'THB',
      'MYR',
      'IDR',
      'PHP',
      'KRW',
      'VND',
      'XCG'
    ].filter((code) => !isCurrency(code));
    expect(missing).toEqual([]);
  });
});
