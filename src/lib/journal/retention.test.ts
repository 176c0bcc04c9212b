import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalDatabase } from './database';
import { digestInThisThread } from './digest.fixture';
import type { JournalDraft } from './entries';
import { readExport, writeExport } from './export-file';
import type { Journal } from './journal';
import { openTestJournal, orderDraft, readProjections, requestedDraft, seenDraft } from './journal.fixture';
import { createOutbox } from './outbox';
import { fewestAtOnce, letEntriesGo, type LetGo } from './retention';
import { newestEntries, rebuildProjections, verifyJournal } from './upkeep';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => void vi.restoreAllMocks());

const clock = { now: () => Date.parse('2027-03-01T09:00:00.000Z'), monotonic: () => 1 };

interface Till {
  readonly database: JournalDatabase;
  readonly journal: Journal;
}

function letGo(
  { database, journal }: Till,
  allowed: Record<number, number>,
  keeps: string[] = []
): Promise<LetGo> {
  return letEntriesGo({
    database,
    writer: journal,
    allowed: new Map(Object.entries(allowed).map(([epoch, seq]) => [Number(epoch), seq])),
    keeps: new Set(keeps),
    ...clock
  });
}

function confirm({ database }: Till, epoch: number, upTo: number): Promise<void> {
  return createOutbox({ database, registerId: 'r1' }).confirm({ epoch, upTo });
}

/** Sales that are over: three entries each. */
async function sell({ journal }: Till, from: number, count: number): Promise<void> {
  const sales = Array.from({ length: count }, (_, index) => from + index);
  await journal.append(
    sales.flatMap((sale) => [
      orderDraft(`s${sale}`, 'order_opened'),
      requestedDraft(`p${sale}`, `s${sale}`),
      seenDraft(`p${sale}`, `s${sale}`)
    ])
  );
}

async function append({ journal }: Till, ...drafts: JournalDraft[]): Promise<void> {
  expect((await journal.append(drafts)).ok).toBe(true);
}

async function exported({ database }: Till) {
  const register = { registerId: 'r1', code: 'T1', name: 'Till 1' };
  return readExport(await writeExport({ database, register, exportedAt: '2027-03-01T09:00:00.000Z' }));
}

const counted = ({ database }: Till) => database.use((open) => open.count('entries'));

