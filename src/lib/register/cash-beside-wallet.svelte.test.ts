import { describe, expect, it } from 'vitest';
import { catalogue, product, settle } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

const paidEnd = { state: 'succeeded', endedAt: '2026-11-23T09:02:00.000Z', wallet: 'Alipay' } as const;

/** A cola is being paid, and somebody pressed "Cash". */
async function atCash(): Promise<Register> {
  const register = await open();
  await scan(register, cola);
  register.charge();
  register.till.open();
  expect(register.cash?.state).toBe('amount');
  return register;
}
/** A manager let the order be paid in cash, though the wallet has not answered. @returns its attempt too */
async function atCashWhileUnknown(): Promise<{ readonly register: Register; readonly attemptId: string }> {
  const register = await open();
  await scan(register, cola);
  register.charge();
  await scan(register, code);
  const attemptId = bench.server.requests[0]?.attemptId ?? '';
  bench.server.move(attemptId, { state: 'unknown', place: 'desk' });
  await settle();
  expect(await register.people.setAside({ staffId: 'm', pin: '135791' })).toBeNull();
  await settle();
  register.till.open();
  expect(register.cash?.state).toBe('amount');
  return { register, attemptId };
}

describe('while cash is counted', () => {
  it('wallet money that comes for the order puts the cash away: it is asked for once', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.cash).toBeNull();
    expect(register.screen?.state).toBe('paid');
    void register.till.takeCash(250);
    await settle();
    expect(register.order.tenders).toEqual([]);
    expect(register.screen?.state).toBe('paid');
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('wallet money of another order leaves it alone', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    register.counter.serveNext();
    await scan(register, gum);
    register.charge();
    register.till.open();
    bench.server.move(bench.server.requests[0]?.attemptId ?? '', paidEnd);
    await settle();
    expect(register.tray.banner?.state).toBe('paid');
    expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 100 });
  });
});

describe('an order that goes on without a payment which a manager set aside', () => {
  it('is asked for no more when that money comes after a part was taken in cash', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    void register.till.takeCash(100);
    await settle();
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 150 });
    register.till.open();
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.cash).toBeNull();
    expect(register.screen).toMatchObject({ state: 'late', paidOtherwise: true });
    expect(bench.sounds.played.at(-1)).toBe('needs_you');
    await scan(register, '281234567890120001');
    void register.till.takeCash(150);
    await settle();
    expect(bench.server.requests).toHaveLength(1);
    expect(register.order.tenders).toHaveLength(1);
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('is asked for no more when that money comes after another payment failed', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    register.counter.backToOrder();
    await scan(register, '281234567890120001');
    bench.server.move(bench.server.requests[1]?.attemptId ?? '', {
      state: 'failed',
      failReason: 'declined',
      endedAt: '2026-11-23T09:01:30.000Z'
    });
    await settle();
    expect(register.screen?.state).toBe('declined');
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.screen).toMatchObject({ state: 'late', paidOtherwise: true });
    await scan(register, '281234567890120002');
    expect(bench.server.requests).toHaveLength(2);
  });

  it('is asked for no more when that money comes while another payment is open, which then fails', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    register.counter.backToOrder();
    await scan(register, '281234567890120001');
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.screen?.state).toBe('sending');
    expect(register.tray.banner).toMatchObject({ attemptId, state: 'late', paidOtherwise: true });
    bench.server.move(bench.server.requests[1]?.attemptId ?? '', {
      state: 'failed',
      failReason: 'declined',
      endedAt: '2026-11-23T09:02:30.000Z'
    });
    await settle();
    expect(register.screen).toMatchObject({ state: 'late', paidOtherwise: true });
    expect(register.order.locked).toBe(true);
    register.till.open();
    expect(register.cash).toBeNull();
  });
});

