import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderEvent } from '$lib/order/events';
import type { ReturnTender } from '$lib/wire/cash';
import type { Staff } from '$lib/wire/shop';
import { finishTask } from '../desk/finish-task';
import { readDesk } from '../desk/read-desk';
import { writeResolution } from '../desk/write-resolution';
import { keepOrder } from '../orders/keep-order';
import { fault, openEngine, refused, seen, type Engine } from '../payments/engine.fixture';
import { requestPayment } from '../payments/request-payment';
import { newId, orderEvents, paymentRequest, sender } from '../payments/shop.fixture';
import { submitOnce } from '../payments/submit';
import { readOrderDetail } from '../reports/order-detail';
import { readToday } from '../reports/today';
import { moveCash } from './move-cash';
import { returnTender } from './return-tender';

let engine: Engine;
const manager: Staff = { staffId: 'm', name: 'Max', username: 'max', role: 'manager' };
const directory = {
  verifyPassword: async ({ password }: { password: string }) =>
    password === 'right' ? { ok: true as const } : { ok: false as const, reason: 'wrong_password' as const }
};

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
});
afterEach(() => engine.ledger.close());

type Order = ReturnType<typeof orderEvents>;

function stamp() {
  return {
    at: new Date(engine.ledger.nowMs()).toISOString(),
    by: { staffId: sender.staffId, name: sender.staffName }
  };
}
function cash(amountMinor: number, over: Partial<Extract<OrderEvent, { kind: 'cash_tendered' }>> = {}) {
  return {
    kind: 'cash_tendered',
    ...stamp(),
    tenderId: newId(),
    amountMinor,
    roundingMinor: 0,
    givenMinor: amountMinor,
    ...over
  } satisfies OrderEvent;
}
function withMore(order: Order, ...events: OrderEvent[]): Order {
  return { ...order, events: [...order.events, ...events] };
}
function keep(order: Order) {
  return keepOrder({
    ledger: engine.ledger,
    sender,
    request: { orderId: order.orderId, revision: order.events.length, events: order.events }
  });
}
function ask(order: Order, amountMinor: number) {
  return requestPayment({
    parts: engine.parts,
    sender,
    request: paymentRequest({ ends: '00', order, amountMinor })
  });
}
async function paysByWallet(order: Order, amountMinor: number): Promise<void> {
  const result = await ask(order, amountMinor);
  if (!result.ok) throw new Error(result.detail);
  await submitOnce({ parts: engine.parts, row: result.row, paymentCode: '1', description: 'x' });
  engine.pass(5000);
  engine.gateway.queryPayment = async () =>
    seen(result.row.merchant_order_no, 'succeeded', { orderAmountMinor: amountMinor });
  await engine.turn();
}
function today() {
  return readToday({ ledger: engine.ledger, timing: engine.parts.timing });
}
function giveBack(over: Partial<ReturnTender> & Pick<ReturnTender, 'tenderId' | 'orderId'>) {
  return returnTender({
    ledger: engine.ledger,
    directory,
    staff: manager,
    registerId: null,
    request: {
      returnId: newId(),
      amountMinor: 100,
      currency: 'USD',
      reason: 'wrong item',
      password: 'right',
      ...over
    }
  });
}

describe('an order paid in cash', () => {
  test('is stored once, counts in the takings and lies in the drawer of its register', async () => {
    const paid = withMore(orderEvents(), cash(900, { givenMinor: 1000 }));
    expect((await keep(paid)).ok).toBe(true);
    expect((await keep(paid)).ok).toBe(true);
    expect(await today()).toMatchObject({
      takingsMinor: 900,
      paidOrders: 1,
      byWallet: [],
      byTender: [{ kind: 'cash', name: null, takingsMinor: 900 }],
      drawers: [{ registerCode: 'T1', salesMinor: 900, expectedMinor: 900 }],
      orders: [{ standing: 'paid', paidMinor: 900, tendered: ['cash'] }]
    });
  });

  test('is never asked for by a wallet too', async () => {
    const paid = withMore(orderEvents(), cash(900));
    await keep(paid);
    expect(await ask(paid, 900)).toMatchObject({ ok: false, code: 'already_paid' });
  });

  test('is kept at the price that the shopper paid, though it changed since, and that is written down', async () => {
    await engine.ledger.db
      .insertInto('price_versions')
      .values({ id: 'americano-2', product_id: 'americano', price_minor: 999, valid_from_ms: 0, version: 2 })
      .execute();
    const order = orderEvents();
    const paid = withMore(order, cash(900));
    expect((await keep(paid)).ok).toBe(true);
    const detail = await readOrderDetail({
      ledger: engine.ledger,
      timing: engine.parts.timing,
      orderId: order.orderId
    });
    expect(detail).toMatchObject({ totalMinor: 900, standing: 'paid', tenders: [{ amountMinor: 900 }] });
    expect(detail?.timeline.map(({ what }) => what)).toContain('sold_at_older_price');
  });

  test('counts on the day on which the register took it, when the server hears of it later', async () => {
    const day = 24 * 60 * 60 * 1000;
    const before = new Date(engine.ledger.nowMs() - day).toISOString();
    await keep(withMore(orderEvents(), cash(900, { at: before })));
    expect((await today()).drawers).toEqual([]);
    expect((await today()).takingsMinor).toBe(0);
  });

  test('stands in the list of the day on which its register opened it, as its journal would say', async () => {
    engine.pass(24 * 60 * 60 * 1000);
    await keep(withMore(orderEvents(), cash(900)));
    expect(await today()).toMatchObject({ day: '2026-11-24', takingsMinor: 900, orders: [] });
    const yesterday = await readToday({
      ledger: engine.ledger,
      timing: engine.parts.timing,
      day: '2026-11-23'
    });
    expect(yesterday).toMatchObject({ takingsMinor: 0, orders: [{ standing: 'paid' }] });
  });
});

