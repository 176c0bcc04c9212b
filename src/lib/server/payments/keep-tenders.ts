/** The tenders of an order's events as rows of their own: what takings and drawers are counted from. */
import type { CardTendered, CashTendered, OrderEvent, TenderRemoved } from '$lib/order/events';
import type { LedgerTransaction } from '../ledger/ledger';
import { appendEvent } from './change-attempt';
import { counterTimeMs, shopDayOf, type ShopDays } from './counter-time';
import type { OrderRow } from './parts';
import { raiseTask } from './tasks';

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
      await takeBack({ ...options, event });
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
      business_day: shopDayOf({ atMs, shop }),
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
  readonly event: TenderRemoved;
  readonly shop: ShopDays;
  readonly now: number;
  readonly aheadMs?: number | undefined;
}): Promise<void> {
  const { trx, row, event, shop, now, aheadMs } = options;
  const { tenderId } = event;
  const atMs = counterTimeMs({ at: event.at, now, aheadMs });
  const removed = await trx
    .updateTable('tenders')
    .set({
      removed_at_ms: atMs,
      removed_day: shopDayOf({ atMs, shop }),
      removed_by: event.by.name,
      removed_why: event.why
    })
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
    actor: event.by.name,
    amount_minor: removed?.amount_minor ?? null,
    message: event.why
  });
  const returned = await trx
    .selectFrom('tender_returns')
    .select('staff_name')
    .where('tender_id', '=', tenderId)
    .executeTakeFirst();
  if (returned === undefined) return;
  const text = `${returned.staff_name} gave back money of this order, and ${event.by.name} took the same money back at the register: count the drawer, it may have been given twice`;
  await raiseTask(trx, {
    task: { kind: 'contradiction', text },
    id: tenderId,
    attemptId: null,
    orderId: row.id,
    now
  });
}
