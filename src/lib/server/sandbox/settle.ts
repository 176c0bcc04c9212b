import { timeText, numberText } from './amounts.ts';
import { integerOf, integerOrNull, textOf, type BookFile, type Row } from './book-file.ts';
import { refundMs } from './outcomes.ts';
import type { Fields } from './signing.ts';

/** What every desk of the sandbox works with. */
export interface Counter {
  readonly file: BookFile;
  readonly appId: string;
  readonly merchantNo: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A duration at real speed → one at this sandbox's speed. */
  readonly scaled: (ms: number) => number;
}

const endings = {
  paid: { status: 2, errorCode: '', errorMsg: '' },
  refused: {
    status: 1,
    errorCode: 'SBX_SHOPPER_REFUSED',
    errorMsg: 'The shopper did not confirm the payment'
  },
  declined: { status: 1, errorCode: 'SBX_DECLINED', errorMsg: 'The wallet declined the payment' },
  expired: { status: 1, errorCode: 'SBX_EXPIRED', errorMsg: 'Not paid in time' }
} as const;

/** Why a wallet declines, by the outcome that was asked for; the usual words where it is not listed. */
const declines: Readonly<Record<string, { readonly errorCode: string; readonly errorMsg: string }>> = {
  wallet_not_taken: {
    errorCode: 'SBX_WALLET_NOT_TAKEN',
    errorMsg: 'The merchant does not accept this wallet'
  },
  suspects_repeat: { errorCode: 'SBX_REPEAT', errorMsg: 'The same amount was paid a moment ago' }
};

/** The fields of a payment that only a paid one has. */
function paidFields(row: Row): Fields {
  const currency = textOf(row, 'currency');
  const amountMinor = integerOf(row, 'amount_minor');
  const discountMinor = integerOf(row, 'discount_minor');
  const transNo = textOf(row, 'trans_no');
  const amount = (minor: number): { number: string } => ({ number: numberText(minor, currency) });
  return {
    // As the wallets' own numbers, too long to be taken for a payment code where somebody searches by it.
    pay_channel_trans_no: `2088${transNo.padStart(24, '0')}`,
    pay_platform_trans_no: `P${transNo}`,
    ref_no: transNo.slice(-12),
    pay_user_account_id: 'tra***@training',
    trans_amount: amount(amountMinor),
    paid_amount: amount(amountMinor - discountMinor),
    trans_fee_c: { number: '0' },
    discount_bmopc: { number: '0' },
    discount_bpc: amount(discountMinor),
    vat_amount: { number: '0' },
    settlement_currency: currency,
    settlement_trans_amount: amount(amountMinor),
    exchange_rate: { number: '1' }
  };
}

function endedAtText(row: Row): string {
  const at = integerOrNull(row, 'ended_at');
  return at === null ? '' : timeText(at);
}

/** What a submit answers with: no order number, asked amount or currency, as the contract says. */
export function submitFields(row: Row): Fields {
  const status = integerOf(row, 'status');
  return {
    trans_no: textOf(row, 'trans_no'),
    trans_status: { number: String(status) },
    ...(status === 2 ? { ...paidFields(row), trans_end_time: endedAtText(row) } : {})
  };
}

/** What a query of a payment answers with, and what its notification carries. */
export function paymentFields(counter: Counter, row: Row): Fields {
  const currency = textOf(row, 'currency');
  return {
    ...submitFields(row),
    trans_type: 'PAY',
    merchant_no: counter.merchantNo,
    merchant_order_no: textOf(row, 'number'),
    price_currency: currency,
    order_amount: { number: numberText(integerOf(row, 'amount_minor'), currency) },
    attach: textOf(row, 'attach'),
    store_no: textOf(row, 'store_no'),
    terminal_sn: textOf(row, 'terminal_sn'),
    pay_method_id: textOf(row, 'wallet'),
    trans_end_time: endedAtText(row),
    trans_error_code: textOf(row, 'error_code'),
    trans_error_msg: textOf(row, 'error_msg')
  };
}

/** What a query of a refund answers with. The row is a refund's, joined with its payment. */
export function refundFields(row: Row): Fields {
  const amount = { number: numberText(integerOf(row, 'amount_minor'), textOf(row, 'currency')) };
  return {
    trans_no: textOf(row, 'trans_no'),
    orig_trans_no: textOf(row, 'orig_trans_no'),
    trans_status: { number: String(integerOf(row, 'status')) },
    merchant_order_no: textOf(row, 'number'),
    order_amount: amount,
    trans_amount: amount,
    trans_end_time: endedAtText(row)
  };
}

