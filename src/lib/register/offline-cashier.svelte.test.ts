import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { createKept } from '$lib/journal/kept';
import { settle, type FakeServer, type HandClock } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

let server: FakeServer;
let clock: HandClock;

const leesPin = { staffId: 's2', pin: '2222' };

beforeEach(() => {
  ({ server, clock } = bench);
  server.peopleHere = () =>
    Promise.resolve(
      server.offline
        ? { ok: false, problem: null, status: null, offline: true }
        : { ok: true, value: [{ staffId: 's2', name: 'Lee', pinSetAtMs: 7 }] }
    );
});

/** Lee takes over once with a network: from then on this register knows the PIN. */
async function openKnowingLee(): Promise<Register> {
  const register = await open();
  register.people.lock();
  await register.people.whoMayTakeOver();
  expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
  return register;
}

async function restart(register: Register): Promise<Register> {
  await register.stop();
  return open();
}

async function sellForCash(register: Register): Promise<void> {
  await scan(register, cola);
  register.charge();
  register.till.open();
  void register.till.takeCash(1000);
  await settle();
  expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 750 });
  register.counter.next();
}

async function written() {
  return (await bench.entries()).filter(({ kind }) => kind === 'order_event').map(({ body }) => body);
}

async function kept(): Promise<string> {
  const database = await openDatabase({ name: 'till' });
  const all = await Promise.all(
    (['session', 'settings', 'offlinePins'] as const).map((name) => createKept(database).read(name))
  );
  database.close();
  return JSON.stringify(all);
}

describe('a start without a network', () => {
  test('asks the last cashier for their PIN, and what they sell for cash is marked', async () => {
    let register = await openKnowingLee();
    server.offline = true;
    register = await restart(register);
    expect(register.people.locked).toBe(true);
    await scan(register, cola);
    expect(await register.people.takeOver({ staffId: 's2', pin: '0000' })).toMatchObject({
      ok: false,
      reason: 'wrong_offline'
    });
    expect(await register.people.whoMayTakeOver()).toEqual([{ staffId: 's2', name: 'Lee' }]);
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    expect(register.people.locked).toBe(false);
    expect(register.staff).toMatchObject({ name: 'Lee', role: 'cashier' });
    await sellForCash(register);
    const events = await written();
    expect(events.map(({ kind }) => kind)).toEqual(['order_opened', 'line_added', 'cash_tendered']);
    for (const { by } of events) expect(by).toEqual({ staffId: 's2', name: 'Lee', offline: 'pin' });
    expect(await kept(), 'the PIN is kept nowhere').not.toContain('2222');
  });

  test('goes on under the last name, marked, where this register knows no PIN of theirs', async () => {
    let register = await open();
    server.offline = true;
    register = await restart(register);
    expect(register.people.locked).toBe(false);
    await sellForCash(register);
    expect((await written()).map(({ by }) => by)).toEqual(
      Array.from({ length: 3 }, () => ({ staffId: 's1', name: 'Rosa', offline: 'last' }))
    );
    server.offline = false;
    await clock.turn(4000);
    await scan(register, cola);
    expect((await written()).at(-1)?.['by'], 'the server vouches again').toEqual({
      staffId: 's1',
      name: 'Rosa'
    });
  });

  test('opens by itself when the server vouches for the session before a PIN was typed', async () => {
    let register = await openKnowingLee();
    server.offline = true;
    register = await restart(register);
    expect(register.people.locked).toBe(true);
    server.offline = false;
    await clock.turn(4000);
    expect(register.people.locked).toBe(false);
    expect(register.people.proven).toBe(true);
  });

  test('of a till from which everybody signed out opens with a PIN that it knows', async () => {
    let register = await openKnowingLee();
    expect(await register.people.signOut()).toBe(true);
    server.offline = true;
    register = await restart(register);
    expect(register.phase).toBe('ready');
    expect(register.people.locked).toBe(true);
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    await sellForCash(register);
  });

  test('of a till from which everybody signed out, and that knows nobody, stays shut', async () => {
    let register = await open();
    await register.people.signOut();
    server.offline = true;
    register = await restart(register);
    expect(register.phase).toBe('offline');
  });
});

