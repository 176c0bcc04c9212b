import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEngine, seen, type Engine } from './engine.fixture';
import { readAttempt } from './read-attempts';
import { askNow } from './wishes';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(async () => {
  vi.useRealTimers();
  await engine.ledger.close();
});

function read(id: string, after: number | null): ReturnType<typeof readAttempt> {
  const { ledger, parts } = engine;
  return readAttempt({ ledger, payments: parts, id, after, waitMs: 10_000 });
}

test('an answer that is there at once leaves no timer behind', async () => {
  const row = await engine.pay();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  expect(await read('unknown', null)).toBeNull();
  expect((await read(row.id, null))?.version).toBe(row.version);
  expect((await read(row.id, row.version - 1))?.version).toBe(row.version);
  expect(vi.getTimerCount()).toBe(0);
});

test('a waiting reader is answered as soon as the attempt changes', async () => {
  const row = await engine.pay();
  const waiting = read(row.id, row.version);
  await engine.stop(row.id);
  expect((await waiting)?.version).toBe(row.version + 1);
});

test('a wallet that the shop cannot take is answered with those that it was paid with, the usual one first', async () => {
  for (const wallet of ['WeChatPay', 'Alipay', 'Alipay', null]) {
    const { id } = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
      seen(merchantOrderNo, 'succeeded', { payMethodId: wallet });
    engine.pass(5000);
    await engine.turn();
    expect((await engine.attempt(id)).state).toBe('succeeded');
    expect(await read(id, null)).not.toHaveProperty('takenHere');
  }
  const refused = await engine.pay();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
    seen(merchantOrderNo, 'closed', { payMethodId: 'UnionPay', errorCode: 'SBX_WALLET_NOT_TAKEN' });
  engine.pass(5000);
  await engine.turn();
  expect(await read(refused.id, null)).toMatchObject({
    remedy: 'wallet_not_taken',
    takenHere: ['Alipay', 'WeChatPay']
  });
});

test('one that was declined is asked about again where somebody wants to be sure, and is no less declined', async () => {
  const row = await engine.pay();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
    seen(merchantOrderNo, 'closed', { errorCode: 'SBX_REPEAT' });
  engine.pass(5000);
  await engine.turn();
  const ended = await read(row.id, null);
  expect(ended).toMatchObject({ state: 'failed', remedy: 'look_first' });
  engine.pass(1000);
  expect(await engine.turn()).toBe(0);
  await askNow({ parts: engine.parts, attemptId: row.id });
  expect(await engine.turn()).toBe(1);
  const again = await read(row.id, null);
  expect(again).toMatchObject({ state: 'failed', endedAt: ended?.endedAt });
  expect(Date.parse(again?.lastAskedAt ?? '')).toBeGreaterThan(Date.parse(ended?.endedAt ?? ''));
  // and it is not asked about for ever
  engine.pass(3_600_000);
  expect(await engine.turn()).toBe(0);
});
