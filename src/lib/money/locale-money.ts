/**
 * Amounts as people read and type them. `Intl` supplies the signs and the grouping; the digits are never a float.
 */
import { currencyExponent } from './currency';
import { parseMajorText, toMajorText, type Money, type MoneyParsed } from './amount';

/** The marks of one locale, cleaned the same way as the text that is compared with them. */
interface Marks {
  readonly decimals: readonly string[];
  readonly groups: readonly string[];
  /** Digits in a group that is neither first nor last: 3, in India 2, or both where money is grouped otherwise. */
  readonly middleGroupSizes: readonly number[];
  /** What `Intl` writes for the currency there: symbol, narrow symbol, code. Longest first. */
  readonly currencyTexts: readonly string[];
  /** From the locale's own digit to ASCII. */
  readonly digits: ReadonlyMap<string, string>;
}

const formats = new Map<string, Intl.NumberFormat>();
const marks = new Map<string, Marks>();

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

/**
 * Reads an amount that a person typed, by the habits of a locale: its decimal sign, grouping by its own sign, spaces or
 * apostrophes, its digits or Latin ones, a currency sign before or after, a minus before or after.
 *
 * Careful where a slip would cost money: grouping must sit at thousands; more decimals than the currency has are
 * refused, zeros too ("3,500" typed in German is 3.500, which may have been meant as 3500). One exception helps number
 * pads: a lone "." or "," that can't be grouping, because one or two digits follow it, is a decimal sign ("2.90" typed
 * in German).
 *
 * @returns minor units, or why the text is no amount of this currency.
 * @throws RangeError when the currency is unknown or the locale is malformed.
 */
export function parseMoney({
  text,
  currency,
  locale
}: {
  readonly text: string;
  readonly currency: string;
  readonly locale: string;
}): MoneyParsed {
  const exponent = currencyExponent(currency);
  const local = marksOf({ locale, currency });
  const notANumber = { ok: false, reason: 'not_a_number' } as const;
  if (text.length > 100) return notANumber;

  const { body, negative } = withoutSign(withoutCurrency(clean(text), local));
  const latin = [...body].map((char) => local.digits.get(char) ?? otherDigit(char) ?? char).join('');
  const split = splitAtDecimal(latin, local);
  if (split === null) return notANumber;

  const whole = ungroup(split.whole, local);
  if (whole === null || !/^[0-9]*$/.test(split.fraction)) return notANumber;
  if (whole === '' && split.fraction === '') return notANumber;
  if (split.fraction.length > exponent) return { ok: false, reason: 'too_many_decimals' };

  const major = `${whole.replace(/^0+(?=.)/, '') || '0'}.${split.fraction.padEnd(1, '0')}`;
  return parseMajorText({ text: (negative ? '-' : '') + major, currency });
}

type Display = 'narrowSymbol' | 'symbol' | 'code' | 'none';

