import { describe, expect, it } from 'vitest';
import { refusal, settle } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

const paidEnd = { state: 'succeeded', endedAt: '2026-11-23T09:02:00.000Z', wallet: 'Alipay' } as const;
const stoppedEnd = { state: 'cancelled', endedAt: '2026-11-23T09:00:30.000Z' } as const;

interface Parked {
  readonly register: Register;
  readonly orderId: string;
  readonly attemptId: string;
}

/** A cola whose payment was stopped, or set aside by a manager, and which was parked then. */
async function parkedAfter(what: 'stopped' | 'set_aside'): Promise<Parked> {
  const register = await open();
  bench.changes.say({ kind: 'everything' });
  await scan(register, cola);
  register.charge();
  await scan(register, code);
  const { attemptId = '', orderId = '' } = bench.server.requests[0] ?? {};
  await tells(
    attemptId,
    what === 'stopped' ? stoppedEnd : { state: 'unknown', place: 'desk', setAside: true }
  );
  register.counter.backToOrder();
  register.counter.park();
  await settle();
  expect(register.parked).toMatchObject([{ orderId }]);
  return { register, orderId, attemptId };
}
async function tells(attemptId: string, change: Parameters<typeof bench.server.move>[1]): Promise<void> {
  bench.server.move(attemptId, change);
  bench.changes.say({ kind: 'everything' });
  await settle();
}
/** The same till after a reload. */
async function again(before: Register): Promise<Register> {
  await before.stop();
  const register = await open();
  bench.changes.say({ kind: 'everything' });
  await settle();
  return register;
}
async function asksForNothing(register: Register): Promise<void> {
  register.till.open();
  expect(register.cash).toBeNull();
  void register.till.takeCash(250);
  await scan(register, '281234567890120001');
  expect(bench.server.requests).toHaveLength(1);
  expect(register.order.tenders).toEqual([]);
}

