import { beforeEach, describe, expect, it, vi } from 'vitest';
import { refusal, settle, type FakeServer, type HandClock } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan, entries } = bench;

let server: FakeServer;
let clock: HandClock;

beforeEach(() => {
  ({ server, clock } = bench);
});

async function atCash(): Promise<Register> {
  const register = await open();
  await scan(register, cola);
  register.charge();
  register.till.open();
  return register;
}

describe('cash', () => {
  it('pays an order with change, is written down first, and the next product begins the next order', async () => {
    const register = await atCash();
    expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 250, cashMinor: 250 });
    void register.till.takeCash(1000);
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', givenMinor: 1000, changeMinor: 750 });
    expect(bench.sounds.played).toContain('paid');
    expect((await entries()).map(({ kind, body }) => body['kind'] ?? kind)).toEqual(
      expect.arrayContaining(['cash_tendered', 'drawer_kicked'])
    );
    expect(server.orders.at(-1)?.events.at(-1)).toMatchObject({ kind: 'cash_tendered', amountMinor: 250 });
    await scan(register, gum);
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(100);
    expect(register.lastSale).toMatchObject({ state: 'paid', totalMinor: 250, wallet: null });
  });

  it('is taken without a network, and the server hears of it when it is back', async () => {
    const register = await atCash();
    server.offline = true;
    void register.till.takeCash(250);
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 0 });
    expect(server.orders).toEqual([]);
    server.offline = false;
    await clock.turn(5000);
    expect(server.orders).toHaveLength(1);
  });

  it('of a part leaves the rest to the wallet, which is asked for no more than that', async () => {
    const register = await atCash();
    void register.till.takeCash(100);
    await settle();
    expect(register.cash).toBeNull();
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 150 });
    await scan(register, code);
    expect(server.requests).toMatchObject([{ amountMinor: 150 }]);
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'succeeded',
      endedAt: '2026-11-23T09:00:09.000Z'
    });
    await settle();
    expect(register.lastSale).toMatchObject({ state: 'paid', totalMinor: 250 });
  });

  it('of a part goes back with who and why, and the order can be cleared again', async () => {
    const register = await atCash();
    void register.till.takeCash(100);
    await settle();
    const [tender] = register.order.tenders;
    register.counter.backToOrder();
    register.counter.clear();
    expect(register.order.isEmpty).toBe(false);
    void register.till.giveBack({ tenderId: tender?.tenderId ?? '', why: 'pays another way' });
    await settle();
    expect(register.order.tenders).toEqual([]);
    expect(server.orders.at(-1)?.events.at(-1)).toMatchObject({
      kind: 'tender_removed',
      why: 'pays another way',
      by: { name: 'Rosa' }
    });
    register.counter.clear();
    expect(register.order.isEmpty).toBe(true);
  });

  it('is not taken while the wallet payment is open', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    register.till.open();
    expect(register.cash).toBeNull();
    void register.till.takeCash(250);
    await settle();
    expect(register.order.tenders).toEqual([]);
  });

  it('is not shown as taken where it could not be written down', async () => {
    const register = await atCash();
    // the disk is full
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('no space', 'QuotaExceededError');
    });
    void register.till.takeCash(250);
    await settle();
    expect(register.cash).toBeNull();
    expect(register.screen?.state).toBe('journal_failed');
    expect(register.order.tenders).toEqual([]);
  });

  it('counted by hand is never mixed with a phone that is read meanwhile', async () => {
    const register = await atCash();
    await scan(register, code);
    expect(server.requests).toEqual([]);
    expect(register.cash).toBeNull();
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'once_more' });
  });

  it('that paid is not asked for again by a code that is read afterwards', async () => {
    const register = await atCash();
    void register.till.takeCash(250);
    await settle();
    await scan(register, code);
    expect(server.requests).toEqual([]);
    expect(register.notice).toBe('already_paid');
    expect(register.cash).toMatchObject({ state: 'taken', givenMinor: 250 });
    register.counter.next();
    expect(register.mode).toBe('selling');
    expect(register.order.isEmpty).toBe(true);
  });

  it('survives a reload: the order is not sold again', async () => {
    const register = await atCash();
    server.offline = true;
    void register.till.takeCash(250);
    await settle();
    await register.stop();
    server.offline = false;
    const again = await open();
    await settle();
    expect(again.order.isEmpty).toBe(true);
    expect(again.lastSale).toMatchObject({ state: 'paid', totalMinor: 250 });
  });

  it('stands on the receipt with what was given and the change', async () => {
    const register = await atCash();
    void register.till.takeCash(500);
    await settle();
    const receipt = await register.receipt(register.cash?.orderId ?? '');
    expect(receipt?.taken).toMatchObject([{ kind: 'cash', amountMinor: 250, givenMinor: 500 }]);
  });
});

