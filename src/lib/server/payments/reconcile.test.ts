import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Reconciliation } from '$lib/wire/desk';
import { readReconciliations } from '../reports/read-reconciliations';
import { fault, openEngine, refundSeen, refundTaken, refused, seen, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';
import { reconcileNext, startReconciliation, startScheduled } from './reconcile';

const dayMs = 86_400_000;
let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

async function paid(): Promise<AttemptRow> {
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  const row = await engine.pay();
  engine.pass(5000);
  await engine.turn();
  return engine.attempt(row.id);
}

async function cancelled(): Promise<AttemptRow> {
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'cancelled');
  const row = await engine.pay();
  engine.pass(5000);
  await engine.turn();
  return engine.attempt(row.id);
}

function begin(day?: string) {
  return startReconciliation({ parts: engine.parts, day, by: 'Maya Lind' });
}

/** Lets a check run to its end; time goes on where it waits. */
async function run(owner = 'one'): Promise<Reconciliation | undefined> {
  for (let steps = 0; steps < 200; steps += 1) {
    const did = await reconcileNext({ parts: engine.parts, owner });
    if (did === 'idle') break;
    if (did === 'waiting') engine.pass(60_000);
  }
  const [report] = await readReconciliations({ ledger: engine.ledger });
  return report;
}

describe("a day's check", () => {
  test('compares every payment and refund of the day and says how many', async () => {
    const row = await paid();
    await cancelled();
    engine.gateway.submitRefund = async () => refundTaken;
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    await engine.giveBack(row.id, 300);
    await engine.turn();
    engine.pass(5000);
    await engine.turn();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
      seen(merchantOrderNo, merchantOrderNo === row.merchant_order_no ? 'succeeded' : 'cancelled');
    engine.calls.length = 0;
    await begin();
    expect(await run()).toMatchObject({
      day: '2026-11-23',
      startedBy: 'Maya Lind',
      total: 3,
      compared: 3,
      differences: 0,
      unanswered: 0
    });
    expect(engine.calls.toSorted()).toEqual(['queryPayment', 'queryPayment', 'queryRefund']);
    expect(await engine.tasks()).toEqual([]);
  });

  test.each([
    ['is closed there', 'closed', {}, /says paid, the wallet closed/],
    ['has another amount there', 'succeeded', { orderAmountMinor: 901 }, /amount differs/],
    ['has another currency there', 'succeeded', { currency: 'EUR' }, /currency differs/]
  ] as const)('makes a task of a payment that %s', async (_what, status, over, words) => {
    const row = await paid();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, status, over);
    await begin();
    expect(await run()).toMatchObject({ compared: 1, differences: 1 });
    const tasks = await engine.ledger.db.selectFrom('tasks').selectAll().execute();
    expect(tasks).toMatchObject([{ kind: 'mismatch', attempt_id: row.id }]);
    expect(tasks[0]?.text).toMatch(words);
    // A difference changes nothing by itself.
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
  });

  test('finds the money of a payment that was cancelled, by the usual two reads', async () => {
    const row = await cancelled();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    await begin();
    expect(await run()).toMatchObject({ compared: 1, differences: 1 });
    engine.pass(5000);
    await engine.turn();
    expect((await engine.attempt(row.id)).state).toBe('paid_late');
    expect(await engine.tasks()).toEqual(['late_money']);
  });

  test('asks again where there is no answer, and in the end says how many had none', async () => {
    await paid();
    const other = await paid();
    let silent = 0;
    engine.gateway.queryPayment = async ({ merchantOrderNo }) =>
      merchantOrderNo === other.merchant_order_no && silent++ < 2
        ? fault('timeout')
        : seen(merchantOrderNo, 'succeeded');
    await begin();
    expect(await run()).toMatchObject({ compared: 2, unanswered: 0 });
    engine.gateway.queryPayment = async () => fault('timeout');
    await begin();
    expect(await run()).toMatchObject({ total: 2, compared: 0, unanswered: 2, differences: 0 });
    expect(await engine.tasks()).toEqual([]);
  });

  test('is one, however often it is asked for while it runs, and goes on after a crash where it stopped', async () => {
    await paid();
    await paid();
    await paid();
    engine.calls.length = 0;
    const first = await begin();
    expect((await begin()).id).toBe(first.id);
    await reconcileNext({ parts: engine.parts, owner: 'dies' });
    // Held by a process that is gone, until its lease is over.
    expect(await reconcileNext({ parts: engine.parts, owner: 'next' })).toBe('idle');
    engine.pass(engine.parts.timing.leaseMs);
    expect(await run('next')).toMatchObject({ compared: 3, endedAt: expect.any(String) });
    expect(engine.calls).toHaveLength(3);
    expect((await begin()).id).not.toBe(first.id);
  });
});

describe('the schedule', () => {
  test('checks a day once after its cut-over, also where somebody had checked it while it ran', async () => {
    await paid();
    await begin();
    await run();
    expect(await startScheduled(engine.parts)).toBeNull();
    engine.pass(dayMs);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    expect(await startScheduled(engine.parts)).toMatchObject({ day: '2026-11-23', started_by: 'till' });
    expect(await startScheduled(engine.parts)).toBeNull();
    expect(await run()).toMatchObject({ compared: 1, startedBy: 'till' });
    expect(await startScheduled(engine.parts)).toBeNull();
  });

  test('makes up for the days on which the server was off', async () => {
    await paid();
    engine.pass(3 * dayMs);
    engine.gateway.queryPayment = async () => refused('not_found');
    expect(await startScheduled(engine.parts)).toMatchObject({ day: '2026-11-23' });
    expect(await run()).toMatchObject({ differences: 1 });
  });
});
