import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OrderEvent } from '$lib/order/events';
import type { Ledger } from '../ledger/ledger';
import { newId, openShopLedger, orderEvents, sender as shopSender } from '../payments/shop.fixture';
import { allOrNothing, storeOrder } from '../payments/store-order';
import {
  enrolRegister,
  journalSender as sender,
  writtenJournal,
  type WrittenJournal
} from './journal.fixture';
import { receiveJournal } from './receive';

const start = Date.UTC(2026, 10, 24, 9);
const graceMs = 45_000;

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

async function send(entries: readonly unknown[] = journal.entries, waiting = entries.length) {
  const batch = { epoch: 1, entries: [...entries], waiting };
  const { standing } = await receiveJournal({ ledger, sender, batch, graceMs });
  return standing;
}

const kept = () => ledger.db.selectFrom('journal_entries').selectAll().orderBy('seq').execute();
const orders = () => ledger.db.selectFrom('orders').selectAll().orderBy('number').execute();
const tasks = () => ledger.db.selectFrom('tasks').selectAll().orderBy('id').execute();
const deadLetters = () => ledger.db.selectFrom('journal_dead_letters').selectAll().execute();

/** An event of the same order with something of it changed. */
function parked(order: { events: readonly OrderEvent[] }): OrderEvent {
  const [opened] = order.events;
  if (opened === undefined) throw new Error('no order');
  return { kind: 'order_parked', at: opened.at, by: opened.by };
}

