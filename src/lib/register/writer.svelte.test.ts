import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser, handClock, settle, type FakeBrowser, type HandClock } from './fakes';
import { randomId } from './ports';
import type { Tabs } from './tabs';
import { Writer } from './writer.svelte';

let browser: FakeBrowser;
let clock: HandClock;

beforeEach(() => {
  browser = fakeBrowser();
  clock = handClock();
});

interface Tab {
  readonly writer: Writer;
  readonly tabs: Tabs & { frozen: boolean };
  busy: boolean;
  readonly finished: string[];
}

async function openTab(): Promise<Tab> {
  const tabs = browser.openTab();
  const tab: Tab = {
    tabs,
    busy: false,
    finished: [],
    writer: new Writer({
      tabs,
      clock,
      newId: randomId,
      mayHandOver: () => !tab.busy,
      finish: async () => {
        await Promise.resolve();
        tab.finished.push(tab.writer.state);
      },
      onChange: () => undefined
    })
  };
  await tab.writer.start();
  return tab;
}

describe('of several tabs', () => {
  it('one writes, and the next one begins when it is closed', async () => {
    const first = await openTab();
    const second = await openTab();
    expect([first.writer.state, second.writer.state]).toEqual(['writing', 'reading']);
    expect([first.writer.isWriter, second.writer.isWriter]).toEqual([true, false]);
    expect(second.writer.held).toBeNull();
    const { held } = first.writer;
    first.writer.stop();
    await settle();
    expect(held?.aborted).toBe(true);
    expect(second.writer.state).toBe('writing');
    expect(second.writer.held?.aborted).toBe(false);
  });

  it('the writer hands over when it is asked, once what it wrote is finished', async () => {
    const first = await openTab();
    const second = await openTab();
    const third = await openTab();
    const { held } = first.writer;
    third.writer.takeOver();
    expect(third.writer.takeover).toBe('asking');
    await settle();
    expect(first.finished).toEqual(['reading']);
    expect([first, second, third].map(({ writer }) => writer.state)).toEqual([
      'reading',
      'reading',
      'writing'
    ]);
    expect(held?.aborted).toBe(true);
    expect(third.writer.takeover).toBeNull();
  });

  it('the writer keeps a payment that is at its counter', async () => {
    const first = await openTab();
    const second = await openTab();
    first.busy = true;
    second.writer.takeOver();
    await settle();
    expect(second.writer.takeover).toBe('payment_at_counter');
    expect([first.writer.state, second.writer.state]).toEqual(['writing', 'reading']);
    first.busy = false;
    second.writer.takeOver();
    await settle();
    expect([first.writer.state, second.writer.state]).toEqual(['reading', 'writing']);
  });

  it('a busy writer that answers is never robbed, however long it takes', async () => {
    const first = await openTab();
    const second = await openTab();
    first.busy = true;
    await clock.turn(120_000);
    expect(second.writer.takeover).toBeNull();
    second.writer.takeOver();
    await clock.turn(120_000);
    expect([first.writer.state, second.writer.state]).toEqual(['writing', 'reading']);
  });

  it('one that is silent for ten seconds may be robbed, and not sooner', async () => {
    const first = await openTab();
    const second = await openTab();
    await clock.turn(4000);
    first.tabs.frozen = true;
    second.writer.takeOver();
    await clock.turn(9000);
    expect(second.writer.takeover).toBe('asking');
    expect(first.writer.state).toBe('writing');
    await clock.turn(3000);
    expect(second.writer.state).toBe('writing');
    // it finds out when it wakes
    expect(first.writer.isWriter).toBe(false);
  });

  it('says that the other one is silent before anybody asks, and takes that back when it wakes', async () => {
    const first = await openTab();
    const second = await openTab();
    first.tabs.frozen = true;
    await clock.turn(12_000);
    expect(second.writer.takeover).toBe('silent');
    expect(second.writer.state).toBe('reading');
    first.tabs.frozen = false;
    await clock.turn(2000);
    expect(second.writer.takeover).toBeNull();
  });

  it('two that both want it end with one writer', async () => {
    const first = await openTab();
    const second = await openTab();
    const third = await openTab();
    second.writer.takeOver();
    third.writer.takeOver();
    await clock.turn(30_000);
    expect([first, second, third].filter(({ writer }) => writer.isWriter)).toHaveLength(1);
  });
});
