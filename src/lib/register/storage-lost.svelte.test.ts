import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Register as Identity } from '$lib/wire/shop';
import { fakeChanges } from './fake-changes';
import {
  fakeBrowser,
  fakeServer,
  fakeSounds,
  handClock,
  session,
  settle,
  silentRoads,
  type FakeServer
} from './fakes';
import { randomId } from './ports';
import { Register } from './register.svelte';

let server: FakeServer;
let identity: Identity;
let registers: Register[];

beforeEach(() => {
  // the browser's digest comes from another thread, at no time that a test could know
  vi.spyOn(crypto.subtle, 'digest').mockImplementation((_algorithm, bytes) => {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes were expected');
    return Promise.resolve(new Uint8Array(createHash('sha256').update(bytes).digest()).buffer);
  });
  globalThis.indexedDB = new IDBFactory();
  server = fakeServer();
  registers = [];
  if (session.register === null) throw new Error('no register');
  identity = session.register;
});
afterEach(async () => {
  for (const register of registers) await register.stop();
  vi.restoreAllMocks();
});

/** A page whose server says of this register's journal what a test wants. */
async function open(): Promise<Register> {
  const api = {
    ...server,
    session: () => Promise.resolve({ ok: true as const, value: { ...session, register: identity } }),
    enrolByCode: () => {
      identity = { ...identity, epoch: identity.epoch + 1, journalSeq: 0, lastOrderSeq: 0 };
      return Promise.resolve({ ok: true as const, value: identity });
    }
  };
  const register = new Register({
    api,
    clock: handClock(),
    newId: randomId,
    sounds: fakeSounds(),
    databaseName: 'till',
    tabs: fakeBrowser().openTab(),
    changes: fakeChanges(),
    roads: silentRoads()
  });
  registers.push(register);
  await register.start();
  return register;
}

describe('a browser that has less of its journal than the server', () => {
  it('sells nothing, and goes on as the same till in a new epoch by a manager’s code, with numbers of its own', async () => {
    identity = { ...identity, journalSeq: 12 };
    const register = await open();
    expect(register.phase).toBe('storage_lost');
    register.scan('4006381333931');
    await settle();
    expect(register.phase).toBe('storage_lost');

    expect(await register.enrolByCode('ABCD-EFGH')).toEqual({ ok: true });
    expect(register.phase).toBe('ready');
    register.scan('4006381333931');
    await settle();
    expect(register.order.order?.number).toBe('T1.2-0001');
  });

  it('is one that has any fewer; one that has all of it, or more, sells', async () => {
    identity = { ...identity, journalSeq: 0 };
    const first = await open();
    first.scan('4006381333931');
    await settle();
    expect(first.phase).toBe('ready');
    await first.stop();

    // two entries: begun, and a line
    identity = { ...identity, journalSeq: 2 };
    expect((await open()).phase).toBe('ready');
    identity = { ...identity, journalSeq: 3 };
    expect((await open()).phase).toBe('storage_lost');
  });
});
