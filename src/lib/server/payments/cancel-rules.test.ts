import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayNotification, NotificationRead } from '../gateway/port';
import { cancelTaken, fault, openEngine, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';
import { receiveWebhook } from './webhook';
import { isOnDesk } from './when-due';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
  engine.gateway.cancelPayment = async () => cancelTaken;
});

afterEach(() => engine.ledger.close());

function cancels(): number {
  return engine.calls.filter((call) => call === 'cancelPayment').length;
}

function says(status: Parameters<typeof seen>[1]): void {
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, status);
}

async function notify(row: AttemptRow, over: Partial<GatewayNotification> = {}): Promise<void> {
  const { value } = seen(row.merchant_order_no, 'succeeded');
  const notification: GatewayNotification = {
    ...value,
    merchantOrderNo: row.merchant_order_no,
    statusText: '2',
    transType: null,
    origTransNo: null,
    rawSha256: '',
    ...over
  };
  const read: NotificationRead = { ok: true, notification };
  engine.gateway.parseNotification = () => read;
  await receiveWebhook({ parts: engine.parts, rawBody: '{}', contentType: null });
}

describe('the first cancel', () => {
  test('is not sent after the submit itself said "succeeded", though no query gets through', async () => {
    engine.gateway.submitPayment = async () => seen('', 'succeeded', { merchantOrderNo: null });
    const row = await engine.pay();
    engine.gateway.queryPayment = async () => fault('timeout');
    await engine.until(90_000);
    expect(cancels()).toBe(0);
    says('succeeded');
    await engine.until(300_000);
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
  });

  test('is not sent after a webhook said "succeeded", though no query gets through', async () => {
    const row = await engine.pay();
    await notify(row);
    await engine.until(90_000);
    expect(cancels()).toBe(0);
  });

  test.each([
    ['another amount', { orderAmountMinor: 901 }],
    ['another currency', { currency: 'EUR' }],
    ['another payment attached', { attach: 'b'.repeat(32) }],
    ['a status of "paying"', { status: 'paying' }]
  ] as const)('is sent all the same after a webhook with %s', async (_what, over) => {
    const row = await engine.pay();
    await notify(row, over);
    await engine.until(61_000);
    expect(cancels()).toBeGreaterThan(0);
  });

  test('waits for one more query when a webhook comes after the last one', async () => {
    const row = await engine.pay();
    engine.pass(60_000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => {
      await notify(row, { status: 'paying', statusText: '0' });
      says('succeeded');
      return seen(merchantOrderNo, 'paying');
    };
    await engine.turn();
    expect(cancels()).toBe(0);
    await engine.turn();
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
    expect(cancels()).toBe(0);
  });

  test('is never sent for an answer about something else, and the gateway is not asked without pause', async () => {
    await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
      seen(merchantOrderNo, 'succeeded', { orderAmountMinor: 1 });
    await engine.until(61_000);
    const asked = engine.calls.length;
    engine.pass(1);
    expect(await engine.turn()).toBe(0);
    await engine.until(120_000);
    expect(engine.calls.length - asked).toBeLessThanOrEqual(6);
    expect(cancels()).toBe(0);
    expect(await engine.tasks()).toEqual(['mismatch']);
  });

  test('is not brought nearer by a clock that is put forward', async () => {
    const row = await engine.pay();
    says('paying');
    engine.pass(5000);
    engine.clock.nowMs += 3_600_000;
    await engine.turn();
    expect(cancels()).toBe(0);
    engine.pass(10_000);
    await engine.ledger.db.updateTable('attempts').set({ next_due_at_ms: 0 }).execute();
    await engine.turn();
    expect(cancels()).toBe(1);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
  });
});

describe('a wish to stop', () => {
  test('that comes in the middle of a turn is carried out by the next one, at once', async () => {
    const row = await engine.pay();
    engine.pass(20_000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => {
      await engine.stop(row.id);
      says('paying');
      return seen(merchantOrderNo, 'paying');
    };
    await engine.turn();
    await engine.turn();
    expect(cancels()).toBe(1);
  });

  test('is carried out 15 s after the submit, not sooner and not later', async () => {
    const row = await engine.pay();
    says('paying');
    engine.pass(2000);
    await engine.stop(row.id);
    await engine.until(14_000);
    expect(cancels()).toBe(0);
    await engine.until(15_000);
    expect(cancels()).toBe(1);
  });
});

describe("a cancel's answer", () => {
  test('that comes after another worker took the row over does not stand for that one’s cancel', async () => {
    const row = await engine.pay();
    says('paying');
    engine.pass(60_000);
    engine.gateway.cancelPayment = async () => {
      engine.gateway.cancelPayment = async () => fault('timeout');
      engine.pass(engine.parts.timing.leaseMs);
      await engine.turn('another worker');
      return refused('busy');
    };
    await engine.turn();
    expect((await engine.attempt(row.id)).cancel_standing).toBe('unanswered');
    says('succeeded');
    await engine.until(103_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
  });
});

describe('a cancel that was lost', () => {
  /** The first one is sent and never answered; then the next is answered as given. */
  async function lost(answer: ReturnType<typeof refused>): Promise<AttemptRow> {
    const row = await engine.pay();
    says('paying');
    engine.gateway.cancelPayment = async () => fault('timeout');
    await engine.until(60_000);
    expect(cancels()).toBe(1);
    engine.gateway.cancelPayment = async () => answer;
    await engine.until(65_000);
    expect(cancels()).toBe(2);
    return row;
  }

  test('#8 may still arrive after another one was told "busy": a payment made then is not believed', async () => {
    const row = await lost(refused('busy'));
    says('succeeded');
    await engine.until(69_000);
    expect(await engine.attempt(row.id)).toMatchObject({
      state: 'cancelling',
      cancel_standing: 'unanswered'
    });
    // It is repeated until one is answered for good.
    engine.gateway.cancelPayment = async () => cancelTaken;
    await engine.until(70_000);
    expect(cancels()).toBe(3);
    says('cancelled');
    await engine.until(75_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelled');
  });

  test('#11 and had done its work is not undone by one stale "paid" after another one was refused', async () => {
    const row = await lost(refused('final_refused'));
    says('succeeded');
    await engine.until(70_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
    says('cancelled');
    await engine.until(75_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelled');
  });

  test('#8 leaves a payment that is believed when another one was refused and two reads say paid', async () => {
    const row = await lost(refused('final_refused'));
    says('succeeded');
    await engine.until(76_000);
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'succeeded', late_seen_at_ms: null });
    expect(cancels()).toBe(2);
  });

  /** Its process sleeps past its lease; another worker's own cancel is refused, and then the first wakes with an answer. */
  async function overtaken(rest: () => Promise<void>): Promise<AttemptRow> {
    const row = await engine.pay();
    says('paying');
    engine.pass(60_000);
    engine.gateway.cancelPayment = async () => {
      engine.gateway.cancelPayment = async () => refused('final_refused');
      engine.pass(engine.parts.timing.leaseMs);
      await engine.turn('another worker');
      await rest();
      return cancelTaken;
    };
    await engine.turn();
    return row;
  }

  test('#45 and is heard of late, as accepted, makes every success provisional again', async () => {
    const row = await overtaken(async () => undefined);
    expect((await engine.attempt(row.id)).cancel_standing).toBe('accepted');
    says('succeeded');
    await engine.until(112_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
  });

  test('#45 and is heard of after the success was believed has the gateway asked, and a person told', async () => {
    const row = await overtaken(async () => {
      says('succeeded');
      for (let turns = 0; turns < 3; turns += 1) {
        engine.pass(5000);
        await engine.turn('another worker');
      }
      expect(
        (await engine.ledger.db.selectFrom('attempts').select('state').executeTakeFirstOrThrow()).state
      ).toBe('succeeded');
      says('cancelled');
    });
    await engine.turn();
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
    expect(await engine.tasks()).toContain('contradiction');
  });
});

describe('a cancel that was taken on, and is carried out later', () => {
  /** At 60 s one is accepted while the shopper pays; queries say paid until the money goes back. */
  async function takenOn(): Promise<AttemptRow> {
    const row = await engine.pay();
    says('paying');
    await engine.until(60_000);
    expect((await engine.attempt(row.id)).cancel_standing).toBe('accepted');
    says('succeeded');
    await engine.until(89_000);
    expect(cancels()).toBe(1);
    return row;
  }

  test.each([
    ['refused', refused('final_refused')],
    ['told "busy"', refused('busy')],
    ['told "not found"', refused('not_found')],
    ['not answered', fault('timeout')]
  ] as const)('makes no paid sale of what it then undoes when the next one is %s', async (_how, answer) => {
    const row = await takenOn();
    engine.gateway.cancelPayment = async () => answer;
    await engine.until(179_000);
    expect(cancels()).toBeGreaterThan(1);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
    says('cancelled');
    await engine.until(300_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelled');
  });

  test('is not forgotten by a process that died between the next one and its answer', async () => {
    const row = await takenOn();
    engine.onCrashPoint = (name) => {
      if (name === 'after_cancel_commit') throw new Error('the process dies');
    };
    engine.pass(11_000);
    await expect(engine.turn('a process that dies')).rejects.toThrow('dies');
    engine.onCrashPoint = () => undefined;
    expect((await engine.attempt(row.id)).cancel_standing).toBe('unanswered');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    engine.pass(engine.parts.timing.leaseMs);
    await engine.until(179_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
    expect(cancels()).toBeGreaterThan(1);
  });

  test('is not forgotten where it is heard of while the next one, which is then refused, is on its way', async () => {
    const row = await engine.pay();
    says('paying');
    engine.pass(60_000);
    let accept: () => void = () => undefined;
    engine.gateway.cancelPayment = () => new Promise((resolve) => (accept = () => resolve(cancelTaken)));
    const first = engine.turn();
    await expect.poll(cancels).toBe(1);
    engine.pass(engine.parts.timing.leaseMs);
    engine.gateway.cancelPayment = async () => {
      accept();
      await first;
      says('succeeded');
      return refused('final_refused');
    };
    await engine.turn('another worker');
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'cancelling', cancel_standing: 'accepted' });
    await engine.until(179_000);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
  });

  test('and never is, though the wallet goes on saying paid, stays on the desk and goes on being asked', async () => {
    const row = await takenOn();
    engine.gateway.cancelPayment = async () => refused('final_refused');
    const day = 24 * 3_600_000;
    await engine.until(day);
    const after = await engine.attempt(row.id);
    expect(after.state).toBe('cancelling');
    expect(isOnDesk({ row: after, now: engine.clock.nowMs, timing: engine.parts.timing })).toBe(true);
    expect(after.next_due_at_ms).toBeLessThanOrEqual(engine.clock.nowMs + 1.1 * 3_600_000);
    const asked = engine.calls.length;
    says('cancelled');
    await engine.until(day + 2 * 3_600_000);
    expect(engine.calls.length).toBeGreaterThan(asked);
    expect((await engine.attempt(row.id)).state).toBe('cancelled');
  });
});

describe('a clock that is set back by an hour', () => {
  function setBack(): void {
    engine.clock.nowMs -= 3_600_000;
  }

  test('after a cancel was refused does not keep the success waiting for an hour', async () => {
    const row = await engine.pay();
    says('paying');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(60_000);
    expect((await engine.attempt(row.id)).cancel_standing).toBe('refused');
    setBack();
    says('succeeded');
    await engine.turn();
    engine.pass(5000);
    await engine.turn();
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
  });

  test('after a code was refused does not keep the end waiting for an hour', async () => {
    engine.gateway.submitPayment = async () => refused('not_created');
    engine.gateway.queryPayment = async () => fault('timeout');
    const row = await engine.pay();
    await engine.turn();
    setBack();
    engine.gateway.queryPayment = async () => refused('not_found');
    await engine.turn();
    engine.pass(5000);
    await engine.turn();
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'failed', fail_reason: 'refused' });
  });
});

describe('a refusal that creates nothing', () => {
  test('is not confirmed by a query that had begun before it', async () => {
    let answer: () => void = () => undefined;
    engine.gateway.submitPayment = () =>
      new Promise((resolve) => {
        answer = () => resolve(refused('not_created'));
      });
    const paying = engine.pay();
    await expect.poll(() => engine.calls).toEqual(['submitPayment']);
    engine.pass(5000);
    engine.gateway.queryPayment = async () => {
      engine.pass(100);
      answer();
      await paying;
      engine.pass(100);
      return refused('not_found');
    };
    await engine.turn();
    const row = await paying;
    expect((await engine.attempt(row.id)).state).toBe('unknown');
    engine.gateway.queryPayment = async () => refused('not_found');
    await engine.turn();
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'failed', fail_reason: 'refused' });
  });
});
