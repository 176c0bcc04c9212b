/** What is kept about this register's scanners, and what a scanner is set to at first. Nothing that was scanned. */
import * as v from 'valibot';
import type { ScannerInfo, ScannerRoad, ScannerSettings } from '$lib/scanning/port';
import { defaultWedgeSettings } from '$lib/scanning/wedge-settings';

/** One scanner as it is kept. */
export interface SavedScanner {
  readonly info: ScannerInfo;
  readonly settings: ScannerSettings;
}

/** All that types is one scanner, and there from the start. */
export const wedgeId = 'wedge';

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const shortText = v.pipe(v.string(), v.maxLength(40));

const settingsSchema = v.variant('road', [
  v.object({ road: v.literal('hid'), form: v.fallback(v.picklist(['auto', 'ibm']), 'auto') }),
  v.object({
    road: v.literal('serial'),
    baudRate: v.fallback(whole(300, 1_000_000), 9600),
    dataBits: v.fallback(v.picklist([7, 8]), 8),
    parity: v.fallback(v.picklist(['none', 'even', 'odd']), 'none'),
    stopBits: v.fallback(v.picklist([1, 2]), 1),
    flowControl: v.fallback(v.picklist(['none', 'hardware']), 'none'),
    terminator: v.fallback(v.picklist(['auto', 'cr', 'lf', 'crlf', 'tab', 'none']), 'auto'),
    idleGapMs: v.fallback(whole(10, 2000), 60)
  }),
  v.object({
    road: v.literal('wedge'),
    prefix: v.fallback(shortText, ''),
    suffix: v.fallback(shortText, ''),
    maxGapMs: v.fallback(v.pipe(v.number(), v.minValue(10), v.maxValue(500)), defaultWedgeSettings.maxGapMs),
    minLength: v.fallback(whole(2, 40), defaultWedgeSettings.minLength),
    reading: v.fallback(v.picklist(['auto', 'code', 'key', 'learned']), 'auto'),
    layout: v.fallback(v.record(v.string(), shortText), {}),
    capsLock: v.fallback(v.picklist(['ignored_by_scanner', 'compensated_by_scanner']), 'ignored_by_scanner'),
    terminator: v.fallback(v.picklist(['unknown', 'enter', 'tab', 'none']), 'unknown')
  }),
  v.object({
    road: v.literal('camera'),
    deviceId: v.fallback(v.nullable(v.string()), null),
    torch: v.fallback(v.boolean(), false)
  })
]);

const usbNumber = v.fallback(v.nullable(whole(0, 0xffff)), null);
const savedSchema = v.object({
  info: v.object({
    id: v.pipe(v.string(), v.minLength(1)),
    road: v.picklist(['hid', 'serial', 'wedge', 'camera']),
    name: v.pipe(v.string(), v.maxLength(80)),
    vendorId: usbNumber,
    productId: usbNumber
  }),
  settings: settingsSchema
});

/** The scanners that were kept, where they still make sense: one that does not is left out, the others stay. */
export function readSavedScanners(kept: unknown): readonly SavedScanner[] {
  if (!Array.isArray(kept)) return [];
  const ids = new Set<string>();
  return kept.flatMap((one: unknown) => {
    const parsed = v.safeParse(savedSchema, one);
    if (!parsed.success) return [];
    const { info, settings } = parsed.output;
    if (info.road !== settings.road || ids.has(info.id)) return [];
    if ((info.road === 'wedge') !== (info.id === wedgeId)) return [];
    ids.add(info.id);
    return [parsed.output];
  });
}

/** What a scanner is set to before anybody sets it. */
export function firstSettings(road: ScannerRoad): ScannerSettings {
  switch (road) {
    case 'hid':
      return { road, form: 'auto' };
    case 'serial':
      return {
        road,
        baudRate: 9600,
        dataBits: 8,
        parity: 'none',
        stopBits: 1,
        flowControl: 'none',
        terminator: 'auto',
        idleGapMs: 60
      };
    case 'wedge':
      return { road, ...defaultWedgeSettings };
    case 'camera':
      return { road, deviceId: null, torch: false };
  }
}
