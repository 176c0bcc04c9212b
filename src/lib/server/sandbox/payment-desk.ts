import { randomInt } from 'node:crypto';
import { accept, refuse, type Answer, type Reply } from './answer.ts';
import { minorOfText } from './amounts.ts';
import { integerOf, textOf, type Row } from './book-file.ts';
import {
  defaultExpiresSeconds,
  outcomeOfCode,
  planOf,
  walletOfCode,
  type SandboxOutcome,
  type SandboxPlan
} from './outcomes.ts';
import {
  endPayment,
  notifyOfPayment,
  paymentFields,
  paymentRow,
  submitFields,
  type Counter
} from './settle.ts';

/** A request's fields, already known to be strings and signed by the app. */
export type RequestFields = Readonly<Record<string, string>>;

/** More than this in minor units is over the limit of every training wallet. */
const limitMinor = 99_999_999;

const numberShape = /^[A-Za-z0-9_-]{1,32}$/;

/** A new transaction number: digits, the time first, so that it sorts; the book's UNIQUE key has the last word. */
export function newTransNo(now: number): string {
  return `90${now}${String(randomInt(1_000_000)).padStart(6, '0')}`;
}

/** What is wrong with the fields that a payment and a refund share, or the amount in minor units. */
export function readOrder(fields: RequestFields): { amountMinor: number; currency: string } | Answer {
  const currency = fields['price_currency'] ?? '';
  if (!numberShape.test(fields['merchant_order_no'] ?? '')) {
    return refuse('SBX_BAD_PARAMETER', 'merchant_order_no: 1 to 32 letters, digits, - or _');
  }
  if (!/^[A-Z]{3}$/.test(currency)) return refuse('SBX_BAD_PARAMETER', 'price_currency: an ISO 4217 code');
  const amountMinor = minorOfText(fields['order_amount'] ?? '', currency);
  if (amountMinor === undefined) {
    return refuse('SBX_BAD_PARAMETER', `order_amount: more than 0, in ${currency} with its decimals`);
  }
  if (!isNotifyUrl(fields['notify_url'])) return refuse('SBX_BAD_PARAMETER', 'notify_url: an http address');
  return { amountMinor, currency };
}

function isNotifyUrl(text: string | undefined): boolean {
  return text === undefined || text === '' || (/^https?:/.test(text) && URL.canParse(text));
}

function expiresMs(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return defaultExpiresSeconds * 1000;
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) * 1000 : undefined;
}

