/**
 * A seeded simulation of a day's worst minutes: orders, shoppers, cashiers, an admin, one or two server processes that die,
 * freeze and come back, a network and a gateway at their worst, and a clock that somebody sets. The engine is the real one;
 * time is virtual. When the faults have healed everything runs until quiet, and the ledger must equal the book.
 */
import { createHash } from 'node:crypto';
import { isMoneyIn, isOpen } from '$lib/payment/states';
import type { Gateway } from '$lib/server/gateway/port';
import type { Ledger } from '$lib/server/ledger/ledger';
import { requestPayment, voidAttempt } from '$lib/server/payments/request-payment';
import { requestRefund } from '$lib/server/payments/request-refund';
import { openShopLedger, orderEvents, paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import { submitOnce } from '$lib/server/payments/submit';
import { createTiming, type Timing } from '$lib/server/payments/timing';
import { receiveWebhook } from '$lib/server/payments/webhook';
import { askNow, askRefundNow, stopPayment } from '$lib/server/payments/wishes';
import type { RequestPayment } from '$lib/wire/payments';
import { Book, type Shopper } from './book';
import { ledgerAgainstBook, pictureOf, violationsOf } from './invariants';
import { createRandom, type Random } from './random';
import { createSimGateway, fairWeather, notificationOf, type Weather } from './sim-gateway';
import { createSimProcess, type SimProcess } from './sim-process';
import { createVirtualTime, settled } from './virtual-time';

/** A guard switched off, to see that the checks bite: negative controls only. */
export interface Sabotage {
  readonly timing?: (timing: Timing) => Timing;
  readonly gateway?: (gateway: Gateway, world: { ledger: Ledger; book: Book }) => Gateway;
  /** Instead of what the seed would choose. */
  readonly weather?: Partial<Weather>;
}

export interface SimResult {
  readonly seed: number;
  readonly violations: readonly string[];
  /** Names the order in which things happened: two runs with the same name were the same run. */
  readonly interleaving: string;
  readonly trace: readonly string[];
  readonly crashes: number;
  readonly calls: number;
  readonly attempts: number;
  readonly differenceMinor: number;
}

const startMs = Date.UTC(2026, 10, 23, 10, 42);
const second = 1000;
const minute = 60 * second;
const admin = { staffId: 'admin', staffName: 'Ada Okafor' };

export async function simulate(options: { seed: number; sabotage?: Sabotage }): Promise<SimResult> {
  const { seed, sabotage = {} } = options;
  const random = createRandom(seed);
  const time = createVirtualTime(startMs);
  let clockOffMs = 0;
  const ledger = await openShopLedger({ now: () => time.nowMs() + clockOffMs });
  const trace: string[] = [];
  const say = (line: string): void =>
    void trace.push(`${((time.nowMs() - startMs) / second).toFixed(3).padStart(9)} ${line}`);
  const seen: string[] = [];
  let calls = 0;
  let crashes = 0;

  const book = new Book({ nowMs: time.nowMs, after: time.after });
  setRules(book, random);
  const bad = pickWeather(random, sabotage.weather);
  let weather: Weather = bad;
  const healsAtMs = startMs + random.between(2, 6) * minute;

  const plainGateway = createSimGateway({
    book,
    random,
    nowMs: time.nowMs,
    after: time.after,
    weather: () => weather,
    clockOffMs: () => clockOffMs,
    timeoutMs: 10 * second,
    trace: say
  });
  const watched = watchCalls(sabotage.gateway?.(plainGateway, { ledger, book }) ?? plainGateway);
  const usual = createTiming({ timeScale: 1, callTimeoutMs: 10 * second });
  const timing = sabotage.timing?.(usual) ?? usual;

  /** I1 and the 15 seconds, at the very moment when something leaves; the ledger is read as another process would. */
  function watchCalls(gateway: Gateway): Gateway {
    const leftAt = new Map<string, number>();
    const rowOf = (number: string) =>
      ledger.db
        .selectFrom('attempts')
        .select(['id', 'state', 'submitted_at_ms'])
        .where('merchant_order_no', '=', number)
        .executeTakeFirst();
    return {
      ...gateway,
      async submitPayment(asked) {
        calls += 1;
        leftAt.set(asked.merchantOrderNo, time.nowMs());
        const row = await rowOf(asked.merchantOrderNo);
        if (row === undefined || row.state === 'intent')
          seen.push(`I1: ${asked.merchantOrderNo} left before its commit`);
        return gateway.submitPayment(asked);
      },
      queryPayment(of) {
        calls += 1;
        return gateway.queryPayment(of);
      },
      async cancelPayment(of) {
        calls += 1;
        const left = leftAt.get(of.merchantOrderNo);
        if (left !== undefined && time.nowMs() - left < 15 * second) {
          seen.push(`I7: a cancel of ${of.merchantOrderNo} left ${time.nowMs() - left} ms after its submit`);
        }
        const cancels = await ledger.db
          .selectFrom('cancels')
          .innerJoin('attempts', 'attempts.id', 'cancels.attempt_id')
          .select('cancels.id')
          .where('merchant_order_no', '=', of.merchantOrderNo)
          .execute();
        if (cancels.length === 0) seen.push(`I1: a cancel of ${of.merchantOrderNo} left before its commit`);
        return gateway.cancelPayment(of);
      },
      async submitRefund(of) {
        calls += 1;
        const row = await ledger.db
          .selectFrom('refunds')
          .select('state')
          .where('merchant_order_no', '=', of.merchantOrderNo)
          .executeTakeFirst();
        if (row === undefined || row.state === 'intent')
          seen.push(`I1: refund ${of.merchantOrderNo} left before its commit`);
        return gateway.submitRefund(of);
      },
      queryRefund(of) {
        calls += 1;
        return gateway.queryRefund(of);
      }
    };
  }

  // Server processes.
  let born = 0;
  let healed = false;
  /** Something was committed since the last look. */
  let changed = true;
  const processes: SimProcess[] = [];
  function bear(): void {
    born += 1;
    const process = createSimProcess({
      name: `p${born}`,
      ledger,
      gateway: watched,
      timing,
      monotonicNow: time.nowMs,
      trace: say,
      onCommit: () => (changed = true),
      onFrozen: () => time.after(random.between(1, 90) * second, () => process.thaw()),
      onDead() {
        crashes += 1;
        processes.splice(processes.indexOf(process), 1);
        time.after(random.between(1, 40) * second, bear);
      },
      onBroken: (what, error) => {
        const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        seen.push(`broken: ${what} (${text})`);
      }
    });
    processes.push(process);
    say(`${process.name} begins`);
    if (!healed) armProcess(process);
  }
  function armProcess(process: SimProcess): void {
    if (random.chance(0.35)) {
      const what = random.pick(['die_before', 'die_after', 'freeze_after'] as const);
      process.atCommit({ count: random.between(1, 40), what });
    }
  }
  bear();
  if (random.chance(0.4)) bear();
  const someProcess = (): SimProcess | null => {
    const awake = processes.filter((process) => process.alive && !process.frozen);
    return awake.length === 0 ? null : random.pick(awake);
  };

  // Cashiers.
  const attemptsOf = (orderId: string) =>
    ledger.db.selectFrom('attempts').selectAll().where('order_id', '=', orderId).execute();
  function send(request: RequestPayment): void {
    const process = someProcess();
    if (process === null) return;
    const from = random.chance(0.9) ? sender : { ...sender, staffName: 'Somebody else' };
    process.run('request', async () => {
      const result = await requestPayment({ parts: process.parts, sender: from, request });
      say(
        `request ${request.attemptId.slice(-4)}: ${result.ok ? (result.fresh ? 'taken' : 'known') : result.code}`
      );
      if (!result.ok || !result.fresh) return;
      await submitOnce({
        parts: process.parts,
        row: result.row,
        paymentCode: request.paymentCode,
        description: result.description
      });
    });
  }
  const orders = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () =>
    orderEvents({ orderId: random.id() })
  );
  for (const order of orders) {
    const pay = (afterMs: number, again: number): void => {
      const request = paymentRequest({ ends: '00', order, attemptId: random.id() });
      time.after(afterMs, () => send(request));
      if (random.chance(0.3)) time.after(afterMs + random.between(0, 3000), () => send(request));
      if (random.chance(0.15)) {
        time.after(afterMs + random.between(-200, 500), () => {
          const process = someProcess();
          process?.run('void', () =>
            voidAttempt({
              parts: process.parts,
              sender,
              attemptId: request.attemptId,
              orderId: order.orderId
            })
          );
        });
      }
      if (random.chance(0.35)) {
        time.after(afterMs + random.between(0, 70) * second, () => {
          const process = someProcess();
          process?.run('stop', () =>
            stopPayment({ parts: process.parts, attemptId: request.attemptId, staffName: 'Rosa Marin' })
          );
        });
      }
      if (random.chance(0.3)) {
        time.after(afterMs + random.between(0, 120) * second, () => {
          const process = someProcess();
          process?.run('ask', () => askNow({ parts: process.parts, attemptId: request.attemptId }));
        });
      }
      // The cashier looks, and tries once more where the order still wants money, or in vain.
      if (again > 0) {
        time.after(afterMs + random.between(1, 100) * second, async () => {
          const rows = await attemptsOf(order.orderId);
          const stillWanted = rows.every((row) => !isOpen(row.state) && !isMoneyIn(row.state));
          if (stillWanted || random.chance(0.2)) pay(0, again - 1);
        });
      }
    };
    pay(random.between(0, 30) * second, random.between(0, 3));
  }

  // The admin, who gives back what came in.
  const refundIds: string[] = [];
  for (let look = 0; look < random.between(0, 6); look += 1) {
    time.after(random.between(5, 400) * second, async () => {
      const rows = await ledger.db.selectFrom('attempts').selectAll().execute();
      const row = rows.length === 0 ? null : random.pick(rows);
      if (row === null || row.amount_minor === 0) return;
      const ids = [random.id(), random.id()];
      for (const refundId of random.chance(0.3) ? ids : [ids[0]!]) {
        refundIds.push(refundId);
        const amountMinor = random.pick([row.amount_minor, 290, 320, 600]);
        const process = someProcess();
        process?.run('refund', () =>
          requestRefund({
            parts: process.parts,
            staff: admin,
            request: {
              refundId,
              attemptId: row.id,
              amountMinor,
              currency: 'USD',
              reason: 'Broken',
              lines: []
            }
          })
        );
      }
    });
    time.after(random.between(30, 500) * second, () => {
      const process = someProcess();
      const refundId = refundIds.at(-1);
      if (process !== null && refundId !== undefined) {
        process.run('ask refund', () => askRefundNow({ parts: process.parts, refundId }));
        changed = true;
      }
    });
  }

  // Webhooks: late, lost, twice, out of order, to any process.
  const mute = random.chance(0.25);
  book.onChange = ({ kind, number }) => {
    say(
      `book: ${kind} ${number.slice(-4)} is ${book.payments.get(number)?.status ?? book.refunds.get(number)?.status}`
    );
    if (mute) return;
    const rawBody = notificationOf(book, number);
    for (let copies = random.pick([0, 1, 1, 2, 3]); copies > 0; copies -= 1) {
      time.after(random.pick([50, 500, 5000, 20_000, 200_000]) * (0.5 + random.next()), () => {
        const process = someProcess();
        process?.run('webhook', () => receiveWebhook({ parts: process.parts, rawBody, contentType: null }));
      });
    }
  };

  // What people do to machines.
  const ticks = new Map<string, number>();
  /** A worker looks up every second at least, also when nothing is due. */
  function lookUp(): void {
    changed = true;
    for (const { name } of processes) ticks.set(name, time.nowMs() + random.between(1, 1000));
  }
  if (random.chance(0.2)) {
    time.after(random.between(1, 100) * second, () => {
      clockOffMs = random.pick([-20, -3, -1, 1, 3, 20]) * minute;
      say(`the clock is set ${clockOffMs / minute} min off`);
      lookUp();
    });
  }
  if (random.chance(0.3)) {
    const from = random.between(0, 120) * second;
    time.after(from, () => {
      weather = { ...bad, refusedConnection: 0.6, lostRequest: 0.4 };
      say('the network goes');
    });
    time.after(from + random.between(5, 100) * second, () => {
      if (!healed) weather = bad;
      say('the network comes back');
    });
  }
  for (let wound = 0; wound < random.between(0, 2); wound += 1) {
    time.after(random.between(1, 200) * second, () => {
      const process = someProcess();
      if (process === null) return;
      if (random.chance(0.6)) process.die();
      else {
        process.freeze();
        time.after(random.between(1, 90) * second, () => process.thaw());
      }
    });
  }
  time.after(healsAtMs - startMs, () => {
    say('everything heals');
    healed = true;
    clockOffMs = 0;
    lookUp();
    weather = fairWeather;
    book.rules.busyWhilePaying = false;
    book.rules.balanceMinor = Number.MAX_SAFE_INTEGER;
  });

  // The world goes round.
  const watcher = createEndWatcher({ ledger, book, seen });
  const due = createDueWatcher(ledger);
  const limitMs = healsAtMs + 26 * 60 * minute;
  let turns = 0;
  let dueAtMs: number | null = null;
  for (; turns < 6_000; turns += 1) {
    if (changed) {
      changed = false;
      await watcher.look();
      dueAtMs = await due.earliest();
    }
    let next = time.nextAtMs() ?? Infinity;
    if (dueAtMs !== null) {
      for (const process of processes) {
        if (!process.alive || process.frozen) continue;
        // A process without a free turn, or one that lost the race, looks again a little later.
        const at = Math.max(time.nowMs() + 1, dueAtMs - clockOffMs + random.between(0, 40));
        const known = ticks.get(process.name);
        ticks.set(process.name, known !== undefined && known > time.nowMs() ? Math.min(known, at) : at);
      }
    }
    const soonest = [...ticks.values()].reduce((least, at) => Math.min(least, at), Infinity);
    next = Math.min(next, soonest);
    if (next === Infinity || next > limitMs) break;
    await time.moveTo(next);
    for (const [name, at] of [...ticks]) {
      if (at > time.nowMs()) continue;
      ticks.delete(name);
      const process = processes.find((one) => one.name === name);
      await process?.tick();
      await settled();
    }
  }
  if (turns >= 6_000) seen.push('I6: the world never comes to rest');

  const picture = await pictureOf(ledger);
  const { differenceMinor } = ledgerAgainstBook(picture, book);
  const violations = [...seen, ...violationsOf({ picture, book, quiet: true })];
  await ledger.close();
  return {
    seed,
    violations,
    trace,
    interleaving: createHash('sha256').update(trace.join('\n')).digest('hex').slice(0, 16),
    crashes,
    calls,
    attempts: picture.attempts.length,
    differenceMinor
  };
}

