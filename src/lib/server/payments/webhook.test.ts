import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { finishTask } from '../desk/finish-task';
import { readDesk } from '../desk/read-desk';
import type { GatewayNotification } from '../gateway/port';
import { fault, openEngine, refundTaken, seen, type Engine } from './engine.fixture';
import { learnAttempt } from './learn-attempt';
import { merchantOrderNoOf } from './merchant-order-no';
import { newId, paymentRequest, sender } from './shop.fixture';
import { requestPayment, voidAttempt } from './request-payment';
import { submitOnce } from './submit';
import { receiveWebhook, type WebhookResult } from './webhook';

let engine: Engine;
let woken: number;

beforeEach(async () => {
  engine = await openEngine();
  woken = 0;
});

afterEach(() => engine.ledger.close());

function notify(merchantOrderNo: string, over: Partial<GatewayNotification> = {}): Promise<WebhookResult> {
  const notification: GatewayNotification = {
    ...seen(merchantOrderNo, 'succeeded').value,
    merchantOrderNo,
    statusText: '2',
    transType: '1',
    origTransNo: null,
    rawSha256: '',
    ...over
  };
  engine.gateway.parseNotification = () => ({ ok: true, notification });
  const parts = { ...engine.parts, wake: () => (woken += 1) };
  return receiveWebhook({ parts, rawBody: '{"a":1}', contentType: null });
}

function inbox() {
  return engine.ledger.db.selectFrom('inbox').selectAll().orderBy('id').execute();
}

