import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '$lib/wire/desk';
import {
  openEngine,
  refundSeen,
  refundTaken,
  refused,
  seen,
  start,
  type Engine
} from '../payments/engine.fixture';
import type { AttemptRow } from '../payments/parts';
import { requestPayment } from '../payments/request-payment';
import { newId, paymentRequest, sender } from '../payments/shop.fixture';
import { submitOnce } from '../payments/submit';
import { readToday } from '../reports/today';
import { attachLateMoney } from './attach-late-money';
import { confirmLateMoney } from './confirm-late-money';
import { finishTask } from './finish-task';
import { readDesk } from './read-desk';
import { writeResolution } from './write-resolution';

const maya = { staffId: 'manager', staffName: 'Maya Lind' };
const dayMs = 86_400_000;

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

function desk(): Promise<Desk> {
  return readDesk({ ledger: engine.ledger, timing: engine.parts.timing });
}

/** A payment that ended as not received, and whose money came after all. */
async function lateMoney(): Promise<AttemptRow> {
  engine.gateway.queryPayment = async () => refused('not_found');
  engine.gateway.cancelPayment = async () => refused('not_found');
  const row = await engine.pay();
  await engine.until(400_000);
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  await engine.until(1_300_000);
  expect((await engine.attempt(row.id)).state).toBe('paid_late');
  return engine.attempt(row.id);
}

test('a task names its order where that is here, and none that only a lost ledger had', async () => {
  const { order_id: here } = await engine.pay();
  const tasks = [here, newId()].map((order_id, at) => ({
    key: `contradiction:${at}`,
    kind: 'contradiction' as const,
    attempt_id: null,
    order_id,
    text: 'The wallet took a payment that this server did not know',
    created_at_ms: start
  }));
  await engine.ledger.db.insertInto('tasks').values(tasks).execute();
  expect((await desk()).tasks.map(({ orderId }) => orderId)).toEqual([here, null]);
});

/** Another payment of the same order, by whatever the gateway says now. */
async function payAgain(first: AttemptRow) {
  const order = await engine.ledger.db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', first.order_id)
    .executeTakeFirstOrThrow();
  const request = paymentRequest({
    ends: '00',
    order: { orderId: order.id, events: JSON.parse(order.events) as never }
  });
  const result = await requestPayment({ parts: engine.parts, sender, request });
  if (result.ok) {
    await submitOnce({
      parts: engine.parts,
      row: result.row,
      paymentCode: request.paymentCode,
      description: 'x'
    });
  }
  return result;
}

async function confirm(row: AttemptRow) {
  const confirmed = confirmLateMoney({ parts: engine.parts, attemptId: row.id, withinMs: 2000 });
  // The worker of a running server does this.
  while ((await engine.attempt(row.id)).ask_wanted_at_ms === null) await Promise.resolve();
  await engine.turn();
  return confirmed;
}

const attach = (row: AttemptRow) => attachLateMoney({ parts: engine.parts, staff: maya, attemptId: row.id });
const resolve = (
  row: AttemptRow,
  resolution: 'charged' | 'not_charged',
  why = 'The shopper showed the app'
) => writeResolution({ parts: engine.parts, staff: maya, attemptId: row.id, request: { resolution, why } });

