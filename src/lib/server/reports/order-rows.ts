/** Orders as managers read them in a list: what the ledger knows of their money, in one line each. */
import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import { isMoneyIn } from '$lib/payment/states';
import type { OrderRow } from '$lib/wire/orders';
import type { LedgerConnection } from '../ledger/ledger';
import type { AttemptsTable, OrdersTable, RefundsTable } from '../ledger/schema';
import { isoTime } from '../payments/views';
import { standingOf } from './standing';

/** Everything of an order but its events, which are large and no list shows them. */
const orderColumns = [
  'id',
  'number',
  'register_code',
  'staff_name',
  'business_day',
  'total_minor',
  'currency',
  'what',
  'given_free',
  'cleared',
  'tendered_minor',
  'named_offline',
  'received_at_ms'
] as const;

type Order = Pick<Selectable<OrdersTable>, (typeof orderColumns)[number]>;
type Attempt = Pick<
  Selectable<AttemptsTable>,
  'id' | 'order_id' | 'state' | 'amount_minor' | 'wallet' | 'set_aside_at_ms'
>;
type Refund = Pick<
  Selectable<RefundsTable>,
  'attempt_id' | 'order_id' | 'state' | 'amount_minor' | 'cash_id'
>;

/** Which orders: a business day's, or some by their ids. */
type Which = { readonly day: string } | { readonly orderIds: readonly string[] };

/** Orders as rows, newest first: six queries, however many they are. */
export async function readOrderRows({
  db,
  which
}: {
  readonly db: LedgerConnection;
  readonly which: Which;
}): Promise<OrderRow[]> {
  if ('orderIds' in which && which.orderIds.length === 0) return [];
  const orders = await db
    .selectFrom('orders')
    .select(orderColumns)
    .where(isOneOf(which, sql.ref('id')))
    .orderBy('received_at_ms', 'desc')
    .orderBy('number', 'desc')
    .execute();
  const ofThem = isOneOf(which, sql.ref('order_id'));
  const attempts = await db
    .selectFrom('attempts')
    .select(['id', 'order_id', 'state', 'amount_minor', 'wallet', 'set_aside_at_ms'])
    .where(ofThem)
    .orderBy('created_at_ms')
    .execute();
  const refunds = await db
    .selectFrom('refunds')
    .select(['attempt_id', 'order_id', 'state', 'amount_minor', 'cash_id'])
    .where(ofThem)
    .execute();
  // An alarm is about the shop's own keys or clock: it stands in the band, not beside an order.
  const tasks = await db
    .selectFrom('tasks')
    .select('order_id')
    .where(ofThem)
    .where('done_at_ms', 'is', null)
    .where('kind', 'in', ['surplus', 'mismatch', 'contradiction'])
    .execute();
  const tenders = await db
    .selectFrom('tenders')
    .select(['order_id', 'kind'])
    .where(ofThem)
    .where('removed_at_ms', 'is', null)
    .execute();
  const returns = await db
    .selectFrom('tender_returns')
    .select(['order_id', 'amount_minor'])
    .where(ofThem)
    .execute();
  const tendersOf = Map.groupBy(tenders, (tender) => tender.order_id);
  const returnsOf = Map.groupBy(returns, (returned) => returned.order_id);
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.order_id);
  const refundsOf = Map.groupBy(refunds, (refund) => refund.order_id);
  const tasksOf = Map.groupBy(tasks, (task) => task.order_id);
  return orders.map((order) =>
    viewOrderRow({
      order,
      attempts: attemptsOf.get(order.id) ?? [],
      refunds: refundsOf.get(order.id) ?? [],
      openTasks: tasksOf.get(order.id)?.length ?? 0,
      tendered: [...new Set(tendersOf.get(order.id)?.map(({ kind }) => kind))].toSorted(),
      returnedMinor: sumOf(returnsOf.get(order.id) ?? [])
    })
  );
}

function isOneOf(which: Which, id: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return 'day' in which
    ? sql<SqlBool>`${id} IN (SELECT id FROM orders WHERE business_day = ${which.day})`
    : sql<SqlBool>`${id} IN (${sql.join(which.orderIds)})`;
}

function viewOrderRow({
  order,
  attempts,
  refunds,
  openTasks,
  tendered,
  returnedMinor
}: {
  readonly order: Order;
  readonly attempts: readonly Attempt[];
  readonly refunds: readonly Refund[];
  readonly openTasks: number;
  readonly tendered: ('cash' | 'card')[];
  readonly returnedMinor: number;
}): OrderRow {
  const paying = attempts.filter((attempt) => isMoneyIn(attempt.state));
  const shown = paying.at(-1) ?? attempts.findLast((attempt) => attempt.wallet !== null);
  return {
    orderId: order.id,
    number: order.number,
    openedAt: isoTime(order.received_at_ms),
    businessDay: order.business_day,
    registerCode: order.register_code,
    staffName: order.staff_name,
    what: order.what,
    standing: standingOf({
      order: {
        totalMinor: order.total_minor,
        givenFree: order.given_free === 1,
        cleared: order.cleared === 1,
        tenderedMinor: order.tendered_minor,
        returnedMinor
      },
      attempts: attempts.map(({ id, state, amount_minor, set_aside_at_ms }) => ({
        attemptId: id,
        state,
        amountMinor: amount_minor,
        setAside: set_aside_at_ms !== null
      })),
      refunds: refunds.map(({ attempt_id, state, amount_minor, cash_id }) => ({
        attemptId: attempt_id,
        state,
        amountMinor: amount_minor,
        inCash: cash_id !== null
      })),
      openTasks
    }),
    wallet: shown?.wallet ?? null,
    tendered,
    namedOffline: order.named_offline === 1,
    totalMinor: order.total_minor,
    paidMinor: sumOf(paying) + order.tendered_minor,
    refundedMinor:
      sumOf(refunds.filter((refund) => refund.state === 'succeeded' || refund.cash_id !== null)) +
      returnedMinor,
    currency: order.currency
  };
}

function sumOf(rows: readonly { readonly amount_minor: number }[]): number {
  return rows.reduce((sum, row) => sum + row.amount_minor, 0);
}
