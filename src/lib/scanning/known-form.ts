/** Forms that no hand types by chance. They tell a slow scanner from a person, and the right reading from the wrong one. */
import { merchantPresented, recognisePaymentCode } from './payment-code';
import { productGtin } from './product-code';
import { splitAim, symbologyOf } from './scan';

// Register code, epoch where there was more than one, dash, sequence: T1-0042, T1.2-0042. The sequence has an upper bound,
// because a number is shown on screens: a payment code behind a stray "E-" is no order.
const orderNumberPattern = /^[A-Z][0-9A-Z]{0,3}(?:\.\d{1,4})?-\d{4,9}$/;

/** Says whether a text is an order's number as our receipts print it. */
export function isOrderNumber(text: string): boolean {
  return orderNumberPattern.test(text);
}

// No order's number: its register code has at most four characters. The rest is a secret of 80 random bits or more.
const staffBadgePattern = /^STAFF-[0-9A-HJKMNP-TV-Z]{16,40}$/;

/** Says whether a text is a person's badge. It opens a session, so it is as secret as a payment code. */
export function isStaffBadge(text: string): boolean {
  return staffBadgePattern.test(text);
}

/**
 * Says whether a text, with or without its AIM identifier, has a form that we know: an identifier of a known symbology,
 * a product's code, a payment code, a merchant's code, an order's number, or a badge.
 */
export function hasKnownForm(text: string): boolean {
  const { aim, text: code } = splitAim(text);
  if (code === '') return false;
  return (
    symbologyOf(aim) !== null ||
    productGtin({ text: code, aim }) !== null ||
    recognisePaymentCode(code).looksLike ||
    merchantPresented(code) ||
    isOrderNumber(code) ||
    isStaffBadge(code)
  );
}
