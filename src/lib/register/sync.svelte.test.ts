import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from '$lib/chain/entry';
import { verifyChain } from '$lib/chain/verify';
import { openDatabase, type JournalDatabase } from '$lib/journal/database';
import type { Checkpoint } from '$lib/journal/entries';
import { openJournal, type Journal } from '$lib/journal/journal';
import { createOutbox } from '$lib/journal/outbox';
import type { JournalStanding, SendJournal } from '$lib/wire/journal';
import type { ApiResult } from './api';
import { handClock, refusal, settle, silence, type HandClock } from './fakes';
import type { JournalApi } from './journal-api';
import { letOldGo } from './let-old-go';
import { Sync, pauseMs } from './sync.svelte';

/** A server that keeps a chain for each epoch, as the real one does. */
class FakeJournals implements JournalApi {
  readonly kept = new Map<number, JournalEntry[]>();
  readonly batches: SendJournal[] = [];
  asked = 0;
  offline = false;
  refuses = false;
  /** Bytes of a request; what is larger is turned away. */
  takesBytes = Infinity;
  /** Where a chain goes on after a checkpoint. */
  readonly from = new Map<number, number>();
  /** By epoch, what need not be kept at the register. */
  readonly mayLeave = new Map<number, number>();
  /** Does not believe this number. */
  distrusts: number | null = null;
  /** Dies after it has kept so many entries of a batch: no answer comes. */
  diesAfter: number | null = null;

  async standing(epoch: number): Promise<ApiResult<JournalStanding>> {
    this.asked += 1;
    await Promise.resolve();
    return this.#answer(epoch);
  }

  async send(batch: SendJournal, signal: AbortSignal): Promise<ApiResult<JournalStanding>> {
    await Promise.resolve();
    if (this.offline || signal.aborted) return silence;
    if (Buffer.byteLength(JSON.stringify(batch)) > this.takesBytes) return refusal('too_large', 413);
    this.batches.push(batch);
    const chain = this.#chain(batch.epoch);
    if (batch.checkpoint !== undefined) {
      const { cuts } = (batch.checkpoint as { body: Checkpoint }).body;
      for (const cut of cuts) this.from.set(cut.epoch, cut.upTo);
      chain.length = 0;
    }
    for (const entry of batch.entries as JournalEntry[]) {
      if (this.diesAfter === 0) {
        this.diesAfter = null;
        return silence;
      }
      if (entry.seq === this.distrusts) return this.#answer(batch.epoch, entry.seq);
      if (entry.seq !== (chain.at(-1)?.seq ?? this.from.get(batch.epoch) ?? 0) + 1) continue;
      chain.push(entry);
      if (this.diesAfter !== null) this.diesAfter -= 1;
    }
    return this.#answer(batch.epoch);
  }

  #chain(epoch: number): JournalEntry[] {
    const chain = this.kept.get(epoch) ?? [];
    this.kept.set(epoch, chain);
    return chain;
  }

  #answer(epoch: number, stoppedAt: number | null = null): ApiResult<JournalStanding> {
    if (this.offline) return silence;
    if (this.refuses) return refusal('register_replaced');
    const last = this.#chain(epoch).at(-1);
    return {
      ok: true,
      value: {
        registerId: 'r1',
        epoch,
        lastSeq: last?.seq ?? this.from.get(epoch) ?? 0,
        lastHash: last?.hash ?? null,
        mayLeaveUpTo: this.mayLeave.get(epoch) ?? 0,
        stopped: stoppedAt === null ? null : { seq: stoppedAt, reason: 'wrong_hash' }
      }
    };
  }
}

let clock: HandClock;
let database: JournalDatabase;
let journal: Journal;
let server: FakeJournals;
let sync: Sync;
let mayLetGo: boolean;
let left: number[];

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  clock = handClock();
  database = await openDatabase({ name: 'till' });
  journal = await open(1);
  server = new FakeJournals();
  mayLetGo = true;
  left = [];
  sync = createSync();
});
afterEach(async () => {
  await sync.stop();
  database.close();
});

function open(epoch: number): Promise<Journal> {
  return openJournal({
    database,
    registerId: 'r1',
    epoch,
    writes: { termAtLeast: 0 },
    now: () => clock.now(),
    monotonic: () => clock.monotonic()
  });
}

function createSync(): Sync {
  return new Sync({
    outbox: createOutbox({ database, registerId: 'r1' }),
    api: server,
    clock,
    random: () => 0,
    onAllThere: async (mayLeave) => {
      const onCounter = () => null;
      left.push(await letOldGo({ database, journal, clock, mayLeave, mayNow: () => mayLetGo, onCounter }));
      if (left.at(-1) !== 0) sync.wake();
    }
  });
}

