/**
 * Negative controls of the engine's own guards, one at a time: each is switched off by what stands between it and its ledger,
 * gateway or clock, and the check of its row must see it.
 */
import type { RootOperationNode } from 'kysely';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { stampMode } from '$lib/server/config/stamp';
import type { Answer } from '$lib/server/gateway/port';
import { askAttempt } from '$lib/server/payments/ask-attempt';
import { askRefund } from '$lib/server/payments/ask-refund';
import { claimDue } from '$lib/server/payments/claim-due';
import { keyedDigest } from '$lib/server/payments/code-digest';
import { openEngine, seen, type Engine } from '$lib/server/payments/engine.fixture';
import type { PaymentParts } from '$lib/server/payments/parts';
import { requestPayment, voidAttempt } from '$lib/server/payments/request-payment';
import { requestRefund } from '$lib/server/payments/request-refund';
import { newId, openShopLedger, paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import { submitOnce } from '$lib/server/payments/submit';
import { receiveWebhook } from '$lib/server/payments/webhook';
import { createWorker } from '$lib/server/payments/worker';
import { forgetLeases, sayingTooSoon, showing, withPlugin } from './guard-off';
import { pictureOf, violationsOf } from './invariants';
import { fairWeather, notificationOf } from './sim-gateway';
import { openVirtualShop, type VirtualShop } from './virtual-shop';

const second = 1000;
const minute = 60 * second;
const admin = { staffId: 'admin', staffName: 'Ada Okafor' };

function callsOf(shop: VirtualShop, name: string): VirtualShop['calls'] {
  return shop.calls.filter((call) => call.name === name);
}

/** A payment whose minute is over and of which the gateway says "paying": its next turn cancels it. */
async function duePayment(): Promise<{ engine: Engine; id: string }> {
  const engine = await openEngine();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'paying');
  const { id } = await engine.pay();
  engine.parts.stopwatch.elapsedMs(id);
  engine.pass(61 * second);
  return { engine, id };
}

