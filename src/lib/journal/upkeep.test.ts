import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase, type JournalDatabase } from './database';
import type { JournalDraft } from './entries';
import { openJournal } from './journal';
import {
  openTestJournal as open,
  orderDraft as event,
  readProjections as projections,
  requestedDraft as requested,
  seenDraft as seen
} from './journal.fixture';
import { newestEntries, rebuildProjections, verifyJournal } from './upkeep';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const step = fc.record({
  order: fc.nat({ max: 3 }),
  act: fc.constantFrom('open', 'park', 'resume', 'pay', 'end', 'end_older'),
  alone: fc.boolean()
});

describe('projections', () => {
  it('made anew from the entries are the same, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        globalThis.indexedDB = new IDBFactory();
        const { database, journal } = await open();
        const opened = new Set<string>();
        const paid = new Set<string>();
        let batch: JournalDraft[] = [];
        for (const { order, act, alone } of steps) {
          const orderId = `o${order}`;
          if (act === 'open' && !opened.has(orderId)) {
            batch.push(event(orderId, 'order_opened'));
            opened.add(orderId);
          }
          if (act === 'park') batch.push(event(orderId, 'order_parked'));
          if (act === 'resume') batch.push(event(orderId, 'order_resumed'));
          if (act === 'pay' && !paid.has(orderId)) {
            batch.push(requested(`a${order}`, orderId));
            paid.add(orderId);
          }
          // an end is seen in an append of its own, as the register does it
          if (alone || act.startsWith('end')) {
            if (batch.length > 0) await journal.append(batch);
            batch = [];
          }
          if (act === 'end') await journal.append([seen(`a${order}`, orderId, 3)]);
          if (act === 'end_older') await journal.append([seen(`a${order}`, orderId, 2)]);
        }
        if (batch.length > 0) await journal.append(batch);
        const before = await projections(database);
        await database.use((db) => db.clear('orders'));
        await database.use((db) => db.clear('attempts'));
        await rebuildProjections({ database, writer: journal });
        expect(await projections(database)).toEqual(before);
        expect((await verifyJournal({ database, which: journal })).ok).toBe(true);
        database.close();
      }),
      { numRuns: 60 }
    );
  });

  it('are put right where they were damaged, over all epochs', async () => {
    const first = await open();
    await first.journal.append([event('o1', 'order_opened')]);
    const { database, journal } = await open(2);
    await journal.append([event('o2', 'order_opened'), event('o2', 'order_parked')]);
    const before = await projections(database);
    await database.use(async (db) => {
      const record = await db.get('orders', 'o2');
      if (record === undefined) throw new Error('no order');
      await db.put('orders', { ...record, waiting: 0, number: 'wrong' });
      await db.delete('orders', 'o1');
    });
    expect(await rebuildProjections({ database, writer: journal })).toBe(3);
    expect(await projections(database)).toEqual(before);
  });

  it('are not touched by a tab that was replaced', async () => {
    const old = await open();
    await old.journal.append([event('o1', 'order_opened')]);
    const { database } = await open();
    await expect(rebuildProjections({ database: old.database, writer: old.journal })).rejects.toMatchObject({
      code: 'not_writer'
    });
    expect((await projections(database)).orders).toHaveLength(1);
  });
});

