/**
 * One shop against one fake gateway: the real client over real HTTP, the real engine with its worker, a ledger of its own. A
 * minute of the contract passes in 1.5 s. Every test ends alike: all faults heal, everything runs until quiet, and the ledger
 * must equal the book.
 */
import { createServer, type Server } from 'node:http';
import { test } from 'vitest';
import { isOpen, isRefundOpen } from '$lib/payment/states';
import { createGateway } from '$lib/server/gateway/client';
import type { Gateway } from '$lib/server/gateway/port';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { AttemptRow, PaymentLog, RefundRow } from '$lib/server/payments/parts';
import { createPayments, type PaymentResult, type Payments } from '$lib/server/payments/payments';
import type { RefundResult } from '$lib/server/payments/request-refund';
import { newId, openShopLedger, paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import type { Sender } from '$lib/server/payments/store-order';
import type { RequestPayment } from '$lib/wire/payments';
import type { Shopper } from './book';
import { startFakeGateway, type FakeGateway } from './fake-gateway';
import { assertInvariants, ledgerAgainstBook, pictureOf } from './invariants';
import { addToReport } from './report';
import { makeKeys } from './signing';

const appKeys = makeKeys();
const gatewayKeys = makeKeys();
const otherKeys = makeKeys();
const appId = 'wz6012822ca2f1as78';
const merchantNo = '312100000164';
const admin = { staffId: 'admin', staffName: 'Ada Okafor' };

export interface WorldOptions {
  readonly timeScale?: number;
  readonly callTimeoutMs?: number;
  readonly path?: string;
  /** The gateway's name, where it is called by one. */
  readonly host?: string;
  readonly mode?: 'training' | 'live';
  /** Stands between the engine and the client, e.g. to switch a guard off. */
  readonly between?: (gateway: Gateway, world: { ledger: Ledger }) => Gateway;
  readonly log?: PaymentLog;
}

export interface World {
  readonly fake: FakeGateway;
  readonly ledger: Ledger;
  /** The client, as the engine has it. */
  readonly gateway: Gateway;
  /** The process that runs now; `restart` puts a new one in its place. */
  readonly payments: Payments;
  readonly timeScale: number;
  /** Everything that the program logged. */
  readonly logged: unknown[];
  /** Moves our own wall clock against the true time. */
  readonly clock: { offMs: number };
  /** Milliseconds of the contract in real ones. */
  scaled(contractMs: number): number;
  /** Sends a request for 9.00 (or as given) and gives back its row. */
  pay(over?: Partial<RequestPayment>): Promise<AttemptRow>;
  request(request: RequestPayment, from?: Sender): Promise<PaymentResult>;
  shopper(behaviour: Shopper | null): void;
  attempt(id: string): Promise<AttemptRow>;
  refund(id: string): Promise<RefundRow>;
  /** Waits until it holds; fails after a while. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  ended(id: string): Promise<AttemptRow>;
  giveBack(attemptId: string, amountMinor: number, refundId?: string): Promise<RefundResult>;
  refundEnded(id: string): Promise<RefundRow>;
  tasks(): Promise<string[]>;
  /** What happened to an attempt or a refund, in order. */
  story(id: string): Promise<string[]>;
  /** Sends a webhook over HTTP to this shop. */
  webhook(body: string): Promise<{ status: number; text: string }>;
  /** Another process on the same ledger and gateway; stopped with the world. */
  anotherProcess(over?: { crashPoint?: (name: string) => void; gateway?: Gateway }): Payments;
  /** Stops the process and starts a new one on the same ledger. */
  restart(): Promise<void>;
}

/** A minute in 6 s: for what must be found paid before Till stops it by itself, on a busy machine too. */
export const easy: WorldOptions = { timeScale: 10 };

interface Opened extends World {
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(options: WorldOptions = {}): Promise<Opened> {
  const timeScale = options.timeScale ?? 40;
  const callTimeoutMs = options.callTimeoutMs ?? 2000;
  const clock = { offMs: 0 };
  const logged: unknown[] = [];
  const seen: string[] = [];
  const keep = (facts: unknown, text: string): void => void logged.push({ facts, text });
  const log: PaymentLog = options.log ?? {
    info: keep,
    warn: keep,
    error(facts, text) {
      keep(facts, text);
    }
  };
  const fake = await startFakeGateway({ gatewayKeys, otherKeys, appKeys, appId, merchantNo, timeScale });
  const ledger = await openShopLedger({
    now: () => Date.now() + clock.offMs,
    ...(options.path === undefined ? {} : { path: options.path })
  });
  const client = createGateway({
    config: {
      url: fake.url.replace('127.0.0.1', options.host ?? '127.0.0.1'),
      appId,
      merchantNo,
      privateKey: appKeys.privateKey,
      publicKey: gatewayKeys.publicKey,
      timeoutMs: callTimeoutMs
    },
    now: () => Date.now() + clock.offMs,
    log: (entry) => logged.push(entry)
  });
  const gateway = watchIntent(options.between?.(client, { ledger }) ?? client, ledger, seen);

  const running = new Set<Payments>();
  function begin(over: { crashPoint?: (name: string) => void; gateway?: Gateway } = {}): Payments {
    const payments = createPayments({
      ledger,
      gateway,
      identity: { appId, merchantNo },
      log,
      digestKey: Buffer.alloc(32, 7),
      mode: options.mode ?? 'live',
      timeScale,
      callTimeoutMs,
      wallNow: () => Date.now() + clock.offMs,
      ...over
    });
    payments.start();
    running.add(payments);
    return payments;
  }
  let payments = begin();

  const door = await openDoor((rawBody, contentType) => payments.receiveWebhook({ rawBody, contentType }));
  const { db } = ledger;

  const world: Opened = {
    fake,
    ledger,
    gateway,
    get payments() {
      return payments;
    },
    timeScale,
    logged,
    clock,
    scaled: (contractMs) => Math.round(contractMs / timeScale),
    async pay(over = {}) {
      const result = await payments.request({
        sender,
        request: { ...paymentRequest({ ends: '00' }), ...over }
      });
      if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
      return result.row;
    },
    request: (request, from = sender) => payments.request({ sender: from, request }),
    shopper(behaviour) {
      fake.book.rules.shopper = () => behaviour;
    },
    attempt: (id) => db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    refund: (id) => db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    async until(what, holds) {
      const giveUpAt = performance.now() + 40_000;
      // Soon at first, then seldom: many shops look at the same time, and each look costs what they wait for.
      for (let restMs = 5; !(await holds()); restMs = Math.min(60, restMs * 1.4)) {
        if (performance.now() > giveUpAt) throw new Error(`${what} was waited for in vain`);
        await new Promise((resolve) => setTimeout(resolve, restMs));
      }
    },
    async ended(id) {
      await world.until('the end of the payment', async () => !isOpen((await world.attempt(id)).state));
      return world.attempt(id);
    },
    giveBack: (attemptId, amountMinor, refundId = newId()) =>
      payments.requestRefund({
        staff: admin,
        request: { refundId, attemptId, amountMinor, currency: 'USD', reason: 'Broken', lines: [] }
      }),
    async refundEnded(id) {
      await world.until('the end of the refund', async () => !isRefundOpen((await world.refund(id)).state));
      return world.refund(id);
    },
    async tasks() {
      const rows = await db.selectFrom('tasks').select('kind').orderBy('id').execute();
      return rows.map((row) => row.kind);
    },
    async story(id) {
      const rows = await db
        .selectFrom('events')
        .select('what')
        .where('subject_id', '=', id)
        .orderBy('id')
        .execute();
      return rows.map((row) => row.what);
    },
    async webhook(body) {
      const response = await fetch(door.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body
      });
      return { status: response.status, text: await response.text() };
    },
    anotherProcess: begin,
    async restart() {
      await payments.stop();
      running.delete(payments);
      payments = begin();
    },
    async settle() {
      fake.heal();
      clock.offMs = 0;
      // What rests for long (a refund without funds, the hourly questions) is asked about now, as a manager would.
      await world.until('rest', async () => {
        const attempts = await db.selectFrom('attempts').selectAll().execute();
        const refunds = await db.selectFrom('refunds').selectAll().execute();
        const resting = (row: { next_due_at_ms: number | null; lease_owner: string | null }): boolean =>
          row.lease_owner === null && (row.next_due_at_ms ?? 0) > ledger.nowMs() + 2000;
        for (const row of attempts)
          if (isOpen(row.state) && resting(row)) await payments.askNow({ attemptId: row.id });
        for (const row of refunds) {
          if (isRefundOpen(row.state) && resting(row)) await payments.askRefundNow({ refundId: row.id });
        }
        return (
          attempts.every((row) => !isOpen(row.state) && row.lease_owner === null) &&
          refunds.every((row) => !isRefundOpen(row.state) && row.lease_owner === null)
        );
      });
      const { differenceMinor } = ledgerAgainstBook(await pictureOf(ledger), fake.book);
      addToReport({ worlds: 1, differenceMinor });
      await assertInvariants({ ledger, book: fake.book, quiet: true, seen });
    },
    async close() {
      await fake.close();
      for (const one of running) await one.stop();
      await door.close();
      await ledger.close();
    }
  };
  return world;
}

/** I1, seen where it matters: the row stands in the ledger when the request leaves. */
function watchIntent(gateway: Gateway, ledger: Ledger, seen: string[]): Gateway {
  const stateOf = async (table: 'attempts' | 'refunds', number: string): Promise<string> => {
    const row = await ledger.db
      .selectFrom(table)
      .select('state')
      .where('merchant_order_no', '=', number)
      .executeTakeFirst();
    return row?.state ?? 'nowhere';
  };
  return {
    ...gateway,
    async submitPayment(asked) {
      const state = await stateOf('attempts', asked.merchantOrderNo);
      if (state === 'nowhere' || state === 'intent')
        seen.push(`I1: ${asked.merchantOrderNo} left, its row is ${state}`);
      return gateway.submitPayment(asked);
    },
    async submitRefund(asked) {
      const state = await stateOf('refunds', asked.merchantOrderNo);
      if (state === 'nowhere' || state === 'intent')
        seen.push(`I1: ${asked.merchantOrderNo} left, its row is ${state}`);
      return gateway.submitRefund(asked);
    }
  };
}

/** The webhook's route, without the web framework around it. */
async function openDoor(
  receive: (rawBody: string, contentType: string | null) => ReturnType<Payments['receiveWebhook']>
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      receive(Buffer.concat(chunks).toString('utf8'), request.headers['content-type'] ?? null).then(
        (result) => response.writeHead(result.ok ? 200 : 400).end(result.ok ? 'success' : result.reason),
        (error: unknown) => response.writeHead(500).end(String(error))
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

/**
 * A test of one or more rows. Tests of a file run side by side: most of their time is waiting.
 *
 * @param title begins with the rows, e.g. `#12 …`
 */
export function faultTest(
  title: string,
  body: (world: World) => Promise<void>,
  options: WorldOptions = {}
): void {
  test.concurrent(title, async () => {
    const world = await openWorld(options);
    try {
      await body(world);
      await world.settle();
    } finally {
      await world.close();
    }
  });
}
