import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault, openEngine, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';
import { requestPayment, voidAttempt } from './request-payment';
import { paymentRequest, sender } from './shop.fixture';

let engine: Engine;
let row: AttemptRow;

beforeEach(async () => {
  engine = await openEngine();
  const request = paymentRequest({ ends: '00' });
  // The order is known: its first payment never left.
  await requestPayment({ parts: engine.parts, sender, request: { ...request, attemptId: 'f'.repeat(32) } });
  await engine.until(20_000);
  row = await voidAttempt({
    parts: engine.parts,
    sender,
    attemptId: request.attemptId,
    orderId: request.orderId
  });
});

afterEach(() => engine.ledger.close());

const no = (): string => row.merchant_order_no;

async function texts(): Promise<string[]> {
  const rows = await engine.ledger.db.selectFrom('tasks').select('text').execute();
  return rows.map(({ text }) => text);
}

describe('a payment that was shut as one that never arrived', () => {
  test('is asked about once, minutes later, and then left alone where nobody knows it', async () => {
    engine.gateway.queryPayment = async () => refused('not_found');
    await engine.until(100_000);
    expect(engine.calls).toEqual([]);
    await engine.until(3_600_000 * 3);
    expect(engine.calls).toEqual(['queryPayment']);
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'void', next_due_at_ms: null });
    expect(await texts()).toEqual([]);
  });

  test('and was paid is told to a manager, with number, amount and order, and stays shut', async () => {
    engine.gateway.queryPayment = async () => seen(no(), 'succeeded');
    await engine.until(3_600_000 * 3);
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'void', next_due_at_ms: null });
    expect(engine.calls).toEqual(['queryPayment']);
    const [text, ...more] = await texts();
    expect(more).toEqual([]);
    expect(text).toContain(`$9.00 (${no()}, 2120)`);
    expect(text).toMatch(/for order T1-\d+/);
  });

  test.each([
    ['no answer', () => fault('timeout')],
    ['that the shopper is still to act', () => seen(no(), 'paying')],
    ['one about another number', () => seen('T-ANOTHER', 'succeeded')]
  ])('is asked about again after %s', async (_what, first) => {
    const answers = [first()];
    engine.gateway.queryPayment = async () => answers.shift() ?? seen(no(), 'succeeded');
    await engine.until(3_600_000 * 3);
    expect(await texts()).toHaveLength(1);
  });

  test('is let be where it was closed without payment', async () => {
    engine.gateway.queryPayment = async () => seen(no(), 'closed');
    await engine.until(3_600_000 * 3);
    expect(engine.calls).toEqual(['queryPayment']);
    expect(await texts()).toEqual([]);
  });
});
