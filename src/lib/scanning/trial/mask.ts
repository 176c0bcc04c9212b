/** What the test panel may show of a scan: a payment code and a badge are secrets there too. */
import { couldBePieceOfPaymentCode, recognisePaymentCode } from '../payment-code';
import { isStaffBadge } from '../known-form';

const dot = '•';

/** Says whether a text must not be shown: a payment code, a badge, or what could be a piece of one. */
export function isSecret(text: string): boolean {
  return (
    recognisePaymentCode(text).looksLike ||
    isStaffBadge(text) ||
    (couldBePieceOfPaymentCode(text) && text.length >= 14)
  );
}

/** A secret as dots, with its last four characters: as many as a receipt shows. */
export function masked(text: string): string {
  const shown = text.length > 8 ? text.slice(-4) : '';
  return dot.repeat(text.length - shown.length) + shown;
}
