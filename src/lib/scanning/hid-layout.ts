/**
 * Where things stand in the reports of a HID scanner, read from the device's own description.
 *
 * Sources: HID Point of Sale Usage Tables 1.02, page 0x8C; and for the order of the items Chromium, which hands the items of
 * inner collections on to all outer ones, in the order of the description.
 */

/** The parts of a `HIDCollectionInfo` that matter. */
export interface HidCollection {
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
  readonly inputReports?: readonly HidReport[] | undefined;
}

/** The parts of a `HIDReportInfo` that matter. */
export interface HidReport {
  readonly reportId?: number | undefined;
  readonly items?: readonly HidItem[] | undefined;
}

/** The parts of a `HIDReportItem` that matter. Usages are `page << 16 | usage`. */
export interface HidItem {
  readonly isConstant?: boolean | undefined;
  readonly isRange?: boolean | undefined;
  readonly usages?: readonly number[] | undefined;
  readonly usageMinimum?: number | undefined;
  readonly usageMaximum?: number | undefined;
  readonly reportSize?: number | undefined;
  readonly reportCount?: number | undefined;
}

/** Some bits of a report: where they begin, and how many. */
export interface BitField {
  readonly at: number;
  readonly size: number;
}

/** Where the parts of a scan stand in a report without its id. */
export interface HidLayout {
  readonly byteCount: BitField | null;
  /** The three bytes of the AIM identifier; empty where the scanner has none. */
  readonly aim: readonly BitField[];
  readonly data: readonly BitField[];
  readonly continued: BitField | null;
}

/** The usages by which a page may ask for HID POS scanners. Usage 1 of the page is abused by keyboards. */
export const hidPosPage = 0x8c;
export const hidPosScanner = 0x02;
/** The usage page of IBM hand-held scanners. */
export const ibmPage = 0xff45;

const aimUsages = [0x008c00fb, 0x008c00fc, 0x008c00fd];
const dataUsage = 0x008c00fe;
const continuedUsage = 0x008c00ff;
const byteCountUsage = 0x0001003b;

/**
 * The layouts of a device's scan reports, by report id.
 *
 * @returns an empty map when the description has no report with the data of a scan; then the common layout is worth a try.
 */
export function readLayouts(collections: readonly HidCollection[]): ReadonlyMap<number, HidLayout> {
  const layouts = new Map<number, HidLayout>();
  for (const { usagePage, inputReports = [] } of collections) {
    if (usagePage !== hidPosPage) continue;
    for (const { reportId = 0, items = [] } of inputReports) {
      const layout = layoutOf(items);
      if (layout.data.length > 0) layouts.set(reportId, layout);
    }
  }
  return layouts;
}

function layoutOf(items: readonly HidItem[]): HidLayout {
  const fields = new Map<number, BitField[]>();
  let at = 0;
  for (const item of items) {
    const { reportSize: size = 0, reportCount: count = 0 } = item;
    // A broken description must not keep the page busy.
    if (size < 1 || size > 32 || count < 1 || count > longestReportBits) {
      at += Math.max(0, size * count);
      continue;
    }
    for (let index = 0; index < count; index += 1, at += size) {
      const usage = item.isConstant === true ? null : usageOf(item, index);
      if (usage !== null) fields.set(usage, [...(fields.get(usage) ?? []), { at, size }]);
    }
  }
  const aim = aimUsages.map((usage) => fields.get(usage)?.[0]).filter((field) => field !== undefined);
  return {
    byteCount: fields.get(byteCountUsage)?.[0] ?? null,
    aim: aim.length === aimUsages.length ? aim : [],
    data: (fields.get(dataUsage) ?? []).filter(({ size }) => size === 8),
    continued: fields.get(continuedUsage)?.[0] ?? null
  };
}

const longestReportBits = 65_536;

/** The usage of an item's nth value: the last one counts for all that have none of their own. */
function usageOf(
  { isRange, usages = [], usageMinimum, usageMaximum }: HidItem,
  index: number
): number | null {
  if (isRange === true && usageMinimum !== undefined) {
    return Math.min(usageMinimum + index, usageMaximum ?? usageMinimum);
  }
  return usages[Math.min(index, usages.length - 1)] ?? null;
}

/** Bytes as fields: `count` of them from the nth byte on. */
function bytesAt(first: number, count: number): BitField[] {
  return Array.from({ length: count }, (_, index) => ({ at: (first + index) * 8, size: 8 }));
}

/** What most vendors send: length, AIM identifier, 56 bytes, a byte of the vendor's, and "continued" in the last byte. */
export const commonLayout: HidLayout = {
  byteCount: { at: 0, size: 8 },
  aim: bytesAt(1, 3),
  data: bytesAt(4, 56),
  continued: { at: 62 * 8, size: 1 }
};

/** The same of Newland, without an identifier. */
export const newlandLayout: HidLayout = {
  byteCount: { at: 0, size: 8 },
  aim: [],
  data: bytesAt(1, 56),
  continued: { at: 62 * 8, size: 1 }
};

/** The value of a field, lowest bit first as HID has it; null where the report is too short for it. */
export function readField(bytes: Uint8Array, { at, size }: BitField): number | null {
  let value = 0;
  for (let bit = 0; bit < size; bit += 1) {
    const byte = bytes[(at + bit) >> 3];
    if (byte === undefined) return null;
    if ((byte & (1 << ((at + bit) & 7))) !== 0) value += 2 ** bit;
  }
  return value;
}
