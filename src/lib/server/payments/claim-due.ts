/** Which rows a worker takes, and in which order. */
import { sql } from 'kysely';
import type { LedgerTransaction } from '../ledger/ledger';
import { afterClockWasSet, lookBack } from './clock-was-set';
import type { AttemptRow, PaymentParts, RefundRow } from './parts';

/** Rows under the lease of who claimed them. */
export interface Claimed {
  /** All of them, the most urgent first. */
  readonly attempts: AttemptRow[];
  readonly live: AttemptRow[];
  readonly backlog: AttemptRow[];
  readonly refunds: RefundRow[];
}

interface Lease {
  readonly lease_owner: string;
  readonly lease_until_ms: number;
  readonly ask_wanted_at_ms: null;
}

const live = 0;
const unheard = 1;
const old = 2;

/**
 * Takes rows that are due and that nobody holds; a lease that ran out is nobody's.
 *
 * A shopper at the counter of whom the gateway was last heard is **live**, and comes before everything else. What left the
 * counter, and what had no answer the last time, is **backlog**: after an outage it may be a thousand payments, and none of
 * them may stand before the one that a cashier makes now. Of the backlog, shoppers who may still be there come first.
 *
 * @param options.most of everything together
 * @param options.mostBacklog of the backlog, no more than this
 * @param options.mostRefunds of the refunds, no more than this
 */
export async function claimDue(options: {
  parts: PaymentParts;
  owner: string;
  most: number;
  mostBacklog?: number;
  mostRefunds?: number;
}): Promise<Claimed> {
  const { parts, owner, most, mostBacklog = most, mostRefunds = most } = options;
  const now = parts.ledger.nowMs();
  await parts.stopwatch.onClockSet(now, (setMs) => afterClockWasSet({ parts, now, setMs }));
  if (!parts.stopwatch.lookedBack) {
    await lookBack({ parts, now });
    parts.stopwatch.lookedBack = true;
  }
  // A look without a lock: most wake-ups of a quiet shop end here.
  const due = await earliestDueMs(parts, now);
  const attemptsDue = due.attempt <= now;
  const refundsDue = due.refund <= now;
  if (!attemptsDue && !refundsDue) return { attempts: [], live: [], backlog: [], refunds: [] };
  // The turn that begins now answers every wish so far; one that comes later is seen when the row is given back.
  const lease: Lease = {
    lease_owner: owner,
    lease_until_ms: now + parts.timing.leaseMs,
    ask_wanted_at_ms: null
  };
  const leftCounterAtMs = now - parts.timing.counterMs;
  return parts.ledger.transaction(async (trx) => {
    const taken = attemptsDue
      ? await claimAttempts({ trx, now, lease, leftCounterAtMs, most, mostBacklog })
      : { live: [], backlog: [] };
    const attempts = [...taken.live, ...taken.backlog];
    const left = Math.min(most - attempts.length, mostRefunds);
    const refunds = refundsDue && left > 0 ? await claimRefunds({ trx, now, lease, most: left }) : [];
    return { attempts, ...taken, refunds };
  });
}

async function claimAttempts(options: {
  trx: LedgerTransaction;
  now: number;
  lease: Lease;
  leftCounterAtMs: number;
  most: number;
  mostBacklog: number;
}): Promise<{ live: AttemptRow[]; backlog: AttemptRow[] }> {
  const { trx, now, lease, leftCounterAtMs, most, mostBacklog } = options;
  const urgency = sql<number>`case
    when created_at_ms <= ${leftCounterAtMs} then ${sql.lit(old)}
    when gateway_reachable = 1 then ${sql.lit(live)}
    else ${sql.lit(unheard)} end`;
  const due = await trx
    .selectFrom('attempts')
    .select(['id', urgency.as('urgency')])
    .where('next_due_at_ms', '<=', now)
    .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)]))
    .orderBy(urgency)
    .orderBy('next_due_at_ms')
    .limit(most)
    // What another worker is just taking is passed by, not waited for.
    .forUpdate()
    .skipLocked()
    .execute();
  const liveIds = due.filter((row) => row.urgency === live).map(({ id }) => id);
  const backlogIds = due.filter((row) => row.urgency !== live).map(({ id }) => id);
  const ids = [...liveIds, ...backlogIds.slice(0, Math.max(0, mostBacklog))];
  if (ids.length === 0) return { live: [], backlog: [] };
  const rows = await trx.updateTable('attempts').set(lease).where('id', 'in', ids).returningAll().execute();
  const inOrder = rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
  return { live: inOrder.slice(0, liveIds.length), backlog: inOrder.slice(liveIds.length) };
}

async function claimRefunds(options: {
  trx: LedgerTransaction;
  now: number;
  lease: Lease;
  most: number;
}): Promise<RefundRow[]> {
  const { trx, now, lease, most } = options;
  return trx
    .updateTable('refunds')
    .set(lease)
    .where('id', 'in', (select) =>
      select
        .selectFrom('refunds')
        .select('id')
        .where('next_due_at_ms', '<=', now)
        .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)]))
        .orderBy('next_due_at_ms')
        .limit(most)
        .forUpdate()
        .skipLocked()
    )
    .returningAll()
    .execute();
}

/** The earliest due times of what nobody holds; Infinity where nothing will be due. */
export async function earliestDueMs(
  parts: PaymentParts,
  now: number
): Promise<{ attempt: number; refund: number }> {
  const earliest = async (table: 'attempts' | 'refunds'): Promise<number> => {
    const row = await parts.ledger.db
      .selectFrom(table)
      .select('next_due_at_ms')
      .where('next_due_at_ms', 'is not', null)
      .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)]))
      .orderBy('next_due_at_ms')
      .limit(1)
      .executeTakeFirst();
    return row?.next_due_at_ms ?? Infinity;
  };
  return { attempt: await earliest('attempts'), refund: await earliest('refunds') };
}
