import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OrderEvent } from '$lib/order/events';
import { saveShop } from '../catalogue/shop-settings';
import type { Ledger } from '../ledger/ledger';
import { newId, openShopLedger, orderEvents } from '../payments/shop.fixture';
import {
  enrolRegister,
  journalSender as sender,
  writtenJournal,
  type WrittenJournal
} from './journal.fixture';
import { readStanding, receiveJournal } from './receive';

const start = Date.UTC(2026, 10, 24, 9);
const dayMs = 24 * 60 * 60 * 1000;
const { registerId } = sender;

let ledger: Ledger;
let nowMs = start;
let journal: WrittenJournal;

beforeEach(async () => {
  nowMs = start;
  ledger = await openShopLedger({ now: () => nowMs });
  await enrolRegister(ledger);
  journal = writtenJournal();
});
afterEach(() => ledger.close());

async function send(entries: readonly unknown[], checkpoint?: unknown) {
  const batch = { epoch: 1, entries: [...entries], waiting: 0, checkpoint };
  return receiveJournal({ ledger, sender, batch, graceMs: 45_000 });
}

async function mayLeave(): Promise<number> {
  return (await readStanding(ledger.db, { registerId, epoch: 1, now: nowMs })).mayLeaveUpTo ?? -1;
}

/** As a register does it: its chain up to a number has left. */
function cutAt(upTo: number, orders: object[] = [], attempts: object[] = []) {
  return { cuts: [{ epoch: 1, upTo, hash: journal.entries[upTo - 1]?.hash }], orders, attempts };
}

const holes = () => ledger.db.selectFrom('journal_holes').selectAll().execute();
const tasks = () => ledger.db.selectFrom('tasks').selectAll().orderBy('id').execute();
const orders = () => ledger.db.selectFrom('orders').selectAll().orderBy('number').execute();

test('a register may let go what came here before the shop’s days, by this server’s clock', async () => {
  await journal.writeOrder(orderEvents());
  await send(journal.entries.slice(0, 2));
  nowMs += dayMs;
  await send(journal.entries.slice(2));
  nowMs = start + 90 * dayMs - 1;
  expect(await mayLeave()).toBe(0);
  nowMs += 1;
  expect(await mayLeave()).toBe(2);
  await saveShop({
    ledger,
    by: { staffId: 'ada', name: 'Ada' },
    prove: async () => ({ ok: true, by: 'password' }),
    request: { journalKeepDays: 120 }
  });
  expect(await mayLeave()).toBe(0);
  nowMs = start + 121 * dayMs;
  expect(await mayLeave()).toBe(3);
});

test('what a restored server gets again begins to wait anew', async () => {
  await journal.writeOrder(orderEvents());
  nowMs = start + 200 * dayMs;
  await send(journal.entries);
  expect(await mayLeave()).toBe(0);
});

test('a server restored from before what a register let go goes on from the checkpoint, and a person is told what is missing', async () => {
  const parked = orderEvents();
  await journal.writeOrder(parked);
  await send(journal.entries);
  // from here on the backup knows nothing
  for (let count = 0; count < 10; count += 1)
    await journal.write('drawer_kicked', null, { why: 'cash', sent: false });
  await journal.writeOrder(orderEvents());
  const [opened] = parked.events;
  if (opened === undefined) throw new Error('no order');
  const event = (kind: 'order_parked' | 'order_resumed'): OrderEvent => ({
    kind,
    at: opened.at,
    by: opened.by
  });
  await journal.write('order_event', parked.orderId, event('order_parked'));
  const upTo = journal.entries.length;
  const attemptId = newId();
  const forgotten = {
    orderId: parked.orderId,
    requestedAtMs: start,
    requested: {
      attemptId,
      orderId: parked.orderId,
      orderNumber: 'T1-0001',
      revision: 3,
      amountMinor: 900,
      currency: 'USD',
      codeLast4: '1200'
    },
    seen: null
  };
  await journal.write('order_event', parked.orderId, event('order_resumed'));
  const checkpoint = await journal.write(
    'checkpoint',
    null,
    cutAt(upTo, [{ orderId: parked.orderId, events: [...parked.events, event('order_parked')] }], [forgotten])
  );
  const { standing, attemptsToLearn } = await send(journal.entries.slice(upTo), checkpoint);
  expect(standing).toMatchObject({ lastSeq: journal.entries.length, stopped: null });
  expect(await holes()).toMatchObject([{ register_id: registerId, epoch: 1, from_seq: 4, to_seq: upTo }]);
  expect((await tasks()).map(({ text }) => text)).toEqual([
    expect.stringContaining(`entries 1/4 to 1/${upTo}`)
  ]);
  // the order that goes on is whole, and the payment that was still open is asked about
  expect(await orders()).toMatchObject([{ id: parked.orderId, revision: 5 }]);
  expect(attemptsToLearn).toBe(true);
  expect(await ledger.db.selectFrom('journal_attempts').selectAll().execute()).toMatchObject([
    { attempt_id: attemptId, order_id: parked.orderId }
  ]);
  // sent again, it changes nothing
  await send(journal.entries.slice(upTo), checkpoint);
  expect(await holes()).toHaveLength(1);
  expect(await tasks()).toHaveLength(1);
});

test('nothing is passed over on the word of a checkpoint that was changed, or says nothing of this chain', async () => {
  await journal.writeOrder(orderEvents());
  await send(journal.entries);
  for (let count = 0; count < 5; count += 1)
    await journal.write('drawer_kicked', null, { why: 'cash', sent: false });
  const good = await journal.write('checkpoint', null, cutAt(6));
  for (const bad of [
    { ...good, body: { ...good.body, orders: [{ orderId: 'x', events: [] }] } },
    { ...good, registerId: 'another' },
    { ...good, kind: 'drawer_kicked' },
    null,
    'x'
  ]) {
    expect((await send(journal.entries.slice(6), bad)).standing.lastSeq).toBe(3);
  }
  expect(await holes()).toEqual([]);
  // where the server has all of it, a checkpoint changes nothing
  await send(journal.entries);
  expect((await send([], good)).standing.lastSeq).toBe(journal.entries.length);
  expect(await holes()).toEqual([]);
});
