import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOpen, isRefundOpen } from '$lib/payment/states';
import type { RequestRefund } from '$lib/wire/refunds';
import type { Staff } from '$lib/wire/shop';
import { createGateway } from '../gateway/client';
import { parsePrivateKey, parsePublicKey } from '../gateway/keys';
import type { Ledger } from '../ledger/ledger';
import { keepOrder } from '../orders/keep-order';
import type { AttemptRow } from '../payments/parts';
import { createPayments, type Payments } from '../payments/payments';
import { newId, openShopLedger, orderEvents, paymentRequest, sender } from '../payments/shop.fixture';
import {
  loadOrCreateSandboxKeys,
  sandboxAppId,
  sandboxMerchantNo,
  startSandbox,
  type Sandbox
} from '../sandbox';
import { findOrders } from './find-orders';
import { createStepUps } from '../identity/step-up';
import { giveBack } from './give-back';
import { readOrderDetail } from './order-detail';
import { readRefund } from './read-refund';
import { readToday } from './today';

/** A minute of the contract passes in 0.6 s here. */
const timeScale = 100;
const admin: Staff = { staffId: 'admin-1', name: 'Ada Okafor', username: 'admin', role: 'admin' };

let folder: string;
let sandbox: Sandbox;
let ledger: Ledger;
let payments: Payments;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'till-reports-'));
  const keys = await loadOrCreateSandboxKeys(join(folder, 'keys'));
  sandbox = await startSandbox({
    bookPath: ':memory:',
    appPublicKey: keys.app.publicKeyPem,
    gatewayPrivateKey: keys.gateway.privateKeyPem,
    timeScale
  });
  const gateway = createGateway({
    config: {
      url: sandbox.url,
      appId: sandboxAppId,
      merchantNo: sandboxMerchantNo,
      privateKey: parsePrivateKey({ text: keys.app.privateKeyPem, label: 'app' }),
      publicKey: parsePublicKey({ text: keys.gateway.publicKeyPem, label: 'gateway' }),
      timeoutMs: 1000
    },
    now: Date.now,
    log: () => undefined
  });
  ledger = await openShopLedger();
  await ledger.db
    .insertInto('registers')
    .values({
      id: sender.registerId,
      code: sender.registerCode,
      name: 'Till 1',
      epoch: 2,
      token_sha256: '',
      enrolled_at_ms: 0,
      enrolled_by: ''
    })
    .execute();
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  payments = createPayments({
    ledger,
    gateway,
    identity: { appId: sandboxAppId, merchantNo: sandboxMerchantNo },
    log: quiet,
    digestKey: Buffer.alloc(32, 7),
    mode: 'training',
    timeScale,
    callTimeoutMs: 1000,
    wallNow: Date.now
  });
  payments.start();
});

