/// <reference types="w3c-web-serial" />
/** Scanners over Web Serial. */
import { type DeviceClaims } from '../claims';
import { type DeviceDriver } from '../connection';
import { createFeed } from '../feed';
import { type Scanner, type SerialSettings } from '../port';
import { type Scan } from '../scan';
import { createSerialDecoder, type SerialDecoder, type SerialOutcome } from '../serial-decoder';
import { ScannerFailure } from '../trouble';
import { scannerOf } from './device-parts';
import { browserTime, createAlarm, createTracer, isNamed, tellScans, type DeviceTime } from './road-parts';
import { type DeviceNumbers } from './hid';

/** So many line errors with nothing readable between them are wrong settings, not noise. */
const hopelessErrors = 20;

/**
 * Makes a scanner over Web Serial; it is off until `reopen` or `connect`. After a replug Chromium gives another port object,
 * so the port is looked up by its numbers each time.
 *
 * @param serial  `navigator.serial`.
 */
export function createSerialScanner({
  id,
  serial,
  claims,
  numbers,
  settings: first,
  onDevice,
  time = browserTime
}: {
  readonly id: string;
  readonly serial: Serial;
  readonly claims: DeviceClaims<SerialPort>;
  readonly numbers: DeviceNumbers;
  readonly settings: SerialSettings;
  readonly onDevice: (device: DeviceNumbers & { readonly name: string }) => void;
  readonly time?: DeviceTime;
}): Scanner {
  const scans = createFeed<Scan>();
  const tracer = createTracer();
  let settings = first;
  let wanted: DeviceNumbers | null = numbers;

  const driver: DeviceDriver<SerialPort> = {
    async request() {
      const port = await serial.requestPort().catch((error: unknown) => {
        if (isNamed(error, 'NotFoundError')) throw new ScannerFailure('not_chosen', error);
        throw new ScannerFailure(isNamed(error, 'SecurityError') ? 'blocked' : 'failed', error);
      });
      if (!claims.isFreeFor(port, id)) throw new ScannerFailure('in_use');
      return port;
    },
    async find() {
      const ports = await serial.getPorts();
      // Taken in the same breath: another scanner of this model looks for one too.
      return claims.takeFirst(ports.filter(isWanted), id);
    },
    async open({ device: port, signal, onLost }) {
      const { baudRate, dataBits, parity, stopBits, flowControl } = settings;
      claims.take(port, id);
      try {
        await port.open({ baudRate, dataBits, parity, stopBits, flowControl });
      } catch (error) {
        claims.release(id);
        // The browser says no more than this, whether another programme has the port or the line is being set up.
        const busy = isNamed(error, 'NetworkError', 'InvalidStateError');
        throw new ScannerFailure(busy ? 'in_use' : 'failed', error);
      }
      wanted = numbersOf(port);
      if (!signal.aborted) onDevice({ ...wanted, name: '' });
      const stop = read(port, onLost);
      return async () => {
        claims.release(id);
        await stop();
        await port.close();
      };
    },
    watch(onCame) {
      serial.addEventListener('connect', onCame);
      return () => serial.removeEventListener('connect', onCame);
    }
  };

  function isWanted(port: SerialPort): boolean {
    const { vendorId, productId } = numbersOf(port);
    return wanted?.vendorId === vendorId && wanted.productId === productId;
  }

  /** Reads until told to stop. @returns stops, and settles when the port's stream is free. */
  function read(port: SerialPort, onLost: (trouble: 'unplugged' | 'failed') => void): () => Promise<void> {
    const decoder = createSerialDecoder(settings);
    const schedule = createAlarm(time);
    let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
    let stopped = false;
    let errors = 0;

    function tell(outcome: SerialOutcome, at: number): void {
      if (outcome.dropped) tracer.tell({ what: 'dropped', why: 'bad_report', at });
      schedule(outcome.wakeAt, () => tell(decoder.tick(time.now()), time.now()));
      tellScans(outcome.scans, { scans, tracer, at });
    }
    function take(bytes: Uint8Array): void {
      const at = time.now();
      errors = 0;
      tracer.tell({ what: 'bytes', bytes, at });
      tell(decoder.take({ bytes, at }), at);
    }
    async function pump(readable: ReadableStream<Uint8Array>): Promise<void> {
      const own = readable.getReader();
      reader = own;
      try {
        for (let next = await own.read(); !next.done; next = await own.read()) take(next.value);
      } finally {
        reader = null;
        own.releaseLock();
      }
    }
    async function run(): Promise<void> {
      // After a line error (parity, framing, overrun) the port gives a new stream; after a pull it gives none.
      while (!stopped && port.readable !== null && errors < hopelessErrors) {
        try {
          await pump(port.readable);
          break;
        } catch {
          errors += 1;
          drop(port.readable === null ? 'unplugged' : 'bad_report', decoder);
        }
      }
      if (stopped) return;
      drop('unplugged', decoder);
      onLost(errors >= hopelessErrors ? 'failed' : 'unplugged');
    }
    const running = run();
    return async () => {
      stopped = true;
      schedule(null, () => undefined);
      decoder.reset();
      // A cancelled read ends the loop; the port can be closed only then.
      await reader?.cancel().catch(() => undefined);
      await running;
    };
  }

  function drop(why: 'bad_report' | 'unplugged', decoder: SerialDecoder): void {
    if (decoder.reset()) tracer.tell({ what: 'dropped', why, at: time.now() });
  }

  return scannerOf({
    road: 'serial',
    driver,
    time,
    scans,
    tracer,
    configure(next) {
      if (next.road !== 'serial') return false;
      settings = next;
      return true;
    },
    onDestroy: () => claims.release(id)
  });
}

function numbersOf(port: SerialPort): DeviceNumbers {
  const { usbVendorId, usbProductId } = port.getInfo();
  return { vendorId: usbVendorId ?? null, productId: usbProductId ?? null };
}
