import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepUpMs } from '../identity/step-up';
import { admin, openEngine, refundSeen, refundTaken, seen, type Engine } from '../payments/engine.fixture';
import type { AttemptRow } from '../payments/parts';
import { newId } from '../payments/shop.fixture';
import { amountToProve } from './give-back';

let engine: Engine;
beforeEach(async () => {
  engine = await openEngine();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  engine.gateway.submitRefund = async () => refundTaken;
  engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
});
afterEach(() => engine.ledger.close());

async function paid(): Promise<AttemptRow> {
  const row = await engine.pay();
  engine.pass(5000);
  await engine.turn();
  return engine.attempt(row.id);
}
async function giveBack(row: AttemptRow, amountMinor: number, refundId = newId()): Promise<void> {
  const asked = await engine.giveBack(row.id, amountMinor, refundId);
  if (!asked.ok) throw new Error(asked.detail);
  for (let turns = 0; turns < 3; turns += 1) {
    await engine.turn();
    engine.pass(6000);
  }
}
function toProve(row: AttemptRow, amountMinor: number, over: { refundId?: string; staffId?: string } = {}) {
  const { refundId, staffId = admin.staffId } = over;
  return amountToProve({
    ledger: engine.ledger,
    staff: { staffId },
    wanted: { attemptId: row.id, amountMinor, ...(refundId === undefined ? {} : { refundId }) }
  });
}

test('many small refunds of one order pass no limit that one large one can’t, whoever asks and however late', async () => {
  const row = await paid();
  expect(await toProve(row, 100)).toBe(100);
  await giveBack(row, 200);
  await giveBack(row, 300);
  engine.pass(stepUpMs);
  expect(await toProve(row, 100)).toBe(600);
  expect(await toProve(row, 100, { staffId: 'somebody else' })).toBe(600);
});

test('nor do small refunds of many orders, one after the other by the same person', async () => {
  const [one, other] = [await paid(), await paid()];
  await giveBack(one, 200);
  expect(await toProve(other, 100)).toBe(300);
  expect(await toProve(other, 100, { staffId: 'somebody else' })).toBe(100);
  engine.pass(stepUpMs);
  expect(await toProve(other, 100)).toBe(100);
});

test('a refund that is asked for again counts once', async () => {
  const row = await paid();
  const refundId = newId();
  await giveBack(row, 200, refundId);
  expect(await toProve(row, 200, { refundId })).toBe(200);
});
