import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderEvent } from '$lib/order/events';
import { openEngine, refused, seen, type Engine } from './engine.fixture';
import { requestPayment, voidAttempt, type RequestResult } from './request-payment';
import { newId, orderEvents, paymentRequest, sender } from './shop.fixture';
import { submitOnce } from './submit';

type OpenedOrder = ReturnType<typeof orderEvents>;

let engine: Engine;

beforeEach(async () => {
  engine = await openEngine();
});

afterEach(() => engine.ledger.close());

function request(
  order: OpenedOrder,
  over: Partial<Parameters<typeof requestPayment>[0]['request']> = {},
  by = sender
): Promise<RequestResult> {
  return requestPayment({
    parts: engine.parts,
    sender: by,
    request: { ...paymentRequest({ ends: '00', order }), ...over }
  });
}

/** An attempt on the order that ends as the gateway's query says. */
async function ends(order: OpenedOrder, status: 'succeeded' | 'closed'): Promise<void> {
  const result = await request(order);
  if (!result.ok) throw new Error(result.detail);
  await submitOnce({ parts: engine.parts, row: result.row, paymentCode: '1', description: 'x' });
  engine.pass(5000);
  engine.gateway.queryPayment = async () => seen(result.row.merchant_order_no, status);
  await engine.turn();
}

function opened(
  order: OpenedOrder,
  change: Partial<Extract<OrderEvent, { kind: 'order_opened' }>>
): OpenedOrder {
  const [first, ...rest] = order.events;
  if (first?.kind !== 'order_opened') throw new Error('not an order');
  return { ...order, events: [{ ...first, ...change }, ...rest] };
}

async function newPrice(productId: string, priceMinor: number): Promise<void> {
  await engine.ledger.db
    .insertInto('price_versions')
    .values({
      id: `${productId}-2`,
      product_id: productId,
      price_minor: priceMinor,
      valid_from_ms: 0,
      version: 2
    })
    .execute();
}

describe('an order', () => {
  test.each([
    ["another register's code that begins like ours", { number: 'T10-0001' }],
    ['an epoch that is not its own', { number: 'T1.2-0001' }],
    ['no epoch though it is of the second', { epoch: 2, number: 'T1-0001' }],
    ['an epoch that this register has not reached', { epoch: 3, number: 'T1.3-0001' }],
    ["another register's id", { registerId: 'register-2' }]
  ])('with %s is refused', async (_what, change) => {
    const result = await request(opened(orderEvents(), change), {}, { ...sender, registerEpoch: 2 });
    expect(result).toMatchObject({ ok: false, code: 'register_unknown' });
  });

  test('keeps the number of the epoch in which it was opened', async () => {
    const later = { ...sender, registerEpoch: 2 };
    expect((await request(orderEvents(), {}, later)).ok).toBe(true);
    expect((await request(opened(orderEvents(), { epoch: 2, number: 'T1.2-0001' }), {}, later)).ok).toBe(
      true
    );
  });

  test('whose number belongs to another one is refused', async () => {
    const first = orderEvents();
    expect((await request(first)).ok).toBe(true);
    const number = first.events[0]?.kind === 'order_opened' ? first.events[0].number : '';
    expect(await request(opened(orderEvents(), { number }))).toMatchObject({
      ok: false,
      code: 'order_conflict'
    });
  });

  test('whose price changed after a first declined attempt is refused with the new total', async () => {
    const order = orderEvents();
    await ends(order, 'closed');
    await newPrice('americano', 350);
    expect(await request(order)).toMatchObject({
      ok: false,
      code: 'price_changed',
      extra: { totalMinor: 930 }
    });
  });

  test('stays as it was charged while a payment of it is open, and when an attempt to change it is refused', async () => {
    const order = orderEvents();
    expect((await request(order)).ok).toBe(true);
    const longer = { ...order, events: [...order.events, removal(order)] };
    expect(await request(longer, { amountMinor: 580 })).toMatchObject({ ok: false, code: 'order_busy' });
    const stored = await engine.ledger.db
      .selectFrom('orders')
      .selectAll()
      .where('id', '=', order.orderId)
      .executeTakeFirstOrThrow();
    expect([stored.revision, stored.total_minor]).toEqual([3, 900]);
  });

  test('that was paid takes no second payment, and no history other than its own', async () => {
    const order = orderEvents();
    await ends(order, 'succeeded');
    expect(await request(order)).toMatchObject({ ok: false, code: 'already_paid' });
    const rewritten = { ...orderEvents({ orderId: order.orderId }), orderId: order.orderId };
    expect(await request(rewritten)).toMatchObject({ ok: false, code: 'order_conflict' });
    const shorter = { ...order, events: order.events.slice(0, 2) };
    expect(await request(shorter, { amountMinor: 320 })).toMatchObject({ ok: false, code: 'order_conflict' });
  });

  test('that was parked and taken up again takes no second payment where its late money came meanwhile', async () => {
    const order = orderEvents();
    const result = await request(order);
    if (!result.ok) throw new Error(result.detail);
    const { row } = result;
    engine.gateway.queryPayment = async () => refused('not_found');
    engine.gateway.cancelPayment = async () => refused('not_found');
    await submitOnce({ parts: engine.parts, row, paymentCode: '1', description: 'x' });
    await engine.until(400_000);
    engine.gateway.queryPayment = async () => seen(row.merchant_order_no, 'succeeded');
    await engine.until(1_300_000);
    expect((await engine.attempt(row.id)).state).toBe('paid_late');
    const at = '2026-11-23T11:42:00.000Z';
    const by = { staffId: sender.staffId, name: sender.staffName };
    const resumed: OpenedOrder = {
      ...order,
      events: [...order.events, { kind: 'order_parked', at, by }, { kind: 'order_resumed', at, by }]
    };
    expect(await request(resumed)).toMatchObject({ ok: false, code: 'already_paid' });
  });

  test('is never charged more than it costs', async () => {
    expect(await request(orderEvents(), { amountMinor: 901 })).toMatchObject({
      ok: false,
      code: 'amount_too_high',
      extra: { restMinor: 900 }
    });
  });

  test('that is not complete, or in another currency, is refused', async () => {
    expect(await request(orderEvents(), { revision: 2 })).toMatchObject({ code: 'bad_request' });
    expect(await request(orderEvents(), { orderId: newId() })).toMatchObject({ code: 'bad_request' });
    expect(await request(orderEvents(), { currency: 'EUR' })).toMatchObject({ code: 'bad_request' });
    expect(await request(opened(orderEvents(), { currency: 'EUR' }))).toMatchObject({ code: 'bad_request' });
  });

  test('with a discount that a person gave is charged with it', async () => {
    const order = orderEvents();
    const at = '2026-11-23T10:43:00.000Z';
    const by = { staffId: sender.staffId, name: sender.staffName };
    const discount: OrderEvent = {
      kind: 'discount_added',
      at,
      by,
      discountId: newId(),
      lineId: null,
      discount: { type: 'amount', amountMinor: 100 },
      why: 'Broken cup'
    };
    const cheaper = { ...order, events: [...order.events, discount] };
    expect(await request(cheaper)).toMatchObject({ code: 'amount_too_high', extra: { restMinor: 800 } });
    expect((await request(cheaper, { amountMinor: 800 })).ok).toBe(true);
  });
});

