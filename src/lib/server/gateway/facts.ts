import { isCurrency } from '$lib/money/currency';
import { parseMajorText } from '$lib/money/money';
import { memberText } from './envelope';
import type { PaymentFacts, RefundFacts, RefundTaken, TransStatus } from './port';
import { readRawObject, type RawObject } from './raw-json';
import { withoutSecret } from './secret';

/** What reading `data` gives; `problem` is in our own words and goes into the evidence of an `odd_shape`. */
export type FactsRead<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const statuses: ReadonlyMap<string, TransStatus> = new Map([
  ['9', 'created'],
  ['0', 'paying'],
  ['1', 'closed'],
  ['2', 'succeeded'],
  ['3', 'cancelled']
]);

/** The name of a `trans_status`, or null for one that the contract does not have. */
export function statusOf(text: string | null): TransStatus | null {
  return text === null ? null : (statuses.get(text) ?? null);
}

/**
 * A payment, from the `data` of a submit or a query.
 *
 * @param askedCurrency what the amounts are in where the answer does not say: the request's, for a submit's answer
 * @param secret the payment code, which no fact may repeat
 * Source: the contract's "bscanc.pay.submit" and "order.query".
 */
export function readPaymentFacts({
  dataText,
  askedCurrency,
  secret
}: {
  readonly dataText: string | null;
  readonly askedCurrency: string | null;
  readonly secret?: string;
}): FactsRead<PaymentFacts> {
  return withStatus(dataText, (raw, status) => {
    const members = withoutSecretMembers(raw, secret);
    const shared = readPaymentMembers(members, askedCurrency);
    return shared.ok
      ? {
          ok: true,
          value: { status, merchantOrderNo: memberText(members, 'merchant_order_no'), ...shared.value }
        }
      : shared;
  });
}

/**
 * A payment's members but for status and number: shared by answers and webhooks.
 */
export function readPaymentMembers(
  members: RawObject,
  askedCurrency: string | null
): FactsRead<Omit<PaymentFacts, 'status' | 'merchantOrderNo'>> {
  const text = (name: string): string | null => memberText(members, name);
  const amounts = amountReader(members, askedCurrency);
  if (!amounts.ok) return amounts;
  const { currency, orderAmountMinor, amount } = amounts.value;
  return {
    ok: true,
    value: {
      currency,
      orderAmountMinor,
      merchantNo: text('merchant_no'),
      appId: text('app_id'),
      attach: text('attach'),
      transNo: text('trans_no'),
      payChannelTransNo: text('pay_channel_trans_no'),
      payPlatformTransNo: text('pay_platform_trans_no'),
      refNo: text('ref_no'),
      payMethodId: text('pay_method_id'),
      payUserAccountId: text('pay_user_account_id'),
      paidAmountMinor: amount('paid_amount'),
      transAmountMinor: amount('trans_amount'),
      discountByMerchantMinor: amount('discount_bmopc'),
      discountByChannelMinor: amount('discount_bpc'),
      transEndTime: utcTime(text('trans_end_time')),
      errorCode: text('trans_error_code'),
      errorMessage: text('trans_error_msg')
    }
  };
}

/**
 * A refund, from the `data` of its query.
 *
 * @param askedCurrency the refund's own currency, because the answer has none
 * Source: the contract's "order.refund.query".
 */
export function readRefundFacts({
  dataText,
  askedCurrency
}: {
  readonly dataText: string | null;
  readonly askedCurrency: string | null;
}): FactsRead<RefundFacts> {
  return withStatus(dataText, (members, status) => {
    const text = (name: string): string | null => memberText(members, name);
    const amounts = amountReader(members, askedCurrency);
    if (!amounts.ok) return amounts;
    const { currency, orderAmountMinor, amount } = amounts.value;
    return {
      ok: true,
      value: {
        status,
        merchantOrderNo: text('merchant_order_no'),
        transNo: text('trans_no'),
        origTransNo: text('orig_trans_no'),
        currency,
        orderAmountMinor,
        transAmountMinor: amount('trans_amount'),
        transEndTime: utcTime(text('trans_end_time')),
        errorCode: text('trans_error_code'),
        errorMessage: text('trans_error_msg')
      }
    };
  });
}

/**
 * A refund that was taken on, from the `data` of its submit. It may be missing: the query decides anyway.
 *
 * Source: the contract's "order.refund.submit".
 */
export function readRefundTaken({
  dataText,
  askedCurrency
}: {
  readonly dataText: string | null;
  readonly askedCurrency: string;
}): FactsRead<RefundTaken> {
  if (dataText === null) return { ok: true, value: { transNo: null, transAmountMinor: null } };
  const read = readRawObject(dataText);
  if (!read.ok) return { ok: false, problem: `data: ${read.problem}` };
  const amounts = amountReader(read.members, askedCurrency);
  if (!amounts.ok) return amounts;
  return {
    ok: true,
    value: {
      transNo: memberText(read.members, 'trans_no'),
      transAmountMinor: amounts.value.amount('trans_amount')
    }
  };
}

function withoutSecretMembers(members: RawObject, secret: string | undefined): RawObject {
  return new Map(
    [...members].map(([name, { kind, text }]) => [name, { kind, text: withoutSecret({ text, secret }) }])
  );
}

function withStatus<T>(
  dataText: string | null,
  read: (members: RawObject, status: TransStatus) => FactsRead<T>
): FactsRead<T> {
  if (dataText === null) return { ok: false, problem: 'success without data' };
  const raw = readRawObject(dataText);
  if (!raw.ok) return { ok: false, problem: `data: ${raw.problem}` };
  const statusText = memberText(raw.members, 'trans_status');
  const status = statusOf(statusText);
  if (status === null)
    return { ok: false, problem: statusText === null ? 'no trans_status' : 'new trans_status' };
  return read(raw.members, status);
}

interface Amounts {
  /** As the answer says; null where it does not. */
  readonly currency: string | null;
  readonly orderAmountMinor: number | null;
  readonly amount: (name: string) => number | null;
}

/**
 * Amounts are read from their source text, never through a float. Only the asked amount decides about money, so only it
 * makes the answer odd when it cannot be read; a strange discount must not keep a paid order open.
 */
function amountReader(members: RawObject, askedCurrency: string | null): FactsRead<Amounts> {
  const currency = memberText(members, 'price_currency');
  const countedIn = currency ?? askedCurrency;
  if (countedIn !== null && !isCurrency(countedIn)) return { ok: false, problem: 'unknown price_currency' };
  const amount = (name: string): number | null => {
    const text = memberText(members, name);
    if (text === null || countedIn === null) return null;
    const parsed = parseMajorText({ text, currency: countedIn });
    return parsed.ok && parsed.amountMinor >= 0 ? parsed.amountMinor : null;
  };
  const orderAmountMinor = amount('order_amount');
  const given = members.get('order_amount');
  const isGiven = given !== undefined && given.text !== null && given.text !== '';
  if (isGiven && countedIn !== null && orderAmountMinor === null)
    return { ok: false, problem: 'unreadable order_amount' };
  return { ok: true, value: { currency, orderAmountMinor, amount } };
}

/** `2026-11-23 12:48:51`, UTC, as ISO 8601; null where it is no such moment ("0000-00-00 00:00:00"). */
function utcTime(text: string | null): string | null {
  const match = text === null ? null : /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(text);
  if (!match) return null;
  const iso = `${match[1]}T${match[2]}.000Z`;
  const moment = new Date(iso);
  // a 30 February would roll over into March: then the text is no moment
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === iso ? iso : null;
}