describe('entries that the server has had for long enough', () => {
  it('leave, and a checkpoint from which the chain is checked and goes on stays', async () => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await confirm(till, 1, 300);
    expect(await letGo(till, { 1: 240 })).toEqual({ ok: true, entries: 240 });
    expect(await counted(till)).toBe(61);
    expect(await verifyJournal({ database: till.database, which: till.journal })).toMatchObject({
      ok: true,
      entries: 61,
      left: 240,
      head: { seq: 301 }
    });
    const [checkpoint] = await newestEntries({
      database: till.database,
      which: till.journal,
      before: null,
      count: 1
    });
    expect(checkpoint).toMatchObject({
      kind: 'checkpoint',
      body: { cuts: [{ epoch: 1, upTo: 240 }], orders: [], attempts: [] }
    });
    // it is new, and goes to the server as any other
    expect(await till.database.use((open) => open.getAllKeys('outbox'))).toEqual([['r1', 1, 301]]);
    await append(till, orderDraft('later', 'order_opened'));
    expect(await verifyJournal({ database: till.database, which: till.journal })).toMatchObject({
      head: { seq: 302 }
    });
  });

  it('take their finished orders along; what is parked, open, goes on or lies on the counter stays', async () => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await append(till, orderDraft('parked', 'order_opened'), orderDraft('parked', 'order_parked'));
    await append(till, orderDraft('cleared', 'order_opened'), orderDraft('cleared', 'order_cleared'));
    await append(till, orderDraft('open', 'order_opened'), requestedDraft('a-open', 'open'));
    await append(till, orderDraft('counter', 'order_opened'));
    await append(till, orderDraft('late', 'order_opened'), requestedDraft('a-late', 'late'));
    await append(till, seenDraft('a-late', 'late', 3));
    await append(till, orderDraft('onwards', 'order_opened'));
    const last = 300 + 2 + 2 + 2 + 1 + 3 + 1;
    await append(till, orderDraft('onwards', 'order_given_free'), seenDraft('a-late', 'late', 5));
    await confirm(till, 1, last + 2);
    const before = await readProjections(till.database);
    expect(await letGo(till, { 1: last }, ['counter'])).toEqual({ ok: true, entries: last });
    const after = await readProjections(till.database);
    expect(after.orders.map(({ orderId }) => orderId)).toEqual([
      'counter',
      'late',
      'onwards',
      'open',
      'parked'
    ]);
    expect(after.attempts.map(({ attemptId }) => attemptId)).toEqual(['a-late', 'a-open']);
    for (const record of after.orders) expect(before.orders).toContainEqual(record);
    for (const record of after.attempts) expect(before.attempts).toContainEqual(record);
    await till.database.use((open) => open.clear('orders'));
    await rebuildProjections({ database: till.database, writer: till.journal });
    expect(await readProjections(till.database)).toEqual(after);
  });

  it('leave again and again: the newest checkpoint holds what older ones held and is not over', async () => {
    const till = await openTestJournal();
    await append(till, orderDraft('parked', 'order_opened'), orderDraft('parked', 'order_parked'));
    await sell(till, 0, 50);
    await confirm(till, 1, 152);
    expect(await letGo(till, { 1: 152 })).toMatchObject({ ok: true });
    await sell(till, 50, 50);
    await confirm(till, 1, 303);
    // the checkpoint before, 153, leaves as well
    expect(await letGo(till, { 1: 300 })).toEqual({ ok: true, entries: 148 });
    await till.database.use((open) => open.clear('orders'));
    await rebuildProjections({ database: till.database, writer: till.journal });
    expect(await till.journal.waitingOrders()).toMatchObject([{ orderId: 'parked' }]);
    await append(till, orderDraft('parked', 'order_resumed'));
    expect((await till.journal.order('parked'))?.events).toHaveLength(3);
  });

  it('of an epoch before leave first, wholly, and its chain’s end is still known', async () => {
    const first = await openTestJournal();
    await sell(first, 0, 40);
    await append(first, orderDraft('parked', 'order_opened'), orderDraft('parked', 'order_parked'));
    const second = await openTestJournal(2);
    await append(second, orderDraft('parked', 'order_resumed'));
    await sell(second, 40, 40);
    await confirm(second, 1, 122);
    await confirm(second, 2, 121);
    expect(await letGo(second, { 2: 121 })).toEqual({ ok: false, reason: 'few' });
    expect(await letGo(second, { 1: 122, 2: 31 }, ['parked'])).toEqual({ ok: true, entries: 153 });
    expect(await second.database.use((open) => open.get('meta', ['r1', 1]))).toMatchObject({ seq: 122 });
    expect((await second.journal.order('parked'))?.events).toHaveLength(3);
    const before = await readProjections(second.database);
    await rebuildProjections({ database: second.database, writer: second.journal });
    expect(await readProjections(second.database)).toEqual(before);
    expect(await exported(second)).toMatchObject({ ok: true });
  });

  it('are missing at the front of an exported file, which says so itself; cut off further it is not believed', async () => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await confirm(till, 1, 300);
    await letGo(till, { 1: 200 });
    const read = await exported(till);
    expect(read.ok && read.journal.entries.map(({ seq }) => seq)[0]).toBe(201);
    await till.database.use((open) => open.delete('entries', ['r1', 1, 201]));
    expect(await exported(till)).toMatchObject({ ok: false, reason: 'gap' });
  });
});

