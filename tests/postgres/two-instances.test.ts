/** Two instances with two workers each on one database, as behind one address; the gateway counts what it is asked. */
import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { askAttempt } from '$lib/server/payments/ask-attempt';
import { changeAttempt } from '$lib/server/payments/change-attempt';
import { createChanges } from '$lib/server/payments/changes';
import { openEngine, refundSeen, refundTaken, seen } from '$lib/server/payments/engine.fixture';
import type { PaymentParts } from '$lib/server/payments/parts';
import { merchantOrderNoOf } from '$lib/server/payments/merchant-order-no';
import { requestPayment } from '$lib/server/payments/request-payment';
import { requestRefund } from '$lib/server/payments/request-refund';
import { newId, orderEvents, paymentRequest, seedShop, sender } from '$lib/server/payments/shop.fixture';
import { submitOnce } from '$lib/server/payments/submit';
import { createTiming } from '$lib/server/payments/timing';
import { receiveWebhook } from '$lib/server/payments/webhook';
import { claimDue } from '$lib/server/payments/claim-due';
import { createWorker, type PaymentWorker } from '$lib/server/payments/worker';
import { startTestServer, type TestServer } from './server';

let server: TestServer;
let here: PaymentParts;
let there: PaymentParts;
let calls: string[];
const workers: PaymentWorker[] = [];

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

/** The engine's scripted gateway, on a real clock that runs a hundred times as fast. */
async function instance(ledger: Ledger): Promise<PaymentParts> {
  const engine = await openEngine();
  await engine.ledger.close();
  engine.gateway.submitPayment = async () => engine.gateway.queryPayment({ merchantOrderNo: '' });
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  engine.gateway.submitRefund = async () => refundTaken;
  engine.gateway.queryRefund = async ({ merchantOrderNo }) => refundSeen(merchantOrderNo, 'succeeded');
  const counted = <Of extends { merchantOrderNo: string }, Result>(
    name: string,
    call: (of: Of) => Promise<Result>
  ) => {
    return async (of: Of): Promise<Result> => {
      calls.push(`${name} ${of.merchantOrderNo}`);
      return call(of);
    };
  };
  const { gateway } = engine.parts;
  const parts: PaymentParts = {
    ...engine.parts,
    ledger,
    gateway: {
      ...gateway,
      submitPayment: counted('submit', gateway.submitPayment),
      submitRefund: counted('refund', gateway.submitRefund),
      cancelPayment: counted('cancel', gateway.cancelPayment)
    },
    timing: createTiming({ timeScale: 100, callTimeoutMs: 1000 }),
    changes: createChanges({
      outside: ledger.notices,
      heardOutside: () => {
        for (const worker of workers) worker.wake();
      }
    }),
    mode: 'training'
  };
  return parts;
}

beforeEach(async () => {
  calls = [];
  const { url } = await server.createDatabase();
  here = await instance(await openLedger({ url }));
  there = await instance(await openLedger({ url }));
  await seedShop(here.ledger.db);
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  for (const { changes } of [here, there]) changes.close();
  await here.ledger.close();
  await there.ledger.close();
});

function startWorkers(): void {
  for (const [index, parts] of [here, there, here, there].entries()) {
    const worker = createWorker({ parts, owner: `worker ${index}` });
    worker.start();
    workers.push(worker);
  }
}

async function pay(parts: PaymentParts, request = paymentRequest({ ends: '00' })) {
  const result = await requestPayment({ parts, sender, request });
  if (result.ok && result.fresh) {
    await submitOnce({ parts, row: result.row, paymentCode: request.paymentCode, description: 'x' });
  }
  return result;
}

function openLeft(): Promise<unknown[]> {
  return here.ledger.db
    .selectFrom('attempts')
    .select('id')
    .where('state', 'not in', ['succeeded', 'failed', 'cancelled'])
    .execute();
}

test('#44 four workers of two instances submit, cancel and refund each thing once', async () => {
  startWorkers();
  const requests = Array.from({ length: 24 }, () => paymentRequest({ ends: '00' }));
  // Each request arrives at both instances at once, as a browser's second try may.
  const results = await Promise.all(requests.flatMap((request) => [pay(here, request), pay(there, request)]));
  expect(results.filter((result) => !result.ok)).toEqual([]);
  await expect.poll(openLeft, { timeout: 15_000, interval: 20 }).toEqual([]);
  expect(calls.filter((call) => call.startsWith('submit'))).toHaveLength(requests.length);
  expect(new Set(calls).size).toBe(calls.length);

  calls.length = 0;
  const staff = { staffId: 'admin', staffName: 'Ada Okafor' };
  await Promise.all(
    requests.map(async ({ attemptId }, index) => {
      const request = { attemptId, amountMinor: 900, currency: 'USD', reason: 'Broken', lines: [] };
      const parts = index % 2 === 0 ? here : there;
      await requestRefund({ parts, staff, request: { ...request, refundId: newId() } });
    })
  );
  await expect
    .poll(
      () => here.ledger.db.selectFrom('refunds').select('id').where('state', '!=', 'succeeded').execute(),
      {
        timeout: 15_000,
        interval: 20
      }
    )
    .toEqual([]);
  expect(calls.filter((call) => call.startsWith('refund'))).toHaveLength(requests.length);
  expect(new Set(calls).size).toBe(calls.length);
});

