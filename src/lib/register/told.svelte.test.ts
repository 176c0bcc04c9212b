import { beforeEach, describe, expect, it } from 'vitest';
import { fakeChanges, type FakeChanges } from './fake-changes';
import { refusal, settle, type FakeServer, type HandClock } from './fakes';
import { createLaterChanges } from './later-changes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

let server: FakeServer;
let changes: FakeChanges;
let clock: HandClock;
/** Questions about payments that reached the server, and whether it was to hold them back. */
let asked: { readonly attemptId: string; readonly held: boolean }[];

const paidEnd = { state: 'succeeded', endedAt: '2026-11-23T09:00:09.000Z', wallet: 'Alipay' } as const;
const stoppedEnd = { state: 'cancelled', endedAt: '2026-11-23T09:00:30.000Z' } as const;

beforeEach(() => {
  ({ server, changes, clock } = bench);
  asked = [];
  const { payment } = server;
  server.payment = (attemptId, options) => {
    asked.push({ attemptId, held: options?.after !== undefined });
    return payment(attemptId, options);
  };
});

/** Sells a cola and scans the wallet in a quiet moment. @returns the attempt's id */
async function charge(register: Register, paymentCode = code): Promise<string> {
  await scan(register, cola);
  await clock.turn(6000);
  await scan(register, paymentCode);
  return server.requests.at(-1)?.attemptId ?? '';
}

describe('with a stream of changes', () => {
  it('a payment’s end shows at once, though nobody asked in between', async () => {
    const register = await open();
    expect(changes.started).toBe(true);
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    await clock.turn(3000);
    asked = [];
    server.move(attemptId, paidEnd);
    await clock.turn(1000);
    expect(asked).toEqual([]);
    changes.changed(attemptId, 2);
    await settle();
    expect(asked).toEqual([{ attemptId, held: false }]);
    expect(register.screen?.state).toBe('paid');
  });

  it('is not asked for what it has already, nor for the payments of others', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    await clock.turn(3000);
    asked = [];
    changes.changed(attemptId, 1);
    changes.changed('another', 9);
    await settle();
    expect(asked).toEqual([]);
  });

  it('a message that was lost costs seconds, not the payment’s end', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    server.move(attemptId, paidEnd);
    await clock.turn(10_000);
    expect(register.screen?.state).toBe('paid');
  });

  it('holds no question back at the server once it is there, and does again when it is lost', async () => {
    const register = await open();
    const attemptId = await charge(register);
    await clock.turn(1000);
    expect(asked.at(-1)).toEqual({ attemptId, held: true });
    changes.say({ kind: 'everything' });
    await settle();
    expect(asked.at(-1)).toEqual({ attemptId, held: false });
    asked = [];
    await clock.turn(5000);
    expect(asked).toEqual([]);
    changes.say({ kind: 'lost' });
    await settle();
    expect(asked).toEqual([{ attemptId, held: true }]);
    // what happened without a stream is found by the question that is held
    server.move(attemptId, paidEnd);
    await settle();
    expect(register.screen?.state).toBe('paid');
  });

  it('asks for everything again when it is back: what ended meanwhile is shown', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    register.counter.serveNext();
    server.move(attemptId, paidEnd);
    changes.say({ kind: 'everything' });
    await settle();
    expect(register.tray.banner).toMatchObject({ state: 'paid' });
  });

  it('listens no longer when the page goes', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    await charge(register);
    expect(changes.ears).toBeGreaterThan(0);
    await register.stop();
    expect(changes.ears).toBe(0);
    expect(changes.started).toBe(false);
  });

  it('takes new prices when it hears of them', async () => {
    let read = 0;
    const { catalogue } = server;
    server.catalogue = () => {
      read += 1;
      return catalogue();
    };
    await open();
    read = 0;
    changes.say({ kind: 'change', change: { kind: 'catalogue', id: 'all', version: null } });
    await settle();
    expect(read).toBe(1);
  });
});

