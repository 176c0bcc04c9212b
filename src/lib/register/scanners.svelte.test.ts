import { describe, expect, it } from 'vitest';
import { createFeed } from '$lib/scanning/feed';
import type { Scanner, ScannerState, ScannerTrace } from '$lib/scanning/port';
import { createScan, type Scan } from '$lib/scanning/scan';
import { settle, silentRoads } from './fakes';
import { firstSettings, type SavedScanner } from './scanner-settings';
import { Scanners, wedgeId, type ScannerStore } from './scanners.svelte';

/** A device that a test drives. */
class FakeScanner {
  readonly scans = createFeed<Scan>();
  readonly states = createFeed<ScannerState>();
  readonly traces = createFeed<ScannerTrace>();
  readonly log: string[] = [];
  state: ScannerState = { state: 'off' };
  refuses = false;
  /** The user has answered the browser when this is settled. */
  answered: Promise<unknown> = Promise.resolve();

  become(state: ScannerState): void {
    this.state = state;
    this.states.tell(state);
  }

  asScanner(onDevice: () => void): Scanner {
    const now = (): ScannerState => this.state;
    const open = (): void => {
      onDevice();
      this.become({ state: 'ready' });
    };
    return {
      road: 'hid',
      camera: null,
      get state() {
        return now();
      },
      onState: (listener) => {
        listener(this.state);
        return this.states.listen(listener);
      },
      onScan: (listener) => this.scans.listen(listener),
      onTrace: (listener) => this.traces.listen(listener),
      connect: async () => {
        this.log.push('connect');
        const lettings = this.log.filter((line) => line === 'disconnect').length;
        await this.answered;
        if (this.log.filter((line) => line === 'disconnect').length > lettings) {
          return { ok: false, trouble: 'failed', remedy: 'retry' };
        }
        if (this.refuses) return { ok: false, trouble: 'not_chosen', remedy: 'choose' };
        open();
        return { ok: true };
      },
      reopen: () => {
        this.log.push('reopen');
        open();
      },
      disconnect: async () => {
        this.log.push('disconnect');
        this.become({ state: 'off' });
      },
      configure: (settings) => void this.log.push(JSON.stringify(settings)),
      destroy: () => void this.log.push('destroy')
    };
  }
}

function open(kept?: unknown): {
  scanners: Scanners;
  devices: FakeScanner[];
  heard: string[];
  written: () => readonly SavedScanner[] | null;
  store: ScannerStore;
  next: FakeScanner;
  road: { load: () => Promise<void> };
} {
  const devices: FakeScanner[] = [];
  const heard: string[] = [];
  const next = new FakeScanner();
  let last: readonly SavedScanner[] | null = null;
  let ids = 0;
  const road = { load: () => Promise.resolve() };
  const scanners = new Scanners({
    newId: () => `id-${(ids += 1)}`,
    listener: {
      onScan: ({ text }) => heard.push(text),
      isKnown: () => false,
      expectsScan: () => true,
      awaitsPayment: () => false
    },
    roads: {
      ...silentRoads(),
      available: { wedge: true, hid: true, serial: false, camera: true },
      load: async () => {
        await road.load();
        return ({ onDevice }) => {
          const device = devices.length === 0 ? next : new FakeScanner();
          devices.push(device);
          return device.asScanner(() => onDevice({ vendorId: 1, productId: 2, name: 'Reader' }));
        };
      }
    }
  });
  const store = {
    read: async () => kept,
    write: async (saved: readonly SavedScanner[]) => void (last = saved)
  };
  scanners.setOwner(true);
  return { scanners, devices, heard, written: () => last, store, next, road };
}

const hidInfo = { id: 'a', road: 'hid', name: 'Front', vendorId: 1, productId: 2 } as const;

