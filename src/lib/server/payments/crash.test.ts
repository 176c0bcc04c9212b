import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cancelTaken, openEngine, refundTaken, refused, seen, type Engine } from './engine.fixture';
import { requestPayment } from './request-payment';
import { paymentRequest, sender } from './shop.fixture';
import { submitOnce } from './submit';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

function count(call: string): number {
  return engine.calls.filter((name) => name === call).length;
}

describe('on a machine that is suspended, which only its wall clock shows', () => {
  const suspend = (): void => void (engine.clock.asleepMs += 240_000);

  test('a submit that was committed before is not sent after', async () => {
    const request = paymentRequest({ ends: '00' });
    const result = await requestPayment({ parts: engine.parts, sender, request });
    if (!result.ok) throw new Error(result.detail);
    const parts = { ...engine.parts, wake: suspend };
    await submitOnce({ parts, row: result.row, paymentCode: request.paymentCode, description: 'x' });
    expect(engine.calls).toEqual([]);
    expect((await engine.attempt(request.attemptId)).fail_reason).toBe('not_sent');
  });

  test('a cancel that was committed before is not sent after', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
    engine.gateway.cancelPayment = async () => cancelTaken;
    engine.pass(60_000);
    engine.onCrashPoint = (name) => {
      if (name === 'after_cancel_commit') suspend();
    };
    await engine.turn();
    expect(count('cancelPayment')).toBe(0);
    expect((await engine.attempt(row.id)).cancel_standing).toBe('unanswered');
  });

  test('a refund that was committed before is not sent after', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.submitRefund = async () => refundTaken;
    engine.pass(5000);
    await engine.turn();
    const refund = await engine.giveBack(row.id, 900);
    if (!refund.ok) throw new Error(refund.detail);
    engine.onCrashPoint = (name) => {
      if (name === 'after_refund_commit') suspend();
    };
    await engine.turn();
    expect(count('submitRefund')).toBe(0);
    expect((await engine.refund(refund.row.id)).state).not.toBe('succeeded');
  });
});

describe('a process that sleeps or dies', () => {
  test('#45 between the commit and the submit sends nothing when it wakes late', async () => {
    const request = paymentRequest({ ends: '00' });
    const result = await requestPayment({ parts: engine.parts, sender, request });
    if (!result.ok) throw new Error(result.detail);
    // The commit's own wake-up is the last thing before the sending.
    const parts = { ...engine.parts, wake: () => engine.pass(240_000) };
    await submitOnce({ parts, row: result.row, paymentCode: request.paymentCode, description: 'x' });
    expect(engine.calls).toEqual([]);
    expect(await engine.attempt(request.attemptId)).toMatchObject({
      state: 'failed',
      fail_reason: 'not_sent'
    });
  });

  test('#32 after "sending" was committed leaves a payment that is asked about and never sent again', async () => {
    engine.gateway.submitPayment = () => Promise.reject(new Error('the process dies here'));
    await expect(engine.pay()).rejects.toThrow('dies here');
    const row = await engine.ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow();
    expect(row.state).toBe('submitted');
    engine.gateway.queryPayment = async () => refused('not_found');
    engine.gateway.cancelPayment = async () => refused('not_found');
    for (let minutes = 0; minutes < 30; minutes += 1) {
      engine.pass(60_000);
      await engine.turn();
    }
    expect(await engine.attempt(row.id)).toMatchObject({
      state: 'failed',
      fail_reason: 'not_received',
      next_due_at_ms: null
    });
    expect(count('submitPayment')).toBe(1);
  });

  test('between a cancel and its sending asks first, then cancels anew', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
    engine.gateway.cancelPayment = async () => cancelTaken;
    engine.pass(60_000);
    engine.onCrashPoint = (name) => {
      if (name === 'after_cancel_commit') throw new Error('the process dies here');
    };
    await expect(engine.turn()).rejects.toThrow('dies here');
    expect(await engine.attempt(row.id)).toMatchObject({
      state: 'cancelling',
      cancel_standing: 'unanswered'
    });
    engine.onCrashPoint = () => undefined;
    engine.pass(engine.parts.timing.leaseMs);
    engine.calls.length = 0;
    expect(await engine.turn('the next process')).toBe(1);
    expect(engine.calls).toEqual(['queryPayment', 'cancelPayment', 'queryPayment']);
    expect((await engine.attempt(row.id)).cancel_standing).toBe('accepted');
  });

  test('#45 between a cancel and its sending for long sends none, and asks again', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
    engine.pass(60_000);
    engine.onCrashPoint = (name) => {
      if (name === 'after_cancel_commit') engine.pass(30_000);
    };
    await engine.turn();
    expect(count('cancelPayment')).toBe(0);
    engine.onCrashPoint = () => undefined;
    engine.pass(5000);
    await engine.turn();
    expect(count('cancelPayment')).toBe(1);
    expect((await engine.attempt(row.id)).state).toBe('cancelling');
  });
});
