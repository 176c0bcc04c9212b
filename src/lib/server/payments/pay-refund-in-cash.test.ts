import { afterEach, beforeEach, expect, test } from 'vitest';
import { stepUpMs } from '../identity/step-up';
import { amountToProve } from '../reports/give-back';
import { readOrderDetail } from '../reports/order-detail';
import { readToday } from '../reports/today';
import { queryRefund } from './ask-refund';
import { admin, openEngine, refundSeen, refundTaken, refused, seen, type Engine } from './engine.fixture';
import { readOrderMoney } from './order-money';
import type { AttemptRow, RefundRow } from './parts';
import { payRefundInCash } from './pay-refund-in-cash';
import { newId, sender } from './shop.fixture';

let engine: Engine;
let paid: AttemptRow;

beforeEach(async () => {
  engine = await openEngine();
  await engine.ledger.db
    .insertInto('registers')
    .values({
      id: sender.registerId,
      code: 'T1',
      name: 'Front',
      epoch: 1,
      token_sha256: 'x',
      enrolled_at_ms: 0,
      enrolled_by: 'Ada'
    })
    .execute();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  paid = await engine.pay();
  engine.pass(5000);
  await engine.turn();
  paid = await engine.attempt(paid.id);
  engine.gateway.submitRefund = async () => refused('not_created');
  engine.gateway.queryRefund = async () => refused('not_found');
});
afterEach(() => engine.ledger.close());

async function refundOf(amountMinor: number): Promise<RefundRow> {
  engine.pass(1000);
  const asked = await engine.giveBack(paid.id, amountMinor);
  if (!asked.ok) throw new Error(asked.detail);
  for (let turns = 0; turns < 20; turns += 1) if ((await engine.turn()) === 0) break;
  return engine.refund(asked.row.id);
}
function payOut(refund: RefundRow, over: { cashId?: string; amountMinor?: number; currency?: string } = {}) {
  return payRefundInCash({
    parts: engine.parts,
    staff: admin,
    registerId: null,
    refundId: refund.id,
    request: { cashId: newId(), amountMinor: refund.amount_minor, currency: 'USD', ...over },
    confirmedBy: 'password'
  });
}
function detail() {
  return readOrderDetail({ ledger: engine.ledger, timing: engine.parts.timing, orderId: paid.order_id });
}
function today() {
  return readToday({ ledger: engine.ledger, timing: engine.parts.timing });
}

test('a refund that failed is paid out of the drawer, and every count of the order and of the day sees it', async () => {
  const refund = await refundOf(400);
  expect(refund.state).toBe('failed');
  expect(await payOut(refund)).toMatchObject({ ok: true });
  expect(await detail()).toMatchObject({
    standing: 'part_refunded',
    refundedMinor: 400,
    refundableMinor: 500,
    refunds: [{ state: 'failed', paidInCash: { by: admin.staffName } }]
  });
  expect((await detail())?.timeline.at(-1)).toMatchObject({
    what: 'refund_paid_in_cash',
    actor: admin.staffName,
    amountMinor: 400
  });
  expect(await today()).toMatchObject({
    takingsMinor: 900,
    refundedMinor: 400,
    refundCount: 1,
    drawers: [{ registerCode: 'T1', givenBackMinor: 400, expectedMinor: -400 }]
  });
  expect((await readOrderMoney(engine.ledger.db, paid.order_id))?.payments).toMatchObject([
    { leftMinor: 500 }
  ]);
  expect(
    await amountToProve({
      ledger: engine.ledger,
      staff: { staffId: 'other' },
      wanted: { attemptId: paid.id, amountMinor: 100 }
    })
  ).toBe(500);
});

test('cash for old refunds of many orders passes no limit of the PIN that one large refund can’t', async () => {
  const refund = await refundOf(400);
  engine.pass(stepUpMs);
  expect(await payOut(refund)).toMatchObject({ ok: true });
  const other = await engine.pay();
  const wanted = { attemptId: other.id, amountMinor: 100 };
  const toProve = (staffId: string) => amountToProve({ ledger: engine.ledger, staff: { staffId }, wanted });
  expect(await toProve(admin.staffId)).toBe(500);
  expect(await toProve('somebody else')).toBe(100);
  engine.pass(stepUpMs);
  expect(await toProve(admin.staffId)).toBe(100);
});