afterAll(async () => {
  await payments.stop();
  await ledger.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

function attempt(id: string): Promise<AttemptRow> {
  return ledger.db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function pay(ends: string, order = orderEvents()): Promise<AttemptRow> {
  const request = paymentRequest({ ends, order });
  const result = await payments.request({ sender, request });
  if (!result.ok) throw new Error(result.detail);
  await expect
    .poll(async () => isOpen((await attempt(request.attemptId)).state), { timeout: 15_000, interval: 20 })
    .toBe(false);
  return attempt(request.attemptId);
}

function detailOf(row: AttemptRow) {
  return readOrderDetail({ ledger, timing: payments.timing, orderId: row.order_id });
}

function refundOf(row: AttemptRow, amountMinor: number, password = 'training'): RequestRefund {
  return {
    refundId: newId(),
    attemptId: row.id,
    amountMinor,
    currency: 'USD',
    reason: 'Broken',
    lines: [],
    password
  };
}

function askBack(request: RequestRefund) {
  const stepUps = createStepUps({
    ledger,
    directory: {
      verifyPassword: async ({ password }) =>
        password === 'training' ? { ok: true } : { ok: false, reason: 'wrong_password' },
      verifyPin: async () => ({ ok: false, reason: 'wrong_pin' })
    },
    pins: { lengths: async () => new Map() }
  });
  // a session of its own each time: nothing is remembered from the one before
  const from = { staff: admin, sessionId: newId(), register: null };
  return giveBack({ ledger, payments, stepUps, from, request });
}

/** Waits as the page does: for one change after the other. */
async function refundEnded(refundId: string) {
  let after = 0;
  const seen: string[] = [];
  for (;;) {
    const refund = await readRefund({
      ledger,
      payments,
      refundId,
      after,
      waitMs: 5000,
      signal: new AbortController().signal
    });
    if (refund === null) throw new Error('the refund is gone');
    if (refund.version > after) seen.push(refund.state);
    after = refund.version;
    if (!isRefundOpen(refund.state)) return { refund, seen };
  }
}

describe('an order is found', () => {
  test('by every number that a receipt, a wallet or a statement shows', async () => {
    const row = await pay('00');
    const detail = await detailOf(row);
    const number = detail?.number ?? '';
    const sequence = number.split('-')[1] ?? '';
    const shown = [
      number,
      number.toLowerCase(),
      ` ${number} `,
      number.replace('-', 'ß'),
      sequence,
      String(Number(sequence)),
      row.merchant_order_no,
      row.trans_no,
      row.pay_channel_trans_no,
      row.pay_platform_trans_no,
      row.ref_no
    ].filter((one) => one !== null);
    expect(shown).toHaveLength(11);
    for (const one of shown) {
      const found = await findOrders({ db: ledger.db, number: one });
      expect(
        found.map(({ orderId }) => orderId),
        one
      ).toEqual([row.order_id]);
    }
  });

  test('by the numbers of its refund', async () => {
    const row = await pay('00');
    const request = refundOf(row, 290);
    await askBack(request);
    const { refund } = await refundEnded(request.refundId);
    const stored = await ledger.db
      .selectFrom('refunds')
      .select('trans_no')
      .where('id', '=', request.refundId)
      .executeTakeFirstOrThrow();
    for (const one of [refund.merchantOrderNo, refund.merchantOrderNo.toLowerCase(), stored.trans_no ?? '']) {
      expect((await findOrders({ db: ledger.db, number: one })).map(({ orderId }) => orderId)).toEqual([
        row.order_id
      ]);
    }
  });

  test('by its short number in every epoch, however many enrolments passed over', async () => {
    const orders = [orderEvents(), orderEvents()];
    const [first] = orders.map(({ events: [opened] }) =>
      opened?.kind === 'order_opened' ? opened.number : ''
    );
    const short = Number(first?.slice(3));
    const newest = 2_000_000_000;
    const { registerId } = sender;
    await ledger.db.updateTable('registers').set({ epoch: newest }).where('id', '=', registerId).execute();
    for (const order of orders) await pay('00', order);
    const found = await findOrders({ db: ledger.db, number: String(short) });
    expect(found.map(({ number }) => number)).toEqual([first]);
    await ledger.db.updateTable('registers').set({ epoch: 2 }).where('id', '=', registerId).execute();
  });

  test('by nothing else', async () => {
    for (const one of ['', '  ', 'T1', 'T9-0001', '99999', "' OR 1=1 --", '%']) {
      expect(await findOrders({ db: ledger.db, number: one })).toEqual([]);
    }
  });
});

describe('money goes back', () => {
  test('only with the right password; a wrong one is kept in the record and makes no refund', async () => {
    const row = await pay('00');
    const wrong = refundOf(row, 290, 'guess');
    expect(await askBack(wrong)).toMatchObject({ ok: false, code: 'wrong_password' });
    const detail = await detailOf(row);
    expect(detail).toMatchObject({ standing: 'paid', refunds: [], refundableMinor: 900 });
    expect(detail?.timeline.at(-1)).toMatchObject({
      subject: 'refund',
      what: 'refund_not_confirmed',
      actor: 'Ada Okafor',
      amountMinor: 290
    });
    expect(JSON.stringify(detail)).not.toContain('guess');
  });

  test('in parts, and never more than was paid', async () => {
    const row = await pay('00');
    const first = refundOf(row, 290);
    expect((await Promise.all([askBack(first), askBack(first)])).every(({ ok }) => ok)).toBe(true);
    expect(await detailOf(row)).toMatchObject({
      standing: 'refund_on_its_way',
      refundableMinor: 610,
      refundPendingMinor: 290
    });
    const { seen } = await refundEnded(first.refundId);
    expect(seen.at(-1)).toBe('succeeded');
    expect(await detailOf(row)).toMatchObject({
      standing: 'part_refunded',
      refundedMinor: 290,
      refundableMinor: 610,
      refundPendingMinor: 0
    });
    expect(await askBack(refundOf(row, 611))).toMatchObject({ ok: false, code: 'refund_too_high' });
    const rest = refundOf(row, 610);
    await askBack(rest);
    await refundEnded(rest.refundId);
    const detail = await detailOf(row);
    expect(detail).toMatchObject({ standing: 'refunded', refundedMinor: 900, refundableMinor: 0 });
    expect(detail?.timeline.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['order_received', 'payment_requested', 'proven_paid', 'refund_requested'])
    );
  });

  test('and shows in the day beside the takings', async () => {
    const before = await readToday({ ledger, timing: payments.timing });
    const row = await pay('00');
    const request = refundOf(row, 100);
    await askBack(request);
    await refundEnded(request.refundId);
    const after = await readToday({ ledger, timing: payments.timing });
    expect(after.takingsMinor - before.takingsMinor).toBe(900);
    expect(after.refundedMinor - before.refundedMinor).toBe(100);
    // it was opened days ago, and stands in the list of that day
    const { orders } = await readToday({ ledger, timing: payments.timing, day: '2026-11-23' });
    expect(orders.find(({ orderId }) => orderId === row.order_id)).toMatchObject({
      standing: 'part_refunded',
      paidMinor: 900
    });
  });
});

describe('an order without a payment is kept', () => {
  const happened = {
    at: '2026-11-23T10:50:00.000Z',
    by: { staffId: sender.staffId, name: sender.staffName }
  };

  function keep(order: ReturnType<typeof orderEvents>) {
    return keepOrder({
      ledger,
      sender,
      request: { orderId: order.orderId, revision: order.events.length, events: order.events }
    });
  }

  test('once, however often it is sent, and stands as stopped when it was cleared', async () => {
    const order = orderEvents();
    order.events.push({ kind: 'order_cleared', ...happened });
    expect(await keep(order)).toMatchObject({ ok: true });
    expect(await keep(order)).toMatchObject({ ok: true });
    const detail = await readOrderDetail({ ledger, timing: payments.timing, orderId: order.orderId });
    expect(detail?.standing).toBe('stopped');
    expect(detail?.timeline.map(({ what }) => what)).toEqual(['order_received', 'order_cleared']);
  });

  test('as given away only when it costs nothing', async () => {
    const order = orderEvents();
    order.events.push({ kind: 'order_given_free', ...happened });
    expect(await keep(order)).toMatchObject({ ok: false, code: 'bad_request' });
    const free = orderEvents();
    free.events.push(
      {
        kind: 'discount_added',
        ...happened,
        discountId: newId(),
        lineId: null,
        discount: { type: 'percent', ratePpm: 1_000_000 },
        why: 'Staff'
      },
      { kind: 'order_given_free', ...happened }
    );
    expect(await keep(free)).toMatchObject({ ok: true });
    const detail = await readOrderDetail({ ledger, timing: payments.timing, orderId: free.orderId });
    expect(detail).toMatchObject({ standing: 'paid', totalMinor: 0, refundableMinor: 0 });
  });

  test('not at another revision than the one that is being paid or was paid', async () => {
    const order = orderEvents();
    const request = paymentRequest({ ends: '90', order: { ...order, events: [...order.events] } });
    expect((await payments.request({ sender, request })).ok).toBe(true);
    order.events.push({ kind: 'order_parked', ...happened });
    expect(await keep(order)).toMatchObject({ ok: false, code: 'order_busy' });
    await expect
      .poll(async () => (await attempt(request.attemptId)).state, { timeout: 15_000, interval: 20 })
      .toBe('succeeded');
    expect(await keep(order)).toMatchObject({ ok: false, code: 'already_paid' });
    order.events.pop();
    expect(await keep(order)).toMatchObject({ ok: true });
  });
});
