/** A shop in virtual time, without chance: a scenario is told step by step, and an hour passes in a moment. */
import type { AttemptRow } from '$lib/server/payments/parts';
import { requestPayment } from '$lib/server/payments/request-payment';
import { requestRefund } from '$lib/server/payments/request-refund';
import {
  newId,
  openShopLedger,
  type orderEvents,
  paymentRequest,
  sender
} from '$lib/server/payments/shop.fixture';
import { submitOnce } from '$lib/server/payments/submit';
import { createTiming, type Timing } from '$lib/server/payments/timing';
import { receiveWebhook } from '$lib/server/payments/webhook';
import { stopPayment } from '$lib/server/payments/wishes';
import type { Gateway } from '$lib/server/gateway/port';
import type { Ledger } from '$lib/server/ledger/ledger';
import { Book, type Shopper } from './book';
import { assertInvariants, ledgerAgainstBook, pictureOf } from './invariants';
import { createRandom } from './random';
import { addToReport } from './report';
import { createSimGateway, fairWeather, notificationOf, type Weather } from './sim-gateway';
import { createSimProcess, type SimProcess } from './sim-process';
import { createVirtualTime, settled } from './virtual-time';

export interface VirtualShop {
  readonly book: Book;
  readonly ledger: Ledger;
  readonly process: SimProcess;
  weather: Weather;
  /** Our wall clock against the true time. */
  clockOffMs: number;
  /** Calls that left, by name. */
  readonly calls: { readonly name: keyof Gateway; readonly number: string; readonly atMs: number }[];
  shopper(behaviour: Shopper | null): void;
  /** Requests 9.00 of an order, a new one where none is given; the submit is on its way. */
  pay(options?: { order?: ReturnType<typeof orderEvents>; attemptId?: string }): Promise<AttemptRow>;
  stop(attemptId: string): Promise<void>;
  giveBack(attemptId: string, amountMinor: number): Promise<string>;
  webhook(number: string): Promise<void>;
  /** Time goes on, with a turn of the worker whenever one is due. */
  pass(ms: number): Promise<void>;
  /** Another process takes the place of this one, which is dead. */
  restart(): void;
  sinceStartMs(): number;
  attempt(id: string): Promise<AttemptRow>;
  refundState(id: string): Promise<string>;
  tasks(): Promise<string[]>;
  story(id: string): Promise<string[]>;
  /** Heals everything, lets a day pass, checks all invariants, and closes. Counts what ledger and book differ by. */
  settle(): Promise<void>;
}

