/// <reference types="w3c-web-hid" />
/// <reference types="w3c-web-serial" />
/** Makes the scanners of all roads but the keyboard's, so that they can be fetched after the page stands. */
import { createClaims } from '../claims';
import { type Scanner, type ScannerInfo, type ScannerSettings } from '../port';
import { createCameraScanner } from './camera';
import { createHidScanner, type DeviceNumbers } from './hid';
import { createSerialScanner } from './serial';

/** Makes a scanner that is off. */
export type MakeDevice = (asked: {
  readonly info: ScannerInfo;
  readonly settings: ScannerSettings;
  /** Told the device that was opened, so that it is found again. */
  readonly onDevice: (device: DeviceNumbers & { readonly name: string }) => void;
}) => Scanner;

/**
 * Binds the roads to one page's devices.
 *
 * @returns makes a scanner that is off; it throws for a road that the browser does not have.
 */
export function createDeviceMaker({ hid, serial, mediaDevices }: Navigator): MakeDevice {
  const hidClaims = createClaims<HIDDevice>();
  const portClaims = createClaims<SerialPort>();
  return ({ info, settings, onDevice }) => {
    const { id, vendorId, productId } = info;
    const shared = { id, numbers: { vendorId, productId }, onDevice };
    switch (settings.road) {
      case 'hid':
        return createHidScanner({ ...shared, hid, claims: hidClaims, settings });
      case 'serial':
        return createSerialScanner({ ...shared, serial, claims: portClaims, settings });
      case 'camera':
        return createCameraScanner({ mediaDevices, settings });
      case 'wedge':
        throw new Error('The keyboard is no device: it is there from the start.');
    }
  };
}
