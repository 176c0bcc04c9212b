/**
 * The page on which readers stand side by side: one at a time, with the same catalogue, the same fields and the same line
 * to paint. Bundled by Vite, driven from the bench.
 */
import KeyboardBarcodeScanner from '@point-of-sale/keyboard-barcode-scanner';
import WebHIDBarcodeScanner from '@point-of-sale/webhid-barcode-scanner';
import WebSerialBarcodeScanner from '@point-of-sale/webserial-barcode-scanner';
import onScan from 'onscan.js';
import { createLookup } from '../../../src/lib/catalogue/lookup';
import { createDeviceMaker } from '../../../src/lib/scanning/adapters/device-maker';
import { startWedge } from '../../../src/lib/scanning/adapters/wedge';
import { calibrationSquare } from '../../../src/lib/scanning/calibration/calibration-code';
import { inferWedge } from '../../../src/lib/scanning/calibration/infer-wedge';
import { scanAtHost, type ScannerAtHost } from '../../../src/lib/scanning/calibration/layouts.fixture';
import { defaultWedgeSettings, type WedgeSettings } from '../../../src/lib/scanning/wedge-settings';
import { benchProduct, productCount } from './catalogue';
import { installFakePorts } from './fake-ports';

export type Reader = 'till' | 'onscan.js' | 'keyboard-barcode-scanner';

/** Readers of devices that do not type. */
export type PortReader =
  'till, HID' | 'webhid-barcode-scanner' | 'till, serial' | 'webserial-barcode-scanner';

export interface Outcome {
  readonly reads: readonly string[];
  /** Milliseconds from the last key to the painted line, for each read that is a product. */
  readonly paintedMs: readonly number[];
  /** The same to the line in the page, before any frame. */
  readonly changedMs: readonly number[];
  /** A field whose value is not what it was, or a button that was pressed. */
  readonly spilled: boolean;
}

const products = Array.from({ length: productCount }, (_, index) => benchProduct(index));
const find = createLookup({
  version: '1',
  currency: 'EUR',
  products: products.map(({ id, name, priceMinor, barcode }) => ({
    id,
    name,
    category: 'all',
    taxRateId: 'full',
    prices: [{ id: `${id}-v1`, priceMinor, validFrom: '2026-01-01T00:00:00Z' }],
    barcodes: [`0${barcode}`],
    active: true,
    pinned: false,
    soldOut: false,
    minimumAge: null
  })),
  categories: [],
  taxRates: []
});

let reads: string[] = [];
let painted: number[] = [];
let changed: number[] = [];
let presses = 0;
let lastKey = { arrivedAt: 0, dueAt: 0 };
let stop: () => void = () => undefined;

function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no #${id}`);
  return found as Kind;
}

function read(text: string): void {
  reads.push(text);
  const product = find.byScan({ text });
  if (product === null) return;
  const line = document.createElement('li');
  line.textContent = `1 ${product.name} ${(product.prices[0].priceMinor / 100).toFixed(2)}`;
  element('lines').append(line);
  const from = startOf(lastKey);
  changed.push(performance.now() - from);
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => painted.push(performance.now() - from);
    port2.postMessage(null);
  });
}

/** The reader goes by the keys' stamps; others by their own clock. */
let goesByStamps = false;

/**
 * A key is sent a little before it is due. Who answers at once, or waits by the own clock, is measured from its arrival; who
 * waits by its stamp, from that.
 */
function startOf({ arrivedAt, dueAt }: typeof lastKey): number {
  return !goesByStamps || performance.now() < dueAt ? arrivedAt : Math.max(arrivedAt, dueAt);
}

// hears every key before any reader does
window.addEventListener(
  'keydown',
  (event) => {
    if (event.key.length !== 1 && event.key !== 'Enter') return;
    lastKey = { arrivedAt: performance.now(), dueAt: event.timeStamp };
  },
  { capture: true }
);

/** How a register is calibrated: by the calibration code, as this scanner types it on this host. */
function calibrated(setting: ScannerAtHost): WedgeSettings {
  const result = inferWedge({
    code: calibrationSquare,
    // somebody presses Caps Lock later
    facts: scanAtHost(calibrationSquare.text, { ...setting, capsLock: 'off' })
  });
  if (!result.ok) throw new Error(`not calibrated: ${result.reason}`);
  return { ...defaultWedgeSettings, ...result.learned.settings };
}

