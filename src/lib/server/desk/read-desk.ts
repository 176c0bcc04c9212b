/** The manager's desk: what needs a person, and the payments that are still asked about, each with its whole log. */
import { isRefundOpen } from '$lib/payment/states';
import type { Desk, DeskAttempt, DeskTask, Resolution } from '$lib/wire/desk';
import type { OrderDetail } from '$lib/wire/orders';
import type { Ledger, LedgerConnection } from '../ledger/ledger';
import { readOrderMoney, refundedMinor } from '../payments/order-money';
import type { AttemptRow, RefundRow } from '../payments/parts';
import type { Timing } from '../payments/timing';
import { isoTime, viewAttempt } from '../payments/views';
import { onDesk } from '../reports/needs-you';
import { attachObstacle } from './attach-late-money';

/** So many entries of one payment's log are shown: the newest, where it was asked about for days. */
const longestLog = 200;

/** Reads the desk: tasks that are not done, and open payments beyond the counter's minute. Oldest first. */
export async function readDesk({
  ledger,
  timing
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
}): Promise<Desk> {
  const { db } = ledger;
  const nowMs = ledger.nowMs();
  const shop = await db.selectFrom('shop').select('currency').executeTakeFirstOrThrow();
  const open = await db
    .selectFrom('attempts')
    .selectAll()
    .where(onDesk({ nowMs, timing }))
    .orderBy('created_at_ms')
    .execute();
  const attempts: DeskAttempt[] = [];
  for (const row of open) attempts.push(await viewDeskAttempt({ ledger, timing, row }));
  const unwritten = attempts.filter(({ resolutions }) => resolutions.length === 0);
  return {
    currency: shop.currency,
    tasks: await readTasks({ ledger, timing }),
    attempts,
    openMinor: unwritten.reduce((sum, { attempt }) => sum + attempt.amountMinor, 0)
  };
}

async function readTasks({
  ledger,
  timing
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
}): Promise<DeskTask[]> {
  const { db } = ledger;
  const rows = await db
    .selectFrom('tasks')
    .leftJoin('orders', 'orders.id', 'tasks.order_id')
    .selectAll('tasks')
    // A ledger that was restored may lack the order.
    .select('orders.id as known_order_id')
    .where('tasks.done_at_ms', 'is', null)
    .orderBy('tasks.created_at_ms')
    .orderBy('tasks.id')
    .execute();
  const tasks: DeskTask[] = [];
  for (const task of rows) {
    // An alarm is about the shop's own keys and clock, not about the payment that met it first.
    const row =
      task.attempt_id === null || task.kind === 'alarm' ? undefined : await findAttempt(db, task.attempt_id);
    // Late money that was attached or given back is settled, whoever did it.
    if (task.kind === 'late_money' && row?.state !== 'paid_late') continue;
    const refunds = row === undefined ? [] : await refundsOf(db, row.id);
    tasks.push({
      taskId: Number(task.id),
      kind: task.kind,
      text: task.text,
      createdAt: isoTime(task.created_at_ms),
      orderId: task.kind === 'alarm' ? null : task.known_order_id,
      about: row === undefined ? null : await viewDeskAttempt({ ledger, timing, row }),
      attachObstacle:
        task.kind === 'late_money' && row !== undefined ? await attachObstacle({ db, row }) : null,
      giveBackMinor: row === undefined ? null : await giveBackOf({ db, kind: task.kind, row, refunds }),
      refundOnItsWay: refunds.some((refund) => isRefundOpen(refund.state))
    });
  }
  return tasks;
}

/** The refund that the task asks for: all of late money, or what an order was paid too much. */
async function giveBackOf({
  db,
  kind,
  row,
  refunds
}: {
  readonly db: LedgerConnection;
  readonly kind: DeskTask['kind'];
  readonly row: AttemptRow;
  readonly refunds: readonly RefundRow[];
}): Promise<number | null> {
  if (kind !== 'late_money' && kind !== 'surplus') return null;
  if (refunds.some((refund) => isRefundOpen(refund.state))) return null;
  const left = row.amount_minor - refundedMinor(refunds);
  if (kind === 'late_money') return left > 0 ? left : null;
  const money = await readOrderMoney(db, row.order_id);
  // Not paid twice as far as Till knows: then it may have been paid otherwise, and all of it goes back or none.
  const twice = money === null || money.paidMinor > money.totalMinor;
  const wanted = twice ? Math.min(left, money?.surplusMinor ?? left) : left;
  return wanted > 0 ? wanted : null;
}

async function viewDeskAttempt({
  ledger,
  timing,
  row
}: {
  readonly ledger: Ledger;
  readonly timing: Timing;
  readonly row: AttemptRow;
}): Promise<DeskAttempt> {
  const { db } = ledger;
  const order = await db
    .selectFrom('orders')
    .select(['number', 'what', 'business_day'])
    .where('id', '=', row.order_id)
    .executeTakeFirst();
  return {
    attempt: viewAttempt({ row, now: ledger.nowMs(), timing }),
    number: order?.number ?? null,
    what: order?.what ?? null,
    orderDay: order?.business_day ?? null,
    resolutions: await readResolutions(db, row.id),
    log: await readLog(db, row.id)
  };
}

async function readResolutions(db: LedgerConnection, attemptId: string): Promise<Resolution[]> {
  const rows = await db
    .selectFrom('resolutions')
    .selectAll()
    .where('attempt_id', '=', attemptId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    resolution: row.resolution,
    why: row.why,
    by: row.staff_name,
    at: isoTime(row.at_ms)
  }));
}

async function readLog(db: LedgerConnection, attemptId: string): Promise<OrderDetail['timeline']> {
  const refunds = await refundsOf(db, attemptId);
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('order_id', 'in', (select) =>
      select.selectFrom('attempts').select('order_id').where('id', '=', attemptId)
    )
    .where('subject_id', 'in', [attemptId, ...refunds.map((refund) => refund.id)])
    .orderBy('id', 'desc')
    .limit(longestLog)
    .execute();
  return rows.toReversed().map((event) => ({
    at: isoTime(event.at_ms),
    subject: event.subject,
    what: event.what,
    actor: event.actor,
    from: event.from_state,
    to: event.to_state,
    psn: event.psn,
    code: event.code,
    message: event.message,
    amountMinor: event.amount_minor
  }));
}

function findAttempt(db: LedgerConnection, id: string): Promise<AttemptRow | undefined> {
  return db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst();
}

function refundsOf(db: LedgerConnection, attemptId: string): Promise<RefundRow[]> {
  return db.selectFrom('refunds').selectAll().where('attempt_id', '=', attemptId).execute();
}