export async function openVirtualShop(
  options: {
    timing?: (timing: Timing) => Timing;
    gateway?: (gateway: Gateway, world: { ledger: Ledger; book: Book }) => Gateway;
    /** When the story begins. */
    startMs?: number;
    /** Durations are counted by the wall clock, which somebody may set. */
    wallClockOnly?: true;
  } = {}
): Promise<VirtualShop> {
  const { startMs = Date.UTC(2026, 10, 23, 10, 42) } = options;
  const time = createVirtualTime(startMs);
  const random = createRandom(1);
  const ledger = await openShopLedger({ now: () => time.nowMs() + shop.clockOffMs });
  const book = new Book({ nowMs: time.nowMs, after: time.after });
  const plain = createSimGateway({
    book,
    random,
    nowMs: time.nowMs,
    after: time.after,
    weather: () => shop.weather,
    clockOffMs: () => shop.clockOffMs,
    timeoutMs: 10_000,
    trace: () => undefined
  });
  const between = options.gateway?.(plain, { ledger, book }) ?? plain;
  const calls: { name: keyof Gateway; number: string; atMs: number }[] = [];
  const note = (name: keyof Gateway, number: string): void =>
    void calls.push({ name, number, atMs: time.nowMs() });
  const gateway: Gateway = {
    ...between,
    submitPayment(of) {
      note('submitPayment', of.merchantOrderNo);
      return between.submitPayment(of);
    },
    queryPayment(of) {
      note('queryPayment', of.merchantOrderNo);
      return between.queryPayment(of);
    },
    cancelPayment(of) {
      note('cancelPayment', of.merchantOrderNo);
      return between.cancelPayment(of);
    },
    submitRefund(of) {
      note('submitRefund', of.merchantOrderNo);
      return between.submitRefund(of);
    }
  };
  const usual = createTiming({ timeScale: 1, callTimeoutMs: 10_000 });
  const timing = options.timing?.(usual) ?? usual;
  const seen: string[] = [];
  const beginProcess = (): SimProcess =>
    createSimProcess({
      name: `p${newId().slice(0, 4)}`,
      ledger,
      gateway,
      timing,
      monotonicNow: options.wallClockOnly === true ? ledger.nowMs : time.nowMs,
      trace: () => undefined,
      onCommit: () => undefined,
      onFrozen: () => undefined,
      onDead: () => undefined,
      onBroken: (what, error) => void seen.push(`broken: ${what} (${String(error)})`)
    });
  let process = beginProcess();
  const { db } = ledger;

  /** When a worker finds something to do: due, and held by nobody any more. */
  async function dueAtMs(): Promise<number> {
    let due = Infinity;
    for (const table of ['attempts', 'refunds'] as const) {
      const rows = await db
        .selectFrom(table)
        .select(['next_due_at_ms', 'lease_until_ms'])
        .where('next_due_at_ms', 'is not', null)
        .execute();
      for (const row of rows) due = Math.min(due, Math.max(row.next_due_at_ms ?? 0, row.lease_until_ms ?? 0));
    }
    return due - shop.clockOffMs;
  }

  const shop: VirtualShop = {
    book,
    ledger,
    get process() {
      return process;
    },
    weather: fairWeather,
    clockOffMs: 0,
    calls,
    shopper(behaviour) {
      book.rules.shopper = () => behaviour;
    },
    async pay({ order, attemptId } = {}) {
      const request = paymentRequest({
        ends: '00',
        ...(order === undefined ? {} : { order }),
        ...(attemptId === undefined ? {} : { attemptId })
      });
      const { parts } = process;
      const result = await requestPayment({ parts, sender, request });
      if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
      if (result.fresh) {
        process.run('submit', () =>
          submitOnce({ parts, row: result.row, paymentCode: request.paymentCode, description: 'x' })
        );
      }
      await settled();
      return result.row;
    },
    async stop(attemptId) {
      await stopPayment({ parts: process.parts, attemptId, staffName: 'Rosa Marin' });
    },
    async giveBack(attemptId, amountMinor) {
      const refundId = newId();
      const result = await requestRefund({
        parts: process.parts,
        staff: { staffId: 'admin', staffName: 'Ada Okafor' },
        request: { refundId, attemptId, amountMinor, currency: 'USD', reason: 'Broken', lines: [] }
      });
      if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
      return refundId;
    },
    async webhook(number) {
      const rawBody = notificationOf(book, number);
      await receiveWebhook({ parts: process.parts, rawBody, contentType: null });
    },
    async pass(ms) {
      const end = time.nowMs() + ms;
      // As the worker, which looks up every second at least: a clock that was set is noticed.
      await process.tick();
      for (;;) {
        // What is due now and can't be taken now is tried again a moment later.
        const due = Math.max(time.nowMs() + 1, await dueAtMs());
        const next = Math.min(end, time.nextAtMs() ?? Infinity, due);
        await time.moveTo(next);
        if (next >= due) await process.tick();
        await settled();
        if (time.nowMs() >= end) return;
      }
    },
    restart() {
      process.die();
      process = beginProcess();
    },
    sinceStartMs: () => time.nowMs() - startMs,
    attempt: (id) => db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    async refundState(id) {
      const row = await db
        .selectFrom('refunds')
        .select('state')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.state;
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
    async settle() {
      shop.weather = fairWeather;
      shop.clockOffMs = 0;
      Object.assign(book.rules, { busyWhilePaying: false, balanceMinor: Number.MAX_SAFE_INTEGER });
      await shop.pass(24 * 3_600_000);
      try {
        const { differenceMinor } = ledgerAgainstBook(await pictureOf(ledger), book);
        addToReport({ differenceMinor });
        await assertInvariants({ ledger, book, quiet: true, seen });
      } finally {
        await ledger.close();
      }
    }
  };
  return shop;
}
