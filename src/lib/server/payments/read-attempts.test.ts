import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEngine, type Engine } from './engine.fixture';
import { readAttempt } from './read-attempts';

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