describe('a card on another machine', () => {
  it('is written down by its name, which is remembered', async () => {
    const register = await atCash();
    register.takeCard('Bank machine');
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', kind: 'card', name: 'Bank machine' });
    expect(register.settings.cardMachine).toBe('Bank machine');
    expect(server.orders.at(-1)?.events.at(-1)).toMatchObject({ kind: 'card_tendered', amountMinor: 250 });
  });
});

describe('the drawer', () => {
  it('is said to be untouched where what writes it down can’t be fetched', async () => {
    const register = await open();
    vi.doMock('./move-cash', () => {
      throw new TypeError('Failed to fetch dynamically imported module');
    });
    expect(await register.moveCash({ kind: 'pay_in', amountMinor: 5000, why: 'float' })).toBe(false);
    vi.doUnmock('./move-cash');
    expect(await entries()).toEqual([]);
  });
  it('is paid into with a reason, first onto the disk, then to the server', async () => {
    const register = await open();
    expect(await register.moveCash({ kind: 'pay_in', amountMinor: 5000, why: 'float' })).toBe(true);
    await settle();
    expect((await entries()).map(({ kind }) => kind)).toEqual(['cash_moved', 'drawer_kicked']);
    expect(server.movements).toMatchObject([
      { kind: 'pay_in', amountMinor: 5000, why: 'float', by: { name: 'Rosa' } }
    ]);
  });
});

describe('an order that the server turned down', () => {
  it('is offered cash, as the table says', async () => {
    const register = await open();
    server.onRequest = () => refusal('order_conflict');
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    expect(register.screen?.state).toBe('refused');
    register.till.open();
    expect(register.cash?.state).toBe('amount');
  });
});

describe('cash while the wallet has not answered', () => {
  async function unanswered(): Promise<Register> {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    server.move(server.requests[0]?.attemptId ?? '', { state: 'unknown', place: 'desk' });
    await settle();
    expect(register.screen?.state).toBe('unknown');
    return register;
  }

  it('is taken once a manager lets it: the payment goes on in the tray, and the order is paid', async () => {
    const register = await unanswered();
    expect(await register.people.setAside({ staffId: 'm', pin: '135791' })).toBeNull();
    await settle();
    expect(register.screen?.state).toBe('set_aside');
    register.till.open();
    expect(register.cash?.state).toBe('amount');
    expect(register.tray.chips).toHaveLength(1);
    void register.till.takeCash(250);
    await settle();
    expect(register.cash?.state).toBe('taken');
    // the wallet says no after all: the order that was paid in cash stays closed
    server.move(server.requests[0]?.attemptId ?? '', {
      state: 'failed',
      endedAt: '2026-11-23T09:02:00.000Z'
    });
    await settle();
    expect(register.order.locked).toBe(true);
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('is not taken where the server does not let it', async () => {
    const register = await unanswered();
    server.offline = true;
    expect(await register.people.setAside({ staffId: 'm', pin: '135791' })).toEqual({ detail: null });
    expect(register.cash).toBeNull();
    expect(register.order.locked).toBe(true);
  });
});

describe('the lock', () => {
  it('keeps scans out of the order, and another person goes on with the same one', async () => {
    const register = await open();
    await scan(register, cola);
    register.people.lock();
    expect(register.people.locked).toBe(true);
    await scan(register, gum);
    expect(register.order.totals.totalMinor).toBe(250);
    expect(await register.people.takeOver({ staffId: 's2', pin: '0000' })).toMatchObject({
      ok: false,
      reason: 'wrong'
    });
    expect(register.people.locked).toBe(true);
    expect(await register.people.takeOver({ staffId: 's2', pin: '2222' })).toEqual({ ok: true });
    expect(register.people.locked).toBe(false);
    expect(register.staff?.name).toBe('Lee');
    await scan(register, gum);
    expect(register.order.totals.totalMinor).toBe(350);
    expect(register.order.events.at(-1)?.by.name).toBe('Lee');
  });

  it('comes by itself when the session ends in the middle of an order, which stays', async () => {
    const register = await open();
    await scan(register, cola);
    server.staff = null;
    await clock.turn(25_000);
    expect(register.people.sessionEnded).toBe(true);
    expect(register.people.locked).toBe(true);
    await scan(register, gum);
    await register.people.takeOver({ staffId: 's2', pin: '2222' });
    await settle();
    expect(register.people.locked).toBe(false);
    expect(register.order.totals.totalMinor).toBe(250);
  });

  it('asks again after a reload', async () => {
    const register = await open();
    register.people.lock();
    await settle();
    await register.stop();
    expect((await open()).people.locked).toBe(true);
  });
});