test('#44 two instances that look for work at the same moment never take the same row', async () => {
  for (let count = 0; count < 8; count += 1) await pay(here);
  await here.ledger.db.updateTable('attempts').set({ next_due_at_ms: 1, state: 'unknown' }).execute();
  const claims = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((owner, index) =>
      claimDue({ parts: index % 2 === 0 ? here : there, owner, most: 3 })
    )
  );
  const taken = claims.flatMap(({ attempts }) => attempts.map(({ id }) => id));
  expect(taken.toSorted()).toEqual([...new Set(taken)].toSorted());
  expect(taken).toHaveLength(8);
});

/** Takes rows as `claimDue` does, and waits between its look and its taking until the other one has looked too. */
async function lookBothThenTake(locks: boolean): Promise<string[]> {
  let looked = 0;
  const both = Promise.withResolvers<undefined>();
  const looks = new WeakSet<QueryId>();
  const slowly: KyselyPlugin = {
    transformQuery({ node, queryId }): RootOperationNode {
      if (node.kind !== 'SelectQueryNode') return node;
      looks.add(queryId);
      const { endModifiers: _, ...lockless } = node;
      return locks ? node : lockless;
    },
    async transformResult({ result, queryId }) {
      if (!looks.has(queryId)) return result;
      looked += 1;
      if (looked === 2) both.resolve(undefined);
      await both.promise;
      return result;
    }
  };
  const claims = await Promise.all(
    [here, there].map(({ ledger, ...parts }, index) => {
      const work: Ledger['transaction'] = (run) => ledger.db.withPlugin(slowly).transaction().execute(run);
      return claimDue({
        parts: { ...parts, ledger: { ...ledger, transaction: work } },
        owner: `${index}`,
        most: 3
      });
    })
  );
  return claims.flatMap(({ attempts }) => attempts.map(({ id }) => id));
}

test('with this guard off, two take the same row: the lock that a claim passes by (#44)', async () => {
  for (let count = 0; count < 3; count += 1) await pay(here);
  const due = (): Promise<unknown> =>
    here.ledger.db
      .updateTable('attempts')
      .set({ next_due_at_ms: 1, state: 'unknown', lease_until_ms: null, lease_owner: null })
      .execute();
  await due();
  expect(await lookBothThenTake(true)).toHaveLength(3);
  await due();
  expect(await lookBothThenTake(false)).toHaveLength(6);
});

test('#45 a worker that slept past its lease writes over nothing that another one has done since', async () => {
  await pay(here);
  const { id } = await here.ledger.db.selectFrom('attempts').select('id').executeTakeFirstOrThrow();
  await here.ledger.db
    .updateTable('attempts')
    .set({
      state: 'unknown',
      ended_at_ms: null,
      submitted_at_ms: here.ledger.nowMs() - 61_000,
      stop_requested_at_ms: 1,
      stop_requested_by: 'Rosa Marin',
      next_due_at_ms: 1
    })
    .execute();
  const { attempts } = await claimDue({ parts: here, owner: 'sleeper', most: 1 });
  const [row] = attempts;
  if (row === undefined) throw new Error('nothing was due');
  await here.ledger.db.updateTable('attempts').set({ lease_until_ms: 1 }).execute();
  const other = await claimDue({ parts: there, owner: 'other', most: 1 });
  expect(other.attempts.map((taken) => taken.id)).toEqual([id]);
  const paying: PaymentParts = {
    ...here,
    stopwatch: { ...here.stopwatch, elapsedMs: () => 600_000 },
    gateway: { ...here.gateway, queryPayment: async (of) => seen(of.merchantOrderNo, 'paying') }
  };
  await askAttempt({ parts: paying, row, owner: 'sleeper' });
  expect(calls.filter((call) => call.startsWith('cancel'))).toEqual([]);
  const after = await here.ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow();
  expect(after.lease_owner).toBe('other');
});

test('#59 of two refunds of 60 on a payment of 100, asked for at two instances at once, one passes', async () => {
  await pay(here);
  const paid = await here.ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow();
  await here.ledger.db
    .updateTable('attempts')
    .set({ amount_minor: 100, state: 'succeeded', ended_at_ms: here.ledger.nowMs() })
    .execute();
  const staff = { staffId: 'admin', staffName: 'Ada Okafor' };
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      requestRefund({
        parts: index % 2 === 0 ? here : there,
        staff,
        request: {
          refundId: newId(),
          attemptId: paid.id,
          amountMinor: 60,
          currency: 'USD',
          reason: 'Broken',
          lines: []
        }
      })
    )
  );
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  expect(await here.ledger.db.selectFrom('refunds').select('id').execute()).toHaveLength(1);
});

