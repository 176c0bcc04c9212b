import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOpen } from '$lib/payment/states';
import { createGateway } from '../gateway/client';
import { parsePrivateKey, parsePublicKey } from '../gateway/keys';
import { openLedger, type Ledger } from '../ledger/ledger';
import { createPayments, type Payments } from '../payments/payments';
import {
  newId,
  openShopLedger,
  orderEvents,
  paymentRequest,
  sender as shopSender
} from '../payments/shop.fixture';
import {
  loadOrCreateSandboxKeys,
  sandboxAppId,
  sandboxMerchantNo,
  startSandbox,
  type Sandbox
} from '../sandbox';
import {
  enrolRegister,
  journalSender as sender,
  writtenJournal,
  type WrittenJournal
} from './journal.fixture';
import { createJournalDesk, type JournalDesk } from './journal-desk';

/** A minute of the contract passes in 0.6 s here. */
const timeScale = 100;

let folder: string;
let sandbox: Sandbox;
let ledger: Ledger;
let payments: Payments;
let desk: JournalDesk;
let journal: WrittenJournal;
let keys: Awaited<ReturnType<typeof loadOrCreateSandboxKeys>>;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function open(opened: Ledger): void {
  ledger = opened;
  payments = createPayments({
    ledger,
    gateway: createGateway({
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
    }),
    identity: { appId: sandboxAppId, merchantNo: sandboxMerchantNo },
    log,
    digestKey: Buffer.alloc(32, 7),
    mode: 'training',
    wallNow: Date.now,
    timeScale,
    callTimeoutMs: 1000
  });
  payments.start();
  desk = createJournalDesk({ ledger, payments, log, graceMs: 200 });
}

