/**
 * Orders as the journals tell of them, in the same table as those that the register sent itself. What was paid stays
 * what it was; what the counter recorded counts as recorded, and what does not add up is put before a person.
 */
import type { Insertable } from 'kysely';
import * as v from 'valibot';
import { canonicalJson } from '$lib/chain/canonical-json';
import { isNamedOffline, type OrderEvent } from '$lib/order/events';
import { applyEvent, openOrder, type Order } from '$lib/order/order';
import { summariseOrder } from '$lib/order/summary';
import { tenderedMinor } from '$lib/order/tenders';
import { computeTotals } from '$lib/order/totals';
import { openAttemptStates } from '$lib/payment/states';
import { orderEventSchema } from '$lib/wire/order-events';
import type { LedgerTransaction } from '../ledger/ledger';
import type { OrdersTable } from '../ledger/schema';
import { raiseSurplus } from '../payments/after-end';
import { appendEvent } from '../payments/change-attempt';
import { counterDay } from '../payments/counter-time';
import { keepTenders } from '../payments/keep-tenders';
import type { OrderRow } from '../payments/parts';
import { readKnownFromCheckpoints } from './holes';
import type { JournalSender } from './journal-sender';
import type { ReadEntry } from './read-batch';

type ShopRow = { currency: string; time_zone: string; day_starts_at_minute: number };

/** One order's events in the journal so far. */
interface Telling {
  readonly orderId: string;
  readonly events: OrderEvent[];
  /** Null before it is opened. */
  order: Order | null;
  /** From an event on that can't be read or applied the rest is kept, and not folded. */
  broken: boolean;
  /** The last entry of this batch that belongs to it. */
  last: ReadEntry;
}

/** What of a batch changed, and what of it must be looked at: by the entry's number. */
export interface OrdersTold {
  readonly changed: readonly string[];
  readonly questions: ReadonlyMap<number, string>;
  /** The total of each told order after the events up to a revision, for what was asked of the shopper. */
  totalAt(orderId: string, revision: number): number | null;
}

/**
 * Folds the order events of a batch onto what the journal had told before, and stores the orders.
 *
 * @param options.fresh the entries that are new here, in order
 * @param options.now the ledger's clock
 * @param options.aheadMs how far the register's clock is ahead of it
 */
export async function tellOrders(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  fresh: readonly ReadEntry[];
  now: number;
  aheadMs: number;
}): Promise<OrdersTold> {
  const { trx, sender, fresh, now, aheadMs } = options;
  const shop = await trx
    .selectFrom('shop')
    .select(['currency', 'time_zone', 'day_starts_at_minute'])
    .executeTakeFirstOrThrow();
  const questions = new Map<number, string>();
  const tellings = await readTellings({ trx, sender, fresh });
  for (const read of fresh) {
    if (read.entry.kind !== 'order_event') continue;
    const telling = read.entry.orderId === null ? undefined : tellings.get(read.entry.orderId);
    if (telling === undefined) {
      questions.set(read.entry.seq, 'an event of no order');
      continue;
    }
    const question = addEvent(telling, read.entry.body) ?? (await whyOdd({ trx, sender, shop, telling }));
    if (question !== null) questions.set(read.entry.seq, question);
  }
  const changed: string[] = [];
  for (const telling of tellings.values()) {
    const told = await storeTelling({ trx, sender, shop, telling, now, aheadMs });
    if (told === 'changed') changed.push(telling.orderId);
    else if (told !== 'same') questions.set(telling.last.entry.seq, told);
  }
  return {
    changed,
    questions,
    totalAt(orderId, revision) {
      const events = tellings.get(orderId)?.events.slice(0, revision) ?? [];
      const order = events.length === revision ? foldKnown(events) : null;
      return order === null ? null : computeTotals(order).totalMinor;
    }
  };
}

