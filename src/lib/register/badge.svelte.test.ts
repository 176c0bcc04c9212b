import { beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { createKept } from '$lib/journal/kept';
import { leesBadge, type FakeServer } from './fakes';
import type { Register, SignInResult } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;
const unknownBadge = 'STAFF-9999999999999999';

let server: FakeServer;
beforeEach(() => {
  ({ server } = bench);
});

/** As the screen that asks who is selling does: it has the badges while it stands. */
function showLock(register: Register) {
  const said: SignInResult[] = [];
  const giveBack = register.giveScansTo({
    mode: 'badge',
    take: ({ scan: badge }) =>
      void register.people.takeOverByBadge(badge.text).then((answer) => said.push(answer))
  });
  return { said, giveBack };
}

async function openLocked() {
  const register = await open();
  await scan(register, cola);
  register.people.lock();
  return { register, ...showLock(register) };
}

describe('a badge at a till that asks who is selling', () => {
  test('lets its person in over the order that stands there, and is written down nowhere', async () => {
    const { register, said, giveBack } = await openLocked();
    await scan(register, leesBadge);
    expect(said).toEqual([{ ok: true }]);
    expect([register.people.locked, register.people.proven]).toEqual([false, true]);
    giveBack();
    await scan(register, gum);
    expect(register.order.totals.totalMinor).toBe(350);
    const events = (await bench.entries()).map(({ body }) => body);
    expect(JSON.stringify(events.at(-1))).toContain('Lee');
    const database = await openDatabase({ name: 'till' });
    const kept = await Promise.all(
      (['session', 'settings', 'offlinePins', 'scanners'] as const).map((name) =>
        createKept(database).read(name)
      )
    );
    database.close();
    expect(JSON.stringify([events, kept])).not.toContain(leesBadge);
  });

  test('that is wrong changes nothing, with a sound and the server’s words', async () => {
    const { register, said } = await openLocked();
    await scan(register, unknownBadge);
    expect(said).toMatchObject([{ ok: false, reason: 'wrong' }]);
    expect(bench.sounds.played.at(-1)).toBe('unknown');
    expect(register.people.locked).toBe(true);
    expect(register.order.totals.totalMinor).toBe(250);
  });

  test('is all that is taken of scans there: products, payment codes and receipts are told as before', async () => {
    const { register, said } = await openLocked();
    await scan(register, gum, code, 'T1-0001', 'STAFF-1');
    expect(said).toEqual([]);
    expect(register.notice).toBe('locked');
    expect(register.order.totals.totalMinor).toBe(250);
    expect(server.requests).toEqual([]);
    await scan(register, leesBadge);
    expect(register.notice, 'what was said before is over').toBeNull();
    expect(register.people.locked).toBe(false);
  });

  test('asks for the PIN where Till can’t be reached: found out by it, or known before', async () => {
    const { register, said } = await openLocked();
    server.offline = true;
    await scan(register, leesBadge);
    register.networkIsGone();
    await scan(register, leesBadge);
    expect(said).toEqual([
      { ok: false, reason: 'badge_offline', detail: null },
      { ok: false, reason: 'badge_offline', detail: null }
    ]);
    expect(register.people.locked).toBe(true);
    expect(register.people.namedOffline).toBe(false);
  });

  test('while a session has ended lets its person in, and the order goes on', async () => {
    const register = await open();
    await scan(register, cola);
    server.staff = null;
    await bench.clock.turn(30_000);
    expect(register.people.sessionEnded).toBe(true);
    const { said } = showLock(register);
    await scan(register, leesBadge);
    expect(said).toEqual([{ ok: true }]);
    expect([register.phase, register.people.locked]).toEqual(['ready', false]);
    expect(register.order.totals.totalMinor).toBe(250);
  });
});