async function close(): Promise<void> {
  await desk.stop();
  await payments.stop();
  await ledger.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'till-journal-'));
  keys = await loadOrCreateSandboxKeys(join(folder, 'keys'));
  sandbox = await startSandbox({
    bookPath: ':memory:',
    appPublicKey: keys.app.publicKeyPem,
    gatewayPrivateKey: keys.gateway.privateKeyPem,
    timeScale
  });
  journal = writtenJournal({ at: new Date().toISOString() });
  open(await openShopLedger({ path: join(folder, 'till.db') }));
  await enrolRegister(ledger);
});
afterEach(async () => {
  await close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const send = (entries: readonly unknown[] = journal.entries) =>
  desk.receive({ sender, batch: { epoch: 1, entries: [...entries], waiting: 0 } });

function attempts() {
  return ledger.db.selectFrom('attempts').selectAll().orderBy('created_at_ms').execute();
}

async function allEnded(count: number) {
  await expect
    .poll(
      async () => {
        await desk.learnDue();
        return (await attempts()).filter(({ state }) => !isOpen(state)).length;
      },
      { timeout: 15_000, interval: 50 }
    )
    .toBe(count);
  return attempts();
}

/** A sale as the counter makes it: journaled, asked for, its end seen. */
async function sell(ends: string): Promise<string> {
  const order = orderEvents();
  const request = paymentRequest({ ends, order });
  await journal.writeOrder(order);
  await journal.writeRequest({ attemptId: request.attemptId, orderId: order.orderId });
  const result = await payments.request({ sender: shopSender, request });
  if (!result.ok) throw new Error(result.detail);
  await expect
    .poll(async () => isOpen(await stateOf(request.attemptId)), { timeout: 15_000, interval: 20 })
    .toBe(false);
  const row = await ledger.db
    .selectFrom('attempts')
    .selectAll()
    .where('id', '=', request.attemptId)
    .executeTakeFirstOrThrow();
  await journal.writeSeen({
    attemptId: row.id,
    orderId: order.orderId,
    state: row.state,
    version: row.version
  });
  return row.id;
}

async function stateOf(id: string) {
  const row = await ledger.db
    .selectFrom('attempts')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.state;
}

/** What was really charged, and what the ledger says of it. */
async function bookAndLedger() {
  const charged = sandbox.book
    .payments()
    .filter(({ charges }) => charges > 0)
    .map(({ merchantOrderNo }) => merchantOrderNo)
    .sort();
  const paid = (await attempts())
    .filter(({ state }) => state === 'succeeded')
    .map(({ merchant_order_no }) => merchant_order_no)
    .sort();
  return { charged, paid };
}

describe('#41 a backup from before is restored', () => {
  test('and the registers bring back what it has forgotten: the ledger equals the gateway’s book', async () => {
    await sell('00');
    await send();
    await close();
    copyFileSync(join(folder, 'till.db'), join(folder, 'backup.db'));
    open(await openLedger({ path: join(folder, 'till.db'), now: Date.now }));
    await sell('00');
    await sell('93');
    await sell('00');
    await send();
    expect((await bookAndLedger()).paid).toHaveLength(3);
    await close();

    open(await openLedger({ path: join(folder, 'backup.db'), now: Date.now }));
    expect(await attempts()).toHaveLength(1);
    const head = journal.entries.length;
    // the register asks where it stands, and sends everything from there
    const standing = await desk.standing({ registerId: sender.registerId, epoch: 1 });
    expect(standing.lastSeq).toBeLessThan(head);
    expect((await send(journal.entries.slice(standing.lastSeq))).lastSeq).toBe(head);

    const rows = await allEnded(4);
    const { charged, paid } = await bookAndLedger();
    expect(paid).toEqual(charged);
    expect(paid).toHaveLength(3);
    expect(rows.filter(({ state }) => state === 'failed')).toHaveLength(1);
    // what was learned was only asked about
    for (const { merchant_order_no } of rows) expect(sandbox.book.submits(merchant_order_no)).toBe(1);
    const learned = await ledger.db
      .selectFrom('events')
      .selectAll()
      .where('what', '=', 'attempt_learned')
      .execute();
    expect(learned).toHaveLength(3);
    expect(await ledger.db.selectFrom('orders').selectAll().execute()).toHaveLength(4);
  });
});

describe('an attempt that only a journal knows', () => {
  test('is left alone while its own request may still come', async () => {
    const order = orderEvents();
    const request = paymentRequest({ ends: '00', order });
    await journal.writeOrder(order);
    await journal.writeRequest({ attemptId: request.attemptId, orderId: order.orderId });
    await send();
    expect(await attempts()).toEqual([]);
    expect(await payments.request({ sender: shopSender, request })).toMatchObject({ ok: true });
    const [row] = await allEnded(1);
    expect(row?.state).toBe('succeeded');
    expect(sandbox.book.submits(row?.merchant_order_no ?? '')).toBe(1);
  });

  test('and was never asked for ends as not received, and its late request is refused', async () => {
    const order = orderEvents();
    const request = paymentRequest({ ends: '00', order });
    await journal.writeOrder(order);
    await journal.writeRequest({ attemptId: request.attemptId, orderId: order.orderId });
    await send();
    const [row] = await allEnded(1);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    expect(await payments.request({ sender: shopSender, request })).toMatchObject({
      ok: false,
      code: 'attempt_conflict'
    });
    expect(sandbox.book.submits(row?.merchant_order_no ?? '')).toBe(0);
  });

  test('and that the server had refused makes no payment', async () => {
    const order = orderEvents();
    const attemptId = newId();
    await journal.writeOrder(order);
    await journal.writeRequest({ attemptId, orderId: order.orderId });
    await journal.writeSeen({ attemptId, orderId: order.orderId, state: 'refused' });
    await send();
    await desk.learnDue();
    const due = await ledger.db.selectFrom('journal_attempts').select('learn_after_ms').execute();
    expect(due).toEqual([{ learn_after_ms: null }]);
    expect(await attempts()).toEqual([]);
  });

  test('waits for another one that is open on its order', async () => {
    const order = orderEvents();
    const [first, second] = [newId(), newId()];
    await journal.writeOrder(order);
    for (const attemptId of [first, second]) {
      await journal.writeRequest({ attemptId, orderId: order.orderId });
      await journal.writeSeen({ attemptId, orderId: order.orderId, state: 'failed' });
    }
    await send();
    await desk.learnDue();
    expect(await attempts()).toHaveLength(1);
    const due = await ledger.db
      .selectFrom('journal_attempts')
      .select('attempt_id')
      .where('learn_after_ms', 'is not', null)
      .execute();
    expect(due).toHaveLength(1);
  });

  test('and that the counter saw paid is not stopped while the gateway says nothing', async () => {
    const order = orderEvents();
    const attemptId = newId();
    await journal.writeOrder(order);
    await journal.writeRequest({ attemptId, orderId: order.orderId });
    await journal.writeSeen({ attemptId, orderId: order.orderId, state: 'succeeded' });
    await send();
    await desk.learnDue();
    const [row] = await attempts();
    expect(row).toMatchObject({ state: 'unknown', paid_minor: null });
    expect(row?.success_seen_at_ms).not.toBeNull();
  });
});
