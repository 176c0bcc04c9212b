/**
 * Recognises a shopper's payment code by its form. The table is for a hint and a guard only: the gateway decides whether
 * a code is good, and the raw text is what is sent.
 *
 * Sources: the documentation of Alipay, Alipay+ and WeChat Pay; EMV's consumer-presented QR, whose first bytes are
 * `85 05 "CPV01"`. What follows them is not checked: wallets issue codes whose inner lengths are wrong.
 */

/** A wallet, or family of wallets, as far as the form of a code tells. */
export type Wallet = 'Alipay' | 'Alipay+' | 'WeChat Pay' | 'UnionPay' | 'PayPay' | 'EMV QR';

/** What the form of a text says. */
export type PaymentCodeLooks =
  { readonly looksLike: true; readonly wallet: Wallet } | { readonly looksLike: false };

// The first match counts: 24 digits from 25 to 30 are Alipay+ as well as Alipay.
const forms: readonly { readonly wallet: Wallet; readonly form: RegExp }[] = [
  { wallet: 'EMV QR', form: /^hQVDUFYwM/ },
  { wallet: 'WeChat Pay', form: /^1[0-5]\d{16}$/ },
  { wallet: 'Alipay+', form: /^\d{24}$/ },
  { wallet: 'Alipay', form: /^(?:2[5-9]|30)\d{14,22}$/ },
  { wallet: 'UnionPay', form: /^62\d{17}$/ },
  { wallet: 'PayPay', form: /^(?:9000|3158)\d{12,16}$/ }
];

const merchantForms: readonly RegExp[] = [/^000201/, /^https:\/\/qr\.alipay\.com\//i, /^wxp:\/\//i];

/**
 * Says whether a text has the form of a shopper's payment code, and whose.
 *
 * @param text  a scan's text: without AIM identifier, prefix, suffix and terminator.
 */
export function recognisePaymentCode(text: string): PaymentCodeLooks {
  const found = forms.find(({ form }) => form.test(text));
  return found === undefined ? { looksLike: false } : { looksLike: true, wallet: found.wallet };
}

// Of each wallet whose codes of digits begin in a way of their own; Alipay+ begins with anything.
const lengths = [16, 18, 19];

/** Says whether more digits would make a payment code of these. */
export function beginsLikePaymentCode(text: string): boolean {
  return lengths.some((length) => recognisePaymentCode(text.padEnd(length, '0')).looksLike);
}

/**
 * Says whether a text is a code that a shop or a person shows in order to be paid. The shopper opened "Scan" or
 * "Receive" where "Pay" was needed: refuse it with that hint.
 */
export function merchantPresented(text: string): boolean {
  return merchantForms.some((form) => form.test(text));
}

// What is shorter tells nobody anything.
const shortestPiece = 8;
const digits = /^\d+$/;
// Small and capital letters together, or signs that no product's code has.
const base64 = /^(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z+/]+={0,2}$|^(?=.*[+/=])[0-9A-Za-z+/]+={0,2}$/;

/**
 * Says whether a text could be a piece of a payment code: a keyboard scan is broken in two where the machine hesitates.
 * Ask only about what is no valid product's code: half of a code of digits may well be one by chance.
 */
export function couldBePieceOfPaymentCode(text: string): boolean {
  return text.length >= shortestPiece && (digits.test(text) || base64.test(text));
}