describe('entries of a journal', () => {
  test('are kept as they came, in order, with the order that they tell of', async () => {
    const order = orderEvents();
    await journal.writeOrder(order);
    const standing = await send();
    expect(standing).toMatchObject({ lastSeq: 3, lastHash: journal.entries[2]?.hash, stopped: null });
    expect((await kept()).map(({ raw }) => JSON.parse(raw) as unknown)).toEqual(journal.entries);
    expect(await orders()).toMatchObject([
      {
        id: order.orderId,
        revision: 3,
        total_minor: 900,
        // sold yesterday without a network: it is yesterday's
        business_day: '2026-11-23',
        received_at_ms: start,
        staff_name: 'Rosa Marin'
      }
    ]);
    expect(await tasks()).toEqual([]);
  });

  test('are kept once, however often and in whatever parts they come', async () => {
    await journal.writeOrder(orderEvents());
    await journal.writeOrder(orderEvents());
    await send(journal.entries.slice(0, 4));
    await send();
    await send(journal.entries.slice(2, 5));
    expect((await send()).lastSeq).toBe(6);
    expect((await kept()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await orders()).toHaveLength(2);
    expect(await ledger.db.selectFrom('events').selectAll().execute()).toHaveLength(2);
  });

  test('with some missing before them are not kept: the answer says from where to send', async () => {
    await journal.writeOrder(orderEvents());
    await send(journal.entries.slice(0, 1));
    const standing = await send(journal.entries.slice(2));
    expect(standing).toMatchObject({ lastSeq: 1, stopped: null });
    const hole = await send([...journal.entries.slice(1, 2), ...journal.entries.slice(3)]);
    expect(hole).toMatchObject({ lastSeq: 2, stopped: null });
    expect(await deadLetters()).toEqual([]);
  });

  test('that two senders hand in at once are one chain', async () => {
    await journal.writeOrder(orderEvents());
    await journal.writeOrder(orderEvents());
    await Promise.all([send(journal.entries.slice(0, 3)), send(), send(journal.entries.slice(0, 5))]);
    expect((await send()).lastSeq).toBe(6);
    expect((await kept()).map(({ hash }) => hash)).toEqual(journal.entries.map(({ hash }) => hash));
  });

  test.each(['2003-03-03T12:00:00.000Z', '2025-05-05T12:00:00.000Z', '2031-05-05T12:00:00.000Z'])(
    '#58 of a clock that says %s stand on the day on which they happened',
    async (at) => {
      journal = writtenJournal({ at });
      const { orderId, events } = orderEvents();
      await journal.writeOrder({ orderId, events: events.map((event) => ({ ...event, at })) });
      const batch = { epoch: 1, entries: [...journal.entries], waiting: 0 };
      const hourLater = Date.parse(at) + 3_600_000;
      await receiveJournal({ ledger, sender, batch: { ...batch, sentAtMs: hourLater }, graceMs });
      expect((await orders()).map(({ business_day }) => business_day)).toEqual(['2026-11-24']);
      expect(new Set((await kept()).map(({ business_day }) => business_day))).toEqual(
        new Set(['2026-11-24'])
      );
    }
  );

  test('say how many the register still holds', async () => {
    await journal.writeOrder(orderEvents());
    await send(journal.entries.slice(0, 2), 7);
    const head = await ledger.db.selectFrom('journal_heads').selectAll().executeTakeFirstOrThrow();
    expect(head).toMatchObject({ seq: 2, waiting: 5, received_at_ms: start });
  });
});

describe('an entry that cannot be believed', () => {
  test('stops the chain where it stands; what was before it is kept, and a manager sees it', async () => {
    await journal.writeOrder(orderEvents());
    const [first, second, third] = journal.entries;
    const changed = { ...second, body: { ...second?.body, quantity: 5 } };
    const standing = await send([first, changed, third]);
    expect(standing).toMatchObject({ lastSeq: 1, stopped: { seq: 2, reason: 'wrong_hash' } });
    expect(await deadLetters()).toMatchObject([{ seq: 2, reason: 'wrong_hash' }]);
    expect(await tasks()).toMatchObject([{ kind: 'journal' }]);
    expect((await tasks())[0]?.text).toContain('T1, entry 1/2');
  });

  test('is kept once, and the chain goes on when the true one comes', async () => {
    await journal.writeOrder(orderEvents());
    const [first, second] = journal.entries;
    const unreadable = { ...second, seq: 'two' };
    await send([first, unreadable]);
    await send([first, unreadable]);
    expect(await deadLetters()).toMatchObject([{ seq: 2, reason: 'unreadable' }]);
    expect(await send()).toMatchObject({ lastSeq: 3, stopped: null });
  });

  test('is one that another journal wrote under the same number', async () => {
    await journal.writeOrder(orderEvents());
    await send();
    const other = writtenJournal();
    await other.writeOrder(orderEvents());
    expect(await send(other.entries)).toMatchObject({ lastSeq: 3, stopped: { reason: 'fork' } });
    await other.writeOrder(orderEvents());
    expect(await send(other.entries.slice(3))).toMatchObject({ stopped: { seq: 4, reason: 'wrong_prev' } });
    expect((await kept()).map(({ hash }) => hash)).toEqual(journal.entries.map(({ hash }) => hash));
  });

  test('is one of another register', async () => {
    const other = writtenJournal({ registerId: 'register-2' });
    await other.writeOrder(orderEvents());
    expect(await send(other.entries)).toMatchObject({
      lastSeq: 0,
      stopped: { seq: 1, reason: 'wrong_register' }
    });
    expect(await orders()).toEqual([]);
  });
});

describe('an order that a journal tells of', () => {
  async function keptByServer(order: { orderId: string; events: readonly OrderEvent[] }, revision = 3) {
    const stored = await allOrNothing(ledger, (trx) =>
      storeOrder({
        trx,
        sender: shopSender,
        orderId: order.orderId,
        revision,
        events: order.events.slice(0, revision),
        now: nowMs
      })
    );
    if (!stored.ok) throw new Error(stored.detail);
  }

  async function attemptOn(orderId: string, state: 'succeeded' | 'failed', revision = 3) {
    const id = newId();
    await ledger.db
      .insertInto('attempts')
      .values({
        id,
        order_id: orderId,
        order_revision: revision,
        merchant_order_no: id,
        register_id: sender.registerId,
        staff_id: 's',
        amount_minor: 900,
        currency: 'USD',
        state,
        version: 3,
        request_digest: '',
        code_digest: '',
        code_last4: '',
        code_seen_before: 0,
        created_at_ms: start,
        cancel_standing: 'none',
        not_found_late: 0,
        gateway_reachable: 1,
        offer_by_merchant_minor: 0,
        offer_by_channel_minor: 0
      })
      .execute();
  }

  test('goes on where the one that the register sent itself ends, and never back', async () => {
    const order = orderEvents();
    await journal.writeOrder(order);
    await keptByServer(order);
    await send(journal.entries.slice(0, 2));
    expect(await orders()).toMatchObject([{ revision: 3, total_minor: 900 }]);
    await send();
    await journal.writeOrder({ orderId: order.orderId, events: [parked(order)] });
    await send();
    expect(await orders()).toMatchObject([{ revision: 4, total_minor: 900 }]);
    expect(await tasks()).toEqual([]);
  });

  test('can be gone on with by the register itself afterwards', async () => {
    const order = orderEvents();
    await journal.writeOrder({ ...order, events: order.events.slice(0, 2) });
    await send();
    await keptByServer(order);
    expect(await orders()).toMatchObject([{ revision: 3, total_minor: 900 }]);
  });

  test('keeps its total once it is paid, and a manager sees that the counter changed it', async () => {
    const order = orderEvents();
    await journal.writeOrder({ ...order, events: order.events.slice(0, 2) });
    await send();
    await attemptOn(order.orderId, 'succeeded', 2);
    await journal.writeOrder({ ...order, events: order.events.slice(2) });
    expect(await send()).toMatchObject({ lastSeq: 3, stopped: null });
    expect(await orders()).toMatchObject([{ revision: 2, total_minor: 320 }]);
    expect((await tasks()).map(({ text }) => text)).toEqual([
      expect.stringContaining('changed after money was asked for it')
    ]);
  });

  test('may be changed after a payment that did not go through', async () => {
    const order = orderEvents();
    await journal.writeOrder({ ...order, events: order.events.slice(0, 2) });
    await send();
    await attemptOn(order.orderId, 'failed', 2);
    await journal.writeOrder({ ...order, events: order.events.slice(2) });
    await send();
    expect(await orders()).toMatchObject([{ revision: 3, total_minor: 900 }]);
  });

  test('with a price that the catalogue does not know counts as the counter recorded it, and raises a task', async () => {
    const order = orderEvents({ unitPriceMinor: 1 });
    await journal.writeOrder(order);
    expect(await send()).toMatchObject({ lastSeq: 3, stopped: null });
    expect(await orders()).toMatchObject([{ total_minor: 581 }]);
    expect((await kept()).map(({ question }) => question)).toEqual([
      null,
      'americano has another price in the catalogue',
      null
    ]);
    expect(await tasks()).toMatchObject([{ kind: 'journal', order_id: order.orderId }]);
  });

  test('with an event that does not fit is kept up to there, and raises one task', async () => {
    const order = orderEvents();
    await journal.writeOrder(order);
    await journal.write('order_event', order.orderId, { ...parked(order), kind: 'order_resumed' });
    await journal.write('order_event', order.orderId, { kind: 'dance', at: 'now' });
    await journal.write('order_event', order.orderId, parked(order));
    expect(await send()).toMatchObject({ lastSeq: 6, stopped: null });
    expect(await orders()).toMatchObject([{ revision: 3, total_minor: 900 }]);
    expect(await tasks()).toHaveLength(1);
  });

  test('with a number of another register is questioned; one that is taken makes no second order', async () => {
    const order = orderEvents();
    const [opened, ...rest] = order.events;
    const renumbered = [{ ...opened, number: 'T7-0001' } as OrderEvent, ...rest];
    await journal.writeOrder({ orderId: order.orderId, events: renumbered });
    const second = orderEvents();
    const [secondOpened, ...secondRest] = second.events;
    await journal.writeOrder({
      orderId: second.orderId,
      events: [{ ...secondOpened, number: 'T7-0001' } as OrderEvent, ...secondRest]
    });
    await send();
    expect(await orders()).toHaveLength(1);
    expect((await tasks()).map(({ text }) => text)).toEqual([
      expect.stringContaining('T7-0001 is not one of T1'),
      expect.stringContaining('T7-0001 is not one of T1')
    ]);
    expect((await kept()).at(-1)?.question).toContain('belongs to another order');
  });
});
