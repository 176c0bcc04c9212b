import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMoney } from './locale-money';
import { parseMoney } from './typed-money';

const locales = [
  'en-US',
  'en-GB',
  'en-IN',
  'de-DE',
  'de-CH',
  'de-AT',
  'fr-FR',
  'fr-CH',
  'es-ES',
  'es-MX',
  'pt-BR',
  'pt-PT',
  'it-IT',
  'nl-NL',
  'sv-SE',
  'nb-NO',
  'da-DK',
  'fi-FI',
  'pl-PL',
  'cs-CZ',
  'hu-HU',
  'ru-RU',
  'uk-UA',
  'tr-TR',
  'el-GR',
  'he-IL',
  'ar-EG',
  'ar-SA',
  'ar-AE',
  'fa-IR',
  'hi-IN',
  'mr-IN',
  'ml-IN',
  'bn-BD',
  'th-TH',
  'vi-VN',
  'id-ID',
  'ms-MY',
  'ja-JP',
  'ko-KR',
  'zh-CN',
  'zh-TW',
  'zh-HK',
  'my-MM',
  'ne-NP',
  'sl-SI',
  'lt-LT',
  'et-EE',
  'bg-BG'
];
const currencies = [
  'USD',
  'EUR',
  'GBP',
  'CHF',
  'JPY',
  'KRW',
  'CNY',
  'HKD',
  'KWD',
  'INR',
  'SEK',
  'DKK',
  'PLN',
  'PEN',
  'IQD',
  'CLF',
  'THB',
  'ISK'
];

describe('an amount for people', () => {
  it('looks as the locale writes it', () => {
    const us = { currency: 'USD', locale: 'en-US' };
    expect(formatMoney({ amountMinor: 1090, ...us })).toBe('$10.90');
    expect(formatMoney({ amountMinor: 380, ...us, symbol: false })).toBe('3.80');
    expect(formatMoney({ amountMinor: -123456, ...us })).toBe('-$1,234.56');
    expect(formatMoney({ amountMinor: 1090, currency: 'EUR', locale: 'de-DE' })).toBe('10,90\u00a0€');
    expect(formatMoney({ amountMinor: 1200, currency: 'KRW', locale: 'en-US' })).toBe('₩1,200');
  });

  it('shows the decimals of ISO even where the runtime would hide them', () => {
    const iraqi = formatMoney({ amountMinor: 1500, currency: 'IQD', locale: 'en-US', symbol: false });
    expect(iraqi).toBe('1.500');
  });

  it('keeps every digit of the largest amount', () => {
    const text = formatMoney({ amountMinor: Number.MAX_SAFE_INTEGER, currency: 'USD', locale: 'en-US' });
    expect(text).toBe('$90,071,992,547,409.91');
  });

  it.each(locales)(
    'comes back from its own text in %s, for many currencies, with sign and without',
    (locale) => {
      fc.assert(
        fc.property(
          fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1_000_000, max: 1_000_000 })),
          fc.constantFrom(...currencies),
          fc.boolean(),
          (amountMinor, currency, symbol) => {
            const text = formatMoney({ amountMinor, currency, locale, symbol });
            expect(parseMoney({ text, currency, locale }), text).toEqual({
              ok: true,
              amountMinor: amountMinor + 0
            });
          }
        ),
        { numRuns: 60 }
      );
    }
  );
});

describe('an amount that a person types', () => {
  const read = (text: string, locale: string, currency = 'EUR') => parseMoney({ text, currency, locale });
  const ok = (amountMinor: number) => ({ ok: true, amountMinor });
  const no = (reason: string) => ({ ok: false, reason });

  it('may be short', () => {
    expect(read('3', 'de-DE')).toEqual(ok(300));
    expect(read('3,5', 'de-DE')).toEqual(ok(350));
    expect(read(',5', 'de-DE')).toEqual(ok(50));
    expect(read('3.', 'en-US')).toEqual(ok(300));
    expect(read(' 007.50 ', 'en-US')).toEqual(ok(750));
  });

  it('may be grouped, by the habit of the place, spaces or apostrophes', () => {
    expect(read('1.234,50', 'de-DE')).toEqual(ok(123_450));
    expect(read('1,234.50', 'en-US')).toEqual(ok(123_450));
    expect(read('1 234,50', 'fr-FR')).toEqual(ok(123_450));
    expect(read("1'234.50", 'de-CH')).toEqual(ok(123_450));
    expect(read('12,34,567', 'en-IN', 'INR')).toEqual(ok(123_456_700));
    expect(read('1.234', 'de-DE')).toEqual(ok(123_400));
  });

  it('may have a sign or a code of the currency, on either side', () => {
    expect(read('€ 3,50', 'de-DE')).toEqual(ok(350));
    expect(read('3,50 EUR', 'de-DE')).toEqual(ok(350));
    expect(read('-€3.50', 'en-US')).toEqual(ok(-350));
    expect(read('€-3.50', 'en-US')).toEqual(ok(-350));
    expect(read('−3.50', 'en-US')).toEqual(ok(-350));
    expect(read('3.50-', 'en-US')).toEqual(ok(-350));
  });

  it('may come from a number pad with the other decimal sign, when it can be nothing else', () => {
    expect(read('2.90', 'de-DE')).toEqual(ok(290));
    expect(read('2,90', 'en-US')).toEqual(ok(290));
    expect(read('2.9', 'fr-FR')).toEqual(ok(290));
  });

  it('may be in the digits of the place, or in Arabic-Indic and full-width ones', () => {
    expect(read('١٬٢٣٤٫٥٠', 'ar-EG', 'EGP')).toEqual(ok(123_450));
    expect(read('١٢٫٥', 'en-US', 'USD')).toEqual(ok(1250));
    expect(read('۱۲٫۵', 'fa-IR', 'USD')).toEqual(ok(1250));
    expect(read('１２．５０', 'ja-JP', 'USD')).toEqual(ok(1250));
  });

  it('is refused when it is finer than the currency, extra zeros included', () => {
    expect(read('3,500', 'de-DE')).toEqual(no('too_many_decimals'));
    expect(read('3.505', 'en-US')).toEqual(no('too_many_decimals'));
    expect(read('1.5', 'ja-JP', 'JPY')).toEqual(no('too_many_decimals'));
  });

  it('is refused when the grouping is not at thousands', () => {
    for (const text of [
      '12,34,567',
      '1,2345',
      ',123',
      '1,,234',
      '1234,567',
      '1,234,56',
      '1 2',
      '1,234 567'
    ]) {
      expect(read(text, 'en-US'), text).toEqual(no('not_a_number'));
    }
    expect(read('1,234.50', 'de-DE')).toEqual(no('not_a_number'));
  });

  it('is refused when it is no amount', () => {
    for (const text of [
      '',
      ' ',
      '-',
      '.',
      '€',
      'abc',
      '1e3',
      '1.2.3',
      '3€50',
      '--1',
      '1-2',
      '½',
      '0x1',
      '$3',
      '9'.repeat(101)
    ]) {
      expect(read(text, 'en-US'), text).toEqual(no('not_a_number'));
    }
    expect(read('9'.repeat(30), 'en-US')).toEqual(no('too_large'));
  });

  it('never makes a reading throw', () => {
    const scrap = fc.string({ unit: fc.constantFrom(..."0123456789.,-−  '’€$٫٬٣E()½x"), maxLength: 12 });
    fc.assert(
      fc.property(scrap, fc.constantFrom(...locales), (text, locale) => {
        const result = read(text, locale);
        if (result.ok) expect(Number.isSafeInteger(result.amountMinor)).toBe(true);
      })
    );
  });
});
