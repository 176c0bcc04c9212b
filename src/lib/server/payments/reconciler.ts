/** Runs the days' checks: one question at a time, a pause after each, and the schedule's own at the day's cut-over. */
import type { PaymentParts } from './parts';
import { reconcileNext, startScheduled } from './reconcile';

/** How often it is looked whether a day is over, or another process left a check behind. */
const lookMs = 30_000;

export interface Reconciler {
  start(): void;
  /** A check began. */
  wake(): void;
  /** Ends the question under way; the check goes on after the next start. */
  stop(): Promise<void>;
}

/** @param options.owner a name for this process's leases, unique */
export function createReconciler(options: {
  readonly parts: PaymentParts;
  readonly owner: string;
}): Reconciler {
  const { parts, owner } = options;
  let running = false;
  let woken = false;
  let resume: (() => void) | null = null;
  let loop: Promise<void> = Promise.resolve();

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (!running) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        resume = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      resume = done;
    });

  async function run(): Promise<void> {
    while (running) {
      woken = false;
      try {
        const did = await reconcileNext({ parts, owner });
        if (did === 'asked') await sleep(parts.timing.reconcileGapMs);
        else if (did === 'idle' && (await startScheduled(parts)) !== null) continue;
        else if (!woken) await sleep(did === 'waiting' ? parts.timing.reconcileAgainMs : lookMs);
      } catch (error) {
        parts.log.error({ error }, "a day's check could not go on; it is tried again");
        await sleep(lookMs);
      }
    }
  }

  return {
    start() {
      if (running) return;
      running = true;
      loop = run();
    },
    wake() {
      woken = true;
      resume?.();
    },
    async stop() {
      running = false;
      resume?.();
      await loop;
    }
  };
}