function startReader(reader: Reader, setting: ScannerAtHost): () => void {
  goesByStamps = reader === 'till';
  if (reader === 'till') {
    return startWedge({
      target: window,
      settings: calibrated(setting),
      onScan: ({ text }) => read(text),
      isKnown: (text) => find.match({ text }) !== null,
      // as the sell screen does while it sells
      expectsScan: () => true,
      awaitsPayment: () => false
    });
  }
  if (reader === 'onscan.js') {
    onScan.attachTo(document, {
      // the best that its documentation offers for a scanner of this pace
      avgTimeByChar: setting.gapMs * 1.5 + 10,
      timeBeforeScanTest: Math.max(100, setting.gapMs * 2),
      minLength: 6,
      suffixKeyCodes: [9, 13],
      onScan: (text: string) => read(text)
    });
    return () => onScan.detachFrom(document);
  }
  // it can't be stopped: a page runs it once
  const scanner = new KeyboardBarcodeScanner();
  scanner.addEventListener('barcode', ({ value }: { value: string }) => read(value));
  scanner.connect();
  return () => undefined;
}

const ports = installFakePorts();
let fire: (text: string) => void = () => undefined;

async function openPort(reader: PortReader): Promise<void> {
  fire = reader.includes('serial') ? ports.serial : ports.hid;
  const listen = ({ value }: { value: string }) => read(value);
  if (reader === 'webhid-barcode-scanner') {
    const scanner = new WebHIDBarcodeScanner();
    scanner.addEventListener('barcode', listen);
    await scanner.connect();
  } else if (reader === 'webserial-barcode-scanner') {
    const scanner = new WebSerialBarcodeScanner();
    scanner.addEventListener('barcode', listen);
    // it settles only when the port is closed
    void scanner.connect();
  } else {
    const road = reader === 'till, HID' ? 'hid' : 'serial';
    const scanner = createDeviceMaker(navigator)({
      info: { id: 'bench', road, name: '', vendorId: null, productId: null },
      settings:
        road === 'hid'
          ? { road, form: 'auto' }
          : {
              road,
              baudRate: 9600,
              dataBits: 8,
              parity: 'none',
              stopBits: 1,
              flowControl: 'none',
              terminator: 'auto',
              idleGapMs: 60
            },
      onDevice: () => undefined
    });
    scanner.onScan(({ text }) => read(text));
    await scanner.connect();
  }
}

const bench = {
  openPort,
  /** The device reads a code: the moment that the report or the bytes arrive. */
  fire(text: string): void {
    const now = performance.now();
    lastKey = { arrivedAt: now, dueAt: now };
    fire(text);
  },
  start(reader: Reader, setting: ScannerAtHost): void {
    stop();
    stop = startReader(reader, setting);
    for (const id of ['button', 'close']) element(id).onclick = () => (presses += 1);
    element<HTMLFormElement>('form').onsubmit = (event) => {
      event.preventDefault();
      presses += 1;
    };
  },
  facts: (text: string, setting: ScannerAtHost) => scanAtHost(text, setting),
  focus(where: 'nothing' | 'button' | 'search' | 'number' | 'dialog'): void {
    const dialog = element<HTMLDialogElement>('dialog');
    dialog.close();
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    // its button takes the focus
    if (where === 'dialog') dialog.showModal();
    else if (where !== 'nothing') element(where).focus();
  },
  paintedCount: () => painted.length,
  /** What came since the last call, and everything back as it was. */
  take(): Outcome {
    const search = element<HTMLInputElement>('search');
    const number = element<HTMLInputElement>('number');
    const spilled = search.value !== 'milk' || number.value !== '2' || presses > 0;
    search.value = 'milk';
    number.value = '2';
    presses = 0;
    const outcome = { reads, paintedMs: painted, changedMs: changed, spilled };
    reads = [];
    painted = [];
    changed = [];
    element('lines').replaceChildren();
    return outcome;
  }
};
Object.assign(globalThis, { bench });
export type Bench = typeof bench;
bench.take();