/** Tells when a worker finds something to do, by the ledger's clock: due, and not held by anybody. Compiled once, asked often. */
function createDueWatcher({ db }: Ledger): { earliest(): Promise<number | null> } {
  const due = (table: 'attempts' | 'refunds') =>
    db.selectFrom(table).select(['next_due_at_ms', 'lease_until_ms']).where('next_due_at_ms', 'is not', null);
  const query = due('attempts').unionAll(due('refunds')).compile();
  return {
    async earliest() {
      const { rows } = await db.executeQuery(query);
      const at = rows.map((row) => Math.max(row.next_due_at_ms ?? 0, row.lease_until_ms ?? 0));
      return at.length === 0 ? null : Math.min(...at);
    }
  };
}

/** I7: at the moment when the ledger says that a payment ended, the wallet must say the same. */
function createEndWatcher(options: { ledger: Ledger; book: Book; seen: string[] }): {
  look(): Promise<void>;
} {
  const { ledger, book, seen } = options;
  let last = 0;
  const query = ledger.db
    .selectFrom('events')
    .innerJoin('attempts', 'attempts.id', 'events.subject_id')
    .select(['events.id', 'events.from_state', 'events.to_state', 'attempts.merchant_order_no as number'])
    .where('events.id', '>', last)
    .where('subject', '=', 'attempt')
    .orderBy('events.id')
    .compile();
  return {
    async look() {
      const sinceLast: typeof query = { ...query, parameters: [last, 'attempt'] };
      const { rows } = await ledger.db.executeQuery(sinceLast);
      for (const { id, from_state: from, to_state: to, number } of rows) {
        last = id;
        if (from === to || to === null) continue;
        const taken = book.takenMinor(number) > 0;
        const came = to === 'succeeded' || to === 'paid_late';
        // The gateway holds all its promises here: money that comes late was told as "no" too soon.
        if (to === 'paid_late') seen.push(`I7: ${number} was told as ${String(from)}, and paid afterwards`);
        if (came && !taken) seen.push(`I7: ${number} is told as ${to}, and the wallet has not paid`);
        if ((to === 'failed' || to === 'cancelled' || to === 'void') && taken) {
          seen.push(`I7: ${number} is told as ${to}, and the wallet has paid`);
        }
      }
    }
  };
}