describe('with this guard off, the row’s own check finds it:', () => {
  test('a row is one worker’s while its lease lasts (#44)', async () => {
    const { engine, id } = await duePayment();
    await forgetLeases(engine.ledger);
    const taken: string[] = [];
    for (const owner of ['one', 'other']) {
      const { attempts } = await claimDue({ parts: engine.parts, owner, most: 3 });
      taken.push(...attempts.map((row) => row.id));
    }
    expect(taken).toEqual([id, id]);
    await engine.ledger.close();
  });

  test('a cancel is its owner’s, of the row as it was asked about (#45)', async () => {
    const { engine, id } = await duePayment();
    const { attempts } = await claimDue({ parts: engine.parts, owner: 'sleeper', most: 1 });
    const [row] = attempts;
    if (row === undefined) throw new Error('nothing was due');
    engine.pass(minute);
    await claimDue({ parts: engine.parts, owner: 'other', most: 1 });
    expect((await engine.attempt(id)).lease_owner).toBe('other');
    const parts = {
      ...engine.parts,
      ledger: showing(engine.ledger, 'attempts', { lease_owner: 'sleeper' })
    };
    engine.calls.length = 0;
    await askAttempt({ parts, row, owner: 'sleeper' });
    expect(engine.calls).toContain('cancelPayment');
    await engine.ledger.close();
  });

  test('a refund is sent by its owner only (#45)', async () => {
    const engine = await openEngine();
    const { id } = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.pass(5 * second);
    await engine.turn();
    const given = await engine.giveBack(id, 900);
    if (!given.ok) throw new Error(given.detail);
    const { refunds } = await claimDue({ parts: engine.parts, owner: 'sleeper', most: 1 });
    const [row] = refunds;
    if (row === undefined) throw new Error('nothing was due');
    engine.pass(minute);
    engine.calls.length = 0;
    await engine.turn('other');
    expect(engine.calls).toEqual(['submitRefund']);
    const { lease_owner, version } = row;
    const ledger = showing(engine.ledger, 'refunds', { lease_owner, version });
    await askRefund({ parts: { ...engine.parts, ledger }, row, owner: 'sleeper' });
    expect(engine.calls.filter((call) => call === 'submitRefund')).toHaveLength(2);
    await engine.ledger.close();
  });

  test('a refund is sent again only after two "not found" (#61)', async () => {
    const shop = await openVirtualShop({ timing: (timing) => ({ ...timing, refundNotFoundApartMs: 0 }) });
    const { id } = await shop.pay();
    await shop.pass(10 * second);
    // It lies somewhere on the way, and is not found before it arrives.
    shop.weather = { ...fairWeather, lateRequest: 1 };
    await shop.giveBack(id, 900);
    await shop.pass(second);
    shop.weather = fairWeather;
    await shop.pass(50 * second);
    expect(callsOf(shop, 'submitRefund').length).toBeGreaterThan(1);
    await shop.ledger.close();
  });

  test('one code pays once (#47)', async () => {
    const shop = await openVirtualShop({ timing: (timing) => ({ ...timing, codeOnceMs: -1 }) });
    const { parts } = shop.process;
    const { paymentCode } = paymentRequest({ ends: '00' });
    const results = [];
    for (const _order of ['one', 'two']) {
      const request = { ...paymentRequest({ ends: '00' }), paymentCode };
      results.push(await requestPayment({ parts, sender, request }));
    }
    expect(results.filter((result) => result.ok)).toHaveLength(2);
    await shop.ledger.close();
  });

  test('one id is one request (#46)', async () => {
    const shop = await openVirtualShop();
    const { parts } = shop.process;
    const request = paymentRequest({ ends: '00' });
    await requestPayment({ parts, sender, request });
    const changed = { ...request, amountMinor: 800 };
    const code = keyedDigest({ key: parts.digestKey, of: ['code', changed.paymentCode] });
    const digest = keyedDigest({
      key: parts.digestKey,
      of: ['request', changed.orderId, String(changed.amountMinor), changed.currency, code]
    });
    const ledger = showing(shop.ledger, 'attempts', { request_digest: digest });
    // 9.00 is under way, and who asks for 8.00 is told that it is.
    expect(await requestPayment({ parts: { ...parts, ledger }, sender, request: changed })).toMatchObject({
      ok: true,
      row: { amount_minor: 900 }
    });
    await shop.ledger.close();
  });

  test('an attempt that was given up is shut (#2)', async () => {
    const shop = await openVirtualShop();
    const { parts } = shop.process;
    const request = paymentRequest({ ends: '00' });
    const { attemptId, orderId } = request;
    // The answer is given, and its row is lost.
    const forgetful = { ...parts, ledger: sayingTooSoon(shop.ledger) };
    expect((await voidAttempt({ parts: forgetful, sender, attemptId, orderId })).state).toBe('void');
    const late = await requestPayment({ parts, sender, request });
    if (!late.ok) throw new Error(late.detail);
    shop.process.run('submit', () =>
      submitOnce({ parts, row: late.row, paymentCode: request.paymentCode, description: 'x' })
    );
    await shop.pass(10 * second);
    expect(callsOf(shop, 'submitPayment')).toHaveLength(1);
    expect((await shop.attempt(attemptId)).state).toBe('succeeded');
    await shop.ledger.close();
  });

  test('a notification is kept once (#24)', async () => {
    const shop = await openVirtualShop();
    const row = await shop.pay();
    await shop.pass(second);
    const rawBody = notificationOf(shop.book, row.merchant_order_no);
    await sql`ALTER TABLE inbox RENAME TO inbox_away`.execute(shop.ledger.db);
    await sql`CREATE TABLE inbox AS SELECT * FROM inbox_away`.execute(shop.ledger.db);
    const ledger = withPlugin(shop.ledger, {
      transformQuery({ node }): RootOperationNode {
        if (node.kind !== 'InsertQueryNode') return node;
        const { onConflict: _, ...rest } = node;
        return rest;
      },
      transformResult: ({ result }) => Promise.resolve(result)
    });
    const parts = { ...shop.process.parts, ledger };
    for (let count = 0; count < 15; count += 1) await receiveWebhook({ parts, rawBody, contentType: null });
    expect(await shop.ledger.db.selectFrom('inbox').select('id').execute()).toHaveLength(15);
    await shop.ledger.close();
  });

  test('a notification is committed before it is answered (#30)', async () => {
    const shop = await openVirtualShop();
    const row = await shop.pay();
    await shop.pass(second);
    const rawBody = notificationOf(shop.book, row.merchant_order_no);
    const parts = { ...shop.process.parts, ledger: sayingTooSoon(shop.ledger) };
    expect(await receiveWebhook({ parts, rawBody, contentType: null })).toEqual({ ok: true });
    await shop.pass(second);
    // "Success" was said, so that it never comes again, and it was not kept.
    expect(await shop.ledger.db.selectFrom('inbox').select('id').execute()).toEqual([]);
    await shop.ledger.close();
  });

  test('a wrong clock is no decline (#57)', async () => {
    const declined = <T>(answer: Answer<T>, codeClass: 'not_created' | 'not_found'): Answer<T> =>
      answer.kind === 'refused' && answer.codeClass === 'clock' ? { ...answer, codeClass } : answer;
    const shop = await openVirtualShop({
      gateway: (gateway) => ({
        ...gateway,
        submitPayment: async (asked) => declined(await gateway.submitPayment(asked), 'not_created'),
        queryPayment: async (of) => declined(await gateway.queryPayment(of), 'not_found')
      })
    });
    shop.clockOffMs = 20 * minute;
    const { id } = await shop.pay();
    await shop.pass(30 * second);
    expect(await shop.attempt(id)).toMatchObject({ state: 'failed', fail_reason: 'refused' });
    await shop.ledger.close();
  });

  test('15 s are counted by a clock that nobody can set (#57)', async () => {
    const shop = await openVirtualShop({ wallClockOnly: true });
    shop.shopper({ kind: 'never' });
    const { id } = await shop.pay();
    await shop.pass(3 * second);
    await shop.stop(id);
    shop.clockOffMs = 2 * minute;
    await shop.pass(11 * second);
    expect(callsOf(shop, 'cancelPayment')).not.toEqual([]);
    await shop.ledger.close();
  });

  test('"not found" proves by a clock that nobody can set (#57)', async () => {
    const shop = await openVirtualShop({ wallClockOnly: true });
    shop.weather = { ...fairWeather, lateRequest: 1 };
    const { id } = await shop.pay();
    shop.weather = fairWeather;
    await shop.stop(id);
    await shop.pass(11 * second);
    shop.clockOffMs = 4 * minute;
    await shop.pass(9 * second);
    expect(await shop.attempt(id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    await shop.ledger.close();
  });

  test('a backlog is begun at a pace (#64)', async () => {
    const engine = await openEngine();
    for (let payments = 0; payments < 40; payments += 1) await engine.pay();
    engine.pass(60 * minute);
    engine.calls.length = 0;
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    let monotonicMs = 0;
    // A clock by which a second goes by at every look.
    const worker = createWorker({
      parts: engine.parts,
      owner: 'w',
      monotonicNow: () => (monotonicMs += second)
    });
    worker.start();
    await expect.poll(() => engine.calls.filter((call) => call === 'queryPayment').length).toBe(40);
    await worker.stop();
    await engine.ledger.close();
  });

  test('a database is of one mode (#66)', async () => {
    const ledger = await openShopLedger();
    await stampMode({ ledger, mode: 'training' });
    await ledger.db.deleteFrom('stamp').execute();
    await expect(stampMode({ ledger, mode: 'live' })).resolves.toBeUndefined();
    await ledger.close();
  });
});

test('with this guard off, the invariants find it: no refund while a cancel is unanswered (#10 #60)', async () => {
  const shop = await openVirtualShop();
  shop.shopper({ kind: 'never' });
  const row = await shop.pay();
  await shop.pass(20 * second);
  shop.weather = { ...fairWeather, refusedConnection: 1 };
  await shop.stop(row.id);
  await shop.pass(6 * second);
  expect((await shop.attempt(row.id)).state).toBe('cancelling');
  const parts: PaymentParts = {
    ...shop.process.parts,
    ledger: showing(shop.ledger, 'attempts', { state: 'succeeded' })
  };
  const request = { refundId: newId(), attemptId: row.id, amountMinor: 900, currency: 'USD' };
  const given = await requestRefund({
    parts,
    staff: admin,
    request: { ...request, reason: 'Broken', lines: [] }
  });
  expect(given).toMatchObject({ ok: true });
  const found = violationsOf({ picture: await pictureOf(shop.ledger), book: shop.book, quiet: false });
  expect(found).toContainEqual(
    expect.stringMatching(/^I4: 900 are being given back of a payment that is cancelling/)
  );
  await shop.ledger.close();
});
