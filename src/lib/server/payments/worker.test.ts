import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, PaymentFacts } from '../gateway/port';
import { fault, openEngine, seen, type Engine } from './engine.fixture';
import { claimDue } from './claim-due';
import { createWorker, type PaymentWorker } from './worker';

/** What a submit is answered while the shopper types a password. */
const paying = seen('', 'paying');

let engine: Engine;
let worker: PaymentWorker;

beforeEach(async () => {
  engine = await openEngine();
  worker = createWorker({ parts: engine.parts, owner: 'w' });
});

afterEach(async () => {
  await worker.stop();
  await engine.ledger.close();
});

function asked(): number {
  return engine.calls.filter((call) => call === 'queryPayment').length;
}

/** The event loop goes round, with its timers. */
async function rounds(times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('the worker', () => {
  test('does not spin while all its turns wait for a gateway that hangs', async () => {
    engine.gateway.submitPayment = async () => paying;
    for (let payments = 0; payments < 17; payments += 1) await engine.pay();
    engine.pass(5000);
    const waiting: ((answer: Answer<PaymentFacts>) => void)[] = [];
    engine.gateway.queryPayment = () => new Promise((resolve) => waiting.push(resolve));
    worker.start();
    await expect.poll(asked).toBe(16);
    let looks = 0;
    const { nowMs } = engine.ledger;
    engine.ledger.nowMs = () => {
      looks += 1;
      return nowMs();
    };
    await rounds(50);
    expect(looks).toBeLessThan(5);
    waiting.shift()?.(fault('timeout'));
    await expect.poll(asked).toBe(17);
    for (const answer of waiting) answer(fault('timeout'));
  });

  test('#64 after an outage begins the old ones at a pace, and asks about a shopper at the counter before them', async () => {
    for (let payments = 0; payments < 40; payments += 1) await engine.pay();
    engine.pass(3_600_000);
    engine.gateway.submitPayment = async () => paying;
    const row = await engine.pay();
    engine.pass(5000);
    engine.calls.length = 0;
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    let monotonicMs = 0;
    const paced = createWorker({ parts: engine.parts, owner: 'p', monotonicNow: () => monotonicMs });
    paced.start();
    try {
      await expect.poll(async () => (await engine.attempt(row.id)).state).toBe('succeeded');
      await expect.poll(asked).toBe(1 + 12);
      await rounds(100);
      expect(asked()).toBe(1 + 12);
      monotonicMs += 5 * 40;
      await expect.poll(asked).toBe(1 + 12 + 5);
      for (let gaps = 0; gaps < 40; gaps += 1) {
        monotonicMs += 40;
        await rounds(1);
        paced.wake();
      }
      await expect.poll(asked).toBe(1 + 40);
    } finally {
      await paced.stop();
    }
  });

  test('asks about the sale at the counter before a hundred others there that had no answer', async () => {
    for (let payments = 0; payments < 100; payments += 1) await engine.pay();
    engine.pass(5000);
    engine.gateway.submitPayment = async () => paying;
    const row = await engine.pay();
    engine.pass(5000);
    const order: string[] = [];
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => {
      order.push(merchantOrderNo);
      return seen(merchantOrderNo, 'succeeded');
    };
    const paced = createWorker({ parts: engine.parts, owner: 'p', monotonicNow: () => 0 });
    paced.start();
    try {
      await expect.poll(() => order.length).toBe(1 + 12);
      expect(order[0]).toBe(row.merchant_order_no);
      // With the pace used up, the next sale is asked about all the same.
      const next = await engine.pay();
      engine.pass(5000);
      paced.wake();
      await expect.poll(() => order.length).toBe(1 + 12 + 1);
      expect(order.at(-1)).toBe(next.merchant_order_no);
    } finally {
      await paced.stop();
    }
  });

  test('goes on after the ledger could not be read', async () => {
    const row = await engine.pay();
    engine.pass(5000);
    engine.gateway.queryPayment = async () => seen(row.merchant_order_no, 'succeeded');
    const { nowMs } = engine.ledger;
    let broken = true;
    engine.ledger.nowMs = () => {
      if (!broken) return nowMs();
      broken = false;
      throw new Error('disk error');
    };
    worker.start();
    await expect.poll(async () => (await engine.attempt(row.id)).state, { timeout: 5000 }).toBe('succeeded');
  });

  test('goes on after a turn broke, and takes its row again when the lease has run out', async () => {
    const broken = await engine.pay();
    const whole = await engine.pay();
    engine.pass(5000);
    let throws = true;
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => {
      if (throws && merchantOrderNo === broken.merchant_order_no) throw new Error('a bug');
      return seen(merchantOrderNo, 'succeeded');
    };
    worker.start();
    await expect.poll(async () => (await engine.attempt(whole.id)).state).toBe('succeeded');
    throws = false;
    expect((await engine.attempt(broken.id)).state).not.toBe('succeeded');
    engine.pass(engine.parts.timing.leaseMs);
    worker.wake();
    await expect.poll(async () => (await engine.attempt(broken.id)).state).toBe('succeeded');
  });

  test('hears a wake-up that comes while it is busy taking rows', async () => {
    worker.start();
    const row = await engine.pay();
    engine.gateway.queryPayment = async () => seen(row.merchant_order_no, 'succeeded');
    engine.pass(5000);
    worker.wake();
    worker.wake();
    await expect.poll(async () => (await engine.attempt(row.id)).state, { timeout: 900 }).toBe('succeeded');
  });

  test('takes nothing new once it is told to stop, and waits for the turn under way', async () => {
    const row = await engine.pay();
    engine.pass(5000);
    let answer: (answer: Answer<PaymentFacts>) => void = () => undefined;
    engine.gateway.queryPayment = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    worker.start();
    await expect.poll(asked).toBe(1);
    const stopped = worker.stop();
    answer(seen(row.merchant_order_no, 'succeeded'));
    await stopped;
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'succeeded', lease_owner: null });
  });
});

