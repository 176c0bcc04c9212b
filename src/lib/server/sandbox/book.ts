import { BookFile, integerOf, integerOrNull, textOf, type Row } from './book-file.ts';

export type SandboxStatus = 'paying' | 'closed' | 'paid' | 'cancelled';

/** What the sandbox knows of one payment. All amounts in minor units of `currency`. */
export interface SandboxPayment {
  readonly merchantOrderNo: string;
  readonly transNo: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly status: SandboxStatus;
  readonly wallet: string;
  readonly outcome: string;
  /** How often the shopper was charged. More than one is a fault of the sandbox itself. */
  readonly charges: number;
  /** What left the shopper's wallet: the amount without the wallet's offer, 0 when not charged. */
  readonly paidMinor: number;
  /** Given back by refunds that ended well. */
  readonly refundedMinor: number;
  /** In refunds that are still on their way. */
  readonly refundingMinor: number;
  /** Given back by a cancel after the charge: all or nothing. */
  readonly reversedMinor: number;
  /** What the shop keeps: charged, less refunded, less reversed. The wallet's offers are paid to the shop. */
  readonly keptMinor: number;
  /** Why it was closed; empty otherwise. */
  readonly errorCode: string;
}

/** What the sandbox knows of one refund. */
export interface SandboxRefund {
  readonly merchantOrderNo: string;
  readonly transNo: string;
  readonly origMerchantOrderNo: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly status: 'refunding' | 'refunded';
}

/** One notification and how far it got. */
export interface SandboxWebhook {
  readonly merchantOrderNo: string;
  readonly url: string;
  readonly sends: number;
  readonly state: 'waiting' | 'delivered' | 'given_up';
}

/** Read access to what was really charged and given back: the truth that a ledger is compared with. */
export interface SandboxBook {
  /** Every order that was created, oldest first. */
  payments(): SandboxPayment[];
  payment(merchantOrderNo: string): SandboxPayment | undefined;
  refunds(): SandboxRefund[];
  refund(merchantOrderNo: string): SandboxRefund | undefined;
  webhooks(): SandboxWebhook[];
  /** How many well-signed requests asked payment with this number, those that created nothing too. */
  submits(merchantOrderNo: string): number;
  /** How many well-signed requests asked a refund with this number. */
  refundSubmits(merchantOrderNo: string): number;
}

const paymentSql = `
  SELECT p.*,
    (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment = p.number AND status = 2) AS refunded_minor,
    (SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE payment = p.number AND status = 0) AS refunding_minor
  FROM payments p`;
const refundSql = 'SELECT r.*, p.currency FROM refunds r JOIN payments p ON p.number = r.payment';

const statusNames: readonly SandboxStatus[] = ['paying', 'closed', 'paid', 'cancelled'];

function paymentOf(row: Row): SandboxPayment {
  const status = statusNames[integerOf(row, 'status')];
  if (!status) throw new Error("The sandbox's book holds a payment in no known status");
  const amountMinor = integerOf(row, 'amount_minor');
  const charges = integerOf(row, 'charges');
  const refundedMinor = integerOf(row, 'refunded_minor');
  const reversedMinor = integerOf(row, 'reversed_minor');
  return {
    merchantOrderNo: textOf(row, 'number'),
    transNo: textOf(row, 'trans_no'),
    currency: textOf(row, 'currency'),
    amountMinor,
    status,
    wallet: textOf(row, 'wallet'),
    outcome: textOf(row, 'outcome'),
    charges,
    paidMinor: charges * (amountMinor - integerOf(row, 'discount_minor')),
    refundedMinor,
    refundingMinor: integerOf(row, 'refunding_minor'),
    reversedMinor,
    keptMinor: charges * amountMinor - refundedMinor - reversedMinor,
    errorCode: textOf(row, 'error_code')
  };
}

function refundOf(row: Row): SandboxRefund {
  return {
    merchantOrderNo: textOf(row, 'number'),
    transNo: textOf(row, 'trans_no'),
    origMerchantOrderNo: textOf(row, 'payment'),
    currency: textOf(row, 'currency'),
    amountMinor: integerOf(row, 'amount_minor'),
    status: integerOf(row, 'status') === 2 ? 'refunded' : 'refunding'
  };
}

function webhookOf(row: Row): SandboxWebhook {
  const waiting = integerOrNull(row, 'next_at') !== null;
  return {
    merchantOrderNo: textOf(row, 'number'),
    url: textOf(row, 'url'),
    sends: integerOf(row, 'sends'),
    state: waiting ? 'waiting' : integerOrNull(row, 'delivered_at') === null ? 'given_up' : 'delivered'
  };
}

/**
 * The reading side of an open file.
 *
 * @param o.bringUpToDate called before every read, so that what is due by now has happened
 */
export function bookOf(o: { readonly file: BookFile; readonly bringUpToDate: () => void }): SandboxBook {
  const one = (sql: string, value: string): Row | undefined => {
    o.bringUpToDate();
    return o.file.row(sql, value);
  };
  const all = (sql: string): Row[] => {
    o.bringUpToDate();
    return o.file.rows(sql);
  };
  return {
    payments: () => all(`${paymentSql} ORDER BY p.rowid`).map(paymentOf),
    payment(merchantOrderNo) {
      const row = one(`${paymentSql} WHERE p.number = ?`, merchantOrderNo);
      return row && paymentOf(row);
    },
    refunds: () => all(`${refundSql} ORDER BY r.rowid`).map(refundOf),
    refund(merchantOrderNo) {
      const row = one(`${refundSql} WHERE r.number = ?`, merchantOrderNo);
      return row && refundOf(row);
    },
    webhooks: () => all('SELECT * FROM webhooks ORDER BY id').map(webhookOf),
    submits(merchantOrderNo) {
      const row = one('SELECT submits FROM numbers WHERE number = ?', merchantOrderNo);
      return row ? integerOf(row, 'submits') : 0;
    },
    refundSubmits(merchantOrderNo) {
      const row = one('SELECT refund_submits FROM numbers WHERE number = ?', merchantOrderNo);
      return row ? integerOf(row, 'refund_submits') : 0;
    }
  };
}

/**
 * Opens a book that a running sandbox in another process writes, to read only.
 *
 * @param o.bookPath the file; it must exist
 */
export function openSandboxBook(o: {
  readonly bookPath: string;
}): SandboxBook & { readonly close: () => void } {
  const file = new BookFile({ path: o.bookPath, readOnly: true });
  return { ...bookOf({ file, bringUpToDate: () => undefined }), close: () => file.close() };
}
