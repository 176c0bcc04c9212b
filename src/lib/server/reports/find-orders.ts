/** Finds orders by any number that a shopper can show: on our receipt, in the wallet, on a bank statement. */
import { sql } from 'kysely';
import type { OrderRow } from '$lib/wire/orders';
import type { LedgerConnection } from '../ledger/ledger';
import { readOrderRows } from './order-rows';

/** The same short number exists once per register and epoch; more than this nobody looks through. */
const mostFound = 50;

/**
 * Orders with this number, newest first: the order's own (`T1-0042`, `0042`, `42`), the payment's or refund's at the
 * gateway, the wallet's, the channel's, the bank's. Spaces do not matter, nor do lower case and a keyboard layout that
 * turns the dash into another sign.
 *
 * @param number as typed or scanned; never a payment code (money rule 10: the caller refuses those)
 */
export async function findOrders({
  db,
  number
}: {
  readonly db: LedgerConnection;
  readonly number: string;
}): Promise<OrderRow[]> {
  const text = number.replace(/\s/g, '');
  if (text === '') return [];
  const ids = new Set([
    ...(await byOrderNumber(db, text)),
    ...(await byPaymentNumber(db, text)),
    ...(await byRefundNumber(db, text))
  ]);
  const rows = await readOrderRows({ db, which: { orderIds: [...ids].slice(0, mostFound) } });
  return rows;
}

async function byOrderNumber(db: LedgerConnection, text: string): Promise<string[]> {
  const numbers = await orderNumbersMeant(db, text);
  if (numbers.length === 0) return [];
  const rows = await db
    .selectFrom('orders')
    .select('id')
    .where('number', 'in', numbers)
    .orderBy('received_at_ms', 'desc')
    .execute();
  return rows.map((row) => row.id);
}

/** `42` is asked of every register in all its epochs: exact numbers, so that the index answers. */
async function orderNumbersMeant(db: LedgerConnection, text: string): Promise<string[]> {
  const whole = /^([a-z][0-9a-z]{0,3}(?:[.,]\d+)?)[^0-9a-z]+(\d+)$/i.exec(text);
  if (whole !== null) {
    const [, code = '', sequence = ''] = whole;
    return [`${code.toUpperCase().replace(',', '.')}-${sequence.padStart(4, '0')}`];
  }
  if (!/^\d{1,9}$/.test(text)) return [];
  const sequence = text.replace(/^0+(?=\d)/, '').padStart(4, '0');
  return (await readEpochs(db)).map(({ code, epoch }) =>
    epoch === 1 ? `${code}-${sequence}` : `${code}.${epoch}-${sequence}`
  );
}

/** The epochs in which something was sold: enrolments may have passed over many, so nobody counts up to the newest. */
function readEpochs(db: LedgerConnection): Promise<{ code: string; epoch: number }[]> {
  return db
    .selectFrom('registers')
    .select(['code', 'epoch'])
    .union(db.selectFrom('registers').select(['code', sql<number>`1`.as('epoch')]))
    .union(
      db
        .selectFrom('register_tokens')
        .innerJoin('registers', 'registers.id', 'register_tokens.register_id')
        .select(['registers.code', 'register_tokens.epoch'])
    )
    .union(
      // Of a server that was restored from before: its registers told of their epochs since.
      db
        .selectFrom('journal_heads')
        .innerJoin('registers', 'registers.id', 'journal_heads.register_id')
        .select(['registers.code', 'journal_heads.epoch'])
    )
    .execute();
}

async function byPaymentNumber(db: LedgerConnection, text: string): Promise<string[]> {
  const upper = text.toUpperCase();
  const rows = await db
    .selectFrom('attempts')
    .select('order_id')
    .distinct()
    .where((where) =>
      where.or([
        where('merchant_order_no', '=', upper),
        where('trans_no', 'in', [text, upper]),
        where('pay_channel_trans_no', 'in', [text, upper]),
        where('pay_platform_trans_no', 'in', [text, upper]),
        where('ref_no', 'in', [text, upper])
      ])
    )
    .limit(mostFound)
    .execute();
  return rows.map((row) => row.order_id);
}

async function byRefundNumber(db: LedgerConnection, text: string): Promise<string[]> {
  const upper = text.toUpperCase();
  const rows = await db
    .selectFrom('refunds')
    .select('order_id')
    .distinct()
    .where((where) =>
      where.or([where('merchant_order_no', '=', upper), where('trans_no', 'in', [text, upper])])
    )
    .limit(mostFound)
    .execute();
  return rows.map((row) => row.order_id);
}
