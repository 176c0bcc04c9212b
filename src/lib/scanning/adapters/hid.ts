/// <reference types="w3c-web-hid" />
/** Scanners over WebHID: HID POS, and IBM hand-held. */
import { type DeviceClaims } from '../claims';
import { type DeviceDriver } from '../connection';
import { createFeed } from '../feed';
import { createHidDecoder, type HidDecoder, type HidOutcome } from '../hid-decoder';
import { hidPosPage, hidPosScanner, ibmPage, readLayouts } from '../hid-layout';
import { type HidSettings, type Scanner, type ScannerInfo } from '../port';
import { type Scan } from '../scan';
import { ScannerFailure } from '../trouble';
import { scannerOf } from './device-parts';
import { browserTime, createAlarm, createTracer, isNamed, tellScans, type DeviceTime } from './road-parts';

/** The numbers by which a device is found again. */
export type DeviceNumbers = Pick<ScannerInfo, 'vendorId' | 'productId'>;

const filters: HIDDeviceFilter[] = [{ usagePage: hidPosPage, usage: hidPosScanner }, { usagePage: ibmPage }];
const honeywell: ReadonlySet<number> = new Set([0x0c2e, 0x23d0]);
const redirectReport = 254;
const zebra = { vendorId: 0x05e0, ibmProductId: 0x1300 };

/** Says whether a device has the collection of a scanner. One apparatus shows itself as several devices. */
export function isHidScanner({ collections }: HIDDevice): boolean {
  return collections.some(
    ({ usagePage, usage }) => (usagePage === hidPosPage && usage === hidPosScanner) || usagePage === ibmPage
  );
}

/**
 * Makes a scanner over WebHID; it is off until `reopen` or `connect`.
 *
 * @param hid  `navigator.hid`.
 * @param numbers  which device it was before; null at first.
 * @param onDevice  told the device that was opened, so that it is found again.
 */
export function createHidScanner({
  id,
  hid,
  claims,
  numbers,
  settings: first,
  onDevice,
  time = browserTime
}: {
  readonly id: string;
  readonly hid: HID;
  readonly claims: DeviceClaims<HIDDevice>;
  readonly numbers: DeviceNumbers;
  readonly settings: HidSettings;
  readonly onDevice: (device: DeviceNumbers & { readonly name: string }) => void;
  readonly time?: DeviceTime;
}): Scanner {
  const scans = createFeed<Scan>();
  const tracer = createTracer();
  let settings = first;
  let wanted = numbers;

  const driver: DeviceDriver<HIDDevice> = {
    async request() {
      const chosen = await hid.requestDevice({ filters }).catch((error: unknown) => {
        throw new ScannerFailure(isNamed(error, 'SecurityError') ? 'blocked' : 'failed', error);
      });
      if (chosen.length === 0) throw new ScannerFailure('not_chosen');
      const device = chosen.find(isHidScanner);
      if (device === undefined) throw new ScannerFailure('keyboard_mode');
      if (!claims.isFreeFor(device, id)) throw new ScannerFailure('in_use');
      return device;
    },
    async find() {
      const granted = (await hid.getDevices()).filter(isHidScanner);
      // Taken in the same breath: another scanner of this model looks for one too.
      return claims.takeFirst(granted.filter(isWanted), id);
    },
    async open({ device, signal, onLost }) {
      claims.take(device, id);
      try {
        if (!device.opened) await device.open();
      } catch (error) {
        claims.release(id);
        throw new ScannerFailure(isNamed(error, 'NotAllowedError') ? 'in_use' : 'failed', error);
      }
      const stop = listen(device, onLost);
      await redirectKeyboard(device);
      const { vendorId, productId, productName: name } = device;
      wanted = { vendorId, productId };
      if (!signal.aborted) onDevice({ vendorId, productId, name });
      return async () => {
        stop();
        claims.release(id);
        await device.close();
      };
    },
    watch(onCame) {
      hid.addEventListener('connect', onCame);
      return () => hid.removeEventListener('connect', onCame);
    }
  };

  function isWanted({ vendorId, productId }: HIDDevice): boolean {
    return wanted.vendorId === vendorId && wanted.productId === productId;
  }

  function listen(device: HIDDevice, onLost: (trouble: 'unplugged') => void): () => void {
    const decoder = decoderFor(device);
    const schedule = createAlarm(time);

    function tell(outcome: HidOutcome, at: number): void {
      if (outcome.dropped) tracer.tell({ what: 'dropped', why: 'bad_report', at });
      schedule(outcome.wakeAt, () => tell(decoder.tick(time.now()), time.now()));
      tellScans(outcome.scans, { scans, tracer, at });
    }
    function report({ reportId, data, timeStamp: at }: HIDInputReportEvent): void {
      // A copy: the browser may use the buffer again.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      tracer.tell({ what: 'report', reportId, bytes, at });
      tell(decoder.take({ reportId, bytes, at }), at);
    }
    function gone({ device: other }: HIDConnectionEvent): void {
      if (other !== device) return;
      if (decoder.reset()) tracer.tell({ what: 'dropped', why: 'unplugged', at: time.now() });
      onLost('unplugged');
    }
    device.addEventListener('inputreport', report);
    hid.addEventListener('disconnect', gone);
    return () => {
      device.removeEventListener('inputreport', report);
      hid.removeEventListener('disconnect', gone);
      schedule(null, () => undefined);
      decoder.reset();
    };
  }

  function decoderFor({ vendorId, productId, collections }: HIDDevice): HidDecoder {
    const described = collections.some(({ usagePage }) => usagePage === ibmPage);
    const known = vendorId === zebra.vendorId && productId === zebra.ibmProductId;
    const isPos = collections.some(({ usagePage }) => usagePage === hidPosPage);
    const form = settings.form === 'ibm' || known || (described && !isPos) ? 'ibm' : 'pos';
    return createHidDecoder({ form, layouts: readLayouts(collections) });
  }

  return scannerOf({
    road: 'hid',
    driver,
    time,
    scans,
    tracer,
    configure(next) {
      if (next.road !== 'hid' || next.form === settings.form) return false;
      settings = next;
      return true;
    },
    onDestroy: () => claims.release(id)
  });
}

/** A Honeywell in keyboard mode sends its scans to the HID POS interface after this, until it is closed. */
async function redirectKeyboard(device: HIDDevice): Promise<void> {
  if (!honeywell.has(device.vendorId)) return;
  // One that is in HID POS mode already has no such report.
  await device.sendFeatureReport(redirectReport, Uint8Array.of(1)).catch(() => undefined);
}
