/**
 * Scanners that are not there: `navigator.hid`, `navigator.serial` and a camera with the platform's own shapes, put in before
 * the page's code runs, and driven from the test. They keep the platform's promises: a replugged serial port is another
 * object, a lost one ends its stream with an error, a granted device needs no asking, and nothing reads a closed one.
 */
import type { Page } from '@playwright/test';

/** A USB scanner, plugged in or not. */
export interface FakeDevice {
  readonly id: string;
  readonly road: 'hid' | 'serial';
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  /** The browser allows it after a reload and a replug too; it has a serial number, or the company's policy says so. */
  readonly keepsGrant: boolean;
}

/** How the test moves the devices; see {@link devicesOf}. */
interface FakeBench {
  readonly plug: (id: string) => void;
  readonly unplug: (id: string) => void;
  readonly send: (id: string, ...pieces: readonly (readonly number[])[]) => void;
  readonly sendWithEnter: (id: string, ...reports: readonly (readonly number[])[]) => void;
  readonly cut: (id: string, bytes: readonly number[]) => Promise<void>;
  readonly opened: (id: string) => boolean;
  readonly draw: (png: string | null) => Promise<void>;
  readonly camera: () => FakeCameraState;
}

/** Which camera films, and whether its light is on; null where nobody asked. */
interface FakeCameraState {
  readonly deviceId: string | null;
  readonly light: boolean | null;
}

declare global {
  interface Window {
    fakeBench?: FakeBench;
  }
}

/** Puts the devices into every page of this tab, plugged in. Call it before the page is opened or reloaded. */
export async function giveDevices(page: Page, devices: readonly FakeDevice[]): Promise<void> {
  await page.addInitScript(installFakes, devices);
}

/** The devices of a page that was given some. */
export function devicesOf(page: Page) {
  const call = <Name extends keyof FakeBench>(name: Name, ...args: Parameters<FakeBench[Name]>) =>
    page.evaluate(
      async ([method, given]) => {
        const bench = window.fakeBench;
        if (bench === undefined) throw new Error('No devices were given to this page.');
        return (bench[method] as (...all: unknown[]) => unknown)(...given);
      },
      [name, args] as const
    );
  return {
    plug: (id: string) => call('plug', id),
    unplug: (id: string) => call('unplug', id),
    /** HID reports without their id, or chunks of a serial line, one right after the other. */
    send: (id: string, ...pieces: readonly (readonly number[])[]) => call('send', id, ...pieces),
    /** HID reports by the scanner that also types: they come with the Enter that its keys end with. */
    sendWithEnter: (id: string, ...reports: readonly (readonly number[])[]) =>
      call('sendWithEnter', id, ...reports),
    /** As `send`, and pulled out when the page has read it, before a pause could end it. */
    cut: (id: string, bytes: readonly number[]) => call('cut', id, bytes),
    opened: (id: string) => call('opened', id),
    /** Shows a picture to the camera, or nothing. */
    draw: (png: string | null) => call('draw', png),
    /** The camera that films, and its light. */
    camera: async () => (await call('camera')) as FakeCameraState
  };
}

/** The reports of a code as most HID POS scanners send it. */
export function posReports(text: string, aim: string): number[][] {
  const bytes = [...new TextEncoder().encode(text)];
  const reports: number[][] = [];
  for (let at = 0; at < bytes.length; at += 56) {
    const part = bytes.slice(at, at + 56);
    const report = new Array<number>(63).fill(0);
    [part.length, ...new TextEncoder().encode(aim), ...part].forEach((byte, index) => (report[index] = byte));
    report[62] = at + 56 < bytes.length ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

/** Keeps scanners for this browser's register as if they had been added before, and reloads the page. */
export async function keepScanners(page: Page, devices: readonly FakeDevice[]): Promise<void> {
  await keep(
    page,
    devices.map(({ id, road, name, vendorId, productId }) => ({
      info: { id, road, name, vendorId, productId },
      // What is missing gets its usual value.
      settings: { road }
    }))
  );
}

/** Sets this browser's register to a keyboard scanner as calibration does, and reloads the page. */
export async function keepCalibration(
  page: Page,
  settings: { readonly maxGapMs?: number; readonly terminator?: 'enter' | 'none' }
): Promise<void> {
  const info = { id: 'wedge', road: 'wedge', name: '', vendorId: null, productId: null };
  await keep(page, [{ info, settings: { road: 'wedge', ...settings } }]);
}

async function keep(page: Page, scanners: readonly unknown[]): Promise<void> {
  await page.evaluate(async (kept) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('till');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('not opened'));
    });
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('kept', 'readwrite');
      transaction.objectStore('kept').put(kept, 'scanners');
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error ?? new Error('not written'));
    });
    database.close();
  }, scanners);
  await page.reload();
}

