import { beforeEach, describe, expect, it } from 'vitest';
import type { Register as Identity } from '$lib/wire/shop';
import { fakeBrowser, session, settle } from './fakes';
import type { Register } from './register.svelte';
import { registerBench } from './register-bench.fixture';

const bench = registerBench();

let identity: Identity;

beforeEach(() => {
  if (session.register === null) throw new Error('no register');
  identity = session.register;
});

/** A page whose server says of this register's journal what a test wants. */
function open(): Promise<Register> {
  return bench.open({
    api: {
      ...bench.server,
      session: () => Promise.resolve({ ok: true as const, value: { ...session, register: identity } }),
      enrolByCode: () => {
        identity = { ...identity, epoch: identity.epoch + 1, journalSeq: 0, lastOrderSeq: 0 };
        return Promise.resolve({ ok: true as const, value: identity });
      }
    },
    // a browser of its own each time
    tabs: fakeBrowser().openTab()
  });
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
