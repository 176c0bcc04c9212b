/**
 * One process of the till in the simulation: the real engine's pieces on a shared ledger. It can die at any commit or named
 * moment (nothing of it ever goes on), and it can be frozen (everything of it goes on later), as a real process can.
 */
import { createChanges } from '$lib/server/payments/changes';
import { askAttempt } from '$lib/server/payments/ask-attempt';
import { askRefund } from '$lib/server/payments/ask-refund';
import type { PaymentParts } from '$lib/server/payments/parts';
import { createStopwatch } from '$lib/server/payments/stopwatch';
import type { Timing } from '$lib/server/payments/timing';
import { claimDue } from '$lib/server/payments/claim-due';
import type { Gateway } from '$lib/server/gateway/port';
import type { Ledger } from '$lib/server/ledger/ledger';

export interface SimProcess {
  readonly name: string;
  readonly parts: PaymentParts;
  readonly alive: boolean;
  readonly frozen: boolean;
  /** Turns under way. */
  readonly busy: number;
  die(): void;
  freeze(): void;
  thaw(): void;
  /** Dies or freezes at its n-th commit from now: before it, or after it and before anybody hears. */
  atCommit(options: { count: number; what: 'die_before' | 'die_after' | 'freeze_after' }): void;
  /** As the worker does: takes what is due under a lease and begins a turn for each. Gives back how many. */
  tick(): Promise<number>;
  /** Runs something of this process; what breaks in it is told, unless the process is dead. */
  run(what: string, work: () => Promise<unknown>): void;
}

const turnsAtOnce = 16;

export function createSimProcess(options: {
  name: string;
  ledger: Ledger;
  gateway: Gateway;
  timing: Timing;
  monotonicNow: () => number;
  /** Called when a commit or a named moment froze it. */
  onFrozen: () => void;
  onDead: () => void;
  onCommit: () => void;
  /** What the program itself logged as broken. */
  onBroken: (what: string, error: unknown) => void;
  trace: (line: string) => void;
  crashPoint?: (name: string) => void;
}): SimProcess {
  const { name, ledger, gateway } = options;
  let alive = true;
  let waiting: (() => void)[] | null = null;
  let fuse: { count: number; what: 'die_before' | 'die_after' | 'freeze_after' } | null = null;
  let busy = 0;
  let claims = 0;

  /** Where a promise's owner may be dead or frozen by now, it goes on never or later. */
  async function asLongAsItLives<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } finally {
      await mayGoOn();
    }
  }
  async function mayGoOn(): Promise<void> {
    while (waiting !== null && alive) {
      await new Promise<void>((resolve) => waiting?.push(resolve));
    }
    if (!alive) await new Promise<never>(() => undefined);
  }
  const guardedLedger: Ledger = {
    ...ledger,
    async transaction(work) {
      await mayGoOn();
      if (fuse !== null) fuse.count -= 1;
      const burnt = fuse !== null && fuse.count <= 0 ? fuse.what : null;
      if (burnt !== null) fuse = null;
      if (burnt === 'die_before') process.die();
      await mayGoOn();
      const result = await ledger.transaction(work);
      options.onCommit();
      if (burnt === 'die_after') process.die();
      if (burnt === 'freeze_after') {
        process.freeze();
        options.onFrozen();
      }
      await mayGoOn();
      return result;
    }
  };
  const guardedGateway: Gateway = {
    submitPayment: (of) => asLongAsItLives(gateway.submitPayment(of)),
    queryPayment: (of) => asLongAsItLives(gateway.queryPayment(of)),
    cancelPayment: (of) => asLongAsItLives(gateway.cancelPayment(of)),
    submitRefund: (of) => asLongAsItLives(gateway.submitRefund(of)),
    queryRefund: (of) => asLongAsItLives(gateway.queryRefund(of)),
    parseNotification: (sent) => gateway.parseNotification(sent)
  };
  const parts: PaymentParts = {
    ledger: guardedLedger,
    gateway: guardedGateway,
    identity: { appId: 'app', merchantNo: '312' },
    timing: options.timing,
    changes: createChanges(),
    stopwatch: createStopwatch({ monotonicNow: options.monotonicNow, wallNow: ledger.nowMs }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    digestKey: Buffer.alloc(32, 7),
    mode: 'live',
    wake: () => undefined,
    crashPoint: (point) => options.crashPoint?.(point)
  };

  const process: SimProcess & { alive: boolean; busy: number } = {
    name,
    parts,
    get alive() {
      return alive;
    },
    get frozen() {
      return waiting !== null;
    },
    get busy() {
      return busy;
    },
    die() {
      if (!alive) return;
      alive = false;
      options.trace(`${name} dies`);
      options.onDead();
    },
    freeze() {
      if (alive) waiting ??= [];
      options.trace(`${name} freezes`);
    },
    thaw() {
      const resumed = waiting ?? [];
      waiting = null;
      options.trace(`${name} goes on`);
      for (const resume of resumed) resume();
    },
    atCommit(next) {
      fuse = { ...next };
    },
    run(what, work) {
      work().catch((error: unknown) => {
        if (alive) options.onBroken(what, error);
      });
    },
    async tick() {
      const free = turnsAtOnce - busy;
      if (!alive || waiting !== null || free <= 0) return 0;
      claims += 1;
      const owner = `${name}.${claims}`;
      let begun = 0;
      // Not awaited to its end: a process that dies or freezes while it claims must not hold up the world.
      process.run('claim', async () => {
        const { attempts, refunds } = await claimDue({ parts, owner, most: free });
        for (const row of attempts) begin('attempt', askAttempt({ parts, row, owner }));
        for (const row of refunds) begin('refund', askRefund({ parts, row, owner }));
        begun = attempts.length + refunds.length;
      });
      await new Promise<void>((resolve) => setImmediate(resolve));
      return begun;
    }
  };
  function begin(what: string, turn: Promise<void>): void {
    busy += 1;
    process.run(`turn of ${what}`, () => turn.finally(() => (busy -= 1)));
  }
  return process;
}
