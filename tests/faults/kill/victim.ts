/**
 * The built server as a process that can be killed at a named point, against the fake gateway with its own book. A minute of
 * the contract passes in 1.5 s. At the end of each test everything runs until quiet, and the ledger must equal the book.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOpen, isRefundOpen } from '$lib/payment/states';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import type { AttemptRow, RefundRow } from '$lib/server/payments/parts';
import { inProject } from '../../../scripts/lib/project.mjs';
import { ApiRegister } from '../../support/api';
import { preparedTill, startTill, type Till } from '../../support/till-server';
import { startFakeGateway, type FakeGateway } from '../fake-gateway';
import { assertInvariants, ledgerAgainstBook, pictureOf } from '../invariants';
import { addToReport } from '../report';
import { makeKeys, type Keys } from '../signing';
import type { CrashPoint, Orders } from './orders';

/** Where nothing else is said: a minute in 1.5 s. */
const usualTimeScale = 40;
const appId = 'till-sandbox';
const merchantNo = '999000000001';
const otherKeys = makeKeys();

export interface Victim {
  readonly till: Till;
  readonly fake: FakeGateway;
  readonly ledger: Ledger;
  readonly cashier: ApiRegister;
  /** Signed in where it is needed. */
  admin(): Promise<ApiRegister>;
  scaled(contractMs: number): number;
  /** The process kills (or stops) itself there, once. */
  arm(point: CrashPoint, signal?: 'SIGKILL' | 'SIGSTOP'): void;
  /** Ends when the process is gone, and counts it. */
  gone(): Promise<void>;
  /** Ends when the process stands still. */
  frozen(): Promise<void>;
  /** The same process on the same data again, unharmed. */
  restart(): Promise<void>;
  /** Another process on the same data; ended with the test. */
  another(): Promise<Till>;
  /** Sends a payment that may never be answered. */
  pay(): { readonly attemptId: string; readonly answered: Promise<Response | null> };
  attempt(id: string): Promise<AttemptRow>;
  ended(id: string): Promise<AttemptRow>;
  refundEnded(id: string): Promise<RefundRow>;
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
  /** A webhook to this server; null: the connection broke. */
  webhook(body: string): Promise<{ status: number; text: string } | null>;
}

export type Engine = 'SQLite' | 'PostgreSQL';

/** So many servers at once: more would starve each other on a small machine. */
const atOnce = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/**
 * A test of a process that dies.
 *
 * @param options.databaseUrl a new database on PostgreSQL, or null for a SQLite file
 */
export function killTest(
  title: string,
  body: (victim: Victim) => Promise<void>,
  options: { databaseUrl?: () => Promise<string>; timeScale?: number } = {}
): void {
  test.concurrent(title, { timeout: 300_000 }, () =>
    inTurn(async () => {
      const undo: (() => Promise<void> | void)[] = [];
      const { databaseUrl, timeScale = usualTimeScale } = options;
      const failed = await play(body, undo, (await databaseUrl?.()) ?? null, timeScale).then(
        () => null,
        (error: unknown) => ({ error })
      );
      for (const step of undo.toReversed()) {
        try {
          await step();
        } catch (error) {
          // What broke first says more than that a dead process could not be stopped.
          if (failed === null) throw error;
        }
      }
      if (failed !== null) throw failed.error;
    })
  );
}