describe('entries', () => {
  it.each([
    ['few', 'that are few', 99, 300],
    ['waits', 'of which the server has not confirmed one', 300, 299]
  ] as const)('stay (%s) %s', async (reason, _what, allowed, confirmed) => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await confirm(till, 1, confirmed);
    expect(fewestAtOnce).toBe(100);
    expect(await letGo(till, { 1: allowed })).toEqual({ ok: false, reason });
    expect(await counted(till)).toBe(300);
  });

  it('stay where what is not over would make a checkpoint too large, counted in bytes', async () => {
    const till = await openTestJournal();
    const names = Array.from({ length: 20 }, (_, index) => `${index}${'€'.repeat(1000)}`);
    for (const name of names)
      await append(till, orderDraft(name, 'order_opened'), orderDraft(name, 'order_parked'));
    await sell(till, 0, 100);
    await confirm(till, 1, 340);
    expect(await letGo(till, { 1: 340 })).toEqual({ ok: false, reason: 'not_over' });
    expect(await counted(till)).toBe(340);
  });

  it('stay where one of them was changed: they are evidence', async () => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await confirm(till, 1, 300);
    await till.database.use(async (open) => {
      const entry = await open.get('entries', ['r1', 1, 7]);
      if (entry !== undefined) await open.put('entries', { ...entry, orderId: 'other' });
    });
    expect(await letGo(till, { 1: 200 })).toEqual({ ok: false, reason: 'not_whole' });
    expect(await counted(till)).toBe(300);
  });

  it('stay where a tab that was replaced would let them go', async () => {
    const old = await openTestJournal();
    await sell(old, 0, 100);
    await confirm(old, 1, 300);
    await openTestJournal();
    expect(await letGo(old, { 1: 200 })).toEqual({ ok: false, reason: 'moved' });
    expect(await counted(old)).toBe(300);
  });

  it('can’t be made anew from, nor checked, where the checkpoint is gone: the lists stay as they are', async () => {
    const till = await openTestJournal();
    await sell(till, 0, 100);
    await confirm(till, 1, 300);
    await letGo(till, { 1: 200 });
    const before = await readProjections(till.database);
    await till.database.use((open) => open.delete('entries', ['r1', 1, 301]));
    await expect(rebuildProjections({ database: till.database, writer: till.journal })).rejects.toMatchObject(
      {
        name: 'JournalUnavailable'
      }
    );
    expect(await readProjections(till.database)).toEqual(before);
    expect(await verifyJournal({ database: till.database, which: till.journal })).toMatchObject({
      ok: false
    });
  });
});

const step = fc.record({
  order: fc.nat({ max: 5 }),
  act: fc.constantFrom('open', 'park', 'resume', 'clear', 'free', 'pay', 'end', 'end_older'),
  /** Entries leave after it, up to this part of what there is. */
  leaves: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 })
});

describe('whatever happened before and after entries left', () => {
  it('the lists made anew are the same, the chain is whole, and no event of a kept order is lost', async () => {
    digestInThisThread();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        globalThis.indexedDB = new IDBFactory();
        const till = await openTestJournal();
        const whole = { paid: new Set<string>(), sold: 0 };
        let orders = 0;
        const names = new Map<number, string>();
        for (const { order, act, leaves } of steps) {
          const drafts: JournalDraft[] = [];
          const name = names.get(order);
          if (act === 'open' || name === undefined) {
            orders += 1;
            names.set(order, `o${orders}`);
            drafts.push(orderDraft(`o${orders}`, 'order_opened'));
          } else if (act === 'park') drafts.push(orderDraft(name, 'order_parked'));
          else if (act === 'resume') drafts.push(orderDraft(name, 'order_resumed'));
          else if (act === 'clear') drafts.push(orderDraft(name, 'order_cleared'));
          else if (act === 'free') drafts.push(orderDraft(name, 'order_given_free'));
          else if (act === 'end') drafts.push(seenDraft(`a${name}`, name, 3));
          else if (act === 'end_older') drafts.push(seenDraft(`a${name}`, name, 2));
          else if (!whole.paid.has(name)) {
            whole.paid.add(name);
            drafts.push(requestedDraft(`a${name}`, name));
          }
          if (drafts.length > 0) await append(till, ...drafts);
          if (leaves === null) continue;
          // enough that is over for a checkpoint to be worth it
          await sell(till, whole.sold, 35);
          whole.sold += 35;
          const meta = await till.database.use((open) => open.get('meta', ['r1', 1]));
          const seq = meta?.seq ?? 0;
          await confirm(till, 1, seq);
          // as the counter does it: what is neither parked nor over lies on it
          await letGo(till, { 1: Math.floor(seq * leaves) }, [...names.values()]);
        }
        const before = await readProjections(till.database);
        for (const name of names.values()) {
          expect(before.orders.map(({ orderId }) => orderId)).toContain(name);
        }
        await till.database.use((open) => open.clear('orders'));
        await till.database.use((open) => open.clear('attempts'));
        await rebuildProjections({ database: till.database, writer: till.journal });
        expect(await readProjections(till.database)).toEqual(before);
        expect(await verifyJournal({ database: till.database, which: till.journal })).toMatchObject({
          ok: true
        });
        expect((await exported(till)).ok).toBe(true);
        till.database.close();
      }),
      { numRuns: 25 }
    );
  }, 60_000);
});
