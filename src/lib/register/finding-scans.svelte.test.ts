import { describe, expect, it } from 'vitest';
import { createFeed } from '$lib/scanning/feed';
import type { Scanner, ScannerRoad, ScannerState } from '$lib/scanning/port';
import { createScan, type Scan, type ScanSource } from '$lib/scanning/scan';
import { fakeBrowser, settle } from './fakes';
import { FindingScans } from './finding-scans.svelte';
import type { ScannerRoads } from './scanner-roads';
import { ScannerTurn } from './scanner-turn';
import { firstSettings } from './scanner-settings';

/** Roads whose scanners a test makes read. */
function openRoads(): {
  readonly roads: ScannerRoads;
  readonly read: (road: ScannerRoad, text: string) => void;
} {
  const scans = new Map<ScannerRoad, ReturnType<typeof createFeed<Scan>>>();
  const make = (road: ScannerRoad): Scanner => {
    const feed = createFeed<Scan>();
    const states = createFeed<ScannerState>();
    let state: ScannerState = { state: 'off' };
    scans.set(road, feed);
    const become = (next: ScannerState): void => {
      state = next;
      states.tell(state);
    };
    return {
      road,
      get state() {
        return state;
      },
      onState(listener) {
        listener(state);
        return states.listen(listener);
      },
      // as a device that is closed: it reads nothing
      onScan: (listener) => feed.listen((scan) => state.state === 'ready' && listener(scan)),
      onTrace: () => () => undefined,
      async connect() {
        become({ state: 'ready' });
        return { ok: true };
      },
      reopen: () => become({ state: 'ready' }),
      async disconnect() {
        become({ state: 'off' });
      },
      configure: () => undefined,
      destroy: () => undefined,
      camera: null
    };
  };
  let at = 0;
  return {
    roads: {
      available: { wedge: true, hid: true, serial: true, camera: true },
      makeWedge: () => make('wedge'),
      load: async () => (asked) => make(asked.info.road)
    },
    read(road, text) {
      at += 1000;
      scans.get(road)?.tell(createScan({ text, source: road satisfies ScanSource, at }));
    }
  };
}

const saved = (['hid', 'serial'] as const).map((road) => ({
  info: { id: road, road, name: '', vendorId: 1, productId: 2 },
  settings: firstSettings(road)
}));

async function open(browser = fakeBrowser(), { roads, read } = openRoads()) {
  const asked: string[] = [];
  const page = { mayFind: true };
  let ids = 0;
  const scans = new FindingScans({
    roads,
    tabs: browser.openTab(),
    newId: () => `id-${(ids += 1)}`,
    readSaved: async () => saved,
    find: async (text) => void asked.push(text),
    mayFind: () => page.mayFind
  });
  await scans.start();
  await settle();
  return { scans, asked, page, read };
}

describe('scans on a page that looks for an order', () => {
  it('come by every road of this till, the camera after a press', async () => {
    const { scans, asked, read } = await open();
    read('wedge', 'T1-0001');
    read('hid', 'T1-0002');
    read('serial', 'T1-0003');
    await scans.film();
    read('camera', 'T1-0004');
    await settle();
    expect(asked).toEqual(['T1-0001', 'T1-0002', 'T1-0003', 'T1-0004']);
    await scans.stop();
    read('hid', 'T1-0005');
    await settle();
    expect(asked).toHaveLength(4);
  });

  it('say why the camera could not be switched on, until it is', async () => {
    const { roads, read } = openRoads();
    let load = (): ReturnType<typeof roads.load> => Promise.reject(new Error('There is no network.'));
    const { scans } = await open(fakeBrowser(), { roads: { ...roads, load: () => load() }, read });
    await scans.film();
    expect(scans.filmTrouble).toBe('failed');
    load = roads.load;
    await scans.film();
    expect(scans.filmTrouble).toBeNull();
    await scans.stop();
  });

  it('film with one camera however often it is asked for, and with none once the page is left', async () => {
    const { scans } = await open();
    await Promise.all([scans.film(), scans.film()]);
    const cameras = (): readonly string[] =>
      scans.scanners.list.flatMap(({ road, state }) => (road === 'camera' ? [state.state] : []));
    expect(cameras()).toEqual(['ready']);
    await scans.stop();
    expect(cameras()).toEqual(['off']);
  });

  it('say what a code is that no order has, and look up nothing for it', async () => {
    const { scans, asked, read } = await open();
    read('hid', '4006381333931');
    await settle();
    expect(scans.notice).toBe('product');
    read('hid', 'wxp://f2f0abc');
    await settle();
    expect(scans.notice).toBe('merchant_code');
    expect(asked).toEqual([]);
    read('hid', 'T1-0001');
    await settle();
    expect(scans.notice).toBeNull();
    expect(asked).toEqual(['T1-0001']);
  });

  it('wait while a dialog is open, and have their turns in order when it is closed: none is lost', async () => {
    const { scans, asked, page, read } = await open();
    page.mayFind = false;
    read('hid', 'T1-0001');
    read('serial', '4006381333931');
    read('hid', 'T1-0002');
    await settle();
    expect(asked).toEqual([]);
    expect(scans.notice, 'its turn has not come').toBeNull();
    scans.takeWaiting();
    await settle();
    expect(asked, 'the next dialog stands there already').toEqual([]);
    page.mayFind = true;
    scans.takeWaiting();
    read('hid', 'T1-0003');
    await settle();
    expect(asked).toEqual(['T1-0001', 'T1-0002', 'T1-0003']);
    expect(scans.notice, 'what was scanned after the product counts').toBeNull();
  });

  it('that wait for a dialog are let go with the page, and hold nothing up', async () => {
    const { scans, asked, page, read } = await open();
    page.mayFind = false;
    read('hid', 'T1-0001');
    read('hid', 'T1-0002');
    await settle();
    await scans.stop();
    page.mayFind = true;
    scans.takeWaiting();
    await settle();
    expect(asked).toEqual([]);
  });

  it('leave the devices to a tab that sells, and take what is typed here all the same', async () => {
    const browser = fakeBrowser();
    const till = new ScannerTurn({ lock: browser.openTab().scannerLock, onChange: () => undefined });
    till.sells(true);
    const { scans, asked, read } = await open(browser);
    read('hid', 'T1-0001');
    read('wedge', 'T1-0002');
    await settle();
    expect(asked).toEqual(['T1-0002']);
    expect(scans.scanners.byId('hid')?.state).toEqual({ state: 'other_tab' });
    till.sells(false);
    await settle();
    read('hid', 'T1-0003');
    await settle();
    expect(asked).toEqual(['T1-0002', 'T1-0003']);
    till.sells(true);
    await settle();
    read('hid', 'T1-0004');
    await settle();
    expect(asked, 'they go back at once when somebody sells again').toEqual(['T1-0002', 'T1-0003']);
    await scans.stop();
  });

  it('never keep a till from selling: what the till holds is not for this page', async () => {
    const browser = fakeBrowser();
    const { scans, read, asked } = await open(browser);
    const held = await browser.openTab().lock.take('if_free', new AbortController().signal);
    expect(held).not.toBeNull();
    read('hid', 'T1-0001');
    await settle();
    expect(asked).toEqual(['T1-0001']);
    await scans.stop();
  });
});
