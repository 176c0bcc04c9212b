/** The tenders of an order's events as rows of their own: what takings and drawers are counted from. */
import { businessDayOf } from '$lib/order/business-day';
import type { CardTendered, CashTendered, OrderEvent } from '$lib/order/events';
import type { LedgerTransaction } from '../ledger/ledger';
import { appendEvent } from './change-attempt';
import type { OrderRow } from './parts';

/** How a shop's days are cut, as its row says it. */
interface ShopDays {
  readonly time_zone: string;
  readonly day_starts_at_minute: number;
}

/** A register's clock is believed so far back: a tablet may come home with sales of a week. */
const believedBackMs = 14 * 24 * 60 * 60 * 1000;

/**
 * When something at a counter happened: by the register's clock, less what that is ahead, where that can be; else now.
 * Cash lies in the drawer of the day on which it was taken, whenever the server hears of it.
 */
export function counterTimeMs({
  at,
  now,
  aheadMs = 0
}: {
  readonly at: string;
  readonly now: number;
  /** How far the register's clock is ahead. */
  readonly aheadMs?: number | undefined;
}): number {
  const atMs = Date.parse(at) - aheadMs;
  return atMs <= now && atMs >= now - believedBackMs ? atMs : now;
}

/**
 * Writes what is new. The same events again change nothing.
 *
 * @returns how many tenders are new; not ok where a tender's id belongs to another order
 */
export async function keepTenders(options: {
  readonly trx: LedgerTransaction;
  readonly row: OrderRow;
  readonly events: readonly OrderEvent[];
  readonly registerId: string;
  readonly shop: ShopDays;
  readonly now: number;
  readonly aheadMs?: number | undefined;
}): Promise<{ readonly ok: true; readonly fresh: number } | { readonly ok: false }> {
  const { trx, row, events } = options;
  const relevant = events.filter(
    ({ kind }) => kind === 'cash_tendered' || kind === 'card_tendered' || kind === 'tender_removed'
  );
  if (relevant.length === 0) return { ok: true, fresh: 0 };
  const known = new Map(
    (
      await trx.selectFrom('tenders').select(['id', 'removed_at_ms']).where('order_id', '=', row.id).execute()
    ).map((tender) => [tender.id, tender.removed_at_ms !== null])
  );
  let fresh = 0;
  for (const event of relevant) {
    if (event.kind === 'tender_removed') {
      if (known.get(event.tenderId) === true) continue;
      await takeBack({ ...options, tenderId: event.tenderId, by: event.by.name, why: event.why });
      known.set(event.tenderId, true);
    } else if (event.kind === 'cash_tendered' || event.kind === 'card_tendered') {
      if (known.has(event.tenderId)) continue;
      if (!(await insert({ ...options, event }))) return { ok: false };
      known.set(event.tenderId, false);
      fresh += 1;
    }
  }
  return { ok: true, fresh };
}

async function insert(options: {
  readonly trx: LedgerTransaction;
  readonly row: OrderRow;
  readonly event: CashTendered | CardTendered;
  readonly registerId: string;
  readonly shop: ShopDays;
  readonly now: number;
  readonly aheadMs?: number | undefined;
}): Promise<boolean> {
  const { trx, row, event, registerId, shop, now, aheadMs } = options;
  const cash = event.kind === 'cash_tendered';
  const atMs = counterTimeMs({ at: event.at, now, aheadMs });
  const inserted = await trx
    .insertInto('tenders')
    .values({
      id: event.tenderId,
      order_id: row.id,
      register_id: registerId,
      kind: cash ? 'cash' : 'card',
      name: cash ? null : event.name,
      amount_minor: event.amountMinor,
      rounding_minor: cash ? event.roundingMinor : 0,
      given_minor: cash ? event.givenMinor : event.amountMinor,
      staff_id: event.by.staffId,
      staff_name: event.by.name,
      named_offline: event.by.offline ?? null,
      at_ms: atMs,
      business_day: businessDayOf({
        atMs,
        timeZone: shop.time_zone,
        dayStartsAtMinute: shop.day_starts_at_minute
      }),
      received_at_ms: now
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await appendEvent(trx, {
    at_ms: now,
    subject: 'order',
    subject_id: row.id,
    order_id: row.id,
    what: cash ? 'cash_taken' : 'card_noted',
    actor: event.by.name,
    amount_minor: event.amountMinor,
    code: event.by.offline === undefined ? null : `named_offline_${event.by.offline}`,
    message: cash ? null : event.name
  });
  return true;
}

async function takeBack(options: {
  readonly trx: LedgerTransaction;
  readonly row: OrderRow;
  readonly tenderId: string;
  readonly by: string;
  readonly why: string;
  readonly now: number;
}): Promise<void> {
  const { trx, row, tenderId, by, why, now } = options;
  const removed = await trx
    .updateTable('tenders')
    .set({ removed_at_ms: now, removed_by: by, removed_why: why })
    .where('id', '=', tenderId)
    .where('order_id', '=', row.id)
    .returning('amount_minor')
    .executeTakeFirst();
  await appendEvent(trx, {
    at_ms: now,
    subject: 'order',
    subject_id: row.id,
    order_id: row.id,
    what: 'tender_taken_back',
    actor: by,
    amount_minor: removed?.amount_minor ?? null,
    message: why
  });
}