describe('late money', () => {
  test('is confirmed by a query that began after the wish, and by no other', async () => {
    const row = await lateMoney();
    engine.calls.length = 0;
    expect(await confirm(row)).toMatchObject({ ok: true });
    expect(engine.calls).toEqual(['queryPayment']);
    engine.pass(1000);
    engine.gateway.queryPayment = async () => refused('not_found');
    expect(await confirm(row)).toMatchObject({ ok: false, code: 'not_confirmed' });
    engine.pass(1000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'cancelled');
    expect(await confirm(row)).toMatchObject({ ok: false, code: 'not_confirmed' });
    expect(await engine.tasks()).toEqual(['late_money', 'contradiction']);
  });

  test('attached on another day counts on that day, and the day names the one of its order', async () => {
    const row = await lateMoney();
    engine.pass(dayMs);
    expect((await desk()).tasks).toMatchObject([
      { kind: 'late_money', attachObstacle: null, giveBackMinor: 900, about: { orderDay: '2026-11-23' } }
    ]);
    expect(await attach(row)).toMatchObject({ ok: true, row: { state: 'attached' } });
    expect(await attach(row)).toMatchObject({ ok: true });
    const { ledger, parts } = engine;
    const read = (day: string) => readToday({ ledger, timing: parts.timing, day });
    expect((await read('2026-11-23')).takingsMinor).toBe(0);
    const next = await read('2026-11-24');
    expect(next.takingsMinor).toBe(900);
    expect(next.fromOtherDays).toMatchObject([
      { orderId: row.order_id, day: '2026-11-23', amountMinor: 900 }
    ]);
    expect(next.needsYou).toEqual([]);
    const events = await ledger.db
      .selectFrom('events')
      .select(['actor', 'message'])
      .where('what', '=', 'late_money_attached')
      .execute();
    expect(events).toEqual([{ actor: 'Maya Lind', message: 'order of 2026-11-23' }]);
    expect((await desk()).tasks).toEqual([]);
  });

  test('is not attached to an order that was paid otherwise since: it is given back', async () => {
    // Not received, paid again at the counter, and then the first one came.
    engine.gateway.queryPayment = async () => refused('not_found');
    engine.gateway.cancelPayment = async () => refused('not_found');
    const first = await engine.pay();
    await engine.until(400_000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    expect((await payAgain(first)).ok).toBe(true);
    await engine.until(1_300_000);
    const row = await engine.attempt(first.id);
    expect(row.state).toBe('paid_late');
    expect((await desk()).tasks).toMatchObject([{ attachObstacle: 'already_paid', giveBackMinor: 900 }]);
    expect(await attach(row)).toMatchObject({ ok: false, code: 'already_paid' });

    const refundId = newId();
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    engine.gateway.submitRefund = async () => refundTaken;
    expect(await engine.giveBack(row.id, 900, refundId)).toMatchObject({ ok: true });
    expect((await desk()).tasks).toMatchObject([{ refundOnItsWay: true, giveBackMinor: null }]);
    expect(await attach(row)).toMatchObject({ ok: false });
    await engine.turn();
    engine.pass(6000);
    await engine.turn();
    expect((await engine.refund(refundId)).state).toBe('succeeded');
    expect((await engine.attempt(row.id)).state).toBe('refunded');
    expect((await desk()).tasks).toEqual([]);
  });

  test('waits until somebody decides: its task is not done by a word', async () => {
    await lateMoney();
    const [task] = (await desk()).tasks;
    const done = { ledger: engine.ledger, staff: maya, taskId: task?.taskId ?? 0, why: 'never mind' };
    expect(await finishTask(done)).toMatchObject({ ok: false, code: 'task_not_done' });
    expect((await desk()).tasks).toHaveLength(1);
  });
});

describe('a written resolution', () => {
  let row: AttemptRow;

  beforeEach(async () => {
    row = await engine.pay();
  });

  test('is refused while the payment is at the counter, and after its end', async () => {
    engine.pass(30_000);
    expect(await resolve(row, 'not_charged')).toMatchObject({ ok: false, code: 'not_resolvable' });
    engine.pass(100_000);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    await engine.turn();
    expect(await resolve(row, 'not_charged')).toMatchObject({ ok: false, code: 'not_resolvable' });
    expect(await engine.ledger.db.selectFrom('resolutions').selectAll().execute()).toEqual([]);
  });

  test('that the shopper was not charged frees the order, changes no state, and asking goes on', async () => {
    await engine.until(150_000);
    const before = await engine.attempt(row.id);
    expect((await desk()).attempts).toMatchObject([{ attempt: { attemptId: row.id }, resolutions: [] }]);
    expect(await payAgain(row)).toMatchObject({ ok: false, code: 'order_busy' });
    expect(await resolve(row, 'not_charged', 'Her app shows no payment')).toMatchObject({ ok: true });
    expect(await resolve(row, 'not_charged', 'pressed twice')).toMatchObject({ ok: true });
    const after = await engine.attempt(row.id);
    expect(after.state).toBe(before.state);
    expect((await desk()).attempts).toMatchObject([
      { resolutions: [{ resolution: 'not_charged', why: 'Her app shows no payment', by: 'Maya Lind' }] }
    ]);
    const { ledger, parts } = engine;
    expect((await readToday({ ledger, timing: parts.timing })).needsYou).toEqual([]);
    expect(await payAgain(row)).toMatchObject({ ok: true });
    // The rule holds for the new one as before, in the database too.
    expect(await payAgain(row)).toMatchObject({ ok: false, code: 'order_busy' });
    await expect(
      ledger.db.updateTable('attempts').set({ set_aside_at_ms: null }).where('id', '=', row.id).execute()
    ).rejects.toThrow(/unique/i);
    engine.calls.length = 0;
    await engine.until(400_000);
    expect(engine.calls).toContain('queryPayment');
  });

  test('#56 whose payment comes after all, beside another one: both are kept, and the surplus is ready to go back', async () => {
    await engine.until(150_000);
    await resolve(row, 'not_charged');
    const again = await payAgain(row);
    if (!again.ok) throw new Error(again.detail);
    // The gateway is back: it had charged both.
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(500_000);
    expect((await engine.attempt(row.id)).state).toBe('succeeded');
    expect((await engine.attempt(again.row.id)).state).toBe('succeeded');
    const { ledger, parts } = engine;
    expect((await readToday({ ledger, timing: parts.timing })).takingsMinor).toBe(1800);
    expect((await desk()).tasks).toMatchObject([
      { kind: 'surplus', about: { attempt: { attemptId: row.id } }, giveBackMinor: 900 }
    ]);
    expect((await readToday({ ledger, timing: parts.timing })).needsYou).toMatchObject([{ kind: 'surplus' }]);
    engine.gateway.submitRefund = async () => refundTaken;
    engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
    expect(await engine.giveBack(row.id, 900)).toMatchObject({ ok: true });
    expect((await desk()).tasks).toMatchObject([{ giveBackMinor: null, refundOnItsWay: true }]);
  });

  test('that the shopper was not charged, and the payment comes alone: somebody looks at it', async () => {
    await engine.until(150_000);
    await resolve(row, 'not_charged');
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(500_000);
    expect((await desk()).tasks).toMatchObject([{ kind: 'surplus', giveBackMinor: 900 }]);
  });

  test('that the shopper was charged keeps the order closed and out of the takings until a query says so', async () => {
    await engine.until(150_000);
    expect(await resolve(row, 'charged')).toMatchObject({ ok: true });
    expect(await payAgain(row)).toMatchObject({ ok: false, code: 'order_busy' });
    const { ledger, parts } = engine;
    const read = () => readToday({ ledger, timing: parts.timing });
    expect((await read()).takingsMinor).toBe(0);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(500_000);
    expect((await read()).takingsMinor).toBe(900);
    expect((await desk()).tasks).toEqual([]);
  });

  test('that the shopper was charged, where the wallet then says no, is a task', async () => {
    await engine.until(150_000);
    await resolve(row, 'charged');
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'cancelled');
    await engine.until(500_000);
    expect((await desk()).tasks).toMatchObject([{ kind: 'contradiction', giveBackMinor: null }]);
  });

  test('is kept as it was written', async () => {
    await engine.until(150_000);
    await resolve(row, 'charged');
    const { db } = engine.ledger;
    await expect(db.updateTable('resolutions').set({ why: 'another' }).execute()).rejects.toThrow(
      'append-only'
    );
    await expect(db.deleteFrom('resolutions').execute()).rejects.toThrow('append-only');
  });
});

test('a task done is attributed, and the same trouble after that is a new one', async () => {
  engine.gateway.submitPayment = async () => refused('clock');
  await engine.pay();
  await engine.pay();
  const [alarm, ...more] = (await desk()).tasks;
  expect(more).toEqual([]);
  expect(alarm?.text).toContain('2026-11-23 10:42:00 UTC');
  const done = { ledger: engine.ledger, staff: maya, taskId: alarm?.taskId ?? 0, why: 'Clock was put right' };
  expect(await finishTask(done)).toEqual({ ok: true });
  expect(await finishTask({ ...done, why: 'pressed twice' })).toEqual({ ok: true });
  expect((await desk()).tasks).toEqual([]);
  const row = await engine.ledger.db.selectFrom('tasks').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ done_by: 'Maya Lind', done_why: 'Clock was put right', done_at_ms: start });
  await engine.pay();
  expect((await desk()).tasks).toMatchObject([{ kind: 'alarm' }]);
});
