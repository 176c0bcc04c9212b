/**
 * Product numbers: GTIN-8, -12 (UPC-A), -13 (EAN-13), -14 and the short UPC-E. One number has several written forms, so
 * everything is compared as 14 digits with leading zeros.
 *
 * Source: GS1 General Specifications, check digit calculation and UPC-E zero suppression.
 */

/**
 * What eight digits without a symbology are. Both kinds have eight digits, start alike and carry a check digit; some
 * texts are valid as both.
 */
export type EightDigits = 'ean8' | 'upce';

/** Fourteen zeros have a good check digit and name nothing. */
const nothing = '0'.repeat(14);

/**
 * The check digit for digits that lack one: mod 10, weights 3 and 1 from the right.
 *
 * @param digits all digits before the check digit, for example 12 of an EAN-13.
 * @throws RangeError when the text is not one digit or more.
 */
export function gtinCheckDigit(digits: string): string {
  if (!/^[0-9]+$/.test(digits)) throw new RangeError('A check digit needs digits only.');
  let sum = 0;
  // for every barcode of a shop at every start: no list is made for it
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - fromRight) - 48;
    sum += fromRight % 2 === 0 ? digit * 3 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * Says whether a text is a GTIN as printed: 8, 12, 13 or 14 digits with the right check digit. A UPC-E counts only if it
 * happens to be right as a GTIN-8 too: see {@link expandUpcE}.
 */
export function isGtin(text: string): boolean {
  if (!/^(?:[0-9]{8}|[0-9]{12,14})$/.test(text)) return false;
  if (text.padStart(14, '0') === nothing) return false;
  return gtinCheckDigit(text.slice(0, -1)) === text.slice(-1);
}

/**
 * Any printed form as 14 digits, or null when it is no GTIN.
 *
 * Eight digits: the AIM identifier decides (`]E4` is EAN-8, `]E0` with eight digits is UPC-E); without one the setting
 * does (EAN-8 unless told otherwise); when only one of the two readings is valid, that one is taken.
 *
 * @param aim the symbology identifier, such as `]E0`, when the scanner sends one.
 * @param eightDigits what eight digits are in this shop.
 */
export function toGtin14({
  text,
  aim,
  eightDigits
}: {
  readonly text: string;
  readonly aim?: string | null | undefined;
  readonly eightDigits?: EightDigits | undefined;
}): string | null {
  return gtin14Readings({ text, aim, eightDigits })[0] ?? null;
}

/**
 * All readings of a text as 14 digits, the likeliest first: none, one, or two for eight digits that are valid both as
 * EAN-8 and as UPC-E and came without a symbology.
 */
export function gtin14Readings({
  text,
  aim,
  eightDigits = 'ean8'
}: {
  readonly text: string;
  readonly aim?: string | null | undefined;
  readonly eightDigits?: EightDigits | undefined;
}): readonly string[] {
  const asPrinted = isGtin(text) ? text.padStart(14, '0') : null;
  if (text.length !== 8) return present([asPrinted]);

  const asUpcE = expandUpcE(text)?.padStart(14, '0') ?? null;
  if (aim === ']E4') return present([asPrinted]);
  if (aim === ']E0') return present([asUpcE ?? asPrinted]);
  return present(eightDigits === 'upce' ? [asUpcE, asPrinted] : [asPrinted, asUpcE]);
}

/**
 * The UPC-A (12 digits) behind a UPC-E of eight digits: number system 0 or 1, six digits, check digit.
 *
 * @returns null when the text is no UPC-E; its check digit is that of the long form.
 */
export function expandUpcE(text: string): string | null {
  const match = /^([01])([0-9]{5})([0-9])([0-9])$/.exec(text);
  if (match === null) return null;
  const [, system = '', five = '', last = '', check = ''] = match;
  const body = system + expandSix(five, last);
  const long = body + check;
  return gtinCheckDigit(body) === check && long.padStart(14, '0') !== nothing ? long : null;
}

/** The last of the six digits says where the zeros were taken out. */
function expandSix(five: string, last: string): string {
  if (last <= '2') return `${five.slice(0, 2)}${last}0000${five.slice(2)}`;
  if (last === '3') return `${five.slice(0, 3)}00000${five.slice(3)}`;
  if (last === '4') return `${five.slice(0, 4)}00000${five.slice(4)}`;
  return `${five}0000${last}`;
}

function present(readings: ReadonlyArray<string | null>): readonly string[] {
  return readings.filter((reading) => reading !== null);
}