describe('a cashier whom only the register knows', () => {
  async function named(): Promise<Register> {
    let register = await openKnowingLee();
    server.offline = true;
    register = await restart(register);
    await register.people.takeOver(leesPin);
    return register;
  }

  test('takes cash, and neither a wallet, nor another machine’s card, nor money out of the drawer', async () => {
    const register = await named();
    await scan(register, cola);
    register.charge();
    await clock.turn(6000);
    await scan(register, code);
    expect(register.screen?.state).toBe('no_network');
    register.counter.backToOrder();
    register.charge();
    register.till.open();
    register.takeCard('Terminal');
    await settle();
    expect(register.cash?.state).toBe('amount');
    expect(await register.moveCash({ kind: 'pay_out', amountMinor: 100, why: 'milk' })).toBe(false);
    expect((await written()).map(({ kind }) => kind)).not.toContain('card_tendered');
  });

  test('goes on when Till is back: nothing is sent in the name of the session that the browser has', async () => {
    const register = await named();
    server.staff = { staffId: 's1', name: 'Rosa', username: 'rosa', role: 'admin' };
    server.offline = false;
    await clock.turn(4000);
    expect(register.canReachTill).toBe(true);
    expect(register.staff).toMatchObject({ name: 'Lee', role: 'cashier' });
    expect(register.people.locked).toBe(false);
    await scan(register, cola);
    register.charge();
    await clock.turn(6000);
    await scan(register, code);
    expect(register.screen?.state).toBe('pin_first');
    register.counter.backToOrder();
    register.charge();
    register.till.open();
    void register.till.takeCash(250);
    await clock.turn(2000);
    expect(register.cash?.state).toBe('taken');
    expect(server.requests).toEqual([]);
    expect(server.orders, 'the journal brings it, in its own name').toEqual([]);
  });

  test('is known to all once the PIN was typed again with a network', async () => {
    const register = await named();
    server.offline = false;
    await clock.turn(4000);
    await scan(register, cola);
    register.charge();
    await clock.turn(6000);
    await scan(register, code);
    expect(register.screen?.state).toBe('pin_first');
    register.people.lock();
    expect(register.people.locked).toBe(true);
    await register.people.whoMayTakeOver();
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    expect(register.people.proven).toBe(true);
    expect(register.screen, 'it asks for a fresh code').toMatchObject({ state: 'ready', ask: 'code' });
    await scan(register, '5449000000996');
    await clock.turn(6000);
    await scan(register, '281234567890120100');
    expect(server.requests).toHaveLength(1);
    expect((await written()).at(-1)?.['by']).toEqual({ staffId: 's2', name: 'Lee' });
  });

  test('is asked again after a restart, with a network too', async () => {
    let register = await named();
    server.offline = false;
    register = await restart(register);
    expect(register.people.locked).toBe(true);
    expect(register.people.namedOffline).toBe(false);
  });

  test('is known no more after the PIN was changed at the server', async () => {
    const register = await openKnowingLee();
    server.peopleHere = () =>
      Promise.resolve({ ok: true, value: [{ staffId: 's2', name: 'Lee', pinSetAtMs: 8 }] });
    await clock.turn(6 * 60_000);
    await vi.waitFor(async () => expect(await kept()).not.toContain('"Lee","setAtMs"'));
    server.offline = true;
    const again = await restart(register);
    expect(await again.people.takeOver(leesPin)).toMatchObject({ ok: false, reason: 'offline' });
  });
});