let orders = 0;
async function write(count: number, into = journal, name = 'Rosa'): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    orders += 1;
    const orderId = `o${orders}`;
    const appended = await into.append([
      {
        kind: 'order_event',
        orderId,
        body: {
          kind: 'order_opened',
          at: '2026-11-23T09:00:00.000Z',
          by: { staffId: 's', name },
          orderId,
          number: `T1-${String(orders).padStart(4, '0')}`,
          registerId: 'r1',
          epoch: into.epoch,
          currency: 'EUR',
          taxMode: 'included'
        }
      }
    ]);
    expect(appended.ok).toBe(true);
  }
}

const outboxSize = () => database.use((opened) => opened.count('outbox'));
const entriesHere = () => database.use((opened) => opened.count('entries'));
const seqs = (epoch = 1) => (server.kept.get(epoch) ?? []).map(({ seq }) => seq);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the journal on its way to the server', () => {
  it('arrives in batches, in order; confirmed numbers leave the outbox, entries stay', async () => {
    await write(250);
    sync.start();
    await clock.turn(0);
    expect(server.batches.map(({ entries }) => entries.length)).toEqual([100, 100, 50]);
    expect(await verifyChain({ entries: server.kept.get(1) ?? [] })).toMatchObject({ ok: true });
    expect(await outboxSize()).toBe(0);
    expect(await entriesHere()).toBe(250);
    expect(sync).toMatchObject({ waiting: 0, trouble: null, sending: false, lastSuccessAtMs: clock.now() });
  });

  it('arrives in batches that are small enough, counted in bytes', async () => {
    await write(9, journal, '€'.repeat(30_000));
    await write(2);
    server.takesBytes = 512 * 1024;
    sync.start();
    await clock.turn(0);
    expect(server.batches.map(({ entries }) => entries.length)).toEqual([2, 2, 2, 2, 3]);
    expect(seqs()).toEqual(upTo(11));
    expect(sync).toMatchObject({ waiting: 0, trouble: null });
  });

  it('arrives in ever smaller batches where less is let through', async () => {
    await write(10, journal, 'x'.repeat(1000));
    server.takesBytes = 4000;
    sync.start();
    await clock.turn(0);
    expect(server.batches.map(({ entries }) => entries.length)).toEqual([2, 2, 2, 2, 2]);
    expect(sync).toMatchObject({ waiting: 0, trouble: null });
  });

  it('says with each batch how many wait', async () => {
    await write(120);
    sync.start();
    await clock.turn(0);
    expect(server.batches.map(({ waiting }) => waiting)).toEqual([120, 20]);
  });

  it('goes on with what is written while it sends, and gathers what follows closely', async () => {
    await write(3);
    sync.start();
    await clock.turn(0);
    await write(1);
    sync.wake();
    await write(1);
    await clock.turn(1000);
    expect(server.batches.map(({ entries }) => entries.length)).toEqual([3, 2]);
    expect(seqs()).toEqual(upTo(5));
  });

  it('waits without a network, longer each time, and goes at once when it is back', async () => {
    server.offline = true;
    await write(2);
    sync.start();
    await clock.turn(0);
    expect(sync).toMatchObject({ trouble: 'no_answer', waiting: 2, lastSuccessAtMs: null });
    const before = server.asked;
    await clock.turn(1000);
    await clock.turn(2000);
    await clock.turn(4000);
    expect(server.asked - before).toBe(3);
    await clock.turn(3999);
    expect(server.asked - before).toBe(3);
    server.offline = false;
    sync.wake();
    await settle();
    expect(sync).toMatchObject({ trouble: null, waiting: 0 });
    expect(seqs()).toEqual([1, 2]);
  });

  it('sends again what a server that died in mid-batch did not keep, and nothing twice', async () => {
    await write(30);
    server.diesAfter = 12;
    sync.start();
    await clock.turn(0);
    expect(seqs()).toEqual(upTo(12));
    expect(sync).toMatchObject({ trouble: 'no_answer', waiting: 30 });
    await clock.turn(1000);
    expect(server.batches[1]?.entries).toHaveLength(18);
    expect(seqs()).toEqual(upTo(30));
    expect(sync).toMatchObject({ trouble: null, waiting: 0 });
  });

  it('gives a server that was restored from a backup everything again from there', async () => {
    await write(10);
    sync.start();
    await clock.turn(0);
    expect(await outboxSize()).toBe(0);
    server.kept.get(1)?.splice(4);
    await clock.turn(5 * 60_000);
    expect(seqs()).toEqual(upTo(10));
  });

  it('brings what an earlier epoch still holds as well, before the new one', async () => {
    await write(2);
    const second = await open(2);
    await write(3, second);
    sync.start();
    await clock.turn(0);
    expect(server.batches.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect([seqs(1), seqs(2)]).toEqual([upTo(2), upTo(3)]);
    expect(sync.waiting).toBe(0);
  });

  it('ends with its page: the request under way is let go, and a new start sends it again', async () => {
    await write(1);
    sync.start();
    await sync.stop();
    await write(1);
    sync = createSync();
    sync.start();
    await clock.turn(0);
    expect(seqs()).toEqual([1, 2]);
  });
});