async function readTellings(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  fresh: readonly ReadEntry[];
}): Promise<Map<string, Telling>> {
  const { trx, sender, fresh } = options;
  const last = new Map<string, ReadEntry>();
  for (const read of fresh) if (read.entry.orderId !== null) last.set(read.entry.orderId, read);
  if (last.size === 0) return new Map();
  const rows = await trx
    .selectFrom('journal_entries')
    .select(['order_id', 'epoch', 'seq', 'raw'])
    .where('order_id', 'in', [...last.keys()])
    .where('register_id', '=', sender.registerId)
    .where('kind', '=', 'order_event')
    .orderBy('epoch')
    .orderBy('seq')
    .execute();
  const tellings = new Map(
    [...last].map(([orderId, read]): [string, Telling] => [
      orderId,
      { orderId, events: [], order: null, broken: false, last: read }
    ])
  );
  const known = await readKnownFromCheckpoints(trx, sender.registerId);
  for (const telling of tellings.values()) {
    for (const event of known.get(telling.orderId)?.events ?? []) addEvent(telling, event);
  }
  for (const row of rows) {
    const telling = tellings.get(row.order_id ?? '');
    if (telling === undefined) continue;
    const before = known.get(telling.orderId);
    // told by the checkpoint already
    if (
      before !== undefined &&
      (row.epoch < before.epoch || (row.epoch === before.epoch && row.seq <= before.seq))
    )
      continue;
    const entry: unknown = JSON.parse(row.raw);
    const body = typeof entry === 'object' && entry !== null && 'body' in entry ? entry.body : null;
    addEvent(telling, body);
  }
  return tellings;
}

/** @returns what is wrong with it, or null */
function addEvent(telling: Telling, body: unknown): string | null {
  if (telling.broken) return 'it follows an event that does not fit';
  const parsed = v.safeParse(orderEventSchema, body);
  if (!parsed.success) {
    telling.broken = true;
    return 'an event that this version of Till does not know';
  }
  const event: OrderEvent = parsed.output;
  if (telling.order === null) {
    if (event.kind !== 'order_opened' || event.orderId !== telling.orderId) {
      telling.broken = true;
      return 'an event of an order that never began';
    }
    telling.order = openOrder(event);
  } else {
    const applied = applyEvent(telling.order, event);
    if (!applied.ok) {
      telling.broken = true;
      return `an event that does not fit its order (${applied.reason})`;
    }
    telling.order = applied.order;
  }
  telling.events.push(event);
  return null;
}

/** Rules that an event may break without its order falling apart. */
async function whyOdd(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  shop: ShopRow;
  telling: Telling;
}): Promise<string | null> {
  const { trx, sender, shop, telling } = options;
  const event = telling.events.at(-1);
  if (event?.kind === 'order_opened') {
    if (event.currency !== shop.currency) return `an order in ${event.currency}`;
    if (!isNumberOf({ number: event.number, code: sender.code, epoch: event.epoch })) {
      return `the number ${event.number} is not one of ${sender.code}`;
    }
  }
  if (event?.kind !== 'line_added') return null;
  const price = await trx
    .selectFrom('price_versions')
    .select('price_minor')
    .where('id', '=', event.priceVersionId)
    .where('product_id', '=', event.productId)
    .executeTakeFirst();
  if (price === undefined) return `${event.name} is not in the catalogue at this price`;
  return price.price_minor === event.unitPriceMinor
    ? null
    : `${event.name} has another price in the catalogue`;
}

