import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openVersion2 } from '$lib/journal/journal.fixture';
import { fakeChanges } from './fake-changes';
import {
  fakeBrowser,
  fakeServer,
  fakeSounds,
  handClock,
  settle,
  silentRoads,
  type FakeServer
} from './fakes';
import { randomId } from './ports';
import { Register } from './register.svelte';

let server: FakeServer;
let register: Register;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  server = fakeServer();
  register = new Register({
    api: server,
    clock: handClock(),
    newId: randomId,
    sounds: fakeSounds(),
    databaseName: 'till',
    tabs: fakeBrowser().openTab(),
    changes: fakeChanges(),
    roads: silentRoads()
  });
});
afterEach(async () => {
  await register.stop();
  vi.restoreAllMocks();
});

it('a browser that gives no database sells nothing and says so; it is asked again, and then it sells', async () => {
  const refuses = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('private browsing', 'SecurityError');
  });
  await register.start();
  expect(register.phase).toBe('journal_failed');
  register.scan('4006381333931');
  await settle();
  expect(server.requests).toEqual([]);
  expect(register.phase).toBe('journal_failed');

  refuses.mockRestore();
  await register.start();
  expect(register.phase).toBe('ready');
});

it('a tab with an older version that keeps the database is named, and selling begins when it is closed', async () => {
  const old = await openVersion2();
  const starting = register.start();
  await vi.waitFor(() => expect(register.databaseBlocked).toBe(true));
  expect(register.phase).toBe('starting');

  old.close();
  await starting;
  expect([register.phase, register.databaseBlocked]).toEqual(['ready', false]);
});
