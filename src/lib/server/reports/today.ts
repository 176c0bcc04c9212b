/**
 * A business day in figures: wallet money from the ledger alone (a register's claim about it counts nothing), cash and
 * other machines' cards from the registers' tenders.
 */
import { sql } from 'kysely';
import { roundHalfUp } from '$lib/money/rounding';
import { businessDayOf, businessDaySpan, type DayRule, type DaySpan } from '$lib/order/business-day';
import type { Today } from '$lib/wire/orders';
import type { Ledger, LedgerConnection } from '../ledger/ledger';
import type { Timing } from '../payments/timing';
import { countToTidy } from '../catalogue/read-products';
import { readDrawers, readOtherTenders, takenBackOn, tendersIn } from './cash-figures';
import { readNeedsYou } from './needs-you';
import { readOrderRows } from './order-rows';
import { quarterMs, shopHourOf, weekBefore } from './shop-time';

/** Wallet money that is the shop's: counted in the day in which it was confirmed. */
const moneyIn = ['succeeded', 'attached'] as const;

/** The hours that are shown even where nothing was sold. */
const usualHours = { first: 7, last: 21 };

export interface DayFigures {
  readonly takingsMinor: number;
  readonly paidOrders: number;
  readonly averageMinor: number;
}

/**
 * Reads a business day.
 *
 * Takings are the order amounts of payments confirmed in the day, and of what was tendered in it; refunds stand beside them, in the day in which they
 * ended. Late money is no takings until it is attached, so giving it back is no refund here either.
 *
 * @param timing the payments' own: from when on an open payment is a manager's
 * @param day `YYYY-MM-DD`; the running business day where left out
 * @throws RangeError when it is no day of the calendar
 */
export async function readToday({
  ledger,
  timing,
  day
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly day?: string | undefined;
}): Promise<Today> {
  const { db } = ledger;
  const nowMs = ledger.nowMs();
  const { currency, rule } = await readShopDay({ db });
  const asked = day ?? businessDayOf({ atMs: nowMs, ...rule });
  const span = businessDaySpan({ day: asked, ...rule });
  const before = weekBefore({ day: asked, nowMs, rule });
  const wholeBefore = await readFigures({ db, span: before.span });
  return {
    day: asked,
    currency,
    ...(await readFigures({ db, span })),
    ...(await readRefunds({ db, day: asked })),
    before:
      wholeBefore.paidOrders === 0
        ? null
        : await readFigures({ db, span: { startMs: before.span.startMs, endMs: before.untilMs } }),
    byHour: hoursOf({
      rule,
      quarters: await readQuarters({ db, span }),
      quartersBefore: await readQuarters({ db, span: before.span })
    }),
    byWallet: await readWallets({ db, span }),
    byTender: await readOtherTenders({ db, span }),
    drawers: await readDrawers({ db, day: asked }),
    needsYou: await readNeedsYou({ db, nowMs, timing }),
    productsToTidy: await countToTidy(db),
    fromOtherDays: await readFromOtherDays({ db, span, day: asked }),
    orders: await readOrderRows({ db, which: { day: asked } })
  };
}

/**
 * Names the state of a day: the same text as long as {@link readToday} would say the same. Far cheaper than the day
 * itself, which a page asks for every few seconds.
 */
export async function readTodayVersion({
  ledger,
  timing,
  day
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly day?: string | undefined;
}): Promise<string> {
  const { db } = ledger;
  const nowMs = ledger.nowMs();
  const { rule } = await readShopDay({ db });
  const asked = day ?? businessDayOf({ atMs: nowMs, ...rule });
  // Every change of money leaves an event; an order that only grew leaves its time.
  const events = await db
    .selectFrom('events')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirst();
  const orders = await db
    .selectFrom('orders')
    .where('business_day', '=', asked)
    .select(({ fn }) => [fn.countAll().as('count'), fn.max('updated_at_ms').as('last')])
    .executeTakeFirst();
  const needing = (await readNeedsYou({ db, nowMs, timing })).length;
  // What it is compared with grows with the clock.
  const minute = Math.floor(nowMs / 60_000);
  return [asked, events?.last, orders?.count, orders?.last, needing, minute].map(String).join('-');
}

