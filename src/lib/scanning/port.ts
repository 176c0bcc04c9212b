/**
 * The port that every scanner is reached through, whatever its road: HID, serial, keyboard or camera.
 *
 *   off ──connect, reopen──► connecting ──► ready ──unplugged──► waiting ──plugged in──► connecting
 *                                │                                  ▲
 *                                ├──can't be opened now─────────────┘ (tried again, ever more slowly)
 *                                └──only a person can help──► needs_you
 */
import { type KeyFact } from './keystroke';
import { type Scan } from './scan';
import { type MissedScan } from './wedge-decoder';
import { type WedgeSettings } from './wedge-settings';

/** How a scanner reaches the page. */
export type ScannerRoad = 'hid' | 'serial' | 'wedge' | 'camera';

/** Which scanner it is. It carries no scan and may be kept. */
export interface ScannerInfo {
  /** This register's own name for it, never shown. */
  readonly id: string;
  readonly road: ScannerRoad;
  /** For people; theirs, or at first the device's own. */
  readonly name: string;
  /** USB numbers, where the road knows them: the same scanner is found again by them. */
  readonly vendorId: number | null;
  readonly productId: number | null;
}

/**
 * Settings of a HID scanner. `auto`: HID POS by the device's own description. `ibm`: the IBM hand-held form, for a scanner
 * whose description does not say so.
 */
export interface HidSettings {
  readonly road: 'hid';
  readonly form: 'auto' | 'ibm';
}

/** Settings of a serial scanner; they must be those that the scanner is programmed to. */
export interface SerialSettings {
  readonly road: 'serial';
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly flowControl: 'none' | 'hardware';
  /** What ends a scan at once; `auto` is CR, LF or both. `none`: only a pause does. */
  readonly terminator: 'auto' | 'cr' | 'lf' | 'crlf' | 'tab' | 'none';
  /** Milliseconds of silence that end a scan without a terminator. */
  readonly idleGapMs: number;
}

/** Settings of the keyboard wedge; one for all scanners that type, because a page can't tell two keyboards apart. */
export interface WedgeRoadSettings extends WedgeSettings {
  readonly road: 'wedge';
}

/** Settings of the camera. */
export interface CameraSettings {
  readonly road: 'camera';
  /** The browser's id of the chosen camera; null: the one that looks away from the user. */
  readonly deviceId: string | null;
  readonly torch: boolean;
}

/** Settings of one scanner. */
export type ScannerSettings = HidSettings | SerialSettings | WedgeRoadSettings | CameraSettings;

/** Why a scanner does not work now. */
export type ScannerTrouble =
  /** This browser has no such road. */
  | 'unsupported'
  /** The page is reached without https. */
  | 'insecure'
  /** The browser's or the company's policy forbids it. */
  | 'blocked'
  /** The browser's list was closed without a choice. */
  | 'not_chosen'
  /** The browser no longer allows the device (after a reload or a replug): it has to be chosen again. */
  | 'permission_lost'
  /** It was pulled out, or went out of reach. */
  | 'unplugged'
  /** Another programme, or another page, holds it. */
  | 'in_use'
  /** It shows itself as a keyboard only, which no page may open: switch its mode. */
  | 'keyboard_mode'
  /** No camera is there. */
  | 'no_camera'
  /** Anything else that the browser answered to opening it. */
  | 'failed';

/** What the person at the register is to do next. */
export type ScannerRemedy =
  /** Press "Connect" and choose the scanner in the browser's list. */
  | 'choose'
  /** Plug it in; the rest happens by itself, unless the browser has forgotten it: then it has to be chosen again. */
  | 'plug_in'
  /** Close the other programme that uses it; it is tried again by itself. */
  | 'close_other'
  /** Allow it in the browser's site settings. */
  | 'allow'
  /** Scan the vendor's code that switches the scanner to HID POS or serial. */
  | 'switch_mode'
  /** Use another road, or another browser. */
  | 'other_road'
  /** Press "Try again". */
  | 'retry';

