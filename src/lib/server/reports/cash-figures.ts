/** Takings that no wallet knows of, and what should lie in the drawers: from the registers' tenders alone. */
import { sql, type SqlBool } from 'kysely';
import type { DaySpan } from '$lib/order/business-day';
import type { Drawer, TenderView } from '$lib/wire/cash';
import type { LedgerConnection } from '../ledger/ledger';
import { isoTime } from '../payments/views';

/** Tenders of a span of time that stood at the end of their day: one that was taken back later was taken all the same. */
export function tendersIn(db: LedgerConnection, { startMs, endMs }: DaySpan) {
  return db
    .selectFrom('tenders')
    .where(stoodThatDay)
    .where('at_ms', '>=', startMs)
    .where('at_ms', '<', endMs);
}

const stoodThatDay = sql<SqlBool>`(tenders.removed_day IS NULL OR tenders.removed_day > tenders.business_day)`;

/** Tenders of days before that were taken back on this one: money given back, like a manager's return. */
export function takenBackOn(db: LedgerConnection, day: string) {
  return db
    .selectFrom('tenders')
    .where('tenders.removed_day', '=', day)
    .where('tenders.business_day', '<', day);
}

/** What was taken in cash, and on each other machine by its name. */
export async function readOtherTenders({
  db,
  span
}: {
  readonly db: LedgerConnection;
  readonly span: DaySpan;
}): Promise<{ kind: 'cash' | 'card'; name: string | null; takingsMinor: number }[]> {
  const rows = await tendersIn(db, span)
    .select(({ fn }) => ['kind', 'name', fn.sum<number>('amount_minor').as('takings')])
    .groupBy(['kind', 'name'])
    .orderBy('takings', 'desc')
    .execute();
  return rows.map(({ kind, name, takings }) => ({ kind, name, takingsMinor: Number(takings) }));
}

/** The drawers of a business day, by register. */
export async function readDrawers({
  db,
  day
}: {
  readonly db: LedgerConnection;
  readonly day: string;
}): Promise<Drawer[]> {
  const sales = await db
    .selectFrom('tenders')
    .where('business_day', '=', day)
    .where('kind', '=', 'cash')
    .where(stoodThatDay)
    .select(({ fn }) => [
      'register_id',
      fn.sum<number>('amount_minor').as('amount'),
      fn.sum<number>('rounding_minor').as('rounding')
    ])
    .groupBy('register_id')
    .execute();
  const movements = await db
    .selectFrom('cash_movements')
    .where('business_day', '=', day)
    .select(({ fn }) => [
      'register_id',
      'kind',
      fn.sum<number>('amount_minor').as('amount'),
      fn.countAll<number>().as('count')
    ])
    .groupBy(['register_id', 'kind'])
    .execute();
  const returns = await db
    .selectFrom('tender_returns')
    .innerJoin('tenders', 'tenders.id', 'tender_returns.tender_id')
    .where('tender_returns.business_day', '=', day)
    .where('tenders.kind', '=', 'cash')
    .select(({ fn }) => [
      'tender_returns.register_id as register_id',
      fn.sum<number>('tender_returns.amount_minor').as('amount')
    ])
    .groupBy('tender_returns.register_id')
    .execute();
  const refundsInCash = await db
    .selectFrom('refunds')
    .where('cash_day', '=', day)
    .select((select) => [
      select.ref('cash_register_id').$notNull().as('register_id'),
      select.fn.sum<number>('amount_minor').as('amount')
    ])
    .groupBy('cash_register_id')
    .execute();
  const takenBack = await takenBackOn(db, day)
    .where('kind', '=', 'cash')
    .select(({ fn }) => [
      'register_id',
      fn.sum<number>('amount_minor').as('amount'),
      fn.sum<number>('rounding_minor').as('rounding')
    ])
    .groupBy('register_id')
    .execute();
  const used = new Set(
    [...sales, ...movements, ...returns, ...refundsInCash, ...takenBack].map((row) => row.register_id)
  );
  if (used.size === 0) return [];
  const registers = await db
    .selectFrom('registers')
    .select(['id', 'code', 'name'])
    .where('id', 'in', [...used])
    .orderBy('code')
    .execute();
  return registers.map(({ id, code, name }) => {
    const sold = sales.find((row) => row.register_id === id);
    const moved = (kind: string) => movements.find((row) => row.register_id === id && row.kind === kind);
    const salesMinor = Number(sold?.amount ?? 0) + Number(sold?.rounding ?? 0);
    const paidInMinor = Number(moved('pay_in')?.amount ?? 0);
    const paidOutMinor = Number(moved('pay_out')?.amount ?? 0);
    const back = takenBack.find((row) => row.register_id === id);
    const givenBackMinor =
      Number(returns.find((row) => row.register_id === id)?.amount ?? 0) +
      Number(refundsInCash.find((row) => row.register_id === id)?.amount ?? 0) +
      Number(back?.amount ?? 0) +
      Number(back?.rounding ?? 0);
    return {
      registerCode: code,
      registerName: name,
      salesMinor,
      paidInMinor,
      paidOutMinor,
      givenBackMinor,
      expectedMinor: salesMinor + paidInMinor - paidOutMinor - givenBackMinor,
      openedCount: Number(moved('no_sale')?.count ?? 0)
    };
  });
}

/** An order's tenders that stand, oldest first, with what of each was given back. */
export async function readTenders({
  db,
  orderId
}: {
  readonly db: LedgerConnection;
  readonly orderId: string;
}): Promise<TenderView[]> {
  const tenders = await db
    .selectFrom('tenders')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('removed_at_ms', 'is', null)
    .orderBy('at_ms')
    .execute();
  const returns = await db
    .selectFrom('tender_returns')
    .select(['tender_id', 'amount_minor'])
    .where('order_id', '=', orderId)
    .execute();
  return tenders.map((tender) => ({
    tenderId: tender.id,
    kind: tender.kind,
    name: tender.name,
    amountMinor: tender.amount_minor,
    roundingMinor: tender.rounding_minor,
    givenMinor: tender.given_minor,
    returnedMinor: returns
      .filter(({ tender_id }) => tender_id === tender.id)
      .reduce((sum, { amount_minor }) => sum + amount_minor, 0),
    by: tender.staff_name,
    namedOffline: tender.named_offline,
    at: isoTime(tender.at_ms)
  }));
}