describe('an order paid in two ways', () => {
  test('lets the wallet take no more than what the cash leaves', async () => {
    const order = withMore(orderEvents(), cash(400));
    expect(await ask(order, 900)).toMatchObject({
      ok: false,
      code: 'amount_too_high',
      extra: { restMinor: 500 }
    });
    await paysByWallet(order, 500);
    expect(await today()).toMatchObject({
      takingsMinor: 900,
      paidOrders: 1,
      byTender: [{ kind: 'cash', takingsMinor: 400 }],
      orders: [{ standing: 'paid', paidMinor: 900 }]
    });
  });

  test('takes no cash while its wallet payment is open', async () => {
    const order = orderEvents();
    expect((await ask(order, 900)).ok).toBe(true);
    expect(await keep(withMore(order, cash(900)))).toMatchObject({
      ok: false,
      code: 'order_busy',
      extra: { heldBy: sender.registerId, heldByName: 'Front' }
    });
    expect((await today()).byTender).toEqual([]);
  });

  test('is a task with the wallet’s money to give back where both came', async () => {
    const order = orderEvents();
    await paysByWallet(order, 900);
    expect((await keep(withMore(order, cash(900)))).ok).toBe(true);
    const day = await today();
    expect(day.needsYou).toMatchObject([{ kind: 'surplus', amountMinor: 900 }]);
    expect(day.orders).toMatchObject([{ standing: 'needs_you' }]);
  });
});

describe('an order that was paid twice', () => {
  let order: Order;
  let of: { tenderId: string; orderId: string };
  let attemptId: string;

  async function tasks() {
    return (await readDesk({ ledger: engine.ledger, timing: engine.parts.timing })).tasks;
  }

  beforeEach(async () => {
    const unpaid = orderEvents();
    await paysByWallet(unpaid, 900);
    const tender = cash(900);
    order = withMore(unpaid, tender);
    of = { tenderId: tender.tenderId, orderId: order.orderId };
    expect((await keep(order)).ok).toBe(true);
    const [row] = await engine.ledger.db.selectFrom('attempts').select('id').execute();
    attemptId = row?.id ?? '';
    expect(await tasks()).toMatchObject([{ kind: 'surplus', giveBackMinor: 900 }]);
  });

  test('has less to give back by the wallet by what went back in cash, and nothing once all did', async () => {
    expect((await giveBack({ ...of, amountMinor: 300 })).ok).toBe(true);
    expect(await tasks()).toMatchObject([{ kind: 'surplus', giveBackMinor: 600 }]);
    expect((await giveBack({ ...of, amountMinor: 600 })).ok).toBe(true);
    expect(await tasks()).toMatchObject([{ kind: 'surplus', giveBackMinor: null }]);
  });

  test('has nothing left to give back once a refund was asked for', async () => {
    expect((await engine.giveBack(attemptId, 900)).ok).toBe(true);
    expect(await tasks()).toMatchObject([{ giveBackMinor: null, refundOnItsWay: true }]);
  });

  test('is no task again after somebody wrote that it is done, until more money comes', async () => {
    const [task] = await tasks();
    engine.pass(60_000);
    const staff = { staffId: 'm', staffName: 'Max' };
    const done = {
      ledger: engine.ledger,
      staff,
      taskId: task?.taskId ?? 0,
      why: 'gave 9.00 from the drawer'
    };
    expect(await finishTask(done)).toMatchObject({ ok: true });
    engine.pass(60_000);
    expect((await keep(order)).ok).toBe(true);
    expect(await tasks()).toEqual([]);
  });
});

