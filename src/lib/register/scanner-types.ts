/** The shapes of scanners for screens, which know the register only. */
export type {
  CameraChoice,
  CameraControls,
  CameraSettings,
  HidSettings,
  ScannerInfo,
  ScannerRoad,
  ScannerSettings,
  ScannerState,
  ScannerTrouble,
  SerialSettings,
  WedgeRoadSettings
} from '$lib/scanning/port';
export type { WedgeSettings } from '$lib/scanning/wedge-settings';

/** How the keyboard is read before anybody sets it. */
export { defaultWedgeSettings as firstWedgeSettings } from '$lib/scanning/wedge-settings';