describe('a parked order whose money comes', () => {
  it.each([
    ['after it was stopped, is a manager’s', 'stopped', { state: 'paid_late' }, 'late'],
    ['after it was set aside, is paid', 'set_aside', paidEnd, 'paid']
  ] as const)('%s: it leaves the list, and the chip says it', async (_title, what, end, state) => {
    const { register, attemptId } = await parkedAfter(what);
    await scan(register, gum);
    await tells(attemptId, end);
    expect(register.parked).toEqual([]);
    expect(register.tray.chips).toMatchObject([{ attemptId, state, news: true }]);
    register.counter.openFromTray(attemptId);
    expect(register.screen?.state).toBe(state);
    register.counter.next();
    expect(register.order.order?.number).toBe('T1-0002');
  });

  it('is shown as "Already paid" where it is resumed from a list that was read before', async () => {
    const { register, attemptId, orderId } = await parkedAfter('set_aside');
    await scan(register, gum);
    await tells(attemptId, paidEnd);
    register.resume(orderId);
    await settle();
    expect(register.screen).toMatchObject({ state: 'already_paid', orderNumber: 'T1-0001' });
    await asksForNothing(register);
    register.counter.next();
    expect(register.order.order?.number).toBe('T1-0002');
    expect(register.tray.chips).toEqual([]);
  });

  it('is shown as a manager’s where it is resumed from such a list and the money was late', async () => {
    const { register, attemptId, orderId } = await parkedAfter('stopped');
    await tells(attemptId, { state: 'paid_late' });
    register.counter.openFromTray(attemptId);
    register.counter.next();
    register.resume(orderId);
    await settle();
    expect(register.screen?.state).toBe('late');
    await asksForNothing(register);
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('in the moment in which it is resumed is asked for no more', async () => {
    const { register, attemptId, orderId } = await parkedAfter('set_aside');
    register.resume(orderId);
    await tells(attemptId, paidEnd);
    expect(register.mode).toBe('paying');
    await asksForNothing(register);
    register.counter.next();
    expect(register.order.isEmpty).toBe(true);
  });

  it('when it stands on the counter again is asked for no more, wherever it was resumed', async () => {
    const { register, attemptId, orderId } = await parkedAfter('stopped');
    // another order was sold since: the counter's place is another one
    await scan(register, gum);
    register.charge();
    register.till.open();
    void register.till.takeCash(100);
    await settle();
    register.counter.next();
    register.resume(orderId);
    await settle();
    register.charge();
    register.till.open();
    expect(register.cash?.state).toBe('amount');
    await tells(attemptId, { state: 'paid_late' });
    expect(register.screen?.state).toBe('late');
    await asksForNothing(register);
  });

  it('is not on the list after a reload', async () => {
    const { register, attemptId } = await parkedAfter('stopped');
    await tells(attemptId, { state: 'paid_late' });
    const next = await again(register);
    expect(next.parked).toEqual([]);
    expect(next.order.isEmpty).toBe(true);
  });

  it.each([
    ['stopped', { state: 'paid_late' }, 'late'],
    ['set_aside', paidEnd, 'paid']
  ] as const)('after a reload leaves the list too, where it was %s before', async (what, end, state) => {
    const { register, attemptId, orderId } = await parkedAfter(what);
    const next = await again(register);
    expect(next.parked).toMatchObject([{ orderId }]);
    expect(next.mode).toBe('selling');
    await tells(attemptId, end);
    expect(next.parked).toEqual([]);
    expect(next.tray.chips).toMatchObject([{ attemptId, state }]);
    next.resume(orderId);
    await settle();
    expect(next.screen?.state).toBe(state === 'paid' ? 'already_paid' : 'late');
  });
});

it('an order on the counter whose payment was stopped before a reload is asked for no more when its money comes', async () => {
  const register = await open();
  bench.changes.say({ kind: 'everything' });
  await scan(register, cola);
  register.charge();
  await scan(register, code);
  const attemptId = bench.server.requests[0]?.attemptId ?? '';
  await tells(attemptId, stoppedEnd);
  const next = await again(register);
  expect(next.order.totals.totalMinor).toBe(250);
  await tells(attemptId, { state: 'paid_late' });
  expect(next.screen?.state).toBe('late');
});

describe('an order of which the server said that it is paid already', () => {
  async function refused(): Promise<Register> {
    const register = await open();
    bench.changes.say({ kind: 'everything' });
    await scan(register, cola);
    register.charge();
    bench.server.onRequest = () => Promise.resolve(refusal('already_paid', 409));
    await scan(register, code);
    expect(register.screen?.state).toBe('already_paid');
    return register;
  }

  it('is not on the counter after a reload: cash would pay it twice', async () => {
    const next = await again(await refused());
    expect(next.order.isEmpty).toBe(true);
    expect(next.parked).toEqual([]);
  });
});

it('a parked order whose payment was set aside can be resumed after a reload, and is paid in cash', async () => {
  const { register, attemptId, orderId } = await parkedAfter('set_aside');
  const next = await again(register);
  next.resume(orderId);
  await settle();
  expect(next.order.order?.orderId).toBe(orderId);
  if (next.mode === 'selling') next.charge();
  next.till.open();
  void next.till.takeCash(250);
  await settle();
  expect(next.cash?.state).toBe('taken');
  await tells(attemptId, paidEnd);
  expect(next.tray.banner).toMatchObject({ attemptId, state: 'late', paidOtherwise: true });
});

it('an order that was paid in part in cash after its payment was set aside stands on the counter after a reload', async () => {
  const register = await open();
  bench.changes.say({ kind: 'everything' });
  await scan(register, cola);
  register.charge();
  await scan(register, code);
  const attemptId = bench.server.requests[0]?.attemptId ?? '';
  await tells(attemptId, { state: 'unknown', place: 'desk', setAside: true });
  register.till.open();
  void register.till.takeCash(100);
  await settle();
  const next = await again(register);
  expect(next.mode).toBe('selling');
  expect(next.order.leftMinor).toBe(150);
  expect(next.tray.chips).toMatchObject([{ attemptId, paidOtherwise: true }]);
  await tells(attemptId, paidEnd);
  expect(next.screen).toMatchObject({ state: 'late', paidOtherwise: true });
  expect(next.order.locked).toBe(true);
});

it('a chip of a payment that failed shows the money that another one of its order brought', async () => {
  const register = await open();
  bench.changes.say({ kind: 'everything' });
  await scan(register, cola);
  register.charge();
  await scan(register, code);
  const first = bench.server.requests[0]?.attemptId ?? '';
  await tells(first, { state: 'unknown', place: 'desk', setAside: true });
  await scan(register, '281234567890120001');
  const second = bench.server.requests[1]?.attemptId ?? '';
  await tells(first, paidEnd);
  // looked at and left, while the other one is still open
  register.counter.openFromTray(first);
  expect(register.screen).toMatchObject({ state: 'late', paidOtherwise: true });
  register.counter.next();
  await tells(second, { state: 'failed', failReason: 'declined', endedAt: '2026-11-23T09:02:30.000Z' });
  register.counter.openFromTray(second);
  expect(register.screen).toMatchObject({ state: 'late' });
  register.till.open();
  expect(register.cash).toBeNull();
  register.counter.next();
  expect(register.order.isEmpty).toBe(true);
});

it('an order whose money came while it was cleared is asked for no more when "Undo" brings it back', async () => {
  const { register, attemptId, orderId } = await parkedAfter('stopped');
  register.resume(orderId);
  await settle();
  register.counter.clear();
  await tells(attemptId, { state: 'paid_late' });
  register.order.undoClear();
  expect(register.order.order?.orderId).toBe(orderId);
  register.charge();
  expect(register.screen?.state).toBe('late');
  await asksForNothing(register);
  register.counter.next();
  expect(register.order.isEmpty).toBe(true);
});
