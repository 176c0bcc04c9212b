/**
 * A business day's check against the gateway: every payment and refund of the day is asked about again and compared.
 * What has to be asked is written down when the check begins, so that a restart, or another process, goes on where it
 * stopped.
 */
import { businessDayOf, businessDaySpan, shiftDay, type DaySpan } from '$lib/order/business-day';
import type { Selectable } from 'kysely';
import type { LedgerConnection, LedgerTransaction } from '../ledger/ledger';
import type { ReconciliationItemsTable, ReconciliationsTable } from '../ledger/schema';
import { queryAttempt } from './ask-attempt';
import { queryRefund } from './ask-refund';
import { comparePayment, compareRefund, type Comparison } from './compare-day';
import type { PaymentParts } from './parts';
import { raiseTask } from './tasks';

export type ReconciliationRow = Selectable<ReconciliationsTable>;
type Item = Selectable<ReconciliationItemsTable>;

/** So often one payment is asked about before the report says that there was no answer. */
const mostTries = 6;
/** A server that was off checks the days that it missed, so far back. */
const scheduledDaysBack = 7;
/** The schedule's name in the report. */
const scheduler = 'till';

/**
 * Begins the check of a day, or answers with the one that runs.
 *
 * @param options.day `YYYY-MM-DD`; the running business day where left out
 * @throws RangeError when it is no day of the calendar
 */
export async function startReconciliation(options: {
  readonly parts: PaymentParts;
  readonly day?: string | undefined;
  readonly by: string;
}): Promise<ReconciliationRow> {
  const { parts, by } = options;
  const row = await parts.ledger.transaction(async (trx) => {
    const now = parts.ledger.nowMs();
    const rule = await readDayRule(trx);
    const day = options.day ?? businessDayOf({ atMs: now, ...rule });
    const running = await trx
      .selectFrom('reconciliations')
      .selectAll()
      .where('day', '=', day)
      .where('ended_at_ms', 'is', null)
      .executeTakeFirst();
    if (running !== undefined) return running;
    return insertReconciliation({
      trx,
      day,
      span: businessDaySpan({ day, ...rule }),
      by,
      now,
      scheduled: false
    });
  });
  parts.wake();
  return row;
}

/**
 * Begins the check of the oldest business day that is over and that the schedule has not checked yet. Days on which
 * nothing was asked of the gateway need none.
 *
 * @returns null where nothing is owed
 */
export async function startScheduled(parts: PaymentParts): Promise<ReconciliationRow | null> {
  const rule = await readDayRule(parts.ledger.db);
  const today = businessDayOf({ atMs: parts.ledger.nowMs(), ...rule });
  for (let back = scheduledDaysBack; back >= 1; back -= 1) {
    const day = shiftDay(today, -back);
    const span = businessDaySpan({ day, ...rule });
    const row = await parts.ledger.transaction(async (trx) => {
      const known = await trx
        .selectFrom('reconciliations')
        .select('id')
        .where('day', '=', day)
        // One that somebody began while the day still ran did not see its end.
        .where((where) =>
          where.or([where('started_at_ms', '>=', span.endMs), where('ended_at_ms', 'is', null)])
        )
        .executeTakeFirst();
      if (known !== undefined || !(await hadTraffic(trx, span))) return null;
      const now = parts.ledger.nowMs();
      return insertReconciliation({ trx, day, span, by: scheduler, now, scheduled: true });
    });
    if (row !== null) return row;
  }
  return null;
}

/** The check with the longest wait that nobody works on; taken under a lease. */
export async function claimReconciliation(options: {
  readonly parts: PaymentParts;
  readonly owner: string;
}): Promise<ReconciliationRow | null> {
  const { parts, owner } = options;
  return parts.ledger.transaction(async (trx) => {
    const now = parts.ledger.nowMs();
    const free = await trx
      .selectFrom('reconciliations')
      .select('id')
      .where('ended_at_ms', 'is', null)
      .where((where) =>
        where.or([
          where('lease_until_ms', 'is', null),
          where('lease_until_ms', '<=', now),
          where('lease_owner', '=', owner)
        ])
      )
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (free === undefined) return null;
    const row = await trx
      .updateTable('reconciliations')
      .set({ lease_owner: owner, lease_until_ms: now + parts.timing.leaseMs })
      .where('id', '=', free.id)
      .returningAll()
      .executeTakeFirst();
    return row ?? null;
  });
}

/**
 * Asks about the next payment or refund of a running check, or ends it when there is none left.
 *
 * @returns `asked`: one more; `waiting`: all that is left waits for another try; `idle`: no check runs here
 */
export async function reconcileNext(options: {
  readonly parts: PaymentParts;
  readonly owner: string;
}): Promise<'asked' | 'waiting' | 'idle'> {
  const { parts, owner } = options;
  const run = await claimReconciliation({ parts, owner });
  if (run === null) return 'idle';
  const { db } = parts.ledger;
  const next = await db
    .selectFrom('reconciliation_items')
    .selectAll()
    .where('reconciliation_id', '=', run.id)
    .where('outcome', 'is', null)
    .orderBy('due_at_ms')
    .orderBy('subject')
    .orderBy('subject_id')
    .executeTakeFirst();
  const now = parts.ledger.nowMs();
  if (next === undefined) {
    await db
      .updateTable('reconciliations')
      .set({ ended_at_ms: now, lease_owner: null, lease_until_ms: null })
      .where('id', '=', run.id)
      .where('lease_owner', '=', owner)
      .execute();
    return 'asked';
  }
  if (next.due_at_ms > now) return 'waiting';
  const { comparison, attemptId, orderId } = await ask(parts, next);
  await record({ parts, run, item: next, comparison, attemptId, orderId });
  return 'asked';
}

