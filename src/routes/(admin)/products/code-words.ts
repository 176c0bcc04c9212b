import { m } from '$lib/i18n/generated/messages.js';
import { problemOfBarcode } from '$lib/register/products-api';

/** What is wrong with a typed barcode, in words, and whether it must go from the screen; null: nothing. */
export function checkCode(text: string): { readonly words: string; readonly secret: boolean } | null {
  const problem = problemOfBarcode(text);
  if (problem === null) return null;
  switch (problem.reason) {
    case 'secret':
      return { words: m.products_code_secret(), secret: true };
    case 'check_digit':
      return { words: m.products_code_check_digit({ digit: problem.lastDigit }), secret: false };
    case 'shortened':
      return { words: m.products_code_shortened(), secret: false };
    case 'too_long':
      return { words: m.products_code_too_long(), secret: false };
    default:
      return { words: m.products_code_signs(), secret: false };
  }
}