describe('a journal', () => {
  it('is whole, and says how long it is', async () => {
    const { database, journal } = await open();
    expect(await verifyJournal({ database, which: journal })).toEqual({
      ok: true,
      entries: 0,
      left: 0,
      head: null
    });
    await journal.append([event('o1', 'order_opened'), event('o1', 'order_parked')]);
    expect(await verifyJournal({ database, which: journal })).toMatchObject({
      ok: true,
      entries: 2,
      head: { seq: 2 }
    });
  });

  it.each([
    ['changed', 2, 'wrong_hash'],
    ['taken out of the middle', 2, 'gap'],
    ['taken away from its end', 3, 'missing_end']
  ] as const)('of which an entry was %s is not', async (what, seq, reason) => {
    const { database, journal } = await open();
    await journal.append([
      event('o1', 'order_opened'),
      event('o1', 'order_parked'),
      event('o1', 'order_resumed')
    ]);
    await database.use(async (db) => {
      const entry = await db.get('entries', ['r1', 1, seq]);
      if (entry === undefined) throw new Error('no entry');
      if (what === 'changed') await db.put('entries', { ...entry, orderId: 'o9' });
      else await db.delete('entries', ['r1', 1, seq]);
    });
    expect(await verifyJournal({ database, which: journal })).toEqual({ ok: false, seq, reason });
  });

  it('shows its newest entries first, page by page', async () => {
    const { database, journal } = await open();
    for (const orderId of ['o1', 'o2', 'o3', 'o4', 'o5'])
      await journal.append([event(orderId, 'order_opened')]);
    const seqs = async (before: number | null) =>
      (await newestEntries({ database, which: journal, before, count: 2 })).map((entry) => entry.seq);
    expect([await seqs(null), await seqs(4), await seqs(2), await seqs(1)]).toEqual([
      [5, 4],
      [3, 2],
      [1],
      []
    ]);
  });
});

describe('a database of version 1', () => {
  it('is opened with all that it holds, and its journal goes on', async () => {
    // as yesterday's page made it
    const old = await openDB('till', 1, {
      upgrade(database) {
        database.createObjectStore('entries', { keyPath: ['registerId', 'epoch', 'seq'] });
        const orders = database.createObjectStore('orders', { keyPath: 'orderId' });
        orders.createIndex('byOpenedAt', 'openedAtMs');
        orders.createIndex('byWaiting', 'waiting');
        const attempts = database.createObjectStore('attempts', { keyPath: 'attemptId' });
        attempts.createIndex('byOpen', 'open');
        attempts.createIndex('byOrder', 'orderId');
        database.createObjectStore('outbox', { keyPath: ['registerId', 'epoch', 'seq'] });
        database.createObjectStore('meta', { keyPath: ['registerId', 'epoch'] });
        database.createObjectStore('kept');
      }
    });
    const { appendTo } = await import('$lib/chain/hash');
    const { toJsonObject } = await import('$lib/chain/canonical-json');
    const draft = event('o1', 'order_opened');
    const entry = await appendTo({
      head: null,
      draft: {
        registerId: 'r1',
        epoch: 1,
        at: '2026-11-24T09:00:00.000Z',
        monotonicMs: 1,
        kind: draft.kind,
        orderId: 'o1',
        body: toJsonObject(draft.body)
      }
    });
    await old.put('entries', entry);
    await old.put('orders', {
      orderId: 'o1',
      number: 'T1-o1',
      openedAtMs: Date.parse(entry.at),
      events: [draft.body],
      waiting: 0
    });
    await old.put('outbox', { registerId: 'r1', epoch: 1, seq: 1 });
    await old.put('meta', { registerId: 'r1', epoch: 1, seq: 1, hash: entry.hash, orderSeq: 4 });
    await old.put('kept', { theme: 'dark' }, 'settings');
    old.close();

    const { database, journal } = await open();
    const before = await projections(database);
    expect(before.orders).toMatchObject([{ orderId: 'o1', number: 'T1-o1' }]);
    expect(await database.use((db) => db.get('kept', 'settings'))).toEqual({ theme: 'dark' });
    expect(await database.use((db) => db.getFromIndex('orders', 'byNumber', 'T1-o1'))).toMatchObject({
      orderId: 'o1'
    });
    expect(journal.takeOrderSeq()).toBe(5);
    expect((await journal.append([event('o2', 'order_opened')])).ok).toBe(true);
    expect(await verifyJournal({ database, which: journal })).toMatchObject({ ok: true, entries: 2 });
    expect(await database.use((db) => db.count('outbox'))).toBe(2);
    await database.use((db) => db.clear('orders'));
    await rebuildProjections({ database, writer: journal });
    expect((await projections(database)).orders).toHaveLength(2);
  });

  it('is not upgraded while the page that has it open is in the middle of a payment', async () => {
    let paid: () => void = () => undefined;
    const payment = new Promise<void>((resolve) => {
      paid = resolve;
    });
    const old = await openDatabase({ name: 'till', onNewer: () => payment });
    const blocked = vi.fn();
    let opened = false;
    const newer = openDB('till', 99, { blocked }).then((database) => {
      opened = true;
      return database;
    });
    await vi.waitFor(() => expect(blocked).toHaveBeenCalledOnce());
    expect(opened).toBe(false);
    expect(await old.use((database) => database.count('entries'))).toBe(0);
    paid();
    (await newer).close();
    await expect(old.use((database) => database.count('entries'))).rejects.toMatchObject({
      code: 'newer_version'
    });
  });
});

