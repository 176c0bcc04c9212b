/** Which scanner holds which device, so that two scanners of one model do not fight over one of them. */

/** Devices in use on one road. */
export interface DeviceClaims<Device extends object> {
  /** Takes a device for a scanner, which lets go of any other. */
  readonly take: (device: Device, scannerId: string) => void;
  /** Whether the device is free, or this scanner's. */
  readonly isFreeFor: (device: Device, scannerId: string) => boolean;
  readonly release: (scannerId: string) => void;
}

/** Starts with all devices free. */
export function createClaims<Device extends object>(): DeviceClaims<Device> {
  const held = new Map<string, Device>();
  return {
    take: (device, scannerId) => void held.set(scannerId, device),
    isFreeFor: (device, scannerId) => [...held].every(([id, other]) => other !== device || id === scannerId),
    release: (scannerId) => void held.delete(scannerId)
  };
}