describe('a webhook', () => {
  test('#27 that is not signed by the gateway is refused and leaves nothing', async () => {
    const row = await engine.pay();
    for (const reason of ['unsigned', 'bad_signature', 'unreadable', 'wrong_merchant'] as const) {
      engine.gateway.parseNotification = () => ({ ok: false, reason });
      const result = await receiveWebhook({ parts: engine.parts, rawBody: 'x', contentType: null });
      expect(result).toEqual({ ok: false, reason });
    }
    expect(await inbox()).toEqual([]);
    expect(await engine.attempt(row.id)).toEqual(row);
  });

  test('makes the query due now and moves no state', async () => {
    const row = await engine.pay();
    expect(await notify(row.merchant_order_no)).toEqual({ ok: true });
    const after = await engine.attempt(row.id);
    expect(after.state).toBe(row.state);
    expect(after.next_due_at_ms).toBe(engine.clock.nowMs);
    expect(woken).toBe(1);
    expect(await inbox()).toMatchObject([{ matched: 'attempt', times_received: 1, raw: '{"a":1}' }]);
  });

  test('#24 that comes fifteen times is kept once and counted', async () => {
    const row = await engine.pay();
    await Promise.all(Array.from({ length: 15 }, () => notify(row.merchant_order_no)));
    expect(await inbox()).toMatchObject([{ times_received: 15 }]);
  });

  test('#23 about a number that nobody knows is kept, and wakes nobody', async () => {
    expect(await notify('T-UNKNOWN')).toEqual({ ok: true });
    expect(await inbox()).toMatchObject([{ merchant_order_no: 'T-UNKNOWN', matched: null }]);
    expect(woken).toBe(0);
  });

  test('that came before its payment is matched when that is sent, and makes its query due at once', async () => {
    const request = paymentRequest({ ends: '00' });
    await notify(merchantOrderNoOf(request.attemptId));
    await notify('T-ANOTHER');
    const result = await requestPayment({ parts: engine.parts, sender, request });
    if (!result.ok) throw new Error(result.detail);
    engine.pass(1000);
    let dueAtSubmit: number | null = null;
    engine.gateway.submitPayment = async () => {
      dueAtSubmit = (await engine.attempt(request.attemptId)).next_due_at_ms;
      return fault('timeout');
    };
    await submitOnce({
      parts: engine.parts,
      row: result.row,
      paymentCode: request.paymentCode,
      description: 'x'
    });
    expect(dueAtSubmit).toBe(engine.clock.nowMs);
    expect(await inbox()).toMatchObject([{ matched: 'attempt' }, { matched: null }]);
  });

  test.each([
    { amount: 900, remembered: true },
    { amount: 901, remembered: false }
  ])(
    'that came before its payment was learned from a journal is matched, and its success over $amount is remembered: $remembered',
    async ({ amount, remembered }) => {
      const { attemptId, orderId } = paymentRequest({ ends: '00' });
      await notify(merchantOrderNoOf(attemptId), { orderAmountMinor: amount, attach: null });
      await learnAttempt({
        parts: engine.parts,
        learned: {
          attemptId,
          orderId,
          orderRevision: 1,
          registerId: sender.registerId,
          amountMinor: 900,
          currency: 'USD',
          codeLast4: '0000',
          requestedAtMs: engine.clock.nowMs,
          seenState: null
        }
      });
      expect(await inbox()).toMatchObject([{ matched: 'attempt' }]);
      const { success_seen_at_ms: seenAtMs } = await engine.attempt(attemptId);
      expect(seenAtMs).toBe(remembered ? engine.clock.nowMs : null);
    }
  );

  test.each([
    ['the process dies between the two commits', 2],
    ["the first commit's answer is lost, and it is run again", 1]
  ])(
    'that came before its payment was learned from a journal is remembered though %s',
    async (_how, commit) => {
      const { attemptId, orderId } = paymentRequest({ ends: '00' });
      await notify(merchantOrderNoOf(attemptId), { attach: null });
      const learned = {
        attemptId,
        orderId,
        orderRevision: 1,
        registerId: sender.registerId,
        amountMinor: 900,
        currency: 'USD',
        codeLast4: '0000',
        requestedAtMs: engine.clock.nowMs,
        seenState: null
      };
      const { transaction } = engine.ledger;
      let commits = 0;
      engine.ledger.transaction = async (work, options) => {
        commits += 1;
        if (commits !== commit) return transaction(work, options);
        if (commit === 2) throw new Error('the process dies');
        // As on PostgreSQL: it was committed, nobody heard, and what is repeatable is run again.
        await transaction(work, options);
        expect(options).toEqual({ repeatable: true });
        return transaction(work, options);
      };
      const learning = learnAttempt({ parts: engine.parts, learned });
      if (commit === 2) {
        await expect(learning).rejects.toThrow('dies');
        engine.ledger.transaction = transaction;
        // It is still due to be learned, and the next process takes it up.
        expect(await learnAttempt({ parts: engine.parts, learned })).toBe('known');
      } else await learning;
      expect(await inbox()).toMatchObject([{ matched: 'attempt' }]);
      expect((await engine.attempt(attemptId)).success_seen_at_ms).toBe(engine.clock.nowMs);
    }
  );

  test('that waits for an attempt that was given up makes nothing due when its journal is read', async () => {
    const { attemptId, orderId } = paymentRequest({ ends: '00' });
    await notify(merchantOrderNoOf(attemptId), { attach: null });
    await voidAttempt({ parts: engine.parts, sender, attemptId, orderId });
    const result = await learnAttempt({
      parts: engine.parts,
      learned: {
        attemptId,
        orderId,
        orderRevision: 1,
        registerId: sender.registerId,
        amountMinor: 900,
        currency: 'USD',
        codeLast4: '0000',
        requestedAtMs: engine.clock.nowMs,
        seenState: null
      }
    });
    expect(result).toBe('known');
    expect(await engine.attempt(attemptId)).toMatchObject({ state: 'void', next_due_at_ms: null });
  });

  test('that came before its refund is matched when that is sent, and makes its query due at once', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.submitRefund = async () => refundTaken;
    engine.pass(5000);
    await engine.turn();
    const refundId = newId();
    await notify(merchantOrderNoOf(refundId));
    const refund = await engine.giveBack(row.id, 100, refundId);
    if (!refund.ok) throw new Error(refund.detail);
    await engine.turn();
    expect((await engine.refund(refundId)).next_due_at_ms).toBe(engine.clock.nowMs);
    expect(await inbox()).toMatchObject([{ matched: 'refund' }]);
  });

  test('about an attempt that was given up makes nothing due', async () => {
    const row = await voidAttempt({
      parts: engine.parts,
      sender,
      attemptId: newId(),
      orderId: newId()
    });
    await notify(row.merchant_order_no, { status: 'paying', statusText: '0' });
    expect(await engine.attempt(row.id)).toEqual(row);
    expect(await inbox()).toMatchObject([{ matched: null }]);
    expect(await engine.tasks()).toEqual([]);
  });

  test.each(['after', 'before'] as const)(
    'that says paid %s its payment was given up as unknown is money that this server forgot: a manager is told, once',
    async (when) => {
      const attemptId = newId();
      const shut = () => voidAttempt({ parts: engine.parts, sender, attemptId, orderId: newId() });
      if (when === 'after') await shut();
      await notify(merchantOrderNoOf(attemptId));
      if (when === 'before') await shut();
      await notify(merchantOrderNoOf(attemptId));
      await shut();
      expect((await engine.attempt(attemptId)).state).toBe('void');
      expect(await inbox()).toMatchObject([{ matched: 'attempt', times_received: 2 }]);
      const tasks = await engine.ledger.db.selectFrom('tasks').selectAll().execute();
      expect(tasks).toMatchObject([{ kind: 'contradiction' }]);
      expect(tasks[0]?.text).toContain('$9.00');
      expect(tasks[0]?.text).toContain(merchantOrderNoOf(attemptId));
      const { ledger, parts } = engine;
      const [task] = (await readDesk({ ledger, timing: parts.timing })).tasks;
      expect(task).toMatchObject({ kind: 'contradiction', text: tasks[0]?.text });
      const staff = { staffId: 'manager', staffName: 'Maya Lind' };
      const done = { ledger, staff, taskId: task?.taskId ?? 0, why: 'Given back in the portal' };
      expect(await finishTask(done)).toEqual({ ok: true });
      expect((await readDesk({ ledger, timing: parts.timing })).tasks).toEqual([]);
    }
  );

  test('#26 that is replayed after the end changes nothing but the asking', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.pass(5000);
    await engine.turn();
    await notify(row.merchant_order_no, { status: 'paying', statusText: '0' });
    expect(await engine.turn()).toBe(1);
    expect(await engine.attempt(row.id)).toMatchObject({ state: 'succeeded', next_due_at_ms: null });
  });

  test('about a refund makes its query due', async () => {
    const row = await engine.pay();
    engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
    engine.gateway.submitRefund = async () => refundTaken;
    engine.pass(5000);
    await engine.turn();
    const refund = await engine.giveBack(row.id, 100);
    if (!refund.ok) throw new Error(refund.detail);
    await engine.turn();
    await notify(refund.row.merchant_order_no);
    expect((await engine.refund(refund.row.id)).next_due_at_ms).toBe(engine.clock.nowMs);
    expect(await inbox()).toMatchObject([{ matched: 'refund' }]);
  });

  test('#30 whose commit fails is not acknowledged', async () => {
    const row = await engine.pay();
    engine.ledger.transaction = () => Promise.reject(new Error('disk full'));
    const { ledger } = engine;
    const parts = { ...engine.parts, ledger };
    engine.gateway.parseNotification = () => ({
      ok: true,
      notification: {
        ...seen(row.merchant_order_no, 'succeeded').value,
        merchantOrderNo: row.merchant_order_no,
        statusText: '2',
        transType: null,
        origTransNo: null,
        rawSha256: ''
      }
    });
    await expect(receiveWebhook({ parts, rawBody: '{}', contentType: null })).rejects.toThrow('disk full');
  });
});