describe('cash while the wallet has not answered', () => {
  test('is taken after a manager’s word, and the payment that comes too is a task with its refund ready', async () => {
    const order = orderEvents();
    const asked = await ask(order, 900);
    if (!asked.ok) throw new Error(asked.detail);
    await submitOnce({ parts: engine.parts, row: asked.row, paymentCode: '1', description: 'x' });
    engine.gateway.queryPayment = async () => fault('timeout');
    engine.gateway.cancelPayment = async () => fault('timeout');
    await engine.until(150_000);
    const paid = withMore(order, cash(900));
    expect(await keep(paid)).toMatchObject({ ok: false, code: 'order_busy' });
    const word = await writeResolution({
      parts: engine.parts,
      staff: { staffId: 'm', staffName: 'Max' },
      attemptId: asked.row.id,
      request: { resolution: 'not_charged', why: 'cash is taken, the wallet has not answered' }
    });
    expect(word.ok).toBe(true);
    expect((await keep(paid)).ok).toBe(true);
    expect((await today()).orders).toMatchObject([{ standing: 'paid', paidMinor: 900 }]);

    engine.gateway.queryPayment = async () => seen(asked.row.merchant_order_no, 'succeeded');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(500_000);
    const desk = await readDesk({ ledger: engine.ledger, timing: engine.parts.timing });
    expect(desk.tasks).toMatchObject([{ kind: 'surplus', giveBackMinor: 900 }]);
  });

  test('is a task for each payment that comes after the order was paid otherwise', async () => {
    const order = orderEvents();
    engine.gateway.queryPayment = async () => fault('timeout');
    engine.gateway.cancelPayment = async () => fault('timeout');
    for (const minutes of [3, 6]) {
      const asked = await ask(order, 900);
      if (!asked.ok) throw new Error(asked.detail);
      await submitOnce({ parts: engine.parts, row: asked.row, paymentCode: '1', description: 'x' });
      await engine.until(minutes * 60_000);
      const word = await writeResolution({
        parts: engine.parts,
        staff: { staffId: 'm', staffName: 'Max' },
        attemptId: asked.row.id,
        request: { resolution: 'not_charged', why: 'nothing in the app' }
      });
      expect(word.ok).toBe(true);
    }
    expect((await keep(withMore(order, cash(900)))).ok).toBe(true);
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.cancelPayment = async () => refused('final_refused');
    await engine.until(1_200_000);
    const desk = await readDesk({ ledger: engine.ledger, timing: engine.parts.timing });
    expect(desk.tasks).toMatchObject([
      { kind: 'surplus', giveBackMinor: 900 },
      { kind: 'surplus', giveBackMinor: 900 }
    ]);
  });
});

describe('a tender that is taken back', () => {
  test('counts nowhere and leaves who and why', async () => {
    const tender = cash(400);
    const order = withMore(orderEvents(), tender);
    await keep(order);
    const without = withMore(order, {
      kind: 'tender_removed',
      ...stamp(),
      tenderId: tender.tenderId,
      why: 'pays by wallet'
    });
    expect((await keep(without)).ok).toBe(true);
    expect(await today()).toMatchObject({ takingsMinor: 0, byTender: [], drawers: [] });
    expect((await ask(without, 900)).ok).toBe(true);
    const [row] = await engine.ledger.db.selectFrom('tenders').selectAll().execute();
    expect(row).toMatchObject({ removed_by: 'Rosa Marin', removed_why: 'pays by wallet' });
  });

  test('on a later day leaves the day before as it was and is money given back on its own day', async () => {
    const tender = cash(400);
    const order = withMore(orderEvents(), tender);
    await keep(order);
    const before = await today();
    expect(before).toMatchObject({ takingsMinor: 400, drawers: [{ salesMinor: 400, expectedMinor: 400 }] });
    engine.pass(24 * 60 * 60 * 1000);
    const why = 'never came back';
    await keep(withMore(order, { kind: 'tender_removed', ...stamp(), tenderId: tender.tenderId, why }));
    const { takingsMinor, paidOrders, byTender, byHour, drawers } = before;
    const read = (day: string) => readToday({ ledger: engine.ledger, timing: engine.parts.timing, day });
    expect(await read(before.day)).toMatchObject({ takingsMinor, paidOrders, byTender, byHour, drawers });
    expect(await today()).toMatchObject({
      takingsMinor: 0,
      refundedMinor: 400,
      refundCount: 1,
      byTender: [],
      drawers: [{ salesMinor: 0, givenBackMinor: 400, expectedMinor: -400 }]
    });
  });

  test('after a manager gave it back already is put before somebody: it may have been given twice', async () => {
    const tender = cash(400);
    const order = withMore(orderEvents(), tender);
    await paysByWallet(order, 500);
    const of = { tenderId: tender.tenderId, orderId: order.orderId };
    expect((await giveBack({ ...of, amountMinor: 400 })).ok).toBe(true);
    const why = 'wrong item';
    await keep(withMore(order, { kind: 'tender_removed', ...stamp(), tenderId: tender.tenderId, why }));
    expect((await today()).orders).toMatchObject([{ standing: 'needs_you' }]);
    const desk = await readDesk({ ledger: engine.ledger, timing: engine.parts.timing });
    expect(desk.tasks).toMatchObject([
      { kind: 'contradiction', orderId: order.orderId, giveBackMinor: null }
    ]);
  });
});