function setRules(book: Book, random: Random): void {
  const shoppers: (Shopper | null)[] = [
    { kind: 'pays', afterMs: 0 },
    { kind: 'pays', afterMs: 0 },
    { kind: 'pays', afterMs: random.between(1, 130) * second },
    { kind: 'pays', afterMs: random.between(40, 75) * second },
    { kind: 'pays', afterMs: random.between(14_000, 17_000) },
    { kind: 'declines', afterMs: 0 },
    { kind: 'declines', afterMs: random.between(1, 70) * second },
    { kind: 'never' },
    null
  ];
  Object.assign(book.rules, {
    shopper: () => random.pick(shoppers),
    discountMinor: random.pick([0, 0, 50]),
    cancelsPaid: random.chance(0.7),
    repeatedCancel: random.pick(['ok', 'final_refused'] as const),
    balanceMinor: random.pick([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 300, 0]),
    refund: () => ({
      ends: random.chance(0.8) ? 'done' : 'failed',
      afterMs: random.pick([0, 0, 3, 30, 100]) * second
    })
  } satisfies Partial<Book['rules']>);
}

function pickWeather(random: Random, over: Partial<Weather> = {}): Weather {
  const how = random.pick([0, 0.03, 0.1, 0.25]);
  const some = (): number => (random.chance(0.6) ? how * random.next() : 0);
  return {
    refusedConnection: some(),
    lostRequest: some(),
    lostAnswer: some() * 2,
    lateRequest: some(),
    oddAnswer: some(),
    systemError: some(),
    crossed: some(),
    staleMs: random.pick([0, 0, 4000]),
    notFoundMs: random.pick([0, 0, 8000]),
    slowAnswer: random.pick([0, 0.1, 0.1]),
    busyCancel: random.pick([0, 0, 0.5]),
    ...over
  };
}
