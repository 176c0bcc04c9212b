import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from './fakes';
import type { Register } from './register.svelte';
import { cola, gum, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;

let register: Register;
/** Lets the scan that is being resolved come to its end, and what waits behind it. */
let resolve: () => Promise<void>;

beforeEach(async () => {
  register = await open();
  await scan(register, cola);
});

/** A gum is there at once; a receipt is looked up, and until that ends a second cola waits behind it. */
function scanMeanwhile(...waiting: string[]): void {
  const goOn = bench.holdWriting();
  register.scan(gum);
  register.scan('T7-0099');
  for (const text of waiting) register.scan(text);
  resolve = async () => {
    goOn();
    await settle();
  };
}

function atCash(): void {
  register.charge();
  register.openCash();
  expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 250 });
}

describe('while a scan is being resolved', () => {
  it('Charge waits for its line', async () => {
    scanMeanwhile(cola);
    register.charge();
    await settle();
    expect(register.mode).toBe('selling');
    expect(register.order.totals.totalMinor).toBe(350);
    await resolve();
    expect(register.screen).toMatchObject({ state: 'ready', amountMinor: 600 });
  });

  it('Cash waits for its line', async () => {
    register.charge();
    scanMeanwhile(cola);
    register.openCash();
    await settle();
    expect(register.cash).toBeNull();
    await resolve();
    expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 600 });
  });

  it.each([
    ['a card', () => register.takeCard('Blue machine')],
    ['cash', () => register.takeCash(350)]
  ])('%s of the amount that stood there is not taken for another one', async (_, take) => {
    atCash();
    scanMeanwhile(cola);
    take();
    await settle();
    expect(register.order.tenders).toEqual([]);
    await resolve();
    expect(register.order.tenders).toEqual([]);
    expect(register.cash).toMatchObject({ state: 'amount', leftMinor: 600 });
    expect(register.notice).toBe('total_changed');
    register.takeCard('Blue machine');
    await settle();
    expect(register.cash).toMatchObject({ state: 'taken', paidMinor: 600 });
  });

  it.each([
    ['a card', () => register.takeCard('Blue machine')],
    ['cash', () => register.takeCash(1000)]
  ])('%s is taken afterwards, once, where the amount is still the same', async (_, take) => {
    atCash();
    scanMeanwhile();
    take();
    take();
    await settle();
    expect(register.order.tenders).toEqual([]);
    await resolve();
    expect(register.cash).toMatchObject({ state: 'taken', paidMinor: 350 });
    expect(register.order.tenders).toHaveLength(1);
    expect(register.notice).toBeNull();
  });

  it('a code that nobody knows becomes a red line, and nothing is taken by the press before it', async () => {
    atCash();
    scanMeanwhile('4000000000006');
    register.takeCard('Blue machine');
    await resolve();
    expect(register.mode).toBe('selling');
    expect(register.order.tenders).toEqual([]);
    expect(register.notice).toBe('red_row_first');
  });
});
