/** Rows as the ledger would hold them after a day of sales, at times of the test's choosing. */
import type { Insertable } from 'kysely';
import { businessDayOf } from '$lib/order/business-day';
import type { Ledger } from '../ledger/ledger';
import type { AttemptsTable, RefundsTable } from '../ledger/schema';
import { newId, orderEvents } from '../payments/shop.fixture';

export const dayRule = { timeZone: 'Europe/Berlin', dayStartsAtMinute: 240 };

export function at(iso: string): number {
  return new Date(iso).getTime();
}

export interface Sale {
  readonly orderId: string;
  readonly attemptId: string;
  readonly number: string;
}

/** An order with one attempt, confirmed (or as `attempt` says) at a moment. */
export async function addSale({
  ledger,
  atMs,
  amountMinor = 900,
  attempt = {}
}: {
  ledger: Ledger;
  atMs: number;
  amountMinor?: number;
  attempt?: Partial<Insertable<AttemptsTable>>;
}): Promise<Sale> {
  const { orderId, events } = orderEvents();
  const [opened] = events;
  const number = opened?.kind === 'order_opened' ? opened.number : '';
  await ledger.db
    .insertInto('orders')
    .values({
      id: orderId,
      number,
      register_id: 'register-1',
      register_code: 'T1',
      epoch: 1,
      staff_id: 'staff-1',
      staff_name: 'Rosa Marin',
      business_day: businessDayOf({ atMs, ...dayRule }),
      revision: events.length,
      events: JSON.stringify(events),
      total_minor: amountMinor,
      tax_minor: 0,
      currency: 'USD',
      what: 'americano, 2 × croissant',
      given_free: 0,
      cleared: 0,
      received_at_ms: atMs,
      updated_at_ms: atMs
    })
    .execute();
  const attemptId = newId();
  await ledger.db
    .insertInto('attempts')
    .values({
      id: attemptId,
      order_id: orderId,
      order_revision: events.length,
      merchant_order_no: `T${attemptId.toUpperCase()}`,
      register_id: 'register-1',
      staff_id: 'staff-1',
      amount_minor: amountMinor,
      currency: 'USD',
      state: 'succeeded',
      version: 4,
      request_digest: '',
      code_digest: '',
      code_last4: '0000',
      code_seen_before: 0,
      created_at_ms: atMs,
      submitted_at_ms: atMs,
      cancel_standing: 'none',
      not_found_late: 0,
      gateway_reachable: 1,
      ended_at_ms: atMs,
      wallet: 'Alipay',
      offer_by_merchant_minor: 0,
      offer_by_channel_minor: 0,
      ...attempt
    })
    .execute();
  return { orderId, attemptId, number };
}

/** A refund of a sale that ended well at a moment. */
export async function addRefund({
  ledger,
  sale,
  atMs,
  amountMinor,
  refund = {}
}: {
  ledger: Ledger;
  sale: Sale;
  atMs: number;
  amountMinor: number;
  refund?: Partial<Insertable<RefundsTable>>;
}): Promise<void> {
  const id = newId();
  await ledger.db
    .insertInto('refunds')
    .values({
      id,
      attempt_id: sale.attemptId,
      order_id: sale.orderId,
      merchant_order_no: `T${id.toUpperCase()}`,
      amount_minor: amountMinor,
      currency: 'USD',
      reason: 'Broken',
      lines: '[]',
      state: 'succeeded',
      version: 3,
      staff_id: 'admin',
      staff_name: 'Ada Okafor',
      created_at_ms: atMs,
      ended_at_ms: atMs,
      business_day: businessDayOf({ atMs, ...dayRule }),
      ...refund
    })
    .execute();
}
