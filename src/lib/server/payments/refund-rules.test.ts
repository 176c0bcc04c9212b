import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault, openEngine, refundSeen, refundTaken, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow, RefundRow } from './parts';

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
});
