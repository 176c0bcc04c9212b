/** What a journal brings that was written without a network: cash sales of people whom only the register knew. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor, OrderEvent } from '$lib/order/events';
import type { Ledger } from '../ledger/ledger';
import { keepOrder } from '../orders/keep-order';
import { newId, openShopLedger, orderEvents, sender as shopSender } from '../payments/shop.fixture';
import { readOrderRows } from '../reports/order-rows';
import { readDrawers, readTenders } from '../reports/cash-figures';
import { moveCash } from '../cash/move-cash';
import {
  enrolRegister,
  journalSender as sender,
  writtenJournal,
  type WrittenJournal
} from './journal.fixture';
import { receiveJournal } from './receive';

const start = Date.UTC(2026, 10, 24, 9);
let ledger: Ledger;
let journal: WrittenJournal;

beforeEach(async () => {
  ledger = await openShopLedger({ now: () => start });
  await enrolRegister(ledger);
  journal = writtenJournal();
});
afterEach(() => ledger.close());

const send = () =>
  receiveJournal({
    ledger,
    sender,
    batch: { epoch: 1, entries: [...journal.entries], waiting: 0 },
    graceMs: 45_000
  });
const tasks = () => ledger.db.selectFrom('tasks').selectAll().execute();

function cashSale(by: Actor): { orderId: string; events: OrderEvent[] } {
  const order = orderEvents();
  const [opened] = order.events;
  const events: OrderEvent[] = [
    ...order.events,
    {
      kind: 'cash_tendered',
      at: opened?.at ?? '',
      by,
      tenderId: newId(),
      amountMinor: 900,
      roundingMinor: 0,
      givenMinor: 1000
    }
  ];
  return { orderId: order.orderId, events: events.map((event) => ({ ...event, by })) };
}

describe('a cash sale without a network', () => {
  test.each(['pin', 'last'] as const)(
    'is booked with its cashier as the register named them (%s), and marked',
    async (offline) => {
      const { orderId, events } = cashSale({ staffId: 'lee', name: 'Lee', offline });
      await journal.writeOrder({ orderId, events });
      await send();
      expect(await readOrderRows({ db: ledger.db, which: { orderIds: [orderId] } })).toMatchObject([
        { staffName: 'Lee', standing: 'paid', namedOffline: true, tendered: ['cash'], paidMinor: 900 }
      ]);
      expect(await readTenders({ db: ledger.db, orderId })).toMatchObject([
        { by: 'Lee', namedOffline: offline, amountMinor: 900, givenMinor: 1000 }
      ]);
      const noted = await ledger.db
        .selectFrom('events')
        .select(['actor', 'code'])
        .where('what', '=', 'cash_taken')
        .execute();
      expect(noted).toEqual([{ actor: 'Lee', code: `named_offline_${offline}` }]);
      expect(await tasks()).toEqual([]);
    }
  );

  test('of somebody whom the server knew is not marked', async () => {
    const { orderId, events } = cashSale({ staffId: 'rosa', name: 'Rosa Marin' });
    await journal.writeOrder({ orderId, events });
    await send();
    expect(await readOrderRows({ db: ledger.db, which: { orderIds: [orderId] } })).toMatchObject([
      { namedOffline: false }
    ]);
    expect(await readTenders({ db: ledger.db, orderId })).toMatchObject([{ namedOffline: null }]);
  });

  test('keeps its mark when the register tells of the same order itself', async () => {
    const { orderId, events } = cashSale({ staffId: 'lee', name: 'Lee', offline: 'pin' });
    const request = { orderId, revision: events.length, events };
    expect((await keepOrder({ ledger, sender: shopSender, request })).ok).toBe(true);
    await journal.writeOrder({ orderId, events });
    await send();
    expect(await readOrderRows({ db: ledger.db, which: { orderIds: [orderId] } })).toMatchObject([
      { namedOffline: true }
    ]);
    expect(await tasks()).toEqual([]);
  });
});

describe('cash in and out of a drawer', () => {
  const moved = () => ({
    movementId: newId(),
    kind: 'pay_out' as const,
    amountMinor: 500,
    currency: 'USD',
    why: 'milk',
    at: '2026-11-23T10:42:00.000Z',
    by: { staffId: 'rosa', name: 'Rosa Marin' }
  });

  test('is counted from the journal where the page closed before it could tell', async () => {
    await journal.write('cash_moved', null, moved());
    await send();
    await send();
    expect(await readDrawers({ db: ledger.db, day: '2026-11-23' })).toMatchObject([{ paidOutMinor: 500 }]);
    expect(await tasks()).toEqual([]);
  });

  test('that the page told of as well is counted once, whoever comes first', async () => {
    const [one, other] = [moved(), moved()];
    expect(await moveCash({ ledger, sender: shopSender, request: one })).toEqual({ ok: true });
    await journal.write('cash_moved', null, one);
    await journal.write('cash_moved', null, other);
    await send();
    expect(await moveCash({ ledger, sender: shopSender, request: other })).toEqual({ ok: true });
    expect(await readDrawers({ db: ledger.db, day: '2026-11-23' })).toMatchObject([{ paidOutMinor: 1000 }]);
  });

  test('that is no amount of this shop is a question, and the journal goes on', async () => {
    await journal.write('cash_moved', null, { ...moved(), currency: 'EUR' });
    await journal.writeOrder(orderEvents());
    const { standing } = await send();
    expect(standing).toMatchObject({ lastSeq: 4, stopped: null });
    expect(await tasks()).toMatchObject([{ kind: 'journal' }]);
  });
});
