/**
 * What the sandbox plays: the last two digits of a payment code choose how the shopper and the network behave.
 *
 *   00–89 paid at once (88 with a wallet's offer)    95 charged, the answer lost
 *   90 password, then paid                           96 paid, but the answer takes 8 s
 *   91 password, then refused                        97 "system error", charged
 *   92 password, the shopper never answers           98 "system error", nothing created
 *   93 declined at once                              99 charged, the answer badly signed
 *   94 invalid code                                  EMV text: paid at once
 *
 * Two rare reasons for 93 have the four digits before it: 770193 the shop cannot take this wallet, 770293 the wallet
 * suspects that the same is paid twice.
 */

/** How a payment goes, by name. */
export type SandboxOutcome =
  | 'paid'
  | 'paid_with_offer'
  | 'password_then_paid'
  | 'password_then_refused'
  | 'password_no_answer'
  | 'declined'
  | 'wallet_not_taken'
  | 'suspects_repeat'
  | 'invalid_code'
  | 'answer_lost'
  | 'slow'
  | 'system_error_charged'
  | 'system_error_not_charged'
  | 'bad_signature';

/** How an order that was created ends when nobody interferes, and after how many milliseconds at real speed. */
export interface SandboxPlan {
  readonly ends: 'paid' | 'refused' | 'declined' | 'never';
  readonly afterMs: number;
}

const passwordMs = 6_000;
const slowMs = 8_000;

/** At real speed: how long the shopper's bank takes to give money back. */
export const refundMs = 3_000;

/** Seconds an unpaid order lives when the request does not say. */
export const defaultExpiresSeconds = 120;

const plans: Readonly<Record<SandboxOutcome, SandboxPlan | undefined>> = {
  paid: { ends: 'paid', afterMs: 0 },
  paid_with_offer: { ends: 'paid', afterMs: 0 },
  password_then_paid: { ends: 'paid', afterMs: passwordMs },
  password_then_refused: { ends: 'refused', afterMs: passwordMs },
  password_no_answer: { ends: 'never', afterMs: 0 },
  declined: { ends: 'declined', afterMs: 0 },
  wallet_not_taken: { ends: 'declined', afterMs: 0 },
  suspects_repeat: { ends: 'declined', afterMs: 0 },
  invalid_code: undefined,
  answer_lost: { ends: 'paid', afterMs: 0 },
  slow: { ends: 'paid', afterMs: slowMs },
  system_error_charged: { ends: 'paid', afterMs: 0 },
  system_error_not_charged: undefined,
  bad_signature: { ends: 'paid', afterMs: 0 }
};

const endings: Readonly<Record<string, SandboxOutcome>> = {
  '88': 'paid_with_offer',
  '90': 'password_then_paid',
  '91': 'password_then_refused',
  '92': 'password_no_answer',
  '93': 'declined',
  '94': 'invalid_code',
  '95': 'answer_lost',
  '96': 'slow',
  '97': 'system_error_charged',
  '98': 'system_error_not_charged',
  '99': 'bad_signature'
};

const rareEndings: Readonly<Record<string, SandboxOutcome>> = {
  '770193': 'wallet_not_taken',
  '770293': 'suspects_repeat'
};

/** Base64 of the tag, length and text that open every EMVCo customer-presented payload. */
const emvPrefix = 'hQVDUFYwM';

/** The plan of an outcome; `undefined` where no order is created at all. */
export function planOf(outcome: SandboxOutcome): SandboxPlan | undefined {
  return plans[outcome];
}

/** The outcome that a payment code asks for; text that is no payment code is `invalid_code`. */
export function outcomeOfCode(code: string): SandboxOutcome {
  if (code.startsWith(emvPrefix)) return 'paid';
  if (!/^\d{10,32}$/.test(code)) return 'invalid_code';
  return rareEndings[code.slice(-6)] ?? endings[code.slice(-2)] ?? 'paid';
}

/** The wallet that a payment code seems to belong to, as `pay_method_id` names it; `QR` where it does not tell. */
export function walletOfCode(code: string): string {
  if (/^(?:2[5-9]|30)\d/.test(code)) return 'Alipay';
  if (/^1[0-5]\d/.test(code)) return 'WeChatPay';
  if (/^62\d/.test(code)) return 'UnionPay';
  if (/^9000\d/.test(code)) return 'PayPay';
  return 'QR';
}
