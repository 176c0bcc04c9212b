import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isOpen } from '$lib/payment/states';
import { createGateway, type GatewayLogEntry } from '../gateway/client';
import { parsePrivateKey, parsePublicKey } from '../gateway/keys';
import type { Gateway } from '../gateway/port';
import type { Ledger } from '../ledger/ledger';
import {
  loadOrCreateSandboxKeys,
  sandboxAppId,
  sandboxMerchantNo,
  startSandbox,
  type Sandbox
} from '../sandbox';
import type { AttemptRow, RefundRow } from './parts';
import { createPayments, type Payments } from './payments';
import { newId, openShopLedger, orderEvents, paymentRequest, sender } from './shop.fixture';

/** A minute of the contract passes in 0.6 s here. */
const timeScale = 100;

let folder: string;
let sandbox: Sandbox;
let gateway: Gateway;
let ledger: Ledger;
let payments: Payments;
const logged: unknown[] = [];

function compose(): Payments {
  return createPayments({
    ledger,
    gateway,
    identity: { appId: sandboxAppId, merchantNo: sandboxMerchantNo },
    log: { info: (f) => logged.push(f), warn: (f) => logged.push(f), error: (f) => logged.push(f) },
    digestKey: Buffer.alloc(32, 7),
    mode: 'training',
    timeScale,
    callTimeoutMs: 1000,
    wallNow: Date.now
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'till-payments-'));
  const keys = await loadOrCreateSandboxKeys(join(folder, 'keys'));
  sandbox = await startSandbox({
    bookPath: ':memory:',
    appPublicKey: keys.app.publicKeyPem,
    gatewayPrivateKey: keys.gateway.privateKeyPem,
    timeScale
  });
  gateway = createGateway({
    config: {
      url: sandbox.url,
      appId: sandboxAppId,
      merchantNo: sandboxMerchantNo,
      privateKey: parsePrivateKey({ text: keys.app.privateKeyPem, label: 'app' }),
      publicKey: parsePublicKey({ text: keys.gateway.publicKeyPem, label: 'gateway' }),
      timeoutMs: 1000
    },
    now: Date.now,
    log: (entry: GatewayLogEntry) => logged.push(entry)
  });
  ledger = await openShopLedger();
  payments = compose();
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

async function ended(id: string): Promise<AttemptRow> {
  return vi.waitUntil(
    async () => {
      const row = await attempt(id);
      return isOpen(row.state) ? null : row;
    },
    { timeout: 15_000, interval: 20 }
  );
}

async function pay(ends: string): Promise<AttemptRow> {
  const result = await payments.request({ sender, request: paymentRequest({ ends }) });
  if (!result.ok) throw new Error(result.detail);
  return result.row;
}

function inBook(row: AttemptRow): { charges: number; submits: number } {
  const payment = sandbox.book.payments().find((one) => one.merchantOrderNo === row.merchant_order_no);
  return { charges: payment?.charges ?? 0, submits: sandbox.book.submits(row.merchant_order_no) };
}

describe.concurrent('a payment', () => {
  test('ends as paid, with every number that the shopper can show', async () => {
    const row = await ended((await pay('00')).id);
    expect(row.state).toBe('succeeded');
    expect(row.trans_no).not.toBeNull();
    expect(row.pay_channel_trans_no).not.toBeNull();
    expect(inBook(row)).toEqual({ charges: 1, submits: 1 });
  });

  test('keeps what a wallet offer took off beside the full amount', async () => {
    const row = await ended((await pay('88')).id);
    expect(row.state).toBe('succeeded');
    expect(row.amount_minor).toBe(900);
    expect(row.paid_minor).toBe(810);
    expect(row.offer_by_channel_minor).toBe(90);
  });

  test.each([
    ['90', 'succeeded', null, 1],
    ['91', 'failed', 'declined', 0],
    ['92', 'cancelled', null, 0],
    ['93', 'failed', 'declined', 0],
    ['94', 'failed', 'refused', 0],
    ['95', 'succeeded', null, 1],
    ['96', 'succeeded', null, 1],
    ['97', 'succeeded', null, 1],
    ['98', 'failed', 'not_received', 0],
    ['99', 'succeeded', null, 1]
  ] as const)(
    'with code …%s ends as %s (%s) and %i charge in the book',
    async (ends, state, reason, charges) => {
      const row = await ended((await pay(ends)).id);
      expect({ state: row.state, reason: row.fail_reason }).toEqual({ state, reason });
      expect(inBook(row)).toEqual({ charges, submits: 1 });
    }
  );

  test('is sent once, however often its request arrives, and refused with another body', async () => {
    const request = paymentRequest({ ends: '00' });
    const results = await Promise.all([1, 2, 3, 4].map(() => payments.request({ sender, request })));
    expect(results.every((result) => result.ok)).toBe(true);
    const row = await ended(request.attemptId);
    expect(inBook(row)).toEqual({ charges: 1, submits: 1 });
    const other = await payments.request({
      sender,
      request: { ...request, paymentCode: '286664990659481000' }
    });
    expect(other).toMatchObject({ ok: false, code: 'attempt_conflict' });
  });

  test('is refused while another is open on the order, and after one was paid', async () => {
    const order = orderEvents();
    const first = paymentRequest({ ends: '90', order });
    expect((await payments.request({ sender, request: first })).ok).toBe(true);
    expect(await payments.request({ sender, request: paymentRequest({ ends: '00', order }) })).toMatchObject({
      ok: false,
      code: 'order_busy'
    });
    await ended(first.attemptId);
    expect(await payments.request({ sender, request: paymentRequest({ ends: '00', order }) })).toMatchObject({
      ok: false,
      code: 'already_paid'
    });
  });

  test('is refused at a price that the server does not have, and leaves nothing behind', async () => {
    const order = orderEvents({ unitPriceMinor: 1 });
    const result = await payments.request({
      sender,
      request: paymentRequest({ ends: '00', order, amountMinor: 581 })
    });
    expect(result).toMatchObject({ ok: false, code: 'price_changed', extra: { totalMinor: 900 } });
    const stored = await ledger.db
      .selectFrom('orders')
      .select('id')
      .where('id', '=', order.orderId)
      .execute();
    expect(stored).toEqual([]);
  });

  test('that was given up before it arrived is refused when it arrives late', async () => {
    const request = paymentRequest({ ends: '00' });
    const row = await payments.giveUp({ sender, attemptId: request.attemptId, orderId: request.orderId });
    expect(row.state).toBe('void');
    expect(await payments.request({ sender, request })).toMatchObject({ ok: false, code: 'attempt_void' });
    expect(inBook(row)).toEqual({ charges: 0, submits: 0 });
  });

  test('that a cashier stops is stopped by a cancel not sooner than the contract allows', async () => {
    const { id } = await pay('92');
    await payments.stopPayment({ attemptId: id, staffName: 'Rosa Marin' });
    const row = await ended(id);
    expect(row.state).toBe('cancelled');
    const cancel = await ledger.db
      .selectFrom('cancels')
      .selectAll()
      .where('attempt_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(cancel.committed_at_ms - (row.submitted_at_ms ?? 0)).toBeGreaterThanOrEqual(15_000 / timeScale);
    expect(cancel.committed_at_ms - (row.submitted_at_ms ?? 0)).toBeLessThan(60_000 / timeScale);
  });

  test('leaves its whole way in the events, and its code nowhere', async () => {
    const request = paymentRequest({ ends: '90' });
    await payments.request({ sender, request });
    await ended(request.attemptId);
    const events = await ledger.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', request.attemptId)
      .orderBy('id')
      .execute();
    expect(events.map((event) => event.what)).toEqual(
      expect.arrayContaining(['payment_requested', 'submit_started', 'seen_paying', 'proven_paid'])
    );
    const kept = JSON.stringify([
      await ledger.db.selectFrom('attempts').selectAll().execute(),
      await ledger.db.selectFrom('orders').selectAll().execute(),
      await ledger.db.selectFrom('events').selectAll().execute(),
      logged
    ]);
    expect(kept).not.toContain(request.paymentCode);
  });

  test('that an earlier process left as "sending" is asked about and never sent again', async () => {
    const request = paymentRequest({ ends: '00' });
    const first = await payments.request({ sender, request });
    if (!first.ok) throw new Error(first.detail);
    await ended(request.attemptId);
    // As a crash leaves it: committed as sent, nothing recorded after.
    await ledger.db
      .updateTable('attempts')
      .set({
        state: 'submitted',
        ended_at_ms: null,
        submit_answered_at_ms: null,
        lease_owner: 'a process that died',
        lease_until_ms: ledger.nowMs() - 1,
        next_due_at_ms: ledger.nowMs()
      })
      .where('id', '=', request.attemptId)
      .execute();
    const row = await ended(request.attemptId);
    expect(row.state).toBe('succeeded');
    expect(inBook(row)).toEqual({ charges: 1, submits: 1 });
  });

  test('that never left "intent" ends as not sent, and the gateway never hears of it', async () => {
    const silent = createPayments({
      ledger,
      gateway: { ...gateway, submitPayment: () => new Promise(() => undefined) },
      identity: { appId: sandboxAppId, merchantNo: sandboxMerchantNo },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      digestKey: Buffer.alloc(32, 7),
      mode: 'training',
      timeScale,
      callTimeoutMs: 1000,
      wallNow: Date.now,
      crashPoint: (name) => {
        if (name === 'after_intent') throw new Error('the process dies here');
      }
    });
    const request = paymentRequest({ ends: '00' });
    await expect(silent.request({ sender, request })).rejects.toThrow('dies here');
    const row = await ended(request.attemptId);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
    expect(inBook(row)).toEqual({ charges: 0, submits: 0 });
  });
});

describe.concurrent('a refund', () => {
  async function refundEnded(id: string): Promise<RefundRow> {
    return vi.waitUntil(
      async () => {
        const read = ledger.db.selectFrom('refunds').selectAll().where('id', '=', id);
        const row = await read.executeTakeFirstOrThrow();
        return ['succeeded', 'failed'].includes(row.state) ? row : null;
      },
      { timeout: 15_000, interval: 20 }
    );
  }

  function refundRequest(
    attemptId: string,
    amountMinor: number
  ): Parameters<Payments['requestRefund']>[0]['request'] {
    return { refundId: newId(), attemptId, amountMinor, currency: 'USD', reason: 'Broken', lines: [] };
  }

  const staff = { staffId: 'admin', staffName: 'Ada Okafor' };

  test('gives a part back, and never more than was paid', async () => {
    const row = await ended((await pay('00')).id);
    const request = refundRequest(row.id, 290);
    const twice = await Promise.all([1, 2].map(() => payments.requestRefund({ staff, request })));
    expect(twice.every((result) => result.ok)).toBe(true);
    expect(await payments.requestRefund({ staff, request: refundRequest(row.id, 10) })).toMatchObject({
      ok: false,
      code: 'refund_in_flight'
    });
    expect((await refundEnded(request.refundId)).state).toBe('succeeded');
    expect(await payments.requestRefund({ staff, request: refundRequest(row.id, 611) })).toMatchObject({
      ok: false,
      code: 'refund_too_high',
      extra: { restMinor: 610 }
    });
    const given = sandbox.book.refunds().filter((one) => one.origMerchantOrderNo === row.merchant_order_no);
    expect(given).toHaveLength(1);
  });

  test('that meets an empty balance waits for funds and goes again with the same number', async () => {
    const row = await ended((await pay('00')).id);
    const request = refundRequest(row.id, 166);
    await payments.requestRefund({ staff, request });
    const refund = await refundEnded(request.refundId);
    expect(refund.state).toBe('succeeded');
    const events = await ledger.db
      .selectFrom('events')
      .select('what')
      .where('subject_id', '=', refund.id)
      .execute();
    expect(events.map((event) => event.what)).toContain('funds_lacking');
    const given = sandbox.book.refunds().filter((one) => one.merchantOrderNo === refund.merchant_order_no);
    expect(given).toHaveLength(1);
  });

  test('of a payment without confirmed money is refused', async () => {
    const row = await ended((await pay('93')).id);
    expect(await payments.requestRefund({ staff, request: refundRequest(row.id, 100) })).toMatchObject({
      ok: false,
      code: 'not_refundable'
    });
  });
});