async function play(
  body: (victim: Victim) => Promise<void>,
  undo: (() => Promise<void> | void)[],
  databaseUrl: string | null,
  timeScale: number
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'till-kill-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const ordersPath = join(folder, 'orders.json');
  let orders: Orders = { at: null, gatewayUrl: null, folder: databaseUrl === null ? null : folder };
  const command = (over: Partial<Orders>): void => {
    orders = { ...orders, ...over };
    writeFileSync(ordersPath, JSON.stringify(orders));
  };
  command({});
  const env = {
    NODE_OPTIONS: `--import ${inProject('tests', 'faults', 'kill', 'die-here.ts')}`,
    NODE_NO_WARNINGS: '1',
    TILL_KILL_ORDERS: ordersPath,
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl })
  };
  const prepared = process.env[preparedTill];
  if (databaseUrl !== null && prepared !== undefined)
    cpSync(join(prepared, 'sandbox-keys'), join(folder, 'data', 'sandbox-keys'), { recursive: true });
  const till = await startTill({ timeScale, env });
  undo.push(() => till.stop());
  const keysFolder = join(databaseUrl === null ? till.folder : join(folder, 'data'), 'sandbox-keys');
  const fake = await startFakeGateway({
    gatewayKeys: keysIn(keysFolder, 'gateway'),
    appKeys: keysIn(keysFolder, 'app'),
    otherKeys,
    appId,
    merchantNo,
    timeScale
  });
  undo.push(() => fake.close());
  command({ gatewayUrl: fake.url });
  const ledger = await openLedger(
    databaseUrl === null ? { path: till.databasePath, now: () => Date.now() } : { url: databaseUrl }
  );
  undo.push(() => ledger.close());
  const cashier = await ApiRegister.signIn(till.baseURL, 'cashier');
  const { db } = ledger;

  const victim: Victim = {
    till,
    fake,
    ledger,
    cashier,
    admin: () => ApiRegister.signIn(till.baseURL, 'admin'),
    scaled: (contractMs) => Math.round(contractMs / timeScale),
    arm(point, signal = 'SIGKILL') {
      command({ at: { point, signal } });
    },
    async gone() {
      const { pid } = till;
      await victim.until('the death of the process', () => !isThere(pid));
      addToReport({ kills: 1 });
    },
    frozen: () => victim.until('the stop of the process', () => stateOf(till.pid) === 'T'),
    async restart() {
      command({ at: null });
      await till.restart();
    },
    async another() {
      command({ at: null });
      const other = await startTill({
        timeScale,
        env: { ...env, DATABASE_URL: databaseUrl ?? `file:${till.databasePath}` }
      });
      undo.push(() => other.stop());
      return other;
    },
    pay() {
      const { request } = cashier.newPayment('paid');
      return {
        attemptId: request.attemptId,
        answered: cashier.post('/api/payments', request).catch(() => null)
      };
    },
    attempt: (id) => db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    async ended(id) {
      await victim.until('the end of the payment', async () => !isOpen((await victim.attempt(id)).state));
      return victim.attempt(id);
    },
    async refundEnded(id) {
      const row = (): Promise<RefundRow> =>
        db.selectFrom('refunds').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      await victim.until('the end of the refund', async () => !isRefundOpen((await row()).state));
      return row();
    },
    async until(what, holds) {
      const giveUpAt = performance.now() + 60_000;
      for (let restMs = 10; !(await holds()); restMs = Math.min(100, restMs * 1.4)) {
        if (performance.now() > giveUpAt) throw new Error(`${what} was waited for in vain:\n${till.log()}`);
        await new Promise((resolve) => setTimeout(resolve, restMs));
      }
    },
    async webhook(body) {
      try {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`${till.baseURL}/api/codepay/notify`, { method: 'POST', headers, body });
        return { status: answer.status, text: await answer.text() };
      } catch {
        return null;
      }
    }
  };
  await body(victim);

  fake.heal();
  await victim.until('rest', async () => {
    const attempts = await db.selectFrom('attempts').select(['state', 'lease_owner']).execute();
    const refunds = await db.selectFrom('refunds').select(['state', 'lease_owner']).execute();
    return (
      attempts.every((row) => !isOpen(row.state) && row.lease_owner === null) &&
      refunds.every((row) => !isRefundOpen(row.state) && row.lease_owner === null)
    );
  });
  const picture = await pictureOf(ledger);
  addToReport({ differenceMinor: ledgerAgainstBook(picture, fake.book).differenceMinor });
  await assertInvariants({ ledger, book: fake.book, quiet: true });
  for (const { merchant_order_no: number } of picture.attempts)
    expect(fake.count('bscanc.pay.submit', number)).toBeLessThanOrEqual(1);
}

function keysIn(folder: string, owner: 'app' | 'gateway'): Keys {
  const privatePem = readFileSync(join(folder, `${owner}-private.pem`), 'utf8');
  const publicPem = readFileSync(join(folder, `${owner}-public.pem`), 'utf8');
  return {
    privatePem,
    publicPem,
    privateKey: createPrivateKey(privatePem),
    publicKey: createPublicKey(publicPem)
  };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `T` where a process stands still; null where the system does not tell. */
function stateOf(pid: number): string | null {
  return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? null;
}
