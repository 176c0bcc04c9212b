/**
 * What a register's tests stand on: a browser with a disk of its own, a server, a stream of changes, a clock that is turned
 * by hand. All of it is new for each test, and every register that a test opened is stopped after it.
 */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, vi } from 'vitest';
import type { JournalEntry } from '$lib/chain/entry';
import { openDatabase } from '$lib/journal/database';
import { digestInThisThread } from '$lib/journal/digest.fixture';
import { openJournal } from '$lib/journal/journal';
import { fakeChanges, type FakeChanges } from './fake-changes';
import {
  fakeBrowser,
  fakeServer,
  fakeSounds,
  handClock,
  settle,
  silentRoads,
  type FakeBrowser,
  type FakeServer,
  type HandClock
} from './fakes';
import { randomId } from './ports';
import { Register, type RegisterParts } from './register.svelte';
// fetched by the register when they are needed: here they are there at once
import './move-cash';
import './offline-pins';
import './sales';

/** A shopper's payment code. */
export const code = '281234567890120000';
/** 2.50 */
export const cola = '4006381333931';
/** 1.00 */
export const gum = '5449000000996';

export interface RegisterBench {
  readonly server: FakeServer;
  readonly clock: HandClock;
  readonly sounds: ReturnType<typeof fakeSounds>;
  readonly browser: FakeBrowser;
  readonly changes: FakeChanges;
  /** Opens the register in a new tab and starts it; its scanner lies in the hand. */
  open(change?: Partial<RegisterParts>): Promise<Register>;
  /** Scans one after the other, each until nothing more comes of it. */
  scan(register: Register, ...texts: string[]): Promise<void>;
  /** What the journal of epoch 1 has. */
  entries(): Promise<readonly JournalEntry[]>;
  /** From now on the journal writes nothing, until what is returned is called. */
  holdWriting(): () => void;
  /** From now on nothing can be written: the disk is full. */
  fillDisk(): void;
}

/** To be called once, at the top of a test file. */
export function registerBench(): RegisterBench {
  let server: FakeServer;
  let clock: HandClock;
  let sounds: ReturnType<typeof fakeSounds>;
  let browser: FakeBrowser;
  let changes: FakeChanges;
  let registers: Register[];
  let mayWrite: Promise<void>;

  beforeEach(() => {
    mayWrite = Promise.resolve();
    digestInThisThread(() => mayWrite);
    globalThis.indexedDB = new IDBFactory();
    server = fakeServer();
    clock = handClock();
    sounds = fakeSounds();
    browser = fakeBrowser();
    changes = fakeChanges();
    registers = [];
  });
  afterEach(async () => {
    for (const register of registers) await register.stop();
    vi.restoreAllMocks();
  });

  return {
    get server() {
      return server;
    },
    get clock() {
      return clock;
    },
    get sounds() {
      return sounds;
    },
    get browser() {
      return browser;
    },
    get changes() {
      return changes;
    },
    async open(change = {}) {
      const register = new Register({
        api: server,
        clock,
        newId: randomId,
        sounds,
        databaseName: 'till',
        tabs: browser.openTab(),
        changes,
        roads: silentRoads(),
        ...change
      });
      registers.push(register);
      await register.start();
      if (register.phase === 'ready') register.saveSettings({ scannerPlace: 'hand' });
      return register;
    },
    async scan(register, ...texts) {
      for (const text of texts) {
        register.scan(text);
        await settle();
      }
    },
    async entries() {
      const database = await openDatabase({ name: 'till' });
      const journal = await openJournal({
        database,
        registerId: 'r1',
        epoch: 1,
        now: () => 0,
        monotonic: () => 0,
        writes: null
      });
      const all = await journal.entriesAfter(0);
      database.close();
      return all;
    },
    holdWriting() {
      let goOn: () => void = () => undefined;
      mayWrite = new Promise((resolve) => {
        goOn = resolve;
      });
      return goOn;
    },
    fillDisk() {
      vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
        throw new DOMException('no space', 'QuotaExceededError');
      });
    }
  };
}
