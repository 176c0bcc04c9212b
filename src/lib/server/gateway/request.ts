import type { KeyObject } from 'node:crypto';
import { isCurrency } from '$lib/money/currency';
import { toMajorText } from '$lib/money/money';
import { GatewayMisuse } from './errors';
import type { PaymentToSubmit, RefundToSubmit } from './port';
import { signText, stringToSign } from './sign';

/** What every request carries, from the configuration. */
export interface Identity {
  readonly appId: string;
  readonly merchantNo: string;
  readonly storeNo?: string;
  readonly terminalSn?: string;
  readonly payMethodId?: string;
  readonly notifyUrl?: string;
}

/** A request's fields; empty ones are left out when it is written. */
export type Fields = Readonly<Record<string, string | undefined>>;

/**
 * Writes a request: common fields, every value a JSON string, no empty field, signed.
 *
 * @param timestampMs milliseconds since 1970
 * @returns the JSON text to send
 * Source: the contract's "Common request fields" and "Signature".
 */
export async function writeRequest({
  method,
  fields,
  identity,
  timestampMs,
  key
}: {
  readonly method: string;
  readonly fields: Fields;
  readonly identity: Identity;
  readonly timestampMs: number;
  readonly key: KeyObject;
}): Promise<string> {
  const all: Fields = {
    app_id: identity.appId,
    method,
    format: 'JSON',
    charset: 'UTF-8',
    sign_type: 'RSA2',
    version: '1.0',
    timestamp: String(Math.trunc(timestampMs)),
    merchant_no: identity.merchantNo,
    ...fields
  };
  const sent: Array<[string, string]> = [];
  for (const [name, value] of Object.entries(all)) {
    // half a surrogate pair has no UTF-8 form: JSON and signature would then disagree
    if (value !== undefined && value !== '') sent.push([name, value.toWellFormed()]);
  }
  const sign = await signText({ text: stringToSign(sent), key });
  return JSON.stringify(Object.fromEntries([...sent, ['sign', sign]]));
}

/** Source: the contract's "bscanc.pay.submit". */
export function paymentFields(payment: PaymentToSubmit, identity: Identity): Fields {
  if (payment.paymentCode.trim() === '') throw new GatewayMisuse('The payment code is empty.');
  if (!Number.isSafeInteger(payment.expiresSeconds) || payment.expiresSeconds < 1) {
    throw new GatewayMisuse('The life of a payment must be a whole number of seconds.');
  }
  return {
    auth_code: payment.paymentCode,
    merchant_order_no: checkedNumber(payment.merchantOrderNo),
    price_currency: payment.currency,
    order_amount: checkedAmount(payment),
    pay_method_id: identity.payMethodId,
    description: payment.description,
    expires: String(payment.expiresSeconds),
    store_no: identity.storeNo,
    terminal_sn: identity.terminalSn,
    attach: payment.attach,
    notify_url: identity.notifyUrl
  };
}

/** Source: the contract's "order.refund.submit". */
export function refundFields(refund: RefundToSubmit, identity: Identity): Fields {
  return {
    orig_merchant_order_no: checkedNumber(refund.originalMerchantOrderNo),
    merchant_order_no: checkedNumber(refund.merchantOrderNo),
    price_currency: refund.currency,
    order_amount: checkedAmount(refund),
    description: refund.reason,
    notify_url: identity.notifyUrl
  };
}

/** Source: the contract's "order.query", "order.revoker" and "order.refund.query". */
export function numberFields(merchantOrderNo: string): Fields {
  return { merchant_order_no: checkedNumber(merchantOrderNo) };
}

function checkedNumber(merchantOrderNo: string): string {
  if (!/^[\x21-\x7e]{1,32}$/.test(merchantOrderNo)) {
    throw new GatewayMisuse('A merchant order number must be 1 to 32 printable ASCII characters.');
  }
  return merchantOrderNo;
}

function checkedAmount({ amountMinor, currency }: { amountMinor: number; currency: string }): string {
  if (!isCurrency(currency)) throw new GatewayMisuse('The currency is not an ISO 4217 code.');
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    throw new GatewayMisuse('An amount must be a positive whole number of minor units.');
  }
  return toMajorText({ amountMinor, currency });
}