describe('a payment code', () => {
  test('is refused in another attempt for ten minutes, and in training only noted', async () => {
    const { paymentCode } = paymentRequest({ ends: '00' });
    expect((await request(orderEvents(), { paymentCode })).ok).toBe(true);
    engine.pass(600_000);
    expect(await request(orderEvents(), { paymentCode })).toMatchObject({ ok: false, code: 'code_used' });
    engine.pass(1);
    expect((await request(orderEvents(), { paymentCode })).ok).toBe(true);
    const training = { ...engine.parts, mode: 'training' as const };
    const again = paymentRequest({ ends: '00' });
    const noted = await requestPayment({ parts: training, sender, request: { ...again, paymentCode } });
    expect(noted).toMatchObject({ ok: true, row: { code_seen_before: 1 } });
  });
});

describe('an attempt id', () => {
  test('that belongs to a refund is refused', async () => {
    const order = orderEvents();
    await ends(order, 'succeeded');
    const { id } = await engine.ledger.db
      .selectFrom('attempts')
      .select('id')
      .where('state', '=', 'succeeded')
      .executeTakeFirstOrThrow();
    const refundId = newId();
    expect((await engine.giveBack(id, 100, refundId)).ok).toBe(true);
    expect(await request(orderEvents(), { attemptId: refundId })).toMatchObject({ code: 'attempt_conflict' });
  });

  test('that was given up stays shut, and one that arrived is not shut', async () => {
    const order = orderEvents();
    const attemptId = newId();
    const give = () => voidAttempt({ parts: engine.parts, sender, attemptId, orderId: order.orderId });
    expect((await give()).state).toBe('void');
    expect((await give()).state).toBe('void');
    expect(await request(order, { attemptId })).toMatchObject({ code: 'attempt_void' });
    const arrived = await request(order);
    if (!arrived.ok) throw new Error(arrived.detail);
    const kept = await voidAttempt({
      parts: engine.parts,
      sender,
      attemptId: arrived.row.id,
      orderId: order.orderId
    });
    expect(kept.state).toBe('intent');
  });
});

function removal(order: OpenedOrder): OrderEvent {
  const line = order.events[1];
  if (line?.kind !== 'line_added') throw new Error('no line');
  return { kind: 'line_removed', at: line.at, by: line.by, lineId: line.lineId };
}