describe('while cash is being written down', () => {
  it('wallet money that comes for the order is a manager’s, and the change stays on the screen', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    const goOn = bench.holdWriting();
    void register.till.takeCash(1000);
    await settle();
    bench.server.move(attemptId, paidEnd);
    await settle();
    expect(register.cash).toMatchObject({ state: 'amount', busy: true });
    goOn();
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 750 });
    expect(register.tray.banner).toMatchObject({ attemptId, state: 'late', paidOtherwise: true });
    expect(bench.sounds.played.at(-1)).toBe('needs_you');
  });

  it('wallet money that came meanwhile pays the order where the cash could not be written', async () => {
    const { register, attemptId } = await atCashWhileUnknown();
    const goOn = bench.holdWriting();
    void register.till.takeCash(250);
    await settle();
    bench.server.move(attemptId, paidEnd);
    await settle();
    bench.fillDisk();
    goOn();
    await settle();
    expect(register.order.tenders).toEqual([]);
    expect(register.cash).toBeNull();
    expect(register.screen?.state).toBe('paid');
  });

  it('no tap on a chip, no next customer and no held goods take its order away', async () => {
    const register = await open();
    await scan(register, gum);
    register.charge();
    await scan(register, code);
    register.counter.serveNext();
    const attemptId = bench.server.requests[0]?.attemptId ?? '';
    await scan(register, cola);
    register.charge();
    register.till.open();
    const goOn = bench.holdWriting();
    void register.till.takeCash(1000);
    await settle();
    await scan(register, gum);
    expect(register.held).toHaveLength(1);
    register.counter.openFromTray(attemptId);
    register.counter.startNextWithHeld();
    register.counter.serveNext();
    register.counter.backToOrder();
    expect(register.cash).toMatchObject({ state: 'amount', busy: true });
    goOn();
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 750 });
    expect(register.order.totals.totalMinor).toBe(250);
    expect(register.lastSale).toMatchObject({ state: 'paid', totalMinor: 250 });
    expect(register.tray.chips).toMatchObject([{ attemptId, state: 'sending' }]);
  });

  it('a second press takes nothing and says nothing', async () => {
    const register = await atCash();
    const goOn = bench.holdWriting();
    void register.till.takeCash(250);
    void register.till.takeCash(250);
    await settle();
    expect(register.cash).toMatchObject({ state: 'amount', busy: true });
    goOn();
    await settle();
    expect(register.cash?.state).toBe('taken');
    expect(register.order.tenders).toHaveLength(1);
  });
});

describe('once cash was taken', () => {
  it('an earlier payment whose money comes late is a manager’s, and the change stays on the screen', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    const attemptId = bench.server.requests[0]?.attemptId ?? '';
    bench.changes.say({ kind: 'everything' });
    bench.server.move(attemptId, { state: 'cancelled', endedAt: '2026-11-23T09:00:30.000Z' });
    bench.changes.changed(attemptId, 2);
    await settle();
    expect(register.screen?.state).toBe('stopped');
    register.till.open();
    void register.till.takeCash(1000);
    await settle();
    bench.server.move(attemptId, { state: 'paid_late' });
    bench.changes.changed(attemptId, 3);
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 750 });
    expect(register.tray.banner).toMatchObject({ attemptId, state: 'late', paidOtherwise: true });
    expect(bench.sounds.played.at(-1)).toBe('needs_you');
  });

  it('a phone that is read is told "already paid" beside the change, which stays', async () => {
    const register = await atCash();
    void register.till.takeCash(1000);
    await settle();
    await scan(register, code);
    expect(register.notice).toBe('already_paid');
    expect(register.cash).toMatchObject({ state: 'taken', changeMinor: 750 });
    expect(bench.server.requests).toEqual([]);
  });
});

describe('a second payment of an order', () => {
  it('goes on in the tray when the first one’s money comes late', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    await scan(register, code);
    const first = bench.server.requests[0]?.attemptId ?? '';
    bench.changes.say({ kind: 'everything' });
    bench.server.move(first, { state: 'cancelled', endedAt: '2026-11-23T09:00:30.000Z' });
    bench.changes.changed(first, 2);
    await settle();
    await scan(register, '281234567890120001');
    const second = bench.server.requests[1]?.attemptId ?? '';
    bench.server.move(first, { state: 'paid_late' });
    bench.changes.changed(first, 3);
    await settle();
    const seen = [register.payment?.attemptId, ...register.tray.chips.map((chip) => chip.attemptId)];
    expect(seen.toSorted()).toEqual([first, second].toSorted());
  });
});

