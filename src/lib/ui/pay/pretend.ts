/**
 * Training: codes that look like Alipay's and end in the two digits by which the built-in gateway chooses its outcome.
 */
import { m } from '$lib/i18n/generated/messages.js';

export interface PretendedShopper {
  /** The last two digits of the code. */
  readonly outcome: string;
  readonly text: () => string;
}

export const pretendedShoppers: readonly PretendedShopper[] = [
  { outcome: '00', text: m.pay_pretend_at_once },
  { outcome: '88', text: m.pay_pretend_offer },
  { outcome: '90', text: m.pay_pretend_password },
  { outcome: '91', text: m.pay_pretend_wrong_password },
  { outcome: '92', text: m.pay_pretend_never },
  { outcome: '93', text: m.pay_pretend_declined },
  { outcome: '94', text: m.pay_pretend_out_of_date },
  { outcome: '95', text: m.pay_pretend_lost },
  { outcome: '96', text: m.pay_pretend_slow },
  { outcome: '97', text: m.pay_pretend_error_charged },
  { outcome: '98', text: m.pay_pretend_error_not_charged },
  { outcome: '99', text: m.pay_pretend_bad_signature }
];

/**
 * A fresh code of 18 digits: `28`, 14 random digits, the outcome.
 *
 * @param digits gives 14 random digits; injected, so that a test knows them.
 */
export function pretendedCode({
  outcome,
  digits
}: {
  readonly outcome: string;
  readonly digits: () => string;
}): string {
  return `28${digits()}${outcome}`;
}

/** 14 digits from the browser's own randomness. */
export function randomDigits(): string {
  return [...crypto.getRandomValues(new Uint32Array(14))].map((number) => number % 10).join('');
}
