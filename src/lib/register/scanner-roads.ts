/** The roads that this browser has to a scanner. By what is there, never by the browser's name. */
import type { MakeDevice } from '$lib/scanning/adapters/device-maker';
import { createWedgeScanner } from '$lib/scanning/adapters/wedge';
import type { Scanner, ScannerRoad, ScannerSettings } from '$lib/scanning/port';
import type { Scan } from '$lib/scanning/scan';

/** Who hears scans, and what the keyboard wedge has to know of the screen. */
export interface ScanListener {
  /** It may be a payment code: keep it in memory only, and log nothing of it. */
  readonly onScan: (scan: Scan) => void;
  /** Whether the catalogue has this text. */
  readonly isKnown: (text: string) => boolean;
  /** Whether the screen expects a scan and takes every key that no field gets. */
  readonly expectsScan: () => boolean;
  /** Whether the screen waits for a shopper's payment code. */
  readonly awaitsPayment: () => boolean;
}

/** What the scanners of a register need of the browser. */
export interface ScannerRoads {
  readonly available: Readonly<Record<ScannerRoad, boolean>>;
  /** There at once, because most shops have nothing else. */
  readonly makeWedge: (asked: {
    readonly settings: ScannerSettings;
    readonly listener: ScanListener;
  }) => Scanner;
  /** The other roads, which are fetched when the page stands. */
  readonly load: () => Promise<MakeDevice>;
}

/** The page's own roads. */
export function browserRoads(): ScannerRoads {
  const secure = window.isSecureContext;
  return {
    available: {
      wedge: true,
      hid: secure && 'hid' in navigator,
      serial: secure && 'serial' in navigator,
      camera: secure && 'mediaDevices' in navigator
    },
    makeWedge({ settings, listener: { isKnown, expectsScan, awaitsPayment } }) {
      if (settings.road !== 'wedge') throw new Error('These settings are of another road.');
      return createWedgeScanner({ target: window, settings, isKnown, expectsScan, awaitsPayment });
    },
    async load() {
      const { createDeviceMaker } = await import('$lib/scanning/adapters/device-maker');
      return createDeviceMaker(navigator);
    }
  };
}