function installFakes(devices: readonly FakeDevice[]): void {
  const granted = new Set<string>(JSON.parse(sessionStorage.getItem('fake-grants') ?? '[]') as string[]);
  const grantAll = sessionStorage.getItem('fake-grants') === null;
  for (const { id } of devices) if (grantAll) granted.add(id);
  const remember = (): void => {
    const kept = devices.filter(({ id, keepsGrant }) => keepsGrant && granted.has(id));
    sessionStorage.setItem('fake-grants', JSON.stringify(kept.map(({ id }) => id)));
  };
  remember();

  class FakeHidDevice extends EventTarget {
    opened = false;
    readonly collections: unknown[];
    readonly vendorId: number;
    readonly productId: number;
    readonly productName: string;
    constructor(vendorId: number, productId: number, productName: string) {
      super();
      this.vendorId = vendorId;
      this.productId = productId;
      this.productName = productName;
      const item = (usages: number[], reportCount: number, reportSize = 8) => ({
        usages: usages.map((usage) => (usage < 0x10000 ? 0x8c0000 + usage : usage)),
        reportCount,
        reportSize,
        isConstant: usages.length === 0
      });
      const items = [
        item([0x1003b], 1),
        item([0xfb, 0xfc, 0xfd], 3),
        item([0xfe], 56),
        item([], 2),
        item([0xff], 1, 1),
        item([], 7, 1)
      ];
      this.collections = [
        {
          usagePage: 0x8c,
          usage: 2,
          type: 1,
          children: [],
          inputReports: [{ reportId: 2, items }],
          outputReports: [],
          featureReports: []
        }
      ];
    }
    async open() {
      if (this.opened) throw new DOMException('The device is already open.', 'InvalidStateError');
      this.opened = true;
    }
    async close() {
      this.opened = false;
    }
    async sendFeatureReport() {
      throw new DOMException('Failed to write the feature report.', 'NotAllowedError');
    }
  }

  class FakePort extends EventTarget {
    readable: ReadableStream<Uint8Array> | null = null;
    readonly writable = null;
    connected = true;
    #line: ReadableStreamDefaultController<Uint8Array> | null = null;
    readonly vendorId: number;
    readonly productId: number;
    constructor(vendorId: number, productId: number) {
      super();
      this.vendorId = vendorId;
      this.productId = productId;
    }
    get opened() {
      return this.readable !== null;
    }
    getInfo() {
      return { usbVendorId: this.vendorId, usbProductId: this.productId };
    }
    async open({ baudRate }: { baudRate: number }) {
      if (!this.connected) throw new DOMException('Failed to open serial port.', 'NetworkError');
      if (this.readable !== null) throw new DOMException('The port is already open.', 'InvalidStateError');
      if (!(baudRate > 0)) throw new TypeError('Requested baud rate must be greater than zero.');
      this.readable = new ReadableStream<Uint8Array>({
        start: (controller) => {
          this.#line = controller;
        },
        cancel: () => {
          this.#line = null;
        }
      });
    }
    async close() {
      if (this.readable?.locked === true) throw new TypeError('Cannot cancel a locked stream');
      this.readable = null;
      this.#line = null;
    }
    send(bytes: Uint8Array) {
      this.#line?.enqueue(bytes);
    }
    lose() {
      this.connected = false;
      this.readable = null;
      this.#line?.error(new DOMException('The device has been lost.', 'NetworkError'));
      this.#line = null;
    }
  }

  const make = (id: string): FakeHidDevice | FakePort => {
    const { road, vendorId, productId, name } = known(id);
    return road === 'hid' ? new FakeHidDevice(vendorId, productId, name) : new FakePort(vendorId, productId);
  };
  const known = (id: string): FakeDevice => {
    const device = devices.find((one) => one.id === id);
    if (device === undefined) throw new Error(`There is no device "${id}".`);
    return device;
  };
  const report = (device: FakeHidDevice, bytes: readonly number[], at?: number): void => {
    // As the browser gives it: somewhere inside a larger buffer.
    const whole = new Uint8Array(bytes.length + 8);
    whole.set(bytes, 4);
    const event = new Event('inputreport');
    const data = new DataView(whole.buffer, 4, bytes.length);
    Object.defineProperties(event, {
      device: { value: device },
      reportId: { value: 2 },
      data: { value: data },
      ...(at === undefined ? {} : { timeStamp: { value: at } })
    });
    device.dispatchEvent(event);
  };
  const plugged = new Map<string, FakeHidDevice | FakePort>(devices.map(({ id }) => [id, make(id)]));
  const here = <Kind>(kind: new (...args: never[]) => Kind): Kind[] =>
    [...plugged].flatMap(([id, device]) => (granted.has(id) && device instanceof kind ? [device] : []));
  const choose = (road: string): FakeHidDevice | FakePort | undefined => {
    const found = [...plugged].find(([id]) => known(id).road === road && !granted.has(id));
    if (found === undefined) return undefined;
    granted.add(found[0]);
    remember();
    return found[1];
  };

  const hid = Object.assign(new EventTarget(), {
    getDevices: async () => here(FakeHidDevice),
    requestDevice: async () => {
      const chosen = choose('hid');
      return chosen === undefined ? [] : [chosen];
    }
  });
  const serial = Object.assign(new EventTarget(), {
    getPorts: async () => here(FakePort),
    requestPort: async () => {
      const chosen = choose('serial');
      if (chosen === undefined) throw new DOMException('No port selected by the user.', 'NotFoundError');
      return chosen;
    }
  });
  const tell = (type: 'connect' | 'disconnect', device: FakeHidDevice | FakePort): void => {
    const event = new Event(type, { bubbles: true });
    if (device instanceof FakeHidDevice) {
      Object.defineProperty(event, 'device', { value: device });
      hid.dispatchEvent(event);
    } else {
      Object.defineProperty(event, 'target', { value: device });
      serial.dispatchEvent(event);
    }
  };

  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const pen = canvas.getContext('2d');
  const blank = (): void => {
    if (pen === null) return;
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };
  blank();
  let picture: HTMLImageElement | null = null;
  // A stream of a canvas has a frame only when something was drawn.
  setInterval(() => {
    blank();
    if (picture !== null) pen?.drawImage(picture, 60, 60);
  }, 50);

  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true });
  Object.defineProperty(navigator, 'serial', { value: serial, configurable: true });
  let filming: FakeCameraState = { deviceId: null, light: null };
  Object.defineProperty(navigator.mediaDevices, 'getUserMedia', {
    value: async ({ video }: { video: { deviceId?: { exact: string } } }) => {
      const stream = canvas.captureStream(20);
      filming = { deviceId: video.deviceId?.exact ?? 'back', light: null };
      for (const track of stream.getVideoTracks()) {
        // the camera in front has no light
        track.getCapabilities = () => ({ torch: filming.deviceId === 'back' }) as MediaTrackCapabilities;
        track.applyConstraints = async (constraints) => {
          const [light] = constraints?.advanced ?? [];
          if (light !== undefined && 'torch' in light) filming = { ...filming, light: light.torch === true };
        };
      }
      return stream;
    },
    configurable: true
  });
  Object.defineProperty(navigator.mediaDevices, 'enumerateDevices', {
    value: async () =>
      [
        ['back', 'Back camera'],
        ['front', 'Front camera']
      ].map(([deviceId, label]) => ({ kind: 'videoinput', deviceId, label, groupId: '' })),
    configurable: true
  });

  window.fakeBench = {
    plug(id) {
      const device = make(id);
      plugged.set(id, device);
      if (granted.has(id)) tell('connect', device);
    },
    unplug(id) {
      const device = plugged.get(id);
      plugged.delete(id);
      if (device === undefined) return;
      if (device instanceof FakePort) device.lose();
      else device.opened = false;
      if (!known(id).keepsGrant) granted.delete(id);
      tell('disconnect', device);
    },
    send(id, ...pieces) {
      const device = plugged.get(id);
      for (const bytes of pieces) {
        if (device instanceof FakePort) {
          device.send(Uint8Array.from(bytes));
        } else if (device?.opened === true) {
          report(device, bytes);
        }
      }
    },
    sendWithEnter(id, ...reports) {
      const device = plugged.get(id);
      if (!(device instanceof FakeHidDevice)) throw new Error(`"${id}" is no HID device.`);
      addEventListener(
        'keydown',
        function heard({ key, timeStamp }) {
          if (key !== 'Enter') return;
          removeEventListener('keydown', heard, true);
          for (const bytes of reports) report(device, bytes, timeStamp + 20);
        },
        true
      );
    },
    async cut(id, bytes) {
      this.send(id, bytes);
      await new Promise((read) => setTimeout(read, 0));
      this.unplug(id);
    },
    opened: (id) => plugged.get(id)?.opened === true,
    camera: () => filming,
    async draw(png) {
      if (png === null) {
        picture = null;
        return;
      }
      const image = new Image();
      image.src = png;
      await image.decode();
      picture = image;
    }
  };
}
