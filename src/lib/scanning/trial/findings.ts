/** Why a scan did not work, and what mends it: the test panel's knowledge. Pure. */
import { type Character, type KeyFact } from '../keystroke';
import { readTypedCode } from '../calibration/typed-code';
import { hasKnownForm } from '../known-form';
import { type Scan } from '../scan';
import { type HidSettings, type ScannerSettings, type SerialSettings } from '../port';
import { type MissedScan } from '../wedge-decoder';
import { readingsOf } from '../wedge-reading';
import { type WedgeSettings } from '../wedge-settings';

/** What is wrong. The screen has the words. */
export type Finding =
  /** Keys came further apart than this register allows. */
  | { readonly what: 'too_slow'; readonly paceMs: number; readonly gapMs: number }
  | { readonly what: 'too_short'; readonly length: number; readonly minLength: number }
  /** Another layout reads it as a code that we know. */
  | { readonly what: 'layout' }
  /** Letters came turned round; read with the other setting they are a code that we know. */
  | { readonly what: 'caps_lock'; readonly capsLock: WedgeSettings['capsLock'] }
  /** It works, but Till waits for a pause because nothing ends the code. */
  | { readonly what: 'no_terminator'; readonly waitsMs: number }
  /** Serial bytes that are no text: another speed or parity. */
  | { readonly what: 'serial_speed'; readonly baudRate: number }
  /** A HID report that makes no sense in the form that it is read in. */
  | { readonly what: 'bad_report'; readonly form: HidSettings['form'] }
  | { readonly what: 'unplugged' }
  /** Paper is read and a screen is not. `canFilm`: a camera could read the screens instead. */
  | { readonly what: 'laser'; readonly canFilm: boolean }
  /** Neither a screen nor paper has been read. */
  | { readonly what: 'silent' };

/**
 * What one press mends. `calibrate` opens the calibration, `connect` the scanner, `camera` adds the camera, `modes` shows how
 * a scanner is switched to another mode.
 */
export type Fix =
  | { readonly what: 'wedge'; readonly settings: Partial<WedgeSettings> }
  | { readonly what: 'serial'; readonly settings: Partial<SerialSettings> }
  | { readonly what: 'hid'; readonly settings: Pick<HidSettings, 'form'> }
  | { readonly what: 'calibrate' | 'connect' | 'camera' | 'modes' };

/** The fix of a finding, where a press can mend it. */
export function fixOf(finding: Finding): Fix | null {
  switch (finding.what) {
    case 'too_slow':
      return {
        what: 'wedge',
        settings: { maxGapMs: Math.min(240, Math.ceil(finding.paceMs * 1.25) + 10) }
      };
    case 'too_short':
      return { what: 'wedge', settings: { minLength: Math.max(3, finding.length) } };
    case 'layout':
      return { what: 'calibrate' };
    case 'no_terminator':
      return { what: 'wedge', settings: { terminator: 'none' } };
    case 'serial_speed':
      return { what: 'serial', settings: { baudRate: otherSpeed(finding.baudRate) } };
    case 'caps_lock':
      return { what: 'wedge', settings: { capsLock: finding.capsLock } };
    case 'bad_report':
      return { what: 'hid', settings: { form: finding.form === 'ibm' ? 'auto' : 'ibm' } };
    case 'unplugged':
      return { what: 'connect' };
    case 'laser':
      return finding.canFilm ? { what: 'camera' } : null;
    case 'silent':
      return { what: 'modes' };
  }
}

/** The settings with what a fix changes; null where it changes none of this road. */
export function mended(now: ScannerSettings, fix: Fix): ScannerSettings | null {
  if (fix.what === 'wedge' && now.road === 'wedge') return { ...now, ...fix.settings };
  if (fix.what === 'serial' && now.road === 'serial') return { ...now, ...fix.settings };
  if (fix.what === 'hid' && now.road === 'hid') return { ...now, ...fix.settings };
  return null;
}

/**
 * @param facts  the keys, oldest first
 * @param scan  what was understood; null: nothing
 * @param isKnown  whether the catalogue has a text
 */
