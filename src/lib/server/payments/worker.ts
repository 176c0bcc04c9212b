/**
 * Does all the asking (money rule 9): takes due rows under a lease, one turn each, and never gives up. Woken at once
 * in its own process; rows that another process left behind are found by their due time.
 */
import { askAttempt } from './ask-attempt';
import { askRefund } from './ask-refund';
import { afterClockWasSet } from './clock-was-set';
import type { AttemptRow, PaymentParts, RefundRow } from './parts';

/** So many rows are asked about at the same time. */
const turnsAtOnce = 16;
/** So many of them may be of the backlog: the others are kept for shoppers who wait. */
const backlogAtOnce = 12;
/** After an outage a thousand payments may be due at once: they are begun no faster than this, one after the other. */
const backlogGapMs = 40;
/** Even when nothing seems due, another process may have left something. */
const longestSleepMs = 1000;

export interface PaymentWorker {
  start(): void;
  /** Something became due. */
  wake(): void;
  /** Takes nothing new and waits for the turns under way. */
  stop(): Promise<void>;
}

/**
 * @param options.owner a name for this process's leases, unique
 * @param options.monotonicNow milliseconds from any beginning, never set back
 */
export function createWorker(options: {
  parts: PaymentParts;
  owner: string;
  monotonicNow?: () => number;
}): PaymentWorker {
  const { parts, owner, monotonicNow = () => performance.now() } = options;
  const pace = createPace({ monotonicNow, gapMs: backlogGapMs, most: backlogAtOnce });
  let backlogTurns = 0;
  const turns = new Set<Promise<void>>();
  let running = false;
  let woken = false;
  let claims = 0;
  let resume: (() => void) | null = null;
  let loop: Promise<void> = Promise.resolve();

  const wake = (): void => {
    woken = true;
    resume?.();
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || !running) return resolve();
      const timer = setTimeout(() => done(), ms);
      const done = (): void => {
        clearTimeout(timer);
        resume = null;
        resolve();
      };
      resume = done;
    });

  const begin = (turn: Promise<void>, subject: string, id: string): void => {
    const guarded = turn
      .catch((error: unknown) => {
        // The lease runs out by itself and the row is asked about again: nothing is lost by a turn that broke.
        parts.log.error({ subject, id, error }, 'a turn of the payment worker broke');
      })
      .finally(() => {
        turns.delete(guarded);
        wake();
      });
    turns.add(guarded);
  };

  async function run(): Promise<void> {
    while (running) {
      woken = false;
      try {
        const free = turnsAtOnce - turns.size;
        let begun = 0;
        if (free > 0) {
          // A name for each claim: a turn that outlived its lease is a stranger to the next one, in one process too.
          claims += 1;
          const lease = `${owner}.${claims}`;
          const mostBacklog = Math.min(free, backlogAtOnce - backlogTurns, pace.free());
          const { live, backlog, refunds } = await claimDue({ parts, owner: lease, most: free, mostBacklog });
          pace.take(backlog.length);
          backlogTurns += backlog.length;
          begun = live.length + backlog.length + refunds.length;
          for (const row of live) begin(askAttempt({ parts, row, owner: lease }), 'attempt', row.id);
          for (const row of backlog) {
            const turn = askAttempt({ parts, row, owner: lease }).finally(() => (backlogTurns -= 1));
            begin(turn, 'attempt', row.id);
          }
          for (const row of refunds) begin(askRefund({ parts, row, owner: lease }), 'refund', row.id);
        }
        // With every turn taken, what is due waits for one to end, and its end wakes this loop.
        const wait = turns.size < turnsAtOnce ? await untilNextDue(parts) : longestSleepMs;
        // What is due and was not taken is not to be begun yet.
        await sleep(begun === 0 ? Math.max(wait, backlogGapMs) : wait);
      } catch (error) {
        parts.log.error({ error }, 'the payment worker could not read the ledger; it goes on trying');
        woken = false;
        await sleep(longestSleepMs);
      }
    }
  }

  return {
    start() {
      if (running) return;
      running = true;
      loop = run();
    },
    wake,
    async stop() {
      running = false;
      wake();
      await loop;
      await Promise.all(turns);
    }
  };
}

/** A bucket that fills by one each so often, up to a brim. */
function createPace(options: { monotonicNow: () => number; gapMs: number; most: number }): {
  free(): number;
  take(count: number): void;
} {
  const { monotonicNow, gapMs, most } = options;
  let level = most;
  let filledAt = monotonicNow();
  return {
    free() {
      const now = monotonicNow();
      level = Math.min(most, level + (now - filledAt) / gapMs);
      filledAt = now;
      return Math.floor(level);
    },
    take: (count) => void (level -= count)
  };
}

