/** What a manager must look at: late money, payments left on the desk, alarms. Of any day, until it is settled. */
import type { Today } from '$lib/wire/orders';
import type { LedgerConnection } from '../ledger/ledger';
import { openAttemptStates } from '$lib/payment/states';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Timing } from '../payments/timing';
import { deskFromMs } from '../payments/when-due';

type NeedsYou = Today['needsYou'];

/** Oldest first: what waits longest stands in front. */
export async function readNeedsYou({
  db,
  nowMs,
  timing
}: {
  readonly db: LedgerConnection;
  readonly nowMs: number;
  readonly timing: Timing;
}): Promise<NeedsYou> {
  return [...(await readTasks(db)), ...(await readDesk(db, nowMs, timing))];
}

async function readTasks(db: LedgerConnection): Promise<NeedsYou> {
  const rows = await db
    .selectFrom('tasks')
    .leftJoin('attempts', 'attempts.id', 'tasks.attempt_id')
    .leftJoin('orders', 'orders.id', 'tasks.order_id')
    .where('tasks.done_at_ms', 'is', null)
    // Late money that was attached or given back is settled, whoever did it.
    .where((where) =>
      where.or([where('tasks.kind', '!=', 'late_money'), where('attempts.state', '=', 'paid_late')])
    )
    .orderBy('tasks.created_at_ms')
    .select([
      'tasks.kind',
      'tasks.text',
      'tasks.order_id as orderId',
      'orders.number',
      'attempts.amount_minor as amountMinor'
    ])
    .execute();
  return rows.map(({ kind, ...row }) => ({
    ...row,
    kind: kind === 'late_money' || kind === 'surplus' ? kind : 'alarm'
  }));
}

/** Open payments whose minute at the counter is over: still asked about, but nobody stands there any more. */
async function readDesk(db: LedgerConnection, nowMs: number, timing: Timing): Promise<NeedsYou> {
  const rows = await db
    .selectFrom('attempts')
    .leftJoin('orders', 'orders.id', 'attempts.order_id')
    .where(onDesk({ nowMs, timing }))
    // What a manager has written about waits for the wallet alone.
    .where('attempts.id', 'not in', (select) => select.selectFrom('resolutions').select('attempt_id'))
    .orderBy('attempts.created_at_ms')
    .select([
      'attempts.order_id as orderId',
      'orders.number',
      'attempts.amount_minor as amountMinor',
      'attempts.error_text as text'
    ])
    .execute();
  return rows.map((row) => ({ ...row, kind: 'checking', text: row.text ?? '' }));
}

/** The same as `isOnDesk`, for the database: on a query over `attempts`. */
export function onDesk({
  nowMs,
  timing
}: {
  readonly nowMs: number;
  readonly timing: Timing;
}): RawBuilder<SqlBool> {
  const since = sql`coalesce(attempts.submitted_at_ms, attempts.created_at_ms)`;
  const each = openAttemptStates.map(
    (state) => sql`(attempts.state = ${state} AND ${since} <= ${nowMs - deskFromMs(timing, state)})`
  );
  return sql<SqlBool>`(${sql.join(each, sql` OR `)})`;
}
