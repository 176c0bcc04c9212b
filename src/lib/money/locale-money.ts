/**
 * Amounts as people read them. `Intl` supplies the signs and the grouping; the digits are never a float.
 */
import { currencyExponent } from './currency';
import { toMajorText, type Money } from './amount';

const formats = new Map<string, Intl.NumberFormat>();

/**
 * The amount as a person of that locale reads it: "$10.90", "10,90 €", "￥1,200".
 *
 * @param symbol whether the currency's sign is shown (the default); the decimals are always the currency's own.
 * @throws RangeError when the currency is unknown, the locale is malformed or the amount is not a safe integer.
 */
export function formatMoney({
  amountMinor,
  currency,
  locale,
  symbol = true
}: Money & { readonly locale: string; readonly symbol?: boolean }): string {
  const text = toMajorText({ amountMinor, currency });
  // never false for what toMajorText writes; the exact decimal text goes into Intl, so no digit is lost
  if (!isDecimalText(text)) throw new RangeError(`Not a decimal text: ${text}.`);
  return numberFormat({ locale, currency, display: symbol ? 'narrowSymbol' : 'none' }).format(text);
}

/** How the currency is written; `none`: not at all. */
export type CurrencyDisplay = 'narrowSymbol' | 'symbol' | 'code' | 'none';

/** A number format of this locale with the currency's own decimals; each is made once. */
export function numberFormat({
  locale,
  currency,
  display
}: {
  locale: string;
  currency: string;
  display: CurrencyDisplay;
}): Intl.NumberFormat {
  const key = `${locale} ${currency} ${display}`;
  const known = formats.get(key);
  if (known !== undefined) return known;

  const decimals = currencyExponent(currency);
  const base = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const made =
    display === 'none'
      ? new Intl.NumberFormat(locale, base)
      : new Intl.NumberFormat(locale, { ...base, style: 'currency', currency, currencyDisplay: display });
  formats.set(key, made); // making one costs far more than using it, and a screen shows hundreds of prices
  return made;
}

function isDecimalText(text: string): text is `${number}` {
  return /^-?[0-9]+(?:\.[0-9]+)?$/.test(text);
}