describe('money that comes late', () => {
  it('is told at the register: the chip is a manager’s, and the order is not asked for again', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    server.move(attemptId, stoppedEnd);
    changes.changed(attemptId, 2);
    await settle();
    expect(register.screen?.state).toBe('stopped');
    register.counter.backToOrder();
    register.counter.park();
    await settle();
    await scan(register, gum);

    server.move(attemptId, { state: 'paid_late' });
    changes.changed(attemptId, 3);
    await settle();
    expect(register.tray.chips).toMatchObject([{ attemptId, state: 'late', news: true }]);
    expect(bench.sounds.played.at(-1)).toBe('needs_you');
    register.counter.openFromTray(attemptId);
    expect(register.screen?.state).toBe('late');
    register.counter.next();
    await settle();
    expect(register.order.order?.number).toBe('T1-0002');
  });

  it('takes its order off the counter, where it stands to be charged again', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    server.move(attemptId, stoppedEnd);
    changes.changed(attemptId, 2);
    await settle();
    register.counter.backToOrder();
    expect(register.mode).toBe('selling');
    server.move(attemptId, { state: 'paid_late' });
    changes.changed(attemptId, 3);
    await settle();
    expect(register.screen?.state).toBe('late');
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('is found after a time without a stream', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    server.move(attemptId, stoppedEnd);
    changes.changed(attemptId, 2);
    await settle();
    register.counter.backToOrder();
    changes.say({ kind: 'lost' });
    server.move(attemptId, { state: 'paid_late' });
    await settle();
    expect(register.mode).toBe('selling');
    changes.say({ kind: 'everything' });
    await settle();
    expect(register.screen?.state).toBe('late');
  });
});

describe('after a manager wrote that the shopper was not charged', () => {
  /** A payment that is not confirmed, and the word about it. */
  async function freed(register: Register): Promise<string> {
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    await clock.turn(70_000);
    server.move(attemptId, { place: 'desk', state: 'unknown', setAside: true });
    changes.changed(attemptId, 2);
    await settle();
    return attemptId;
  }

  it('the order is free: a new code pays it, and the first payment goes on in the tray', async () => {
    const register = await open();
    const first = await freed(register);
    expect(register.screen).toMatchObject({ state: 'set_aside', paidOtherwise: false });
    expect(register.order.locked).toBe(false);
    await scan(register, '281234567890120001');
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.orderId).toBe(server.requests[0]?.orderId);
    expect(register.tray.chips).toMatchObject([{ attemptId: first, state: 'set_aside', news: false }]);

    const second = server.requests[1]?.attemptId ?? '';
    server.move(second, paidEnd);
    changes.changed(second, 2);
    await settle();
    expect(register.screen?.state).toBe('paid');
    // the first one was paid after all: nobody says "Paid" a second time
    server.move(first, paidEnd);
    changes.changed(first, 3);
    await settle();
    expect(register.tray.banner).toMatchObject({ state: 'late', paidOtherwise: true });
    expect(register.screen?.state).toBe('paid');
    expect(register.order.locked).toBe(true);
  });

  it('an end without money of the first leaves alone what the second holds', async () => {
    const register = await open();
    const first = await freed(register);
    await scan(register, '281234567890120001');
    server.move(first, stoppedEnd);
    changes.changed(first, 3);
    await settle();
    expect(register.order.locked).toBe(true);
    register.counter.backToOrder();
    expect(register.mode).toBe('paying');
  });

  it('the order goes back to the counter, and is paid there should the wallet say so after all', async () => {
    const register = await open();
    const first = await freed(register);
    register.counter.backToOrder();
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(250);
    expect(register.tray.chips).toMatchObject([{ attemptId: first }]);
    server.move(first, paidEnd);
    changes.changed(first, 3);
    await settle();
    expect(register.screen?.state).toBe('paid');
    expect(register.tray.chips).toEqual([]);
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('in the tray it is told, and a tap brings the order back to be paid', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    register.counter.serveNext();
    await clock.turn(70_000);
    server.move(attemptId, { place: 'desk', state: 'unknown', setAside: true });
    changes.changed(attemptId, 2);
    await settle();
    expect(register.tray.banner).toMatchObject({ state: 'set_aside' });
    expect(register.tray.chips).toMatchObject([{ news: true }]);
    register.counter.openFromTray(attemptId);
    expect(register.screen).toMatchObject({ state: 'set_aside', paidOtherwise: false });
    await scan(register, '281234567890120001');
    expect(server.requests).toHaveLength(2);
  });

  it('an order that was parked since is paid from there: the chip only shows its payment', async () => {
    const register = await open();
    const first = await freed(register);
    register.counter.backToOrder();
    register.counter.park();
    await settle();
    await scan(register, gum);
    register.counter.openFromTray(first);
    expect(register.screen).toMatchObject({ state: 'set_aside', paidOtherwise: true });
    await scan(register, '281234567890120001');
    expect(server.requests).toHaveLength(1);
    register.counter.next();
    expect(register.order.order?.number).toBe('T1-0002');
    expect(register.tray.chips).toMatchObject([{ attemptId: first }]);
  });

  it('a reload keeps apart the payment that was set aside and the one that came after it', async () => {
    const first = await open();
    const aside = await freed(first);
    await clock.turn(1000);
    await scan(first, '281234567890120001');
    const second = server.requests[1]?.attemptId ?? '';
    await first.stop();

    const again = await open();
    await settle();
    expect(again.payment?.attemptId).toBe(second);
    expect(again.tray.chips).toMatchObject([{ attemptId: aside, paidOtherwise: true }]);
  });

  describe('the order may be paid in cash', () => {
    async function paidInCash(register: Register): Promise<string> {
      const aside = await freed(register);
      register.till.open();
      void register.till.takeCash(250);
      await settle();
      expect(register.cash).toMatchObject({ state: 'taken' });
      expect(register.tray.chips).toMatchObject([{ attemptId: aside, paidOtherwise: true, news: false }]);
      return aside;
    }
    async function comesLate(register: Register, aside: string): Promise<void> {
      server.move(aside, paidEnd);
      changes.changed(aside, 3);
      await settle();
      expect(register.tray.banner).toMatchObject({ state: 'late', paidOtherwise: true });
      expect(bench.sounds.played.at(-1)).toBe('needs_you');
      register.counter.openFromTray(aside);
      expect(register.screen).toMatchObject({ state: 'late', paidOtherwise: true });
      register.counter.next();
      expect(register.order.isEmpty).toBe(true);
    }

    it('and a late success of the wallet is a manager’s, not a second "Paid"', async () => {
      const register = await open();
      await comesLate(register, await paidInCash(register));
    });

    it('also where the page was loaded anew in between', async () => {
      const first = await open();
      const aside = await paidInCash(first);
      await first.stop();
      const again = await open();
      changes.say({ kind: 'everything' });
      await settle();
      expect(again.mode).toBe('selling');
      expect(again.tray.chips).toMatchObject([{ attemptId: aside, paidOtherwise: true }]);
      await comesLate(again, aside);
    });
  });
});

