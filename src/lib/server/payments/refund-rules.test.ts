import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault, openEngine, refundSeen, refundTaken, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow, RefundRow } from './parts';
import { askRefundNow } from './wishes';

let engine: Engine;
let paid: AttemptRow;

beforeEach(async () => {
  engine = await openEngine();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  paid = await engine.pay();
  engine.pass(5000);
  await engine.turn();
  paid = await engine.attempt(paid.id);
  expect(paid.state).toBe('succeeded');
  engine.calls.length = 0;
});

afterEach(() => engine.ledger.close());

async function refundOf(amountMinor: number): Promise<RefundRow> {
  const result = await engine.giveBack(paid.id, amountMinor);
  if (!result.ok) throw new Error(result.detail);
  return result.row;
}

/** How often its number left. */
const sends = (): number => engine.calls.filter((call) => call === 'submitRefund').length;

/** Turns until nothing is due now; fails where that never comes. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) if ((await engine.turn()) === 0) return;
  throw new Error('the worker never comes to rest');
}

describe('a refund', () => {
  test('that lacks funds rests five minutes before its number goes again', async () => {
    engine.gateway.submitRefund = async () => refused('balance');
    engine.gateway.queryRefund = async () => refused('not_found');
    const refund = await refundOf(900);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('waiting_funds');
    expect(engine.calls.filter((call) => call === 'submitRefund')).toHaveLength(1);
    engine.pass(299_000);
    expect(await engine.turn()).toBe(0);
    engine.pass(1000);
    await quiet();
    expect(engine.calls.filter((call) => call === 'submitRefund')).toHaveLength(2);
  });

  test('that lacks funds goes again at a wish, but after two "not found" a minute apart and no sooner', async () => {
    engine.gateway.submitRefund = async () => refused('balance');
    engine.gateway.queryRefund = async () => refused('not_found');
    const refund = await refundOf(900);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('waiting_funds');
    for (const seconds of [5, 30, 24]) {
      engine.pass(seconds * 1000);
      await askRefundNow({ parts: engine.parts, refundId: refund.id });
      await quiet();
      expect(sends()).toBe(1);
    }
    engine.pass(1000);
    await quiet();
    expect(sends()).toBe(2);
    // The wish was for one more try: after it the usual rest.
    engine.pass(60_000);
    await quiet();
    expect(sends()).toBe(2);
    await askRefundNow({ parts: engine.parts, refundId: refund.id });
    await quiet();
    expect(sends()).toBe(3);
  });

  test('that lacks funds keeps a wish that comes while it is being asked about', async () => {
    engine.gateway.submitRefund = async () => refused('balance');
    engine.gateway.queryRefund = async () => refused('not_found');
    const refund = await refundOf(900);
    await engine.turn();
    engine.gateway.queryRefund = async () => {
      await askRefundNow({ parts: engine.parts, refundId: refund.id });
      return refused('not_found');
    };
    await engine.turn();
    expect((await engine.refund(refund.id)).state).toBe('waiting_funds');
    engine.gateway.queryRefund = async () => refused('not_found');
    engine.pass(59_000);
    await quiet();
    expect(sends()).toBe(1);
    engine.pass(1000);
    await quiet();
    expect(sends()).toBe(2);
  });

  test('whose process died before it was sent goes again after two "not found" a minute apart', async () => {
    const refund = await refundOf(900);
    engine.gateway.submitRefund = () => Promise.reject(new Error('the process dies here'));
    await expect(engine.turn()).rejects.toThrow('dies here');
    expect((await engine.refund(refund.id)).state).toBe('submitted');
    engine.gateway.submitRefund = async () => refundTaken;
    engine.gateway.queryRefund = async () => refused('not_found');
    engine.pass(engine.parts.timing.leaseMs);
    await engine.turn();
    engine.pass(59_000);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('unknown');
    engine.pass(1000);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('refunding');
    expect(engine.calls.filter((call) => call === 'submitRefund')).toHaveLength(2);
  });

  test('#61 whose answer was lost keeps its number and is found by asking', async () => {
    const refund = await refundOf(900);
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    await engine.turn();
    expect((await engine.refund(refund.id)).state).toBe('unknown');
    engine.pass(5000);
    await engine.turn();
    expect(await engine.refund(refund.id)).toMatchObject({ state: 'succeeded' });
    expect(engine.calls).toEqual(['submitRefund', 'queryRefund']);
  });

  test('is not called failed because a refusal and one early "not found" say so together', async () => {
    engine.gateway.submitRefund = async () => refused('final_refused');
    engine.gateway.queryRefund = async () => refused('not_found');
    const refund = await refundOf(900);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('unknown');
    engine.pass(60_000);
    await quiet();
    expect((await engine.refund(refund.id)).state).toBe('failed');
    expect(engine.calls.filter((call) => call === 'submitRefund')).toHaveLength(1);
  });

  test('that was committed long before its process woke again is not sent by that process', async () => {
    const refund = await refundOf(900);
    engine.onCrashPoint = (name) => {
      if (name === 'after_refund_commit') engine.pass(120_000);
    };
    await engine.turn();
    expect(engine.calls).not.toContain('submitRefund');
    expect((await engine.refund(refund.id)).state).toBe('intent');
  });

  test('that had failed and was paid out after all counts against what can still be given back', async () => {
    const refund = await refundOf(600);
    engine.gateway.submitRefund = async () => refundTaken;
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'closed');
    await engine.turn();
    engine.pass(5000);
    await engine.turn();
    expect((await engine.refund(refund.id)).state).toBe('failed');
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    await engine.ledger.db
      .updateTable('refunds')
      .set({ next_due_at_ms: engine.clock.nowMs })
      .where('id', '=', refund.id)
      .execute();
    await engine.turn();
    expect(await engine.tasks()).toContain('contradiction');
    expect(await engine.giveBack(paid.id, 600)).toMatchObject({
      ok: false,
      code: 'refund_too_high',
      extra: { restMinor: 300 }
    });
  });

  test('never takes the id of a payment: they would share one number at the gateway', async () => {
    expect(await engine.giveBack(paid.id, 100, paid.id)).toMatchObject({
      ok: false,
      code: 'refund_conflict'
    });
  });

  test('of late money ends the payment as refunded in the same commit', async () => {
    await engine.ledger.db
      .updateTable('attempts')
      .set({ state: 'paid_late' })
      .where('id', '=', paid.id)
      .execute();
    const refund = await refundOf(900);
    engine.gateway.submitRefund = async () => refundTaken;
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    await engine.turn();
    engine.pass(5000);
    // The process dies at the first commit that ends the refund: whatever comes after it never happens.
    const transaction = engine.ledger.transaction;
    let dead = false;
    engine.ledger.transaction = async (work) => {
      if (dead) throw new Error('the process is dead');
      const result = await transaction(work);
      dead = (await engine.refund(refund.id)).state === 'succeeded';
      return result;
    };
    await expect(engine.turn()).rejects.toThrow('dead');
    engine.ledger.transaction = transaction;
    expect((await engine.refund(refund.id)).state).toBe('succeeded');
    expect((await engine.attempt(paid.id)).state).toBe('refunded');
  });

  test('that the gateway will not hear, or answers unsigned, alarms the admin', async () => {
    await refundOf(900);
    engine.gateway.submitRefund = async () => refused('clock');
    await engine.turn();
    expect(await engine.tasks()).toEqual(['alarm']);
  });

  test('whose check is answered unsigned alarms the admin', async () => {
    await refundOf(900);
    await engine.turn();
    engine.gateway.queryRefund = async () => fault('unsigned');
    engine.pass(5000);
    await engine.turn();
    expect(await engine.tasks()).toEqual(['alarm']);
  });
});