describe('the scanners of a register', () => {
  it('are the keyboard alone at first, which stays', async () => {
    const { scanners, store } = open();
    scanners.start();
    await scanners.restore(store);
    scanners.remove(wedgeId);
    expect(scanners.list.map(({ id }) => id)).toEqual([wedgeId]);
  });

  it('are reopened without a press when they were kept, but a camera is not', async () => {
    const camera = { info: { ...hidInfo, id: 'c', road: 'camera' }, settings: firstSettings('camera') };
    const { scanners, store, devices } = open([
      { info: hidInfo, settings: firstSettings('hid') },
      camera,
      { info: { id: 'x', road: 'smell' } }
    ]);
    scanners.start();
    await scanners.restore(store);
    expect(scanners.list.map(({ id, state }) => [id, state.state])).toEqual([
      [wedgeId, 'off'],
      ['a', 'ready'],
      ['c', 'off']
    ]);
    expect(devices).toHaveLength(1);
  });

  it('switch a camera on that was kept, by the press for it', async () => {
    const camera = { info: { ...hidInfo, id: 'c', road: 'camera' }, settings: firstSettings('camera') };
    const { scanners, store, next } = open([camera]);
    scanners.start();
    await scanners.restore(store);
    expect(await scanners.connect('c')).toEqual({ ok: true });
    expect(next.log).toEqual(['connect']);
    expect(scanners.byId('c')?.state).toEqual({ state: 'ready' });
  });

  it('keep a scanner of a road that this browser lacks, and say so', async () => {
    const { scanners, store, written } = open([
      { info: { ...hidInfo, road: 'serial' }, settings: firstSettings('serial') }
    ]);
    scanners.start();
    await scanners.restore(store);
    expect(scanners.byId('a')?.state).toEqual({
      state: 'needs_you',
      trouble: 'unsupported',
      remedy: 'other_road'
    });
    scanners.rename(wedgeId, 'Keyboard');
    await settle();
    expect(written()?.map(({ info }) => info.id)).toEqual([wedgeId, 'a']);
  });

  it('gain one by a press, keep it with its device, and lose nothing when nobody chose', async () => {
    const { scanners, store, next, written, heard } = open();
    scanners.start();
    await scanners.restore(store);
    next.refuses = true;
    expect(await scanners.add('hid')).toMatchObject({ ok: false, id: null, trouble: 'not_chosen' });
    expect(scanners.list).toHaveLength(1);
    expect(next.log).toEqual(['connect', 'destroy']);
    expect(await scanners.add('hid')).toEqual({ ok: true, id: 'id-2' });
    await settle();
    expect(written()?.at(-1)).toMatchObject({
      info: { id: 'id-2', name: 'Reader', vendorId: 1, productId: 2 }
    });
    expect(await scanners.add('serial')).toMatchObject({ ok: false, trouble: 'unsupported' });
    expect(heard).toEqual([]);
  });

  it('all deliver, and their traces go to who listens', async () => {
    const { scanners, store, devices, heard } = open([
      { info: hidInfo, settings: firstSettings('hid') },
      { info: { ...hidInfo, id: 'b' }, settings: firstSettings('hid') }
    ]);
    scanners.start();
    await scanners.restore(store);
    const traced: string[] = [];
    const stop = scanners.onTrace(({ id, trace }) => traced.push(`${id} ${trace.what}`));
    const scan = (text: string): Scan => createScan({ text, source: 'hid', at: 1 });
    devices[0]?.scans.tell(scan('one'));
    devices[1]?.scans.tell(scan('two'));
    devices[1]?.traces.tell({ what: 'dropped', why: 'bad_report', at: 1, gapMs: null });
    expect(heard).toEqual(['one', 'two']);
    expect(traced).toEqual(['b dropped']);
    stop();
    devices[1]?.traces.tell({ what: 'dropped', why: 'bad_report', at: 1, gapMs: null });
    expect(traced).toHaveLength(1);
  });

  it('let their devices go while another tab has the register, and take them again after', async () => {
    const { scanners, store, next } = open([{ info: hidInfo, settings: firstSettings('hid') }]);
    scanners.setOwner(false);
    scanners.start();
    await scanners.restore(store);
    expect(next.log).toEqual([]);
    scanners.setOwner(true);
    await settle();
    expect(scanners.byId('a')?.state).toEqual({ state: 'ready' });
    scanners.setOwner(false);
    await settle();
    expect(scanners.list.every(({ state }) => state.state === 'other_tab')).toBe(true);
    expect(next.log).toEqual(['reopen', 'disconnect']);
  });

  it('can be switched on again, cameras too, once the other tab has let the register go', async () => {
    const camera = { info: { ...hidInfo, id: 'c', road: 'camera' }, settings: firstSettings('camera') };
    const { scanners, store } = open([camera, { ...camera, info: { ...camera.info, id: 'd' } }]);
    scanners.start();
    await scanners.restore(store);
    await scanners.connect('c');
    scanners.setOwner(false);
    await settle();
    expect(scanners.list.map(({ state }) => state.state)).toEqual(['other_tab', 'other_tab', 'other_tab']);
    scanners.setOwner(true);
    await settle();
    expect(['c', 'd'].map((id) => scanners.byId(id)?.state)).toEqual([{ state: 'off' }, { state: 'off' }]);
    expect(await scanners.connect('c')).toEqual({ ok: true });
    expect(scanners.byId('c')?.state).toEqual({ state: 'ready' });
  });

  it('are added once by two presses, and one by one after that', async () => {
    const { scanners, store, devices } = open();
    scanners.start();
    await scanners.restore(store);
    const both = await Promise.all([scanners.add('camera'), scanners.add('camera')]);
    expect(both).toEqual([
      { ok: true, id: 'id-1' },
      { ok: true, id: 'id-1' }
    ]);
    expect(devices).toHaveLength(1);
    expect(await scanners.add('camera')).toEqual({ ok: true, id: 'id-2' });
    expect(scanners.list).toHaveLength(3);
  });

  it('that are being added are let go too, by a stop or by another tab', async () => {
    for (const leave of ['stop', 'other tab'] as const) {
      const { scanners, store, next } = open();
      scanners.start();
      await scanners.restore(store);
      const prompt = Promise.withResolvers<undefined>();
      next.answered = prompt.promise;
      const added = scanners.add('camera');
      await settle();
      if (leave === 'stop') scanners.stop();
      else scanners.setOwner(false);
      prompt.resolve(undefined);
      expect(await added, leave).toMatchObject({ ok: false, id: null });
      expect(next.log, leave).toEqual(['connect', 'disconnect', 'destroy']);
      expect(scanners.list, leave).toHaveLength(1);
    }
  });

  it('that were let go while their road was fetched are not asked for any more', async () => {
    const camera = { info: { ...hidInfo, id: 'c', road: 'camera' }, settings: firstSettings('camera') };
    const { scanners, store, devices, road } = open([camera]);
    scanners.start();
    await scanners.restore(store);
    const network = Promise.withResolvers<undefined>();
    road.load = () => network.promise;
    const asked = [scanners.connect('c'), scanners.add('camera')];
    await settle();
    scanners.stop();
    network.resolve(undefined);
    expect(await Promise.all(asked)).toMatchObject([{ ok: false }, { ok: false, id: null }]);
    expect(devices.flatMap(({ log }) => log)).not.toContain('connect');
    expect(scanners.byId('c')?.state).toEqual({ state: 'off' });
  });

  it('are not opened by a press either while another tab has them: nobody here could stop them', async () => {
    const camera = { info: { ...hidInfo, id: 'c', road: 'camera' }, settings: firstSettings('camera') };
    const { scanners, store, devices } = open([camera]);
    scanners.start();
    await scanners.restore(store);
    scanners.setOwner(false);
    const refused = { ok: false, trouble: 'in_use', remedy: 'close_other' };
    expect(await scanners.connect('c')).toEqual(refused);
    expect(await scanners.add('camera')).toEqual({ ...refused, id: null });
    expect(devices).toEqual([]);
  });

  it('take settings of their own road only, and are gone when removed', async () => {
    const { scanners, store, next, written } = open([{ info: hidInfo, settings: firstSettings('hid') }]);
    scanners.start();
    await scanners.restore(store);
    scanners.configure('a', firstSettings('serial'));
    scanners.configure('a', { road: 'hid', form: 'ibm' });
    expect(next.log.slice(1)).toEqual(['{"road":"hid","form":"ibm"}']);
    scanners.remove('a');
    await settle();
    expect(next.log.at(-1)).toBe('destroy');
    expect(written()?.map(({ info }) => info.id)).toEqual([wedgeId]);
  });

  it('are made once each, however often somebody presses while their road is being fetched', async () => {
    const { scanners, store, devices, heard, road } = open([
      { info: hidInfo, settings: firstSettings('hid') }
    ]);
    road.load = () => Promise.reject(new Error('There is no network.'));
    scanners.start();
    await scanners.restore(store);
    expect(scanners.byId('a')?.state).toEqual({ state: 'needs_you', trouble: 'failed', remedy: 'retry' });
    const network = Promise.withResolvers<undefined>();
    road.load = () => network.promise;
    scanners.reopen('a');
    scanners.reopen('a');
    const connected = scanners.connect('a');
    network.resolve(undefined);
    expect(await connected).toEqual({ ok: true });
    expect(devices).toHaveLength(1);
    for (const { scans } of devices) scans.tell(createScan({ text: 'one', source: 'hid', at: 1 }));
    expect(heard).toEqual(['one']);
  });

  it('say that they could not be fetched, to the press that asked for it', async () => {
    const { scanners, store, road } = open([{ info: hidInfo, settings: firstSettings('hid') }]);
    await scanners.restore(store);
    road.load = () => Promise.reject(new Error('There is no network.'));
    const failed = { ok: false, trouble: 'failed', remedy: 'retry' };
    expect(await scanners.connect('a')).toEqual(failed);
    expect(scanners.byId('a')?.state).toEqual({ state: 'needs_you', trouble: 'failed', remedy: 'retry' });
    expect(await scanners.add('camera')).toEqual({ ...failed, id: null });
    expect(scanners.list).toHaveLength(2);
  });
});