/** Stores the order as the journal tells it. @returns `same`, `changed`, or what must be looked at */
async function storeTelling(options: {
  trx: LedgerTransaction;
  sender: JournalSender;
  shop: ShopRow;
  telling: Telling;
  now: number;
  aheadMs: number;
}): Promise<string> {
  const { trx, sender, shop, telling, now, aheadMs } = options;
  const { order, events, orderId } = telling;
  const opened = events[0];
  if (order === null || opened?.kind !== 'order_opened' || order.currency !== shop.currency) return 'same';
  const before = await trx
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  const totals = computeTotals(order);
  const content = {
    revision: events.length,
    events: JSON.stringify(events),
    total_minor: totals.totalMinor,
    tax_minor: totals.taxMinor,
    what: summariseOrder({ order }),
    given_free: order.givenFree ? 1 : 0,
    cleared: order.cleared ? 1 : 0,
    tendered_minor: tenderedMinor(order),
    named_offline: isNamedOffline(events) ? 1 : 0,
    updated_at_ms: now
  };
  if (before !== undefined) {
    const standing = compareEvents(before.events, events);
    if (standing === 'differs') return 'the server keeps another course of this order';
    if (standing === 'known') return 'same';
    if (content.total_minor !== before.total_minor && (await isHeld(trx, before))) {
      return 'the order was changed after money was asked for it';
    }
    const row = await trx
      .updateTable('orders')
      .set(content)
      .where('id', '=', orderId)
      .returningAll()
      .executeTakeFirstOrThrow();
    return keepMoney(row);
  }
  const namesake = await trx
    .selectFrom('orders')
    .select('id')
    .where('number', '=', opened.number)
    .executeTakeFirst();
  if (namesake !== undefined) return `the number ${opened.number} belongs to another order`;
  const values: Insertable<OrdersTable> = {
    ...content,
    id: orderId,
    number: opened.number,
    register_id: sender.registerId,
    register_code: sender.code,
    epoch: opened.epoch,
    staff_id: opened.by.staffId,
    staff_name: opened.by.name,
    business_day: counterDay({ at: opened.at, shop, now, aheadMs }),
    currency: shop.currency,
    received_at_ms: now
  };
  const inserted = await trx.insertInto('orders').values(values).returningAll().executeTakeFirstOrThrow();
  await appendEvent(trx, {
    at_ms: now,
    subject: 'order',
    subject_id: orderId,
    order_id: orderId,
    what: 'order_received',
    actor: opened.by.name,
    amount_minor: totals.totalMinor
  });
  return keepMoney(inserted);

  /** Cash and other machines' cards count by the counter's own word. */
  async function keepMoney(row: OrderRow): Promise<string> {
    const { registerId } = sender;
    const kept = await keepTenders({ trx, row, events, registerId, shop, now, aheadMs });
    if (!kept.ok) return 'money of this order was written down for another one';
    await raiseSurplus({ trx, orderId, now });
    return 'changed';
  }
}

/** An attempt freezes the revision that it pays: while it is open, and after it was paid, the total stays. */
async function isHeld(trx: LedgerTransaction, row: OrderRow): Promise<boolean> {
  const holding = await trx
    .selectFrom('attempts')
    .select('id')
    .where('order_id', '=', row.id)
    .where('state', 'in', [...openAttemptStates, 'succeeded', 'attached', 'paid_late'])
    .executeTakeFirst();
  return holding !== undefined;
}

/** `known`: the row has all of it, and perhaps more. `more`: the journal goes on where the row ends. */
function compareEvents(stored: string, events: readonly OrderEvent[]): 'known' | 'more' | 'differs' {
  const before: unknown = JSON.parse(stored);
  if (!Array.isArray(before)) return 'differs';
  const common = Math.min(before.length, events.length);
  for (let at = 0; at < common; at += 1) {
    if (canonicalJson(before[at]) !== canonicalJson(events[at])) return 'differs';
  }
  return events.length > before.length ? 'more' : 'known';
}

function foldKnown(events: readonly OrderEvent[]): Order | null {
  let order: Order | null = null;
  for (const event of events) {
    if (order === null) {
      if (event.kind !== 'order_opened') return null;
      order = openOrder(event);
      continue;
    }
    const applied = applyEvent(order, event);
    if (!applied.ok) return null;
    order = applied.order;
  }
  return order;
}

/** `T1-0042`, from the second epoch `T1.2-0042`. */
function isNumberOf(options: { number: string; code: string; epoch: number }): boolean {
  const { number, code, epoch } = options;
  const prefix = epoch > 1 ? `${code}.${epoch}-` : `${code}-`;
  return number.startsWith(prefix) && /^\d{4,}$/.test(number.slice(prefix.length));
}
