/** Codes as a scanner types them: products of the demo shop, and payment codes whose last digits choose the outcome. */
import { randomInt } from 'node:crypto';

/** Products of the demo shop that carry a barcode. Prices in cents. */
export const products = {
  cola: { code: '012345678905', name: 'Cola 330 ml', priceMinor: 220 },
  water: { code: '5901234123457', name: 'Sparkling water 500 ml', priceMinor: 190 },
  chocolate: { code: '3046920029759', name: 'Dark chocolate 70 %', priceMinor: 310 },
  gum: { code: '96385074', name: 'Chewing gum mint', priceMinor: 120 }
} as const;

/** No product of the demo shop has it, and no wallet either. */
export const unknownBarcode = '4006381333931';

/** What the sandbox does with a code, by its last two digits. */
export const outcomes = {
  paid: '00',
  paidWithOffer: '88',
  passwordThenPaid: '90',
  passwordThenRefused: '91',
  neverAnswers: '92',
  declined: '93',
  invalid: '94',
  answerLost: '95',
  slow: '96',
  errorCharged: '97',
  errorNotCharged: '98',
  badSignature: '99'
} as const;

/** A fresh payment code of the form of Alipay's, 18 digits. */
export function paymentCode(outcome: keyof typeof outcomes): string {
  const digits = Array.from({ length: 14 }, () => randomInt(10)).join('');
  return `28${digits}${outcomes[outcome]}`;
}
