import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyChain } from '$lib/chain/verify';
import { JournalUnavailable, openDatabase, schemaVersion } from './database';
import type { AttemptSeen, JournalDraft } from './entries';
import { openJournal, type Journal } from './journal';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const by = { staffId: 's', name: 'Rosa' };
const at = '2026-11-23T09:00:00.000Z';

async function journal({ epoch = 1, name = 'till' } = {}): Promise<{ journal: Journal; close: () => void }> {
  const database = await openDatabase({ name });
  const opened = await openJournal({
    database,
    registerId: 'r1',
    epoch,
    writes: { termAtLeast: 0 },
    now: () => Date.parse(at),
    monotonic: () => 5
  });
  return { journal: opened, close: () => database.close() };
}

function opened(orderId: string): JournalDraft {
  return {
    kind: 'order_event',
    orderId,
    body: {
      kind: 'order_opened',
      at,
      by,
      orderId,
      number: 'T1-0001',
      registerId: 'r1',
      epoch: 1,
      currency: 'EUR',
      taxMode: 'included'
    }
  };
}

function parked(orderId: string): JournalDraft {
  return { kind: 'order_event', orderId, body: { kind: 'order_parked', at, by } };
}

function requested(attemptId: string, orderId = 'o1'): JournalDraft {
  return {
    kind: 'attempt_requested',
    orderId,
    body: {
      attemptId,
      orderId,
      orderNumber: 'T1-0001',
      revision: 2,
      amountMinor: 1090,
      currency: 'EUR',
      codeLast4: '1200'
    }
  };
}

const seenPaid: AttemptSeen = {
  attemptId: 'a1',
  state: 'succeeded',
  version: 4,
  failReason: null,
  remedy: null,
  problem: null,
  errorCode: null,
  errorText: null,
  psn: null,
  merchantOrderNo: 'T1',
  wallet: 'Alipay',
  paidMinor: 1090,
  offerByMerchantMinor: 0,
  offerByChannelMinor: 0,
  endedAt: at
};