describe('cash is not taken', () => {
  /** Wine, 9.00, is sold from 18 years on. */
  function withWine(): Promise<Register> {
    const { products, ...rest } = catalogue;
    const wine = { ...product('wine', 900, ['09780201379624']), minimumAge: 18 };
    const value = { ...rest, products: [...products, wine] };
    return open({
      api: { ...bench.server, catalogue: () => Promise.resolve({ ok: true as const, value }) }
    });
  }

  it('for an order that was emptied on the stage: "Cash" and a phone that is read say why', async () => {
    const register = await withWine();
    await scan(register, cola);
    register.charge();
    await scan(register, '9780201379624');
    register.openCash();
    expect(register.notice).toBe('age_first');
    register.order.answerAge(false);
    register.order.remove(register.order.rows[0]?.kind === 'line' ? register.order.rows[0].line.lineId : '');
    register.openCash();
    expect(register.notice).toBe('nothing_left');
    expect(register.cash).toBeNull();
    await bench.clock.turn(6000);
    await scan(register, code);
    expect(register.notice).toBe('nothing_left');
    expect(bench.server.requests).toEqual([]);
  });

  it('while the age question is open, and is taken once somebody looked', async () => {
    const register = await withWine();
    await scan(register, cola);
    register.charge();
    register.till.open();
    expect(register.cash).toMatchObject({ state: 'amount', blocked: false });
    await scan(register, '9780201379624');
    expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 1150, blocked: true });
    void register.till.takeCash(1150);
    register.takeCard('Bank machine');
    await settle();
    expect(register.cash).toMatchObject({ state: 'amount', blocked: true });
    expect(register.order.tenders).toEqual([]);
    register.order.answerAge(true);
    void register.till.takeCash(1150);
    await settle();
    expect(register.cash?.state).toBe('taken');
  });

  it('where it is not open, and nothing is said about it', async () => {
    const register = await open();
    await scan(register, cola);
    register.charge();
    void register.till.takeCash(250);
    await settle();
    expect(register.order.tenders).toEqual([]);
    expect(register.screen?.state).toBe('ready');
  });
});

describe('"Back"', () => {
  it('leaves the cash for the wallet, and then the stage', async () => {
    const register = await atCash();
    register.counter.backToOrder();
    expect(register.cash).toBeNull();
    expect(register.screen?.state).toBe('ready');
    register.counter.backToOrder();
    expect(register.mode).toBe('selling');
  });

  it('leaves at its first press what was said over the cash', async () => {
    const register = await atCash();
    await scan(register, 'wxp://f2f0abc');
    expect(register.screen?.state).toBe('merchant_code');
    register.counter.backToOrder();
    expect(register.mode).toBe('selling');

    register.charge();
    register.till.open();
    bench.fillDisk();
    void register.till.takeCash(250);
    await settle();
    expect(register.screen?.state).toBe('journal_failed');
    register.counter.backToOrder();
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(250);
  });
});

describe('a part that goes back', () => {
  /** 1.00 of 2.50 was taken. */
  async function withPart(): Promise<{ readonly register: Register; readonly tenderId: string }> {
    const register = await atCash();
    void register.till.takeCash(100);
    await settle();
    return { register, tenderId: register.order.tenders[0]?.tenderId ?? '' };
  }

  it('is said to be back once it is written, and not by a second press', async () => {
    const { register, tenderId } = await withPart();
    const goOn = bench.holdWriting();
    const back = { tenderId, why: 'typed wrong' };
    const said: boolean[] = [];
    void register.till.giveBack(back).then((written) => said.push(written));
    expect(await register.till.giveBack(back)).toBe(false);
    await settle();
    expect(said).toEqual([]);
    goOn();
    await settle();
    expect(said).toEqual([true]);
    expect(register.order.tenders).toEqual([]);
    const kinds = (await bench.entries()).map(({ body }) => body['kind']);
    expect(kinds.filter((kind) => kind === 'tender_removed')).toHaveLength(1);
  });

  it('lets no payment begin and no cash be taken before it is written', async () => {
    const { register, tenderId } = await withPart();
    const goOn = bench.holdWriting();
    void register.till.giveBack({ tenderId, why: 'pays another way' });
    await scan(register, code);
    register.till.open();
    expect(bench.server.requests).toEqual([]);
    expect(register.cash).toBeNull();
    goOn();
    await settle();
    await scan(register, code);
    expect(bench.server.requests).toMatchObject([{ amountMinor: 250 }]);
  });

  it('stays where it could not be written, and the stage stays as it was', async () => {
    const { register, tenderId } = await withPart();
    bench.fillDisk();
    expect(await register.till.giveBack({ tenderId, why: 'typed wrong' })).toBe(false);
    expect(register.order.tenders).toHaveLength(1);
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 150 });
  });
});