describe('a write that the browser loses', () => {
  /** The connection breaks as the next transaction that writes begins. */
  function breakOnce(name: string): void {
    const real = IDBDatabase.prototype.transaction;
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      ...args: Parameters<IDBDatabase['transaction']>
    ) {
      const transaction = real.apply(this, args);
      if (args[1] !== 'readwrite') return transaction;
      spy.mockRestore();
      this.close();
      transaction.abort();
      Object.defineProperty(transaction, 'error', { value: new DOMException('lost', name) });
      return transaction;
    });
  }

  it.each(['UnknownError', 'AbortError'])(
    'is written once, where the connection broke before it (%s)',
    async (name) => {
      const { database, journal } = await open();
      await journal.append([event('o1', 'order_opened')]);
      breakOnce(name);
      expect((await journal.append([event('o2', 'order_opened')], { strict: true })).ok).toBe(true);
      expect(await verifyJournal({ database, which: journal })).toMatchObject({ ok: true, entries: 2 });
    }
  );

  it('is written once, where only its confirmation was lost', async () => {
    const { database } = await open();
    let losing = false;
    const losesTheAnswer: JournalDatabase = {
      close: () => undefined,
      async use(work) {
        const answer = await database.use(work);
        if (!losing) return answer;
        losing = false;
        // kept, but nobody heard it: the same piece of work is done on the next connection
        return database.use(work);
      }
    };
    const journal = await openJournal({
      database: losesTheAnswer,
      registerId: 'r1',
      epoch: 1,
      writes: { termAtLeast: 0 },
      now: () => 0,
      monotonic: () => 0
    });
    await journal.append([event('o1', 'order_opened')]);
    const reading = losesTheAnswer.use;
    let calls = 0;
    Object.assign(losesTheAnswer, {
      use: (work: Parameters<JournalDatabase['use']>[0]) => {
        // the first call reads where the chain stands, the second one appends
        calls += 1;
        losing = calls === 2;
        return reading(work);
      }
    });
    const result = await journal.append([event('o2', 'order_opened')], { strict: true });
    expect(result).toMatchObject({ ok: true, entries: [{ seq: 2 }] });
    expect(await verifyJournal({ database, which: journal })).toMatchObject({ ok: true, entries: 2 });
  });

  it('keeps all of an append or nothing where the browser refuses a part of it at once', async () => {
    const { database, journal } = await open();
    await journal.append([event('o1', 'order_opened')]);
    const real = IDBObjectStore.prototype.put;
    const refuses = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...args: Parameters<IDBObjectStore['put']>
    ) {
      if (this.name === 'orders') throw new DOMException('refused', 'DataError');
      return real.apply(this, args);
    });
    expect((await journal.append([event('o2', 'order_opened')])).ok).toBe(false);
    refuses.mockRestore();

    expect(await database.use((db) => db.count('entries'))).toBe(1);
    expect((await journal.append([event('o2', 'order_opened')])).ok).toBe(true);
    expect(await verifyJournal({ database, which: journal })).toMatchObject({ ok: true, entries: 2 });
  });

  it('says that the device is full, keeps nothing of it, and goes on when there is room', async () => {
    const { database, journal } = await open();
    const real = IDBObjectStore.prototype.add;
    const spy = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(await journal.append([event('o1', 'order_opened')], { strict: true })).toMatchObject({
      ok: false,
      failure: { code: 'full' }
    });
    spy.mockRestore();
    expect(real).toBe(IDBObjectStore.prototype.add);
    expect((await journal.append([event('o1', 'order_opened')], { strict: true })).ok).toBe(true);
    expect(await verifyJournal({ database, which: journal })).toMatchObject({ ok: true, entries: 1 });
  });
});