/** How a scanner is. The last state is kept: who subscribes late is told it. */
export type ScannerState =
  /** Not asked for, or let go on purpose. */
  | { readonly state: 'off' }
  /** Another tab of this register has the scanners. */
  | { readonly state: 'other_tab' }
  /** Being opened; `trouble` is what the attempt before met. */
  | { readonly state: 'connecting'; readonly attempt: number; readonly trouble: ScannerTrouble | null }
  | { readonly state: 'ready' }
  /** It comes back by itself: on the next try, or when it is plugged in. `retryInMs` null: only the latter. */
  | {
      readonly state: 'waiting';
      readonly trouble: ScannerTrouble;
      readonly remedy: ScannerRemedy;
      readonly retryInMs: number | null;
    }
  /** Only a person can help. */
  | { readonly state: 'needs_you'; readonly trouble: ScannerTrouble; readonly remedy: ScannerRemedy };

/**
 * What arrived, as raw as the road has it: for the test panel. It may be a payment code, in pieces or whole: keep it in
 * memory only, while the panel is open.
 */
export type ScannerTrace = {
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
  /** Milliseconds since the piece before; null for the first. */
  readonly gapMs: number | null;
} & (
  | { readonly what: 'report'; readonly reportId: number; readonly bytes: Uint8Array }
  | { readonly what: 'bytes'; readonly bytes: Uint8Array }
  | { readonly what: 'key'; readonly fact: KeyFact; readonly swallowed: boolean }
  /** The camera read a code in a picture; not yet a scan, if it is still the same one. */
  | { readonly what: 'picture'; readonly symbology: string; readonly bytes: Uint8Array }
  /** It was understood. */
  | { readonly what: 'scan'; readonly scan: Scan }
  /** Keys came like a scan, but too slowly. */
  | { readonly what: 'missed'; readonly missed: MissedScan }
  /** A report that makes no sense, or a scan that never ended: thrown away. */
  | { readonly what: 'dropped'; readonly why: 'bad_report' | 'unplugged' }
);

/** What a press of "Connect" came to. */
export type ConnectResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly trouble: ScannerTrouble; readonly remedy: ScannerRemedy };

/** One camera, for a list to choose from. */
export interface CameraChoice {
  readonly deviceId: string;
  readonly name: string;
}

/** What only a camera has. */
export interface CameraControls {
  /** What the camera sees, for a `<video>`; null while it is off. */
  readonly stream: MediaStream | null;
  /** Whether this camera has a light that can be switched. */
  readonly hasTorch: boolean;
  readonly setTorch: (on: boolean) => Promise<void>;
  /** The cameras; their names are empty until one was allowed. */
  readonly list: () => Promise<readonly CameraChoice[]>;
}

/** Stops what the call that returned it began. */
export type Unsubscribe = () => void;

/** One scanner. */
export interface Scanner {
  readonly road: ScannerRoad;
  readonly state: ScannerState;
  /** Tells the state now, and each time it changes. */
  readonly onState: (listener: (state: ScannerState) => void) => Unsubscribe;
  /** Tells each scan. It may be a payment code: keep it in memory only, and log nothing of it. */
  readonly onScan: (listener: (scan: Scan) => void) => Unsubscribe;
  /** Tells all that arrives while somebody listens. */
  readonly onTrace: (listener: (trace: ScannerTrace) => void) => Unsubscribe;
  /** Opens the device, and asks the user for it where it is not allowed yet: call it in the handler of a press. */
  readonly connect: () => Promise<ConnectResult>;
  /** Opens the device without asking anybody; and again by itself each time it comes back. */
  readonly reopen: () => void;
  /** Lets the device go. Never throws, and never waits for a device that hangs. */
  readonly disconnect: () => Promise<void>;
  /** Takes other settings, at once; a serial port is opened anew for them. */
  readonly configure: (settings: ScannerSettings) => void;
  /** Lets the device go for good and undoes every listener. */
  readonly destroy: () => void;
  /** Null but for a camera. */
  readonly camera: CameraControls | null;
}
