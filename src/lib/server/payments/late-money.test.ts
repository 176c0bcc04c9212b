import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, PaymentFacts } from '../gateway/port';
import { readDesk } from '../desk/read-desk';
import { fault, openEngine, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';
import { requestPayment } from './request-payment';
import { paymentRequest, sender } from './shop.fixture';

let engine: Engine;
let row: AttemptRow;

beforeEach(async () => {
  engine = await openEngine();
  engine.gateway.queryPayment = async () => refused('not_found');
  engine.gateway.cancelPayment = async () => refused('not_found');
  row = await engine.pay();
  await engine.until(400_000);
  row = await engine.attempt(row.id);
  expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
});

afterEach(() => engine.ledger.close());

function answers(...each: Answer<PaymentFacts>[]): void {
  const [last] = each.slice(-1);
  engine.gateway.queryPayment = async () => each.shift() ?? last ?? fault('timeout');
}

async function askedEarly(): Promise<void> {
  await engine.ledger.db.updateTable('attempts').set({ next_due_at_ms: engine.clock.nowMs }).execute();
  await engine.turn();
}

/** Another payment of the same order. */
async function payAgain() {
  const order = await engine.ledger.db.selectFrom('orders').selectAll().executeTakeFirstOrThrow();
  const request = paymentRequest({
    ends: '00',
    order: { orderId: order.id, events: JSON.parse(order.events) as never }
  });
  return requestPayment({ parts: engine.parts, sender, request });
}

const no = (): string => row.merchant_order_no;

describe('a payment that ended as not received', () => {
  test('is looked at once more at 20 minutes, and then left alone', async () => {
    engine.calls.length = 0;
    await engine.until(3_600_000 * 3);
    expect(engine.calls).toEqual(['queryPayment']);
    expect((await engine.attempt(row.id)).next_due_at_ms).toBeNull();
  });

  test('is still looked at at 20 minutes when somebody asked before', async () => {
    await askedEarly();
    answers(seen(no(), 'succeeded'));
    await engine.until(1_300_000);
    expect((await engine.attempt(row.id)).state).toBe('paid_late');
    expect(await engine.tasks()).toEqual(['late_money']);
  });

  test.each([
    ['paying', () => seen(no(), 'paying')],
    ['something about another payment', () => seen(no(), 'succeeded', { orderAmountMinor: 1 })],
    ['nothing', () => fault('timeout')]
  ])('is asked about again when that look hears %s', async (_what, heard) => {
    answers(heard(), seen(no(), 'succeeded'));
    await engine.until(3_600_000 * 3);
    expect((await engine.attempt(row.id)).state).toBe('paid_late');
  });

  test('and seems paid is not forgotten for one "not found"', async () => {
    answers(seen(no(), 'succeeded'), refused('not_found'), seen(no(), 'succeeded'));
    await engine.until(3_600_000 * 3);
    expect((await engine.attempt(row.id)).state).toBe('paid_late');
  });

  test('and seems paid once is let be when the gateway then says that it is closed', async () => {
    answers(seen(no(), 'succeeded'), seen(no(), 'closed'));
    await engine.until(3_600_000 * 3);
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'failed', next_due_at_ms: null });
  });

  describe('and whose money came late', () => {
    beforeEach(async () => {
      answers(seen(no(), 'succeeded'));
      await engine.until(1_300_000);
      expect((await engine.attempt(row.id)).state).toBe('paid_late');
    });

    test('ends as given back when the gateway says twice that it sent it back, and its order can be paid again', async () => {
      answers(seen(no(), 'cancelled'));
      await askedEarly();
      expect((await engine.attempt(row.id)).state).toBe('paid_late');
      engine.pass(4000);
      await askedEarly();
      expect((await engine.attempt(row.id)).state).toBe('paid_late');
      await engine.until(3_600_000);
      expect(await engine.attempt(row.id)).toMatchObject({ state: 'refunded', next_due_at_ms: null });
      const { ledger, parts } = engine;
      const { tasks } = await readDesk({ ledger, timing: parts.timing });
      expect(tasks.map(({ kind }) => kind)).toEqual(['contradiction']);
      expect(await payAgain()).toMatchObject({ ok: true });
    });

    test('is not given back by two reads that only a clock that was set on holds apart', async () => {
      answers(seen(no(), 'cancelled'));
      await askedEarly();
      engine.clock.nowMs += 60_000;
      await askedEarly();
      expect((await engine.attempt(row.id)).state).toBe('paid_late');
    });

    test('is not given back by two reads between which it said paid', async () => {
      answers(seen(no(), 'cancelled'), seen(no(), 'succeeded'), seen(no(), 'cancelled'));
      for (let asked = 0; asked < 3; asked += 1) {
        await askedEarly();
        engine.pass(60_000);
      }
      expect((await engine.attempt(row.id)).state).toBe('paid_late');
    });

    test('is asked about until it answers whether it sent the money back', async () => {
      answers(seen(no(), 'cancelled'), fault('timeout'), seen(no(), 'cancelled'));
      await askedEarly();
      await engine.until(3_600_000 * 4);
      expect((await engine.attempt(row.id)).state).toBe('refunded');
    });
  });
});