interface Asked {
  readonly comparison: Comparison;
  readonly attemptId: string;
  readonly orderId: string;
}

/** Asks by the usual road, so that what is heard also settles what it can: late money, an end that was not known. */
async function ask(parts: PaymentParts, item: Item): Promise<Asked> {
  const { db } = parts.ledger;
  if (item.subject === 'refund') {
    const refund = await db
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', item.subject_id)
      .executeTakeFirstOrThrow();
    const { row, verdict } = await queryRefund(parts, refund);
    const { attempt_id: attemptId, order_id: orderId } = row;
    return { comparison: compareRefund({ row, verdict }), attemptId, orderId };
  }
  const attempt = await db
    .selectFrom('attempts')
    .selectAll()
    .where('id', '=', item.subject_id)
    .executeTakeFirstOrThrow();
  const { row, verdict } = await queryAttempt(parts, attempt);
  const given = await db
    .selectFrom('refunds')
    .select((builder) => builder.fn.sum<number | null>('amount_minor').as('sum'))
    .where('attempt_id', '=', row.id)
    .where('state', '=', 'succeeded')
    .executeTakeFirstOrThrow();
  const comparison = comparePayment({ row, verdict, givenBackMinor: Number(given.sum ?? 0) });
  return { comparison, attemptId: row.id, orderId: row.order_id };
}

async function record(options: {
  readonly parts: PaymentParts;
  readonly run: ReconciliationRow;
  readonly item: Item;
  readonly comparison: Comparison;
  readonly attemptId: string;
  readonly orderId: string;
}): Promise<void> {
  const { parts, run, item, comparison, attemptId, orderId } = options;
  await parts.ledger.transaction(async (trx) => {
    const now = parts.ledger.nowMs();
    const tries = item.tries + 1;
    const again = comparison.outcome === 'unanswered' && tries < mostTries;
    await trx
      .updateTable('reconciliation_items')
      .set({
        tries,
        due_at_ms: now + parts.timing.reconcileAgainMs * 2 ** item.tries,
        outcome: again ? null : comparison.outcome,
        difference: comparison.outcome === 'different' ? comparison.difference : null
      })
      .where('reconciliation_id', '=', run.id)
      .where('subject', '=', item.subject)
      .where('subject_id', '=', item.subject_id)
      .execute();
    if (comparison.outcome !== 'different' || comparison.watched) return;
    await raiseTask(trx, {
      task: { kind: 'mismatch', text: `The check of ${run.day}: ${comparison.difference}` },
      id: `${item.subject}:${item.subject_id}`,
      attemptId,
      orderId,
      now
    });
  });
}

async function insertReconciliation(options: {
  readonly trx: LedgerTransaction;
  readonly day: string;
  readonly span: DaySpan;
  readonly by: string;
  readonly now: number;
  readonly scheduled: boolean;
}): Promise<ReconciliationRow> {
  const { trx, day, span, by, now, scheduled } = options;
  const subjects = [
    ...(await ofDay(trx, 'attempts', span)).map((id) => ({ subject: 'attempt' as const, id })),
    ...(await ofDay(trx, 'refunds', span)).map((id) => ({ subject: 'refund' as const, id }))
  ];
  const row = await trx
    .insertInto('reconciliations')
    .values({
      day,
      started_at_ms: now,
      started_by: by,
      scheduled: scheduled ? 1 : 0,
      total: subjects.length
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  for (const { subject, id } of subjects) {
    await trx
      .insertInto('reconciliation_items')
      .values({ reconciliation_id: row.id, subject, subject_id: id, due_at_ms: now, tries: 0 })
      .execute();
  }
  return row;
}

/** What was asked of the gateway in a day, or ended in it. What was never sent has nothing to compare. */
async function ofDay(db: LedgerConnection, table: 'attempts' | 'refunds', span: DaySpan): Promise<string[]> {
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where('submitted_at_ms', 'is not', null)
    .where((where) =>
      where.or([
        where.and([where('created_at_ms', '>=', span.startMs), where('created_at_ms', '<', span.endMs)]),
        where.and([where('ended_at_ms', '>=', span.startMs), where('ended_at_ms', '<', span.endMs)])
      ])
    )
    .orderBy('created_at_ms')
    .execute();
  return rows.map((row) => row.id);
}

async function hadTraffic(db: LedgerConnection, span: DaySpan): Promise<boolean> {
  return (await ofDay(db, 'attempts', span)).length > 0 || (await ofDay(db, 'refunds', span)).length > 0;
}

async function readDayRule(
  db: LedgerConnection
): Promise<{ readonly timeZone: string; readonly dayStartsAtMinute: number }> {
  const shop = await db
    .selectFrom('shop')
    .select(['time_zone', 'day_starts_at_minute'])
    .executeTakeFirstOrThrow();
  return { timeZone: shop.time_zone, dayStartsAtMinute: shop.day_starts_at_minute };
}
