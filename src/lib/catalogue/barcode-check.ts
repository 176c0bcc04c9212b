/** Barcodes as people type and paste them: checked before they are kept, because a wrong one sells the wrong thing. */
import { gtinCheckDigit, isGtin, toGtin14 } from './gtin';

/** The longest code that a product may have: a GS1 Code 128 carries at most 48 characters. */
export const longestBarcode = 48;

export type BarcodeCheck =
  | {
      readonly ok: true;
      /** As it is kept: 14 digits for a GTIN, else the text itself. */
      readonly code: string;
    }
  | {
      readonly ok: false;
      readonly reason: 'empty' | 'too_long' | 'characters' | 'shortened' | 'check_digit';
      /** With `check_digit`: the digits with the right one at the end. */
      readonly expected?: string;
    };

/**
 * Reads one barcode. Eight, twelve, thirteen and fourteen digits are GTINs and must end with the right check digit; any
 * other text without spaces is a code of the shop's own.
 *
 * `shortened`: a spreadsheet has turned the number into `4.00638E+12`, and its last digits are gone.
 */
export function checkBarcode(typed: string): BarcodeCheck {
  const trimmed = typed.trim();
  // as printed in books and on cartons: 978-3-16-148410-0
  const joined = trimmed.replace(/[\s-]/g, '');
  const text = /^[0-9]+$/.test(joined) ? joined : trimmed;
  if (text === '') return { ok: false, reason: 'empty' };
  if (text.length > longestBarcode) return { ok: false, reason: 'too_long' };
  if (/^[0-9](?:[.,][0-9]+)?E\+?[0-9]+$/i.test(text)) return { ok: false, reason: 'shortened' };
  if (!/^[\x21-\x7e]+$/.test(text)) return { ok: false, reason: 'characters' };
  if (!/^(?:[0-9]{8}|[0-9]{12,14})$/.test(text)) return { ok: true, code: text };
  const gtin = toGtin14({ text });
  if (gtin !== null) return { ok: true, code: gtin };
  const body = text.slice(0, -1);
  return { ok: false, reason: 'check_digit', expected: body + gtinCheckDigit(body) };
}

/** A kept code as it is printed under the bars: a GTIN without the zeros in front that fill it up to 14 digits. */
export function printedBarcode(code: string): string {
  if (code.length !== 14 || !isGtin(code)) return code;
  const zeros = /^0*/.exec(code)?.[0].length ?? 0;
  if (zeros >= 6) return code.slice(6);
  if (zeros >= 2) return code.slice(2);
  return zeros === 1 ? code.slice(1) : code;
}
