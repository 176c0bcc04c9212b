/** Which scanner holds which device, so that two scanners of one model do not fight over one of them. */

/** Devices in use on one road. */
export interface DeviceClaims<Device extends object> {
  /** Takes a device for a scanner, which lets go of any other. */
  readonly take: (device: Device, scannerId: string) => void;
  /** Takes the first of these that is free, or this scanner's already; null when there is none. */
  readonly takeFirst: (devices: readonly Device[], scannerId: string) => Device | null;
  /** Whether the device is free, or this scanner's. */
  readonly isFreeFor: (device: Device, scannerId: string) => boolean;
  readonly release: (scannerId: string) => void;
}

/** Starts with all devices free. */
export function createClaims<Device extends object>(): DeviceClaims<Device> {
  const held = new Map<string, Device>();
  const take = (device: Device, scannerId: string): void => void held.set(scannerId, device);
  const isFreeFor = (device: Device, scannerId: string): boolean =>
    [...held].every(([id, other]) => other !== device || id === scannerId);
  return {
    take,
    isFreeFor,
    takeFirst(devices, scannerId) {
      const found = devices.find((device) => isFreeFor(device, scannerId)) ?? null;
      if (found !== null) take(found, scannerId);
      return found;
    },
    release: (scannerId) => void held.delete(scannerId)
  };
}