/** The shop's currency and how its days are cut. */
export async function readShopDay({
  db
}: {
  readonly db: LedgerConnection;
}): Promise<{ readonly currency: string; readonly rule: DayRule }> {
  const shop = await db.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
  return {
    currency: shop.currency,
    rule: { timeZone: shop.time_zone, dayStartsAtMinute: shop.day_starts_at_minute }
  };
}

/** Money that came in a span of time. */
export async function readFigures({
  db,
  span
}: {
  readonly db: LedgerConnection;
  readonly span: DaySpan;
}): Promise<DayFigures> {
  // An order that is paid in two ways is one order.
  const sums = await db
    .selectFrom(
      confirmedIn(db, span)
        .select(['order_id', 'amount_minor'])
        .unionAll(tendersIn(db, span).select(['order_id', 'amount_minor']))
        .as('money')
    )
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('amount_minor'), sql<number>`0`).as('takings'),
      fn.count<number>('order_id').distinct().as('orders')
    ])
    .executeTakeFirstOrThrow();
  const takingsMinor = Number(sums.takings);
  const paidOrders = Number(sums.orders);
  return {
    takingsMinor,
    paidOrders,
    averageMinor: paidOrders === 0 ? 0 : roundHalfUp({ numerator: takingsMinor, denominator: paidOrders })
  };
}

/** Refunds that ended well in a business day, of money that counts as takings, those paid in cash instead, and what was given back of tenders. */
export async function readRefunds({
  db,
  day
}: {
  readonly db: LedgerConnection;
  readonly day: string;
}): Promise<{ readonly refundedMinor: number; readonly refundCount: number }> {
  const sums = await db
    .selectFrom('refunds')
    .innerJoin('attempts', 'attempts.id', 'refunds.attempt_id')
    .where('refunds.business_day', '=', day)
    .where('refunds.state', '=', 'succeeded')
    .where('attempts.state', 'in', moneyIn)
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('refunds.amount_minor'), sql<number>`0`).as('refunded'),
      fn.countAll<number>().as('count')
    ])
    .executeTakeFirstOrThrow();
  const inCash = await db
    .selectFrom('refunds')
    .innerJoin('attempts', 'attempts.id', 'refunds.attempt_id')
    .where('refunds.cash_day', '=', day)
    .where('attempts.state', 'in', moneyIn)
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('refunds.amount_minor'), sql<number>`0`).as('refunded'),
      fn.countAll<number>().as('count')
    ])
    .executeTakeFirstOrThrow();
  const back = await db
    .selectFrom('tender_returns')
    .where('business_day', '=', day)
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('amount_minor'), sql<number>`0`).as('refunded'),
      fn.countAll<number>().as('count')
    ])
    .executeTakeFirstOrThrow();
  const takenBack = await takenBackOn(db, day)
    .select(({ fn }) => [
      fn.coalesce(fn.sum<number>('amount_minor'), sql<number>`0`).as('refunded'),
      fn.countAll<number>().as('count')
    ])
    .executeTakeFirstOrThrow();
  return {
    refundedMinor: [sums, inCash, back, takenBack].reduce((sum, { refunded }) => sum + Number(refunded), 0),
    refundCount: [sums, inCash, back, takenBack].reduce((sum, { count }) => sum + Number(count), 0)
  };
}

function confirmedIn(db: LedgerConnection, { startMs, endMs }: DaySpan) {
  return db
    .selectFrom('attempts')
    .where('state', 'in', moneyIn)
    .where('ended_at_ms', '>=', startMs)
    .where('ended_at_ms', '<', endMs);
}