describe('what the server has had for long enough', () => {
  it('leaves the browser, as much of it as the server says, and a checkpoint is sent', async () => {
    await write(250);
    server.mayLeave.set(1, 180);
    sync.start();
    await clock.turn(0);
    await vi.waitFor(() => expect(left).toEqual([180]));
    expect(await entriesHere()).toBe(71);
    await clock.turn(1000);
    await vi.waitFor(() => expect(seqs()).toEqual(upTo(251)));
    expect(server.kept.get(1)?.at(-1)).toMatchObject({ kind: 'checkpoint' });
    expect(await outboxSize()).toBe(0);
  });

  it('stays while a payment is at the counter, and leaves at a later look', async () => {
    await write(150);
    server.mayLeave.set(1, 150);
    mayLetGo = false;
    sync.start();
    await clock.turn(0);
    await vi.waitFor(() => expect(left).toEqual([0]));
    expect(await entriesHere()).toBe(150);
    mayLetGo = true;
    await clock.turn(5 * 60_000);
    await vi.waitFor(() => expect(left).toEqual([0, 150]));
    expect(await entriesHere()).toBe(1);
  });

  it('does not stop the chain where the server is restored from before it: the checkpoint tells how it goes on', async () => {
    await write(250);
    server.mayLeave.set(1, 200);
    sync.start();
    await clock.turn(0);
    await vi.waitFor(() => expect(left).toEqual([200]));
    await clock.turn(1000);
    await vi.waitFor(() => expect(seqs()).toEqual(upTo(251)));
    server.mayLeave.clear();
    server.kept.get(1)?.splice(40);
    await write(1);
    await clock.turn(5 * 60_000);
    await vi.waitFor(() => expect(seqs().at(-1)).toBe(252));
    expect(server.batches.at(-1)).toMatchObject({ checkpoint: { kind: 'checkpoint' } });
    expect(seqs()).toEqual(upTo(252).slice(200));
    await vi.waitFor(() => expect(sync).toMatchObject({ trouble: null, waiting: 0 }));
  });

  it('of an epoch before is given again to a server that was restored from before it', async () => {
    await write(3);
    journal = await open(2);
    await write(1);
    sync.start();
    await clock.turn(0);
    server.kept.get(1)?.splice(1);
    await clock.turn(5 * 60_000);
    expect(seqs(1)).toEqual([1, 2, 3]);
  });
});

describe('a chain that cannot go on', () => {
  it('stands still at an entry that the server does not believe, and says so', async () => {
    await write(3);
    server.distrusts = 2;
    sync.start();
    await clock.turn(0);
    expect(sync).toMatchObject({ trouble: 'stopped', waiting: 2 });
    const sent = server.batches.length;
    await clock.turn(60_000);
    expect(server.batches).toHaveLength(sent);
    expect(await entriesHere()).toBe(3);
  });

  it('is one that the server knows otherwise: nothing of it is confirmed', async () => {
    await write(2);
    const other = [...(await journal.entriesAfter(0))].map((entry) => ({ ...entry, hash: 'f'.repeat(64) }));
    server.kept.set(1, other);
    await write(1);
    sync.start();
    await clock.turn(0);
    expect(sync).toMatchObject({ trouble: 'stopped', waiting: 3 });
    expect(server.batches).toEqual([]);
  });

  it('is one that this browser has lost', async () => {
    await write(1);
    const [entry] = await journal.entriesAfter(0);
    if (entry === undefined) throw new Error('nothing was written');
    server.kept.set(1, [entry, { ...entry, seq: 2 }]);
    sync.start();
    await clock.turn(0);
    expect(sync).toMatchObject({ trouble: 'lost', waiting: 1 });
  });

  it('is one with an entry that is too large: all before it arrives, and it says so', async () => {
    await write(3);
    await write(1, journal, 'x'.repeat(300_000));
    await write(1);
    server.takesBytes = 200_000;
    sync.start();
    await clock.turn(0);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(sync).toMatchObject({ trouble: 'too_large', waiting: 2 });
    const { asked } = server;
    await clock.turn(60_000);
    expect(server.asked).toBe(asked);
  });

  it('does not hold back another epoch', async () => {
    await write(2);
    server.distrusts = 1;
    const second = await open(2);
    sync.start();
    await clock.turn(0);
    server.distrusts = null;
    await write(2, second);
    expect(sync.trouble).toBe('stopped');
    sync.wake();
    await clock.turn(1000);
    expect(seqs(2)).toEqual([1, 2]);
  });

  it('says where this browser is no register any more', async () => {
    await write(1);
    server.refuses = true;
    sync.start();
    await clock.turn(0);
    expect(sync).toMatchObject({ trouble: 'refused', waiting: 1 });
  });
});

describe('pauses', () => {
  it('double up to a minute, and chance takes up to half', () => {
    expect([1, 2, 3, 7, 50].map((failures) => pauseMs(failures, 0))).toEqual([
      1000, 2000, 4000, 60_000, 60_000
    ]);
    expect(pauseMs(3, 1)).toBe(2000);
  });
});