describe('giving cash back', () => {
  async function paidOrder() {
    const tender = cash(900);
    const order = withMore(orderEvents(), tender);
    await keep(order);
    return { order, of: { tenderId: tender.tenderId, orderId: order.orderId } };
  }

  test('never gives more than was paid, and never makes the order payable again', async () => {
    const { order, of } = await paidOrder();
    expect((await giveBack({ ...of, amountMinor: 600 })).ok).toBe(true);
    expect(await giveBack({ ...of, amountMinor: 301 })).toMatchObject({
      ok: false,
      code: 'refund_too_high',
      extra: { restMinor: 300 }
    });
    expect((await today()).orders).toMatchObject([{ standing: 'part_refunded' }]);
    expect((await giveBack({ ...of, amountMinor: 300 })).ok).toBe(true);
    expect(await ask(order, 900)).toMatchObject({ ok: false, code: 'already_paid' });
    expect(await today()).toMatchObject({
      refundedMinor: 900,
      refundCount: 2,
      drawers: [{ expectedMinor: 0, givenBackMinor: 900 }],
      orders: [{ standing: 'refunded' }]
    });
  });

  test('asked twice with one id gives back once', async () => {
    const { of } = await paidOrder();
    const returnId = newId();
    expect((await giveBack({ ...of, returnId, amountMinor: 500 })).ok).toBe(true);
    expect((await giveBack({ ...of, returnId, amountMinor: 500 })).ok).toBe(true);
    expect(await giveBack({ ...of, returnId, amountMinor: 400 })).toMatchObject({ code: 'refund_conflict' });
    expect((await today()).refundedMinor).toBe(500);
  });

  test('is refused while its order is not paid in full: the register takes it back there', async () => {
    const tender = cash(400);
    const order = withMore(orderEvents(), tender);
    await keep(order);
    const of = { tenderId: tender.tenderId, orderId: order.orderId, amountMinor: 400 };
    expect(await giveBack(of)).toMatchObject({ ok: false, code: 'order_not_paid' });
    expect(await today()).toMatchObject({ refundedMinor: 0, drawers: [{ expectedMinor: 400 }] });
    await paysByWallet(order, 500);
    expect((await giveBack(of)).ok).toBe(true);
  });

  test('sent twice at the same time gives back once, and says so twice', async () => {
    const { of } = await paidOrder();
    const twice = { ...of, returnId: newId(), amountMinor: 900 };
    expect(await Promise.all([giveBack(twice), giveBack(twice)])).toMatchObject([{ ok: true }, { ok: true }]);
    expect((await today()).refundedMinor).toBe(900);
  });

  test('with a wrong password gives nothing back and is written down', async () => {
    const { order, of } = await paidOrder();
    expect(await giveBack({ ...of, password: 'wrong' })).toMatchObject({ ok: false, code: 'wrong_password' });
    expect((await today()).refundedMinor).toBe(0);
    const detail = await readOrderDetail({
      ledger: engine.ledger,
      timing: engine.parts.timing,
      orderId: order.orderId
    });
    expect(detail?.timeline.at(-1)).toMatchObject({ what: 'return_not_confirmed', actor: 'Max' });
  });
});

describe('a drawer', () => {
  test('counts what was paid in and out, once each, and how often it was only opened', async () => {
    const move = (kind: 'pay_in' | 'pay_out' | 'no_sale', amountMinor: number, movementId = newId()) =>
      moveCash({
        ledger: engine.ledger,
        sender,
        request: { movementId, kind, amountMinor, currency: 'USD', why: 'float', ...stamp() }
      });
    const id = newId();
    expect((await move('pay_in', 10_000, id)).ok).toBe(true);
    expect((await move('pay_in', 10_000, id)).ok).toBe(true);
    expect(await move('pay_in', 20_000, id)).toMatchObject({ ok: false, code: 'order_conflict' });
    expect((await move('pay_out', 1_500)).ok).toBe(true);
    expect((await move('no_sale', 0)).ok).toBe(true);
    expect(await move('pay_out', 0)).toMatchObject({ ok: false, code: 'bad_request' });
    expect((await today()).drawers).toMatchObject([
      { paidInMinor: 10_000, paidOutMinor: 1_500, expectedMinor: 8_500, openedCount: 1 }
    ]);
  });
});