/** Late money, and payments whose end was long unknown: confirmed in this day, sold in another one. */
async function readFromOtherDays({
  db,
  span,
  day
}: {
  readonly db: LedgerConnection;
  readonly span: DaySpan;
  readonly day: string;
}): Promise<Today['fromOtherDays']> {
  return db
    .selectFrom('attempts')
    .innerJoin('orders', 'orders.id', 'attempts.order_id')
    .where('attempts.state', 'in', moneyIn)
    .where('attempts.ended_at_ms', '>=', span.startMs)
    .where('attempts.ended_at_ms', '<', span.endMs)
    .where('orders.business_day', '!=', day)
    .orderBy('attempts.ended_at_ms')
    .select([
      'attempts.order_id as orderId',
      'orders.number',
      'orders.business_day as day',
      'attempts.amount_minor as amountMinor'
    ])
    .execute();
}

interface Quarter {
  readonly startMs: number;
  readonly takingsMinor: number;
}

/** Takings by quarters of an hour: the database needs to know no zones, and the answer is a hundred rows at most. */
async function readQuarters({
  db,
  span
}: {
  readonly db: LedgerConnection;
  readonly span: DaySpan;
}): Promise<Quarter[]> {
  const quarter = sql<number>`ended_at_ms / ${sql.lit(quarterMs)}`;
  const rows = await confirmedIn(db, span)
    .select(({ fn }) => [quarter.as('quarter'), fn.sum<number>('amount_minor').as('takings')])
    .groupBy(quarter)
    .execute();
  const tendered = sql<number>`at_ms / ${sql.lit(quarterMs)}`;
  const others = await tendersIn(db, span)
    .select(({ fn }) => [tendered.as('quarter'), fn.sum<number>('amount_minor').as('takings')])
    .groupBy(tendered)
    .execute();
  return [...rows, ...others].map((row) => ({
    startMs: Number(row.quarter) * quarterMs,
    takingsMinor: Number(row.takings)
  }));
}

function hoursOf({
  rule,
  quarters,
  quartersBefore
}: {
  readonly rule: DayRule;
  readonly quarters: readonly Quarter[];
  readonly quartersBefore: readonly Quarter[];
}): Today['byHour'] {
  const sold = takingsByPlace(quarters, rule);
  const soldBefore = takingsByPlace(quartersBefore, rule);
  const firstHour = Math.floor(rule.dayStartsAtMinute / 60);
  const placeOf = (hour: number): number => (hour - firstHour + 24) % 24;
  const opens = placeOf(usualHours.first);
  const closes = placeOf(usualHours.last);
  // A shop whose day begins after 7 has its evening first: then its whole day is shown.
  const usual = opens <= closes ? [opens, closes] : [0, 23];
  const places = [...sold.keys(), ...soldBefore.keys(), ...usual];
  const first = Math.min(...places);
  const last = Math.max(...places);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const place = first + index;
    return {
      hour: (firstHour + place) % 24,
      takingsMinor: sold.get(place) ?? 0,
      weekBeforeMinor: soldBefore.get(place) ?? 0
    };
  });
}

function takingsByPlace(quarters: readonly Quarter[], rule: DayRule): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { startMs, takingsMinor } of quarters) {
    const { place } = shopHourOf({ atMs: startMs, rule });
    sums.set(place, (sums.get(place) ?? 0) + takingsMinor);
  }
  return sums;
}

async function readWallets({
  db,
  span
}: {
  readonly db: LedgerConnection;
  readonly span: DaySpan;
}): Promise<Today['byWallet']> {
  const rows = await confirmedIn(db, span)
    .select(({ fn }) => [
      fn.coalesce('wallet', sql<string>`''`).as('wallet'),
      fn.sum<number>('amount_minor').as('takings')
    ])
    .groupBy('wallet')
    .orderBy('takings', 'desc')
    .execute();
  return rows.map((row) => ({ wallet: row.wallet, takingsMinor: Number(row.takings) }));
}