describe('without a network', () => {
  test('a locked till is opened by a PIN that it knows', async () => {
    const register = await openKnowingLee();
    server.offline = true;
    await clock.turn(21_000);
    register.people.lock();
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    expect(register.people.namedOffline).toBe(true);
    register.people.lock();
    expect(register.people.locked).toBe(true);
  });

  test('it does not lock by itself where the one who sells could not come back', async () => {
    const register = await open();
    server.offline = true;
    await clock.turn(21_000);
    register.people.lockWhenIdle();
    expect(register.people.locked).toBe(false);
  });

  test('signing out locks, and is done when Till is back', async () => {
    const register = await openKnowingLee();
    const signOut = vi.spyOn(server, 'signOut');
    server.offline = true;
    await clock.turn(21_000);
    expect(await register.people.signOut()).toBe(false);
    expect(register.people.locked).toBe(true);
    signOut.mockClear();
    server.offline = false;
    await clock.turn(4000);
    expect(signOut).toHaveBeenCalledOnce();
    expect(register.people.locked).toBe(true);
    await register.people.whoMayTakeOver();
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    await clock.turn(21_000);
    expect(register.people.locked, 'whoever comes back is not signed out again').toBe(false);
    expect(signOut).toHaveBeenCalledOnce();
  });

  test('an owed sign-out ends the session, and not the work of who was named by PIN since', async () => {
    let register = await openKnowingLee();
    server.offline = true;
    await clock.turn(21_000);
    expect(await register.people.signOut()).toBe(false);
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    await scan(register, cola);
    const signOut = vi.spyOn(server, 'signOut');
    server.offline = false;
    await clock.turn(4000);
    expect(signOut).toHaveBeenCalledOnce();
    expect(register).toMatchObject({ phase: 'ready', staff: { name: 'Lee' } });
    expect(register.people).toMatchObject({ locked: false, namedOffline: true });
    server.offline = true;
    register = await restart(register);
    expect(register.phase, 'shop and register are still kept').toBe('ready');
    expect(register.people.locked).toBe(true);
  });

  test('an owed sign-out at the next start leaves shop and register kept', async () => {
    let register = await openKnowingLee();
    server.offline = true;
    await clock.turn(21_000);
    await register.people.signOut();
    await register.stop();
    server.offline = false;
    register = await restart(register);
    expect(register.phase).toBe('signed_out');
    server.offline = true;
    register = await restart(register);
    expect(register.phase).toBe('ready');
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
  });

  test('an owed sign-out does not end a session that the same person began since', async () => {
    let register = await openKnowingLee();
    server.offline = true;
    await clock.turn(21_000);
    await register.people.signOut();
    await register.stop();
    server.offline = false;
    // at the page for signing in: another session
    await server.takeOver(leesPin);
    const signOut = vi.spyOn(server, 'signOut');
    register = await restart(register);
    expect(signOut).not.toHaveBeenCalled();
    expect(register.staff?.name).toBe('Lee');
  });
});

describe('who is signed in', () => {
  test('is what the newest question was answered, however late an older one is', async () => {
    const register = await open();
    const late = Promise.withResolvers<Awaited<ReturnType<FakeServer['session']>>>();
    const old = await server.session();
    const ask = server.session;
    server.session = () => late.promise;
    register.networkIsBack();
    await settle();
    server.session = ask;
    register.people.lock();
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    late.resolve(old);
    await settle();
    expect(register.staff?.name).toBe('Lee');
  });

  test('is nobody after signing out, also where an older question is answered then', async () => {
    const register = await open();
    const late = Promise.withResolvers<Awaited<ReturnType<FakeServer['session']>>>();
    const old = await server.session();
    server.session = () => late.promise;
    register.networkIsBack();
    await settle();
    expect(await register.people.signOut()).toBe(true);
    late.resolve(old);
    await settle();
    expect(register.phase).toBe('signed_out');
  });

  test('must be heard before a till unlocks: till then it stays shut, or open for cash by a PIN that it knows', async () => {
    const register = await open();
    register.people.lock();
    await register.people.whoMayTakeOver();
    const ask = server.session;
    server.session = () => Promise.resolve({ ok: false, problem: null, status: null, offline: true });
    expect(await register.people.takeOver(leesPin)).toMatchObject({ ok: false, reason: 'offline' });
    expect(register.people.locked).toBe(true);
    expect(await register.people.unlockByPassword({ username: 'rosa', password: 'x' })).toMatchObject({
      ok: false
    });
    expect(register.people.locked).toBe(true);
    server.session = ask;
    register.networkIsBack();
    await settle();
    expect(register.people.locked).toBe(true);
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    expect(register).toMatchObject({ staff: { name: 'Lee' } });
    server.session = () => Promise.resolve({ ok: false, problem: null, status: null, offline: true });
    register.people.lock();
    expect(await register.people.takeOver(leesPin)).toEqual({ ok: true });
    expect(register.people.namedOffline).toBe(true);
  });
});
