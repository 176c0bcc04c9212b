import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault, openEngine, refused, seen, type Engine } from './engine.fixture';
import { viewAttempt } from './views';

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

const alarming = [
  ['refuses our clock', refused('clock'), /clock/],
  ['refuses our signature', refused('signature'), /keys/],
  ['refuses the merchant', refused('merchant'), /merchant number/],
  ['is not signed', fault('unsigned'), /not signed/],
  ['is signed by somebody else', fault('bad_signature'), /not signed/],
  ['has an unknown shape', fault('odd_shape'), /shape/]
] as const;

async function oneAlarm(): Promise<string> {
  const tasks = await engine.ledger.db.selectFrom('tasks').selectAll().execute();
  expect(tasks).toHaveLength(1);
  return `${tasks[0]?.kind}: ${tasks[0]?.text}`;
}

describe('#15 #16 #17 an answer that', () => {
  test.each(alarming)('%s raises one alarm when it answers a submit', async (_what, answer, words) => {
    engine.gateway.submitPayment = async () => answer;
    await engine.pay();
    expect(await oneAlarm()).toMatch(words);
  });

  test.each(alarming)('%s raises one alarm when it answers a query', async (_what, answer, words) => {
    await engine.pay();
    engine.gateway.queryPayment = async () => answer;
    for (let asked = 0; asked < 3; asked += 1) {
      engine.pass(5000);
      await engine.turn();
    }
    expect(await oneAlarm()).toMatch(words);
  });

  test.each(alarming)('%s raises one alarm when it answers a cancel', async (_what, answer, words) => {
    await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
    engine.gateway.cancelPayment = async () => answer;
    engine.pass(60_000);
    await engine.turn();
    expect(await oneAlarm()).toMatch(words);
  });

  test.each(['timeout', 'broken', 'not_sent'] as const)('only failed (%s) raises none', async (name) => {
    await engine.pay();
    engine.gateway.queryPayment = async () => fault(name);
    engine.pass(5000);
    await engine.turn();
    expect(await engine.tasks()).toEqual([]);
  });
});

test("#57 our clock stands beside the gateway's, and the register is told that it is not the shopper's fault", async () => {
  const answer = refused('clock');
  const gatewayDate = '2026-11-23T10:15:00.000Z';
  engine.gateway.submitPayment = async () => ({ ...answer, evidence: { ...answer.evidence, gatewayDate } });
  const row = await engine.pay();
  expect(await oneAlarm()).toContain(
    "The gateway's says 2026-11-23 10:15:00 UTC, ours 2026-11-23 10:42:00 UTC"
  );
  const view = viewAttempt({ row, now: engine.clock.nowMs, timing: engine.parts.timing });
  expect(view).toMatchObject({ state: 'unknown', remedy: 'shop_fault' });
});

test("an answer that is not the gateway's says nothing about the shop's own fault", async () => {
  engine.gateway.submitPayment = async () => fault('bad_signature');
  const row = await engine.pay();
  expect(viewAttempt({ row, now: engine.clock.nowMs, timing: engine.parts.timing }).remedy).toBeNull();
});