test('what was paid in cash can go back by no wallet and by no cash again', async () => {
  const refund = await refundOf(600);
  expect(await payOut(refund)).toMatchObject({ ok: true });
  expect(await engine.giveBack(paid.id, 301)).toMatchObject({
    code: 'refund_too_high',
    extra: { restMinor: 300 }
  });
  expect(await payOut(refund)).toMatchObject({ code: 'refund_conflict' });
  expect((await today()).refundedMinor).toBe(600);
});

test('the same payout sent twice at once is one, and its id is no other one', async () => {
  const refund = await refundOf(300);
  const cashId = newId();
  const answers = await Promise.all([payOut(refund, { cashId }), payOut(refund, { cashId }), payOut(refund)]);
  expect(answers.filter(({ ok }) => ok)).not.toHaveLength(0);
  expect((await today()).refundCount).toBe(1);
  const kept = await engine.refund(refund.id);
  expect(await payOut(refund, { cashId: kept.cash_id ?? '' })).toMatchObject({ ok: true, fresh: false });
  const other = await refundOf(100);
  expect(await payOut(other, { cashId: kept.cash_id ?? '' })).toMatchObject({ code: 'refund_conflict' });
});

test('no cash is given for a refund that may still arrive, whatever it waits for', async () => {
  engine.gateway.submitRefund = async () => refused('balance');
  const waiting = await refundOf(400);
  expect(waiting.state).toBe('waiting_funds');
  expect(await payOut(waiting)).toMatchObject({ code: 'refund_in_flight' });
  for (const state of ['intent', 'submitted', 'unknown', 'refunding'] as const) {
    await engine.ledger.db.updateTable('refunds').set({ state }).where('id', '=', waiting.id).execute();
    expect(await payOut(waiting), state).toMatchObject({ code: 'refund_in_flight' });
  }
});

test('no cash is given for a refund that arrived, or that was tried again since', async () => {
  const first = await refundOf(400);
  const again = await refundOf(400);
  expect(await payOut(first)).toMatchObject({ code: 'not_refundable' });
  expect(await payOut(again, { amountMinor: 500 })).toMatchObject({ code: 'refund_conflict' });
  engine.gateway.submitRefund = async () => refundTaken;
  const open = await refundOf(200);
  expect(await payOut(again)).toMatchObject({ code: 'refund_in_flight', extra: { refundId: open.id } });
  engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
  engine.pass(10_000);
  await engine.turn();
  const arrived = await engine.refund(open.id);
  expect(arrived.state).toBe('succeeded');
  expect(await payOut(arrived)).toMatchObject({ code: 'not_refundable' });
  expect((await today()).drawers).toEqual([]);
});

test('a manager is told that money went back twice where the wallet pays it out after all', async () => {
  const refund = await refundOf(900);
  expect(await payOut(refund)).toMatchObject({ ok: true });
  engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
  await queryRefund(engine.parts, await engine.refund(refund.id));
  const tasks = await engine.ledger.db.selectFrom('tasks').select(['kind', 'text']).execute();
  expect(tasks).toMatchObject([
    { kind: 'contradiction', text: expect.stringMatching(/^This money went back twice/) }
  ]);
  expect(await detail()).toMatchObject({ standing: 'needs_you', refundableMinor: 0 });
});

test('no cash is given where the wallet was heard first to have paid it out after all', async () => {
  const refund = await refundOf(900);
  engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
  await queryRefund(engine.parts, refund);
  expect(await payOut(refund)).toMatchObject({ code: 'not_refundable' });
});

test('late money that is paid back in cash in full is settled', async () => {
  await engine.ledger.db
    .updateTable('attempts')
    .set({ state: 'paid_late' })
    .where('id', '=', paid.id)
    .execute();
  const refund = await refundOf(900);
  expect(await payOut(refund)).toMatchObject({ ok: true });
  expect((await engine.attempt(paid.id)).state).toBe('refunded');
  expect(await today()).toMatchObject({ refundedMinor: 0, drawers: [{ givenBackMinor: 900 }] });
});