describe('when the browser says that its network is gone', () => {
  it('Till is asked at once, and its silence is said', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    await charge(register);
    server.offline = true;
    register.networkIsGone();
    await settle();
    expect(register.screen?.state).toBe('offline');
    expect(register.canReachTill).toBe(false);
  });

  it('a Till that answers all the same is not called unreachable', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    await charge(register);
    register.networkIsGone();
    await settle();
    expect(register.screen?.state).not.toBe('offline');
    expect(register.canReachTill).toBe(true);
  });

  it('it is looked at as soon as it is back', async () => {
    const register = await open();
    changes.say({ kind: 'everything' });
    const attemptId = await charge(register);
    server.offline = true;
    register.networkIsGone();
    await settle();
    server.offline = false;
    server.move(attemptId, paidEnd);
    register.networkIsBack();
    await settle();
    expect(register.screen?.state).toBe('paid');
  });
});

it('a manager’s word that the shopper was charged closes the order: nothing is asked for again', async () => {
  const register = await open();
  changes.say({ kind: 'everything' });
  const attemptId = await charge(register);
  await clock.turn(70_000);
  server.move(attemptId, { place: 'desk', state: 'unknown', setAside: false, writtenCharged: true });
  changes.changed(attemptId, 2);
  await settle();
  expect(register.screen?.state).toBe('written_charged');
  await scan(register, '281234567890120001');
  expect(server.requests).toHaveLength(1);
  register.counter.serveNext();
  expect(register.order.isEmpty).toBe(true);
  expect(register.tray.chips).toMatchObject([{ attemptId, state: 'written_charged' }]);
});

it('an order that another till has a payment for says which till', async () => {
  const register = await open();
  server.onRequest = () => refusal('order_busy', 409, { heldBy: 'r2', heldByName: 'Till 2' });
  await charge(register);
  expect(register.screen).toMatchObject({ state: 'order_busy', heldBy: 'Till 2' });
  expect(register.order.locked).toBe(false);
});

describe('the stream’s code', () => {
  it('is fetched when it is first wanted, and again where that failed', async () => {
    const inner = fakeChanges();
    let loads = 0;
    const later = createLaterChanges(() => {
      loads += 1;
      return loads === 1 ? Promise.reject(new Error('no network')) : Promise.resolve(inner);
    });
    const heard: string[] = [];
    later.subscribe(({ kind }) => heard.push(kind));
    expect(loads).toBe(0);
    later.start();
    await settle();
    expect([later.live, inner.started]).toEqual([false, false]);
    later.start();
    await settle();
    inner.say({ kind: 'everything' });
    expect([loads, later.live, heard]).toEqual([2, true, ['everything']]);
    await later.stop();
    expect(inner.started).toBe(false);
  });

  it('begins nothing that was ended while it was on its way', async () => {
    const inner = fakeChanges();
    let arrived: (changes: FakeChanges) => void = () => undefined;
    const later = createLaterChanges(() => new Promise((resolve) => (arrived = resolve)));
    later.start();
    await later.stop();
    arrived(inner);
    await settle();
    expect(inner.started).toBe(false);
  });
});