describe('a claim', () => {
  test('gives a due row to one worker only, until its lease runs out', async () => {
    const { parts } = engine;
    await engine.pay();
    engine.pass(5000);
    const first = await claimDue({ parts, owner: 'a', most: 16 });
    const second = await claimDue({ parts, owner: 'b', most: 16 });
    expect([first.attempts.length, second.attempts.length]).toEqual([1, 0]);
    engine.pass(parts.timing.leaseMs);
    expect((await claimDue({ parts, owner: 'b', most: 16 })).attempts).toHaveLength(1);
  });

  test('outlasts the longest turn: a query, a cancel and one more query', () => {
    expect(engine.parts.timing.leaseMs).toBeGreaterThan(3 * 10_000);
  });

  test('takes no row before its time and no more than asked for', async () => {
    const { parts } = engine;
    for (let payments = 0; payments < 3; payments += 1) await engine.pay();
    expect((await claimDue({ parts, owner: 'a', most: 2 })).attempts).toEqual([]);
    engine.pass(5000);
    expect((await claimDue({ parts, owner: 'a', most: 2 })).attempts).toHaveLength(2);
  });

  test('takes refunds beside payments, no more of them than asked for, and what is left the next time', async () => {
    const { parts, gateway } = engine;
    gateway.queryPayment = async (of) => seen(of.merchantOrderNo, 'succeeded');
    // No answer to any refund: they stay due.
    gateway.submitRefund = async () => fault('timeout');
    for (const row of [await engine.pay(), await engine.pay(), await engine.pay()]) {
      engine.pass(5000);
      await engine.turn();
      expect(await engine.giveBack(row.id, 100)).toMatchObject({ ok: true });
    }
    engine.pass(60_000);
    const claimed = async (mostRefunds: number): Promise<number> =>
      (await claimDue({ parts, owner: `w${mostRefunds}`, most: 16, mostRefunds })).refunds.length;
    expect([await claimed(0), await claimed(1), await claimed(16), await claimed(16)]).toEqual([0, 1, 2, 0]);
  });

  test('that another worker took over is not given back by the first', async () => {
    const row = await engine.pay();
    engine.pass(5000);
    engine.gateway.queryPayment = async () => {
      engine.pass(engine.parts.timing.leaseMs);
      await claimDue({ parts: engine.parts, owner: 'b', most: 16 });
      return fault('timeout');
    };
    await engine.turn('a');
    expect((await engine.attempt(row.id)).lease_owner).toBe('b');
  });
});
