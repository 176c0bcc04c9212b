/**
 * Does all the asking (money rule 9): takes due rows under a lease, one turn each, and never gives up. Woken at once
 * in its own process; rows that another process left behind are found by their due time.
 */
import { askAttempt } from './ask-attempt';
import { askRefund } from './ask-refund';
import { inBackground } from '../ledger/line';
import { claimDue, earliestDueMs } from './claim-due';
import type { PaymentParts } from './parts';

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
  const refundPace = createPace({ monotonicNow, gapMs: backlogGapMs, most: backlogAtOnce });
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
          const { live, backlog, refunds } = await claimDue({
            parts,
            owner: lease,
            most: free,
            mostBacklog: Math.min(backlogAtOnce - backlogTurns, pace.free()),
            mostRefunds: refundPace.free()
          });
          pace.take(backlog.length);
          refundPace.take(refunds.length);
          backlogTurns += backlog.length;
          begun = live.length + backlog.length + refunds.length;
          for (const row of live) begin(askAttempt({ parts, row, owner: lease }), 'attempt', row.id);
          for (const row of backlog) {
            const turn = inBackground(() => askAttempt({ parts, row, owner: lease }));
            begin(
              turn.finally(() => (backlogTurns -= 1)),
              'attempt',
              row.id
            );
          }
          for (const row of refunds)
            begin(
              inBackground(() => askRefund({ parts, row, owner: lease })),
              'refund',
              row.id
            );
        }
        // With every turn taken, what is due waits for one to end, and its end wakes this loop.
        const wait = turns.size < turnsAtOnce ? await untilNextDue() : longestSleepMs;
        // What is due and was not taken is not to be begun yet.
        await sleep(begun === 0 ? Math.max(wait, backlogGapMs) : wait);
      } catch (error) {
        parts.log.error({ error }, 'the payment worker could not read the ledger; it goes on trying');
        woken = false;
        await sleep(longestSleepMs);
      }
    }
  }

  async function untilNextDue(): Promise<number> {
    const now = parts.ledger.nowMs();
    const due = await earliestDueMs(parts, now);
    const earliest = Math.min(due.attempt, due.refund);
    return Math.min(longestSleepMs, Math.max(0, earliest - now));
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