/** `bscanc.pay.submit`, `order.query` and `order.revoker`. Everything due by now has been settled before a call. */
export class PaymentDesk {
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  /**
   * Asks for payment. One number can ask once: whatever the first asking came to, created or not, a second one is
   * `SBX_DUPLICATE_NUMBER` and charges nothing.
   *
   * @param pretended plays this instead of what the code's ending says
   */
  submit(fields: RequestFields, pretended?: SandboxOutcome): Reply {
    const number = fields['merchant_order_no'] ?? '';
    return this.#counter.file.transaction(() => {
      if (number !== '') this.#countSubmit(number);
      const order = readOrder(fields);
      if ('code' in order) return { how: 'signed', answer: order };
      const lifeMs = expiresMs(fields['expires']);
      const code = fields['auth_code'] ?? '';
      if (lifeMs === undefined)
        return refused('SBX_BAD_PARAMETER', 'expires: whole seconds, fewer than 100000');
      if (code === '') return refused('SBX_BAD_PARAMETER', 'auth_code is missing');
      if (!this.#claim(number))
        return refused('SBX_DUPLICATE_NUMBER', 'merchant_order_no has been used before');
      if (order.amountMinor > limitMinor)
        return refused('SBX_AMOUNT_LIMIT', 'order_amount is over the limit');

      const outcome = pretended ?? outcomeOfCode(code);
      const plan = planOf(outcome);
      if (!plan) {
        return outcome === 'invalid_code'
          ? refused('SBX_INVALID_CODE', 'Not a valid payment code')
          : refused('SBX_SYSTEM', 'System error');
      }
      this.#create({ fields, number, ...order, code, outcome, plan, lifeMs });
      return this.#reply(number, outcome, plan);
    });
  }

  #countSubmit(number: string): void {
    this.#counter.file.run(
      'INSERT INTO numbers (number, submits) VALUES (?, 1) ON CONFLICT DO UPDATE SET submits = submits + 1',
      number
    );
  }

  #claim(number: string): boolean {
    const { file } = this.#counter;
    if (!file.row('SELECT 1 AS free FROM numbers WHERE number = ? AND used_by IS NULL', number)) return false;
    file.run("UPDATE numbers SET used_by = 'payment' WHERE number = ?", number);
    return true;
  }

  #create(o: {
    fields: RequestFields;
    number: string;
    amountMinor: number;
    currency: string;
    code: string;
    outcome: SandboxOutcome;
    plan: SandboxPlan;
    lifeMs: number;
  }): void {
    const { file, now, scaled } = this.#counter;
    const at = now();
    const expiresAt = at + scaled(o.lifeMs);
    const endsAt = at + (o.plan.afterMs === 0 ? 0 : scaled(o.plan.afterMs));
    const endsItself = o.plan.ends !== 'never' && endsAt < expiresAt;
    file.run(
      `INSERT INTO payments (number, trans_no, currency, amount_minor, discount_minor, outcome, wallet, status,
         attach, store_no, terminal_sn, notify_url, created_at, due_at, due_as)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)`,
      o.number,
      newTransNo(at),
      o.currency,
      o.amountMinor,
      o.outcome === 'paid_with_offer' ? Math.floor(o.amountMinor / 10) : 0,
      o.outcome,
      o.fields['pay_method_id'] || walletOfCode(o.code),
      o.fields['attach'] ?? '',
      o.fields['store_no'] ?? '',
      o.fields['terminal_sn'] ?? '',
      o.fields['notify_url'] ?? '',
      at,
      endsItself ? endsAt : expiresAt,
      endsItself ? o.plan.ends : 'expired'
    );
    if (endsItself && o.plan.afterMs === 0) endPayment(this.#counter, paymentRow(this.#counter, o.number));
  }

  #reply(number: string, outcome: SandboxOutcome, plan: SandboxPlan): Reply {
    const counter = this.#counter;
    const answer = (): Answer => accept(submitFields(paymentRow(counter, number)));
    switch (outcome) {
      case 'answer_lost':
        return { how: 'reset' };
      case 'system_error_charged':
        return refused('SBX_SYSTEM', 'System error');
      case 'bad_signature':
        return { how: 'badly_signed', answer: answer() };
      case 'slow':
        return { how: 'late', afterMs: counter.scaled(plan.afterMs), answer };
      default:
        return { how: 'signed', answer: answer() };
    }
  }

  /** A payment as it stands. After a refund in full it still says 2: the refunds tell the rest. */
  query(fields: RequestFields): Answer {
    const row = this.#find(fields);
    return row
      ? accept(paymentFields(this.#counter, row))
      : refuse('SBX_NOT_FOUND', 'The order does not exist');
  }

  #find(fields: RequestFields): Row | undefined {
    const { file } = this.#counter;
    const number = fields['merchant_order_no'];
    return number
      ? file.row('SELECT * FROM payments WHERE number = ?', number)
      : file.row('SELECT * FROM payments WHERE trans_no = ?', fields['trans_no'] ?? '');
  }

  /**
   * Cancels: an unpaid order is shut, a paid one is given back to the shopper; both end in status 3 and may be
   * cancelled again. While the submit itself is not answered yet (a slow one) the cancel is `SBX_BUSY`.
   */
  cancel(fields: RequestFields): Answer {
    const { file, now } = this.#counter;
    return file.transaction(() => {
      const number = fields['merchant_order_no'] ?? '';
      const row = file.row('SELECT * FROM payments WHERE number = ?', number);
      if (!row) return refuse('SBX_NOT_FOUND', 'The order does not exist');
      const status = integerOf(row, 'status');
      if (status === 3) return accept();
      if (status === 1) return refuse('SBX_FINAL', 'The order is closed');
      if (status === 0 && textOf(row, 'outcome') === 'slow') {
        return refuse('SBX_BUSY', 'The payment is in progress');
      }
      if (file.row('SELECT 1 AS one FROM refunds WHERE payment = ?', number)) {
        return refuse('SBX_FINAL', 'The order has been refunded');
      }
      file.run(
        'UPDATE payments SET status = 3, ended_at = ?, reversed_minor = charges * amount_minor WHERE number = ?',
        now(),
        number
      );
      notifyOfPayment(this.#counter, number);
      return accept();
    });
  }
}

function refused(...reason: Parameters<typeof refuse>): Reply {
  return { how: 'signed', answer: refuse(...reason) };
}
