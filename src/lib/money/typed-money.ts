/**
 * Amounts as people type them, read by the habits of their locale. Apart from `locale-money.ts`, because a screen that only
 * shows prices need not load it.
 */
import { currencyExponent } from './currency';
import { parseMajorText, type MoneyParsed } from './amount';
import { numberFormat, type CurrencyDisplay } from './locale-money';

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

const marks = new Map<string, Marks>();

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
  const displays: readonly CurrencyDisplay[] = ['symbol', 'narrowSymbol', 'code'];
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
