/** Entries as a register writes them, and a journal to write them into: for tests. */
import { openDB, type IDBPDatabase } from 'idb';
import type { OrderEvent } from '$lib/order/events';
import { openDatabase, type JournalDatabase } from './database';
import type { AttemptSeen, JournalDraft } from './entries';
import { openJournal, type Journal } from './journal';

const by = { staffId: 's', name: 'Rosa' };
const at = '2026-11-25T09:00:00.000Z';

/** A journal of register `r1` in the database `till`, with a clock that goes on by a second with every look. */
export async function openTestJournal(epoch = 1): Promise<{ database: JournalDatabase; journal: Journal }> {
  let clockMs = Date.parse(at);
  const database = await openDatabase({ name: 'till' });
  const journal = await openJournal({
    database,
    registerId: 'r1',
    epoch,
    writes: { termAtLeast: 0 },
    now: () => (clockMs += 1000),
    monotonic: () => clockMs
  });
  return { database, journal };
}

type EventKind =
  'order_opened' | 'order_parked' | 'order_resumed' | 'order_cleared' | 'order_restored' | 'order_given_free';

/** An event of an order, `order_opened` with a number that carries the order's id. */
export function orderDraft(orderId: string, kind: EventKind): JournalDraft {
  const body: OrderEvent =
    kind === 'order_opened'
      ? {
          kind,
          at,
          by,
          orderId,
          number: `T1-${orderId}`,
          registerId: 'r1',
          epoch: 1,
          currency: 'EUR',
          taxMode: 'included'
        }
      : { kind, at, by };
  return { kind: 'order_event', orderId, body };
}

export function requestedDraft(attemptId: string, orderId: string): JournalDraft {
  return {
    kind: 'attempt_requested',
    orderId,
    body: {
      attemptId,
      orderId,
      orderNumber: '1',
      revision: 1,
      amountMinor: 100,
      currency: 'EUR',
      codeLast4: '0000'
    }
  };
}

/** That an attempt was seen paid. */
export function seenDraft(attemptId: string, orderId: string, version = 3): JournalDraft {
  const body: AttemptSeen = {
    attemptId,
    state: 'succeeded',
    version,
    failReason: null,
    remedy: null,
    problem: null,
    errorCode: null,
    errorText: null,
    psn: null,
    merchantOrderNo: null,
    wallet: null,
    paidMinor: 100,
    offerByMerchantMinor: 0,
    offerByChannelMinor: 0,
    endedAt: null
  };
  return { kind: 'attempt_seen', orderId, body };
}

/** What is kept ready beside the entries. */
export async function readProjections(database: JournalDatabase) {
  return database.use(async (open) => ({
    orders: await open.getAll('orders'),
    attempts: await open.getAll('attempts')
  }));
}

/** The database as a page of version 2 made it, and keeps it open. */
export function openVersion2(): Promise<IDBPDatabase> {
  return openDB('till', 2, {
    upgrade(database) {
      database.createObjectStore('entries', { keyPath: ['registerId', 'epoch', 'seq'] });
      const orders = database.createObjectStore('orders', { keyPath: 'orderId' });
      orders.createIndex('byOpenedAt', 'openedAtMs');
      orders.createIndex('byWaiting', 'waiting');
      orders.createIndex('byNumber', 'number');
      const attempts = database.createObjectStore('attempts', { keyPath: 'attemptId' });
      attempts.createIndex('byOpen', 'open');
      attempts.createIndex('byOrder', 'orderId');
      database.createObjectStore('outbox', { keyPath: ['registerId', 'epoch', 'seq'] });
      database.createObjectStore('meta', { keyPath: ['registerId', 'epoch'] });
      database.createObjectStore('kept');
      database.createObjectStore('keys');
    }
  });
}