describe('the journal', () => {
  it('keeps entries, projections and outbox together, and finds them after it is opened again', async () => {
    const first = await journal();
    await first.journal.append([opened('o1'), parked('o1')]);
    await first.journal.append([requested('a1')], { strict: true });
    first.close();

    const second = await journal();
    expect((await second.journal.order('o1'))?.events.map((event) => event.kind)).toEqual([
      'order_opened',
      'order_parked'
    ]);
    expect(await second.journal.waitingOrders()).toHaveLength(1);
    expect(await second.journal.openAttempts()).toMatchObject([{ attemptId: 'a1', orderId: 'o1' }]);
    expect((await second.journal.entriesAfter(0)).map((entry) => entry.seq)).toEqual([1, 2, 3]);
  });

  it('counts an attempt as open until its end was seen, and keeps the newest word', async () => {
    const { journal: book } = await journal();
    await book.append([requested('a1')], { strict: true });
    await book.append([{ kind: 'attempt_seen', orderId: 'o1', body: seenPaid }], { strict: true });
    await book.append([
      { kind: 'attempt_seen', orderId: 'o1', body: { ...seenPaid, version: 2, state: 'failed' } }
    ]);
    expect(await book.openAttempts()).toEqual([]);
    expect((await book.attemptsOf('o1'))[0]?.seen?.state).toBe('succeeded');
  });

  it('numbers concurrent appends one after the other, in the order they were asked for', async () => {
    const { journal: book } = await journal();
    await Promise.all(Array.from({ length: 20 }, (_, index) => book.append([opened(`o${index}`)])));
    const entries = await book.entriesAfter(0);
    expect(entries.map((entry) => entry.orderId)).toEqual(
      Array.from({ length: 20 }, (_, index) => `o${index}`)
    );
    expect(await verifyChain({ entries })).toMatchObject({ ok: true });
  });

  it('is written by the newest tab alone: what an older one still appends is refused', async () => {
    const one = await journal();
    expect((await one.journal.append([opened('o1')])).ok).toBe(true);
    const two = await journal();
    expect([one.journal.term, two.journal.term]).toEqual([1, 2]);
    const late = await Promise.all([
      one.journal.append([requested('a1')], { strict: true }),
      two.journal.append([opened('o2')])
    ]);
    expect(late).toMatchObject([{ ok: false, failure: { code: 'not_writer' } }, { ok: true }]);
    const entries = await one.journal.entriesAfter(0);
    expect(entries.map((entry) => entry.orderId)).toEqual(['o1', 'o2']);
    expect(await verifyChain({ entries })).toMatchObject({ ok: true });
  });

  it('counts its writers on from the highest one that the server knows', async () => {
    const database = await openDatabase({ name: 'till' });
    const common = { database, registerId: 'r1', epoch: 1, now: () => 0, monotonic: () => 0 };
    expect((await openJournal({ ...common, writes: { termAtLeast: 7 } })).term).toBe(8);
    expect((await openJournal({ ...common, writes: { termAtLeast: 0 } })).term).toBe(9);
  });

  it('refuses to write an epoch after a newer one began in this browser', async () => {
    const one = await journal();
    await one.journal.append([opened('o1')]);
    await journal({ epoch: 2 });
    expect(await one.journal.append([opened('o2')])).toMatchObject({
      ok: false,
      failure: { code: 'not_writer' }
    });
  });

  it('may be read beside the tab that writes, and never written', async () => {
    const one = await journal();
    await one.journal.append([opened('o1')]);
    const database = await openDatabase({ name: 'till' });
    const reader = await openJournal({
      database,
      registerId: 'r1',
      epoch: 1,
      writes: null,
      now: () => 0,
      monotonic: () => 0
    });
    expect(await reader.order('o1')).toBeDefined();
    expect(await reader.append([opened('o2')])).toMatchObject({ ok: false });
    expect((await one.journal.append([opened('o3')])).ok).toBe(true);
  });

  it('verifies after any appends, reopenings and epochs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.constant('open'), fc.constant('batch'), fc.constant('pay'), fc.constant('reopen')),
          {
            maxLength: 12
          }
        ),
        async (steps) => {
          globalThis.indexedDB = new IDBFactory();
          let { journal: book, close } = await journal();
          for (const [index, step] of steps.entries()) {
            if (step === 'open') await book.append([opened(`o${index}`)]);
            if (step === 'batch') await book.append([opened(`o${index}`), parked(`o${index}`)]);
            if (step === 'pay') await book.append([requested(`a${index}`)], { strict: true });
            if (step === 'reopen') {
              close();
              ({ journal: book, close } = await journal());
            }
          }
          expect(await verifyChain({ entries: await book.entriesAfter(0) })).toMatchObject({ ok: true });
          const next = await journal({ epoch: 2 });
          await next.journal.append([opened('later')]);
          expect((await next.journal.entriesAfter(0))[0]?.seq).toBe(1);
        }
      ),
      { numRuns: 15 }
    );
  });

  it('does not pretend a write that failed: nothing of it is there, and the chain goes on', async () => {
    const { journal: book } = await journal();
    await book.append([requested('a1')], { strict: true });
    // the same attempt again breaks the store's key: the whole transaction falls
    const failed = await book.append([opened('o9'), requested('a1')], { strict: true });
    expect(failed).toMatchObject({ ok: false, failure: { code: 'write_failed' } });
    expect(await book.order('o9')).toBeUndefined();
    expect((await book.append([opened('o2')])).ok).toBe(true);
    const entries = await book.entriesAfter(0);
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2]);
    expect(await verifyChain({ entries })).toMatchObject({ ok: true });
  });

  it('takes every order number once, across reopenings', async () => {
    const first = await journal();
    expect([first.journal.takeOrderSeq(), first.journal.takeOrderSeq()]).toEqual([1, 2]);
    await first.journal.append([opened('o1')]);
    first.close();
    expect((await journal()).journal.takeOrderSeq()).toBe(3);
  });

  it('takes every order number once, also where the one before it writes until the last moment', async () => {
    const first = await journal();
    const database = await openDatabase({ name: 'till' });
    let looks = 0;
    const second = await openJournal({
      database: {
        ...database,
        async use(work) {
          looks += 1;
          if (looks === 2) {
            first.journal.takeOrderSeq();
            await first.journal.append([opened('o1')]);
          }
          return database.use(work);
        }
      },
      registerId: 'r1',
      epoch: 1,
      writes: { termAtLeast: 0 },
      now: () => 0,
      monotonic: () => 0
    });
    const taken = (await second.order('o1')) === undefined ? 0 : 1;
    expect(second.takeOrderSeq()).toBe(taken + 1);
    database.close();
  });

  it('asks the disk itself where money is concerned', async () => {
    const asked: unknown[] = [];
    const real = IDBDatabase.prototype.transaction;
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      ...args: Parameters<IDBDatabase['transaction']>
    ) {
      if (args[1] === 'readwrite') asked.push(args[2]?.durability);
      return real.apply(this, args);
    });
    const { journal: book } = await journal();
    await book.append([opened('o1')]);
    await book.append([requested('a1')], { strict: true });
    spy.mockRestore();
    // the first is the writer's own number
    expect(asked).toEqual(['strict', 'default', 'strict']);
  });
});

describe('the connection', () => {
  it('gives way to a newer page and then says so, instead of hanging it', async () => {
    const { journal: book } = await journal();
    const newer = await openDB('till', schemaVersion + 1);
    const result = await book.append([opened('o1')]);
    expect(result).toMatchObject({ ok: false, failure: { code: 'newer_version' } });
    newer.close();
  });

  it('is reopened once when the browser closed it', async () => {
    const database = await openDatabase({ name: 'till' });
    const book = await openJournal({
      database,
      registerId: 'r1',
      epoch: 1,
      writes: { termAtLeast: 0 },
      now: () => 0,
      monotonic: () => 0
    });
    await database.use(async (open) => {
      await Promise.resolve();
      if (open.objectStoreNames.length > 0) open.close();
    });
    expect((await book.append([opened('o1')])).ok).toBe(true);
  });

  it('refuses after it was closed', async () => {
    const { journal: book, close } = await journal();
    close();
    expect(await book.append([opened('o1')])).toMatchObject({ ok: false, failure: { code: 'closed' } });
    await expect(book.openAttempts()).rejects.toBeInstanceOf(JournalUnavailable);
  });
});
