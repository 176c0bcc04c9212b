import { accept, refuse, type Answer } from './answer.ts';
import { numberText } from './amounts.ts';
import { integerOf, textOf } from './book-file.ts';
import { newTransNo, readOrder, type RequestFields } from './payment-desk.ts';
import { refundDueAt, refundFields, refundRowSql, type Counter } from './settle.ts';

/** `order.refund.submit` and `order.refund.query`. Everything due by now has been settled before a call. */
export class RefundDesk {
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  /**
   * Accepts a refund of a paid order; the money arrives some seconds later. Amounts ending in .66 meet an empty
   * merchant balance at the first asking, and nothing is created: the same number may ask again. Amounts ending in .67
   * are refused for good.
   */
  submit(fields: RequestFields): Answer {
    return this.#counter.file.transaction(() => this.#submit(fields));
  }

  #submit(fields: RequestFields): Answer {
    const { file, now } = this.#counter;
    const number = fields['merchant_order_no'] ?? '';
    const submits = number === '' ? 0 : this.#countSubmit(number);
    const order = readOrder(fields);
    if ('code' in order) return order;
    if (!file.row('SELECT 1 AS free FROM numbers WHERE number = ? AND used_by IS NULL', number)) {
      return refuse('SBX_DUPLICATE_NUMBER', 'merchant_order_no has been used before');
    }
    const orig = fields['orig_merchant_order_no'];
    const payment = orig
      ? file.row('SELECT * FROM payments WHERE number = ?', orig)
      : file.row('SELECT * FROM payments WHERE trans_no = ?', fields['orig_trans_no'] ?? '');
    if (!payment) return refuse('SBX_NOT_FOUND', 'The original order does not exist');
    if (integerOf(payment, 'status') !== 2) return refuse('SBX_FINAL', 'The original order is not paid');
    if (textOf(payment, 'currency') !== order.currency) {
      return refuse('SBX_BAD_PARAMETER', 'price_currency: not the original order’s');
    }
    const paymentNumber = textOf(payment, 'number');
    const taken = file.row(
      'SELECT coalesce(sum(amount_minor), 0) AS minor FROM refunds WHERE payment = ? AND status IN (0, 2)',
      paymentNumber
    );
    const takenMinor = taken ? integerOf(taken, 'minor') : 0;
    if (takenMinor + order.amountMinor > integerOf(payment, 'amount_minor')) {
      return refuse('SBX_BAD_PARAMETER', 'order_amount: all refunds together would be more than was paid');
    }
    if (order.amountMinor % 100 === 66 && submits === 1) {
      return refuse('SBX_BALANCE', 'The merchant’s balance is too low');
    }
    if (order.amountMinor % 100 === 67) {
      return refuse('SBX_BAD_PARAMETER', 'This wallet takes no money back');
    }
    const transNo = newTransNo(now());
    file.run("UPDATE numbers SET used_by = 'refund' WHERE number = ?", number);
    file.run(
      `INSERT INTO refunds (number, trans_no, payment, amount_minor, status, notify_url, created_at, due_at)
       VALUES (?, ?, ?, ?, 0, ?, ?, ?)`,
      number,
      transNo,
      paymentNumber,
      order.amountMinor,
      fields['notify_url'] ?? '',
      now(),
      refundDueAt(this.#counter)
    );
    return accept({
      trans_no: transNo,
      trans_amount: { number: numberText(order.amountMinor, order.currency) }
    });
  }

  #countSubmit(number: string): number {
    const row = this.#counter.file.row(
      `INSERT INTO numbers (number, refund_submits) VALUES (?, 1)
       ON CONFLICT DO UPDATE SET refund_submits = refund_submits + 1 RETURNING refund_submits`,
      number
    );
    return row ? integerOf(row, 'refund_submits') : 0;
  }

  /** A refund as it stands: 0 on its way, 2 arrived. */
  query(fields: RequestFields): Answer {
    const { file } = this.#counter;
    const number = fields['merchant_order_no'];
    const row = number
      ? file.row(`${refundRowSql} WHERE r.number = ?`, number)
      : file.row(`${refundRowSql} WHERE r.trans_no = ?`, fields['trans_no'] ?? '');
    return row ? accept(refundFields(row)) : refuse('SBX_NOT_FOUND', 'The refund does not exist');
  }
}