test('#55 two instances that are asked to pay one new order at once let one pay', async () => {
  const order = orderEvents();
  const results = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      requestPayment({
        parts: index % 2 === 0 ? here : there,
        sender,
        request: paymentRequest({ ends: '00', order })
      })
    )
  );
  const refused = results.filter((result) => !result.ok);
  expect(refused.map((result) => (result.ok ? '' : result.code))).toEqual(Array(5).fill('order_busy'));
});

test('one code that two instances are given at once for two orders is taken once when live', async () => {
  const { paymentCode } = paymentRequest({ ends: '00' });
  const results = await Promise.all(
    [here, there, here, there].map((parts) =>
      requestPayment({
        parts: { ...parts, mode: 'live' },
        sender,
        request: { ...paymentRequest({ ends: '00' }), paymentCode }
      })
    )
  );
  expect(results.filter((result) => result.ok)).toHaveLength(1);
});

test('#23 a webhook that arrives before its payment is visible is kept, answered, and harmless', async () => {
  const request = paymentRequest({ ends: '00' });
  const merchantOrderNo = merchantOrderNoOf(request.attemptId);
  const parts = notifiedOf(merchantOrderNo);
  // The other instance has written its intent and not committed it yet.
  const written = Promise.withResolvers<undefined>();
  const commit = Promise.withResolvers<undefined>();
  const slow: Ledger = {
    ...here.ledger,
    transaction: (work, options) =>
      here.ledger.transaction(async (trx) => {
        const result = await work(trx);
        written.resolve(undefined);
        await commit.promise;
        return result;
      }, options)
  };
  const requested = requestPayment({ parts: { ...here, ledger: slow }, sender, request });
  await written.promise;
  await expect(receiveWebhook({ parts, rawBody: '{}', contentType: null })).resolves.toEqual({ ok: true });
  commit.resolve(undefined);
  const result = await requested;
  if (!result.ok) throw new Error(result.detail);
  // A second try of the browser sends nothing, and so the notification waits for the one that does.
  await pay(here, request);
  await submitOnce({ parts: here, row: result.row, paymentCode: request.paymentCode, description: 'x' });
  expect(await here.ledger.db.selectFrom('attempts').select('id').execute()).toHaveLength(1);
  const inbox = await here.ledger.db.selectFrom('inbox').selectAll().execute();
  expect(inbox).toMatchObject([
    { merchant_order_no: merchantOrderNo, matched: 'attempt', times_received: 1 }
  ]);
});

test('a webhook whose look came before the payment, and whose commit came after it was sent, is matched too', async () => {
  const request = paymentRequest({ ends: '00' });
  const merchantOrderNo = merchantOrderNoOf(request.attemptId);
  // It has looked for its payment in vain and written itself down, and is not committed yet.
  const written = Promise.withResolvers<undefined>();
  const commit = Promise.withResolvers<undefined>();
  const slow: Ledger = {
    ...there.ledger,
    transaction: (work, options) =>
      there.ledger.transaction(async (trx) => {
        const result = await work(trx);
        written.resolve(undefined);
        await commit.promise;
        return result;
      }, options)
  };
  const received = receiveWebhook({
    parts: { ...notifiedOf(merchantOrderNo), ledger: slow },
    rawBody: '{}',
    contentType: null
  });
  await written.promise;
  await pay(here, request);
  // What the submit's own answer asked for is taken: only the notification can ask again.
  await here.ledger.db.updateTable('attempts').set({ ask_wanted_at_ms: null }).execute();
  commit.resolve(undefined);
  await expect(received).resolves.toEqual({ ok: true });
  const inbox = await here.ledger.db.selectFrom('inbox').selectAll().execute();
  expect(inbox).toMatchObject([{ matched: 'attempt', times_received: 1 }]);
  const row = await here.ledger.db.selectFrom('attempts').selectAll().executeTakeFirstOrThrow();
  expect(row.ask_wanted_at_ms).not.toBeNull();
});

/** The other instance, where the gateway says that this number is paid. */
function notifiedOf(merchantOrderNo: string): PaymentParts {
  return {
    ...there,
    gateway: {
      ...there.gateway,
      parseNotification: () => ({
        ok: true,
        notification: {
          ...seen(merchantOrderNo, 'succeeded').value,
          merchantOrderNo,
          statusText: '2',
          transType: '1',
          origTransNo: null,
          rawSha256: ''
        }
      })
    }
  };
}

describe('a change in one instance', () => {
  test('lets those go who wait in the other, and wakes the workers there', async () => {
    await pay(here);
    const { id } = await here.ledger.db.selectFrom('attempts').select('id').executeTakeFirstOrThrow();
    let ended = false;
    const waiting = there.changes.next({ id, withinMs: 60_000 }).then(() => (ended = true));
    // Until it listens a notice is lost; polling is what makes it good.
    await expect
      .poll(
        async () => {
          await changeAttempt({ parts: here, id, actor: 'test', decide: () => ({ event: null, set: {} }) });
          return ended;
        },
        { timeout: 10_000, interval: 50 }
      )
      .toBe(true);
    await waiting;
  });
});