export const refundRowSql = `SELECT r.*, p.currency, p.trans_no AS orig_trans_no
  FROM refunds r JOIN payments p ON p.number = r.payment`;

function notify(counter: Counter, o: { number: string; url: string; fields: Fields }): void {
  if (o.url === '') return;
  counter.file.run(
    'INSERT INTO webhooks (number, url, fields, next_at) VALUES (?, ?, ?, ?)',
    o.number,
    o.url,
    JSON.stringify({ ...o.fields, app_id: counter.appId, merchant_no: counter.merchantNo }),
    counter.now()
  );
}

export function paymentRow(counter: Counter, number: string): Row {
  const row = counter.file.row('SELECT * FROM payments WHERE number = ?', number);
  if (!row) throw new Error('A payment vanished from the sandbox book');
  return row;
}

/** Tells the shop how a payment stands now. Inside a transaction. */
export function notifyOfPayment(counter: Counter, number: string): void {
  const row = paymentRow(counter, number);
  notify(counter, { number, url: textOf(row, 'notify_url'), fields: paymentFields(counter, row) });
}

/** Ends an unpaid payment as it is due to end. Inside a transaction, and only for a row in status 0. */
export function endPayment(counter: Counter, row: Row): void {
  const number = textOf(row, 'number');
  const dueAs = textOf(row, 'due_as');
  const ending =
    dueAs === 'paid' || dueAs === 'refused' || dueAs === 'declined' ? endings[dueAs] : endings.expired;
  const why = dueAs === 'declined' ? (declines[textOf(row, 'outcome')] ?? ending) : ending;
  counter.file.run(
    `UPDATE payments SET status = ?, charges = charges + ?, error_code = ?, error_msg = ?, ended_at = ?
     WHERE number = ? AND status = 0`,
    ending.status,
    ending.status === 2 ? 1 : 0,
    why.errorCode,
    why.errorMsg,
    integerOf(row, 'due_at'),
    number
  );
  notifyOfPayment(counter, number);
}

function endRefund(counter: Counter, row: Row): void {
  const number = textOf(row, 'number');
  counter.file.run(
    'UPDATE refunds SET status = 2, ended_at = ? WHERE number = ? AND status = 0',
    integerOf(row, 'due_at'),
    number
  );
  const ended = counter.file.row(`${refundRowSql} WHERE r.number = ?`, number);
  if (!ended) throw new Error('A refund vanished from the sandbox book');
  notify(counter, {
    number,
    url: textOf(ended, 'notify_url'),
    fields: {
      ...refundFields(ended),
      trans_type: 'REFUND',
      orig_merchant_order_no: textOf(ended, 'payment'),
      price_currency: textOf(ended, 'currency')
    }
  });
}

const duePayments = 'SELECT * FROM payments WHERE status = 0 AND due_at <= ? ORDER BY due_at';
const dueRefunds = 'SELECT * FROM refunds WHERE status = 0 AND due_at <= ? ORDER BY due_at';

/** Lets happen what is due by now: shoppers confirm or refuse, orders expire, refunds arrive. */
export function settleDue(counter: Counter): void {
  const { file } = counter;
  const now = counter.now();
  if (!file.row(`${duePayments} LIMIT 1`, now) && !file.row(`${dueRefunds} LIMIT 1`, now)) return;
  file.transaction(() => {
    for (const row of file.rows(duePayments, now)) endPayment(counter, row);
    for (const row of file.rows(dueRefunds, now)) endRefund(counter, row);
  });
}

/** When the next thing is due that {@link settleDue} would do; `undefined` when nothing is. */
export function nextDueAt(counter: Counter): number | undefined {
  const row = counter.file.row(
    `SELECT min(at) AS at FROM (
       SELECT min(due_at) AS at FROM payments WHERE status = 0
       UNION ALL SELECT min(due_at) FROM refunds WHERE status = 0)`
  );
  return (row && integerOrNull(row, 'at')) ?? undefined;
}

/** When a refund that is accepted now will have arrived. */
export function refundDueAt(counter: Counter): number {
  return counter.now() + counter.scaled(refundMs);
}