export function findingsOfKeys({
  facts,
  scan,
  missed,
  settings,
  isKnown
}: {
  readonly facts: readonly KeyFact[];
  readonly scan: Scan | null;
  readonly missed: MissedScan | null;
  readonly settings: WedgeSettings;
  readonly isKnown: (text: string) => boolean;
}): readonly Finding[] {
  const { characters: typed, terminator } = readTypedCode(facts);
  const characters = typed.map(({ character }) => character);
  const findings: Finding[] = [];

  if (scan === null) {
    const paceMs = Math.round(missed?.paceMs ?? longestGap(typed.map(({ at }) => at)));
    const tooShort = characters.length > 0 && characters.length < settings.minLength;
    if (tooShort && terminator !== null)
      findings.push({ what: 'too_short', length: characters.length, minLength: settings.minLength });
    else if (paceMs > settings.maxGapMs)
      findings.push({ what: 'too_slow', paceMs, gapMs: settings.maxGapMs });
  }
  if (isMisread({ characters, scan, isKnown })) {
    const capsLock = otherCapsLock({ characters, settings, isKnown });
    findings.push(capsLock === null ? { what: 'layout' } : { what: 'caps_lock', capsLock });
  }
  if (scan !== null && terminator === null && settings.terminator !== 'none')
    findings.push({ what: 'no_terminator', waitsMs: Math.max(250, settings.maxGapMs) });
  return findings;
}

/** Serial text with signs of a wrong speed. */
export function findingsOfSerial({
  scan,
  settings
}: {
  readonly scan: Scan;
  readonly settings: SerialSettings;
}): readonly Finding[] {
  // Windows-1252 makes a letter of nearly every byte; codes are plain ASCII
  const odd = [...scan.text].filter((one) => !/[\u001d\u0020-\u007e]/.test(one)).length;
  return odd > scan.text.length / 4 ? [{ what: 'serial_speed', baudRate: settings.baudRate }] : [];
}

/**
 * Why a code on this screen is not read.
 *
 * @param readsPaper  this register has read something else
 */
export function findingOfScreen({
  readsPaper,
  canFilm
}: {
  readonly readsPaper: boolean;
  readonly canFilm: boolean;
}): Finding {
  return readsPaper ? { what: 'laser', canFilm } : { what: 'silent' };
}

/** The setting about Caps Lock that makes a code of the characters, all else left as it is; null where it makes none. */
function otherCapsLock({
  characters,
  settings,
  isKnown
}: {
  readonly characters: readonly Character[];
  readonly settings: WedgeSettings;
  readonly isKnown: (text: string) => boolean;
}): WedgeSettings['capsLock'] | null {
  if (!characters.some(({ capsLock }) => capsLock)) return null;
  const compensated = settings.capsLock === 'compensated_by_scanner';
  const capsLock = compensated ? 'ignored_by_scanner' : 'compensated_by_scanner';
  const [text = ''] = readingsOf({ characters, settings: { ...settings, capsLock } });
  return hasKnownForm(text) || isKnown(text) ? capsLock : null;
}

/** One of the other readings is a code that we know, and the chosen one is none. */
function isMisread({
  characters,
  scan,
  isKnown
}: {
  readonly characters: readonly Character[];
  readonly scan: Scan | null;
  readonly isKnown: (text: string) => boolean;
}): boolean {
  const makesSense = (text: string) => hasKnownForm(text) || isKnown(text);
  if (characters.length === 0 || (scan !== null && makesSense(scan.text))) return false;
  const signs = characters.filter(({ byKey, byCode }) => /\d/.test(byCode) && !/\d/.test(byKey));
  if (scan !== null && signs.length > characters.length / 2 && !/\d/.test(scan.text)) return true;
  const readings = (['code', 'key'] as const).flatMap((reading) =>
    (['ignored_by_scanner', 'compensated_by_scanner'] as const).flatMap((capsLock) =>
      readingsOf({ characters, settings: { reading, layout: {}, capsLock } })
    )
  );
  return readings.some((text) => text !== scan?.text && makesSense(text));
}

function longestGap(at: readonly number[]): number {
  return Math.max(0, ...at.slice(1).map((time, index) => time - (at[index] ?? time)));
}

const speeds = [9600, 115_200, 38_400, 19_200, 57_600, 4800];

function otherSpeed(baudRate: number): number {
  return speeds[(speeds.indexOf(baudRate) + 1) % speeds.length] ?? 9600;
}