/**
 * Takes rows that are due and that nobody holds; a lease that ran out is nobody's.
 *
 * A shopper at the counter of whom the gateway was last heard is **live**, and comes before everything else. What left the
 * counter, and what had no answer the last time, is **backlog**: after an outage it may be a thousand payments, and none of
 * them may stand before the one that a cashier makes now. Of the backlog, shoppers who may still be there come first.
 *
 * @param options.mostBacklog of the backlog, no more than this
 */
export async function claimDue(options: {
  parts: PaymentParts;
  owner: string;
  most: number;
  mostBacklog?: number;
}): Promise<{
  attempts: AttemptRow[];
  live: AttemptRow[];
  backlog: AttemptRow[];
  refunds: RefundRow[];
}> {
  const { parts, owner, most, mostBacklog = most } = options;
  const now = parts.ledger.nowMs();
  const setMs = parts.stopwatch.clockSetMs(now);
  if (setMs !== 0) await afterClockWasSet({ parts, now, setMs });
  if (!(await somethingDue(parts, now))) return { attempts: [], live: [], backlog: [], refunds: [] };
  // The turn that begins now answers every wish so far; one that comes later is seen when the row is given back.
  const lease = {
    lease_owner: owner,
    lease_until_ms: now + parts.timing.leaseMs,
    ask_wanted_at_ms: null
  };
  return parts.ledger.transaction(async (trx) => {
    const leftCounterAtMs = now - parts.timing.counterMs;
    const claim = async (which: 'live' | 'unheard' | 'old', limit: number): Promise<AttemptRow[]> => {
      if (limit <= 0) return [];
      return trx
        .updateTable('attempts')
        .set(lease)
        .where('id', 'in', (select) =>
          select
            .selectFrom('attempts')
            .select('id')
            .where('next_due_at_ms', '<=', now)
            .where('created_at_ms', which === 'old' ? '<=' : '>', leftCounterAtMs)
            .$if(which !== 'old', (of) => of.where('gateway_reachable', '=', which === 'live' ? 1 : 0))
            .where((where) =>
              where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)])
            )
            .orderBy('next_due_at_ms')
            .limit(limit)
            // What another worker is just taking is passed by, not waited for.
            .forUpdate()
            .skipLocked()
        )
        .returningAll()
        .execute();
    };
    const live = await claim('live', most);
    const backlogLimit = Math.min(most - live.length, mostBacklog);
    const unheard = await claim('unheard', backlogLimit);
    const backlog = [...unheard, ...(await claim('old', backlogLimit - unheard.length))];
    const attempts = [...live, ...backlog];
    const left = most - attempts.length;
    if (left === 0) return { attempts, live, backlog, refunds: [] };
    const refunds = await trx
      .updateTable('refunds')
      .set(lease)
      .where('id', 'in', (select) =>
        select
          .selectFrom('refunds')
          .select('id')
          .where('next_due_at_ms', '<=', now)
          .where((where) =>
            where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)])
          )
          .orderBy('next_due_at_ms')
          .limit(left)
          .forUpdate()
          .skipLocked()
      )
      .returningAll()
      .execute();
    return { attempts, live, backlog, refunds };
  });
}

/** A look without a lock: most wake-ups of a quiet shop end here. */
async function somethingDue(parts: PaymentParts, now: number): Promise<boolean> {
  const due = await earliestDue(parts, now);
  return due !== null && due <= now;
}

async function untilNextDue(parts: PaymentParts): Promise<number> {
  const now = parts.ledger.nowMs();
  const due = await earliestDue(parts, now);
  if (due === null) return longestSleepMs;
  return Math.min(longestSleepMs, Math.max(0, due - now));
}

/** The earliest due time of a row that nobody holds. */
async function earliestDue(parts: PaymentParts, now: number): Promise<number | null> {
  const { db } = parts.ledger;
  const attempt = await db
    .selectFrom('attempts')
    .select('next_due_at_ms')
    .where('next_due_at_ms', 'is not', null)
    .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)]))
    .orderBy('next_due_at_ms')
    .limit(1)
    .executeTakeFirst();
  const refund = await db
    .selectFrom('refunds')
    .select('next_due_at_ms')
    .where('next_due_at_ms', 'is not', null)
    .where((where) => where.or([where('lease_until_ms', 'is', null), where('lease_until_ms', '<=', now)]))
    .orderBy('next_due_at_ms')
    .limit(1)
    .executeTakeFirst();
  const times = [attempt?.next_due_at_ms, refund?.next_due_at_ms].filter((time) => typeof time === 'number');
  return times.length === 0 ? null : Math.min(...times);
}
