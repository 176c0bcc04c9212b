import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, PaymentFacts } from '../gateway/port';
import { fault, openEngine, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';

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
});