function numberFormat({
  locale,
  currency,
  display
}: {
  locale: string;
  currency: string;
  display: Display;
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

function marksOf({ locale, currency }: { locale: string; currency: string }): Marks {
  const key = `${locale} ${currency}`;
  const known = marks.get(key);
  if (known !== undefined) return known;

  // Austria and Switzerland write amounts with other signs than plain numbers, and both kinds get typed
  const decimal = { minimumFractionDigits: 1 };
  const plain = numberFormat({ locale, currency, display: 'none' }).formatToParts(-12345678);
  const priced = numberFormat({ locale, currency, display: 'symbol' }).formatToParts(-12345678);
  const parts = [
    ...plain,
    ...priced,
    ...new Intl.NumberFormat(locale, decimal).formatToParts(0),
    ...new Intl.NumberFormat(locale, { ...decimal, style: 'currency', currency }).formatToParts(0)
  ];
  const signsOf = (type: string): string[] =>
    parts.filter((part) => part.type === type).map((part) => clean(part.value));
  const groups = signsOf('group');
  const displays: readonly Display[] = ['symbol', 'narrowSymbol', 'code'];
  const currencyTexts = displays.flatMap((display) =>
    numberFormat({ locale, currency, display })
      .formatToParts(0)
      .filter((part) => part.type === 'currency')
      .map((part) => clean(part.value))
  );
  const ungrouped = new Intl.NumberFormat(locale, { useGrouping: false });
  const made: Marks = {
    decimals: signsOf('decimal').filter((sign) => !groups.includes(sign)),
    groups,
    middleGroupSizes: [plain, priced].map(middleGroupSize),
    currencyTexts: [...new Set([...currencyTexts, currency])].sort((a, b) => b.length - a.length),
    digits: new Map([...'0123456789'].map((digit) => [clean(ungrouped.format(Number(digit))), digit]))
  };
  marks.set(key, made);
  return made;
}

function middleGroupSize(parts: readonly Intl.NumberFormatPart[]): number {
  return parts.filter((part) => part.type === 'integer').at(-2)?.value.length === 2 ? 2 : 3;
}

/** Full-width and no-break forms become plain ones; marks of writing direction go; one kind of minus. */
function clean(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u061C\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, '')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/\s/gu, ' ')
    .trim();
}

function withoutCurrency(text: string, { currencyTexts }: Marks): string {
  for (const sign of currencyTexts) {
    const at = text.indexOf(sign);
    if (at === -1) continue;
    const before = text.slice(0, at).trim();
    const after = text.slice(at + sign.length).trim();
    // a sign between digits ("3€50") is nobody's format here
    if ((before === '' || before === '-') && after !== '') return before + after;
    if (after === '' || after === '-') return before + after;
  }
  return text;
}

function withoutSign(text: string): { body: string; negative: boolean } {
  if (text.startsWith('-')) return { body: text.slice(1).trim(), negative: true };
  if (text.endsWith('-')) return { body: text.slice(0, -1).trim(), negative: true };
  return { body: text, negative: false };
}

/** Arabic-Indic and eastern Arabic-Indic digits are typed in locales whose default digits are Latin, too. */
function otherDigit(char: string): string | null {
  const code = char.codePointAt(0) ?? 0;
  if (code >= 0x0660 && code <= 0x0669) return String(code - 0x0660);
  if (code >= 0x06f0 && code <= 0x06f9) return String(code - 0x06f0);
  return null;
}

function splitAtDecimal(text: string, { decimals }: Marks): { whole: string; fraction: string } | null {
  const arabicDecimal = '\u066B';
  const sign = [arabicDecimal, ...decimals].find((mark) => text.includes(mark));
  const pieces = sign === undefined ? [text] : text.split(sign);
  if (pieces.length > 2) return null;
  const [whole = '', fraction] = pieces;
  if (fraction !== undefined) return { whole, fraction };

  const lone = /^([0-9]+)[.,]([0-9]{1,2})$/.exec(text);
  if (lone !== null) return { whole: lone[1] ?? '', fraction: lone[2] ?? '' };
  return { whole, fraction: '' };
}

/** The digits of a whole part, or null when its separators are not grouping. */
function ungroup(text: string, { groups, middleGroupSizes }: Marks): string | null {
  if (/^[0-9]*$/.test(text)) return text;
  const separators = new Set([...text].filter((char) => !/[0-9]/.test(char)));
  const [separator] = separators;
  if (separators.size !== 1 || separator === undefined) return null;
  if (!groups.includes(separator) && !/[ '\u2019\u066C]/u.test(separator)) return null;

  const pieces = text.split(separator);
  const [first = '', ...rest] = pieces;
  const last = rest.pop() ?? '';
  const placed = middleGroupSizes.some(
    (size) => first.length >= 1 && first.length <= size && rest.every((part) => part.length === size)
  );
  return placed && last.length === 3 ? pieces.join('') : null;
}
