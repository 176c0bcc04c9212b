import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askAttempt } from './ask-attempt';
import { claimDue } from './claim-due';
import { fault, openEngine, refundTaken, seen, type Engine } from './engine.fixture';
import type { PaymentParts } from './parts';
import { requestPayment } from './request-payment';
import { paymentRequest, sender } from './shop.fixture';
import { createStopwatch } from './stopwatch';

const hourMs = 3_600_000;

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

/** Till is started again: what its process before knew of the clock is gone. */
function started(): PaymentParts {
  const { clock } = engine;
  return {
    ...engine.parts,
    stopwatch: createStopwatch({ monotonicNow: () => clock.monotonicMs, wallNow: () => clock.nowMs })
  };
}

async function turn(parts: PaymentParts): Promise<number> {
  const { attempts } = await claimDue({ parts, owner: 'after', most: 16 });
  for (const row of attempts) await askAttempt({ parts, row, owner: 'after' });
  return attempts.length;
}

async function texts(): Promise<string[]> {
  const rows = await engine.ledger.db.selectFrom('tasks').select('text').execute();
  return rows.map(({ text }) => text);
}

describe('a clock that ran an hour ahead and was put right while Till was off', () => {
  test('holds no payment that a turn had taken, and a manager is told', async () => {
    const row = await engine.pay();
    engine.pass(5000);
    // Its process dies in the middle of this turn.
    await claimDue({ parts: engine.parts, owner: 'before', most: 16 });
    engine.clock.nowMs -= hourMs;
    engine.pass(10_000);
    const parts = started();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    await turn(parts);
    engine.pass(parts.timing.leaseMs);
    expect(await turn(parts)).toBe(1);
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
    expect(await texts()).toEqual([expect.stringMatching(/set back by 60 min or more while Till was off/)]);
  });

  test('brings no cancel nearer: a payment is counted from now', async () => {
    const row = await engine.pay();
    engine.clock.nowMs -= hourMs;
    const parts = started();
    expect(await turn(parts)).toBe(1);
    const { nowMs } = engine.clock;
    expect(await engine.attempt(row.id)).toMatchObject({ submitted_at_ms: nowMs, cancel_standing: 'none' });
    expect(engine.calls).toEqual(['submitPayment', 'queryPayment']);
  });

  test('is told once: what was put right is not found again at the next start', async () => {
    await engine.pay();
    engine.clock.nowMs -= hourMs;
    await turn(started());
    await engine.ledger.db.deleteFrom('tasks').execute();
    await turn(started());
    expect(await texts()).toEqual([]);
  });

  test('does not hold a payment that was never sent: it is given up after its seconds', async () => {
    const request = paymentRequest({ ends: '00' });
    await requestPayment({ parts: engine.parts, sender, request });
    engine.clock.nowMs -= hourMs;
    const parts = started();
    await turn(parts);
    engine.pass(parts.timing.intentLifeMs);
    await turn(parts);
    expect(await engine.attempt(request.attemptId)).toMatchObject({
      state: 'failed',
      fail_reason: 'not_sent'
    });
  });

  test('does not hold a refund', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.submitRefund = async () => refundTaken;
    engine.pass(5000);
    await engine.turn();
    const refund = await engine.giveBack(row.id, 100);
    if (!refund.ok) throw new Error(refund.detail);
    await engine.turn();
    engine.clock.nowMs -= hourMs;
    const { refunds } = await claimDue({ parts: started(), owner: 'after', most: 16 });
    expect(refunds).toMatchObject([{ id: refund.row.id }]);
  });

  test('is found also where the look back fails at first', async () => {
    await engine.pay();
    engine.clock.nowMs -= hourMs;
    const parts = started();
    const { transaction } = engine.ledger;
    engine.ledger.transaction = () => Promise.reject(new Error('database is locked'));
    await expect(turn(parts)).rejects.toThrow('locked');
    engine.ledger.transaction = transaction;
    expect(await turn(parts)).toBe(1);
    expect(await texts()).toHaveLength(1);
  });
});

test('a clock set back while Till runs is put right at the next look where the commit fails at first', async () => {
  await engine.pay();
  const parts = started();
  await turn(parts);
  engine.clock.nowMs -= hourMs;
  const { transaction } = engine.ledger;
  engine.ledger.transaction = () => Promise.reject(new Error('database is locked'));
  await expect(turn(parts)).rejects.toThrow('locked');
  engine.ledger.transaction = transaction;
  expect(await turn(parts)).toBe(1);
  expect(await turn(parts)).toBe(0);
  expect(await texts()).toEqual([expect.stringMatching(/set back by 60 min\. /)]);
});

test('a start under a clock that nobody set leaves every due time as it was', async () => {
  const row = await engine.pay();
  engine.gateway.queryPayment = async () => fault('timeout');
  engine.pass(5000);
  await engine.turn();
  // Two instances' clocks are never quite the same.
  engine.clock.nowMs -= 200;
  const before = await engine.attempt(row.id);
  expect(await turn(started())).toBe(0);
  expect(await engine.attempt(row.id)).toEqual(before);
  expect(await texts()).toEqual([]);
});
