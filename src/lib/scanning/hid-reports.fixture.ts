/** HID scanners as a browser shows them: their descriptions and their reports. For tests only. */
import { type HidCollection, type HidItem } from './hid-layout';

/** Bytes written as "0D 5D 45". */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.split(' ').map((byte) => Number.parseInt(byte, 16)));
}

const page = 0x8c;
const item = (usages: readonly number[], count: number, more: Partial<HidItem> = {}): HidItem => ({
  usages: usages.map((usage) => (usage < 0x10000 ? (page << 16) | usage : usage)),
  reportSize: 8,
  reportCount: count,
  ...more
});

/** The description of a scanner whose reports have the common layout. */
export const commonDevice: readonly HidCollection[] = [
  {
    usagePage: page,
    usage: 2,
    inputReports: [
      {
        reportId: 2,
        items: [
          item([0x0001003b], 1),
          item([0xfb, 0xfc, 0xfd], 3),
          item([0xfe], 56),
          item([], 1, { usages: [0xff450001] }),
          item([], 1, { isConstant: true }),
          item([0xff], 1, { reportSize: 1 }),
          item([], 7, { isConstant: true, reportSize: 1 })
        ]
      },
      // Something else that the device tells, such as its battery.
      { reportId: 9, items: [item([0x10], 1)] }
    ]
  }
];

/** Another order, no byte count, the identifier as a range, and "continued" before the data. */
export const oddDevice: readonly HidCollection[] = [
  { usagePage: 1, usage: 6, inputReports: [{ reportId: 1, items: [item([0xfe], 8)] }] },
  {
    usagePage: page,
    usage: 2,
    inputReports: [
      {
        reportId: 4,
        items: [
          item([0xff], 1, { reportSize: 1 }),
          item([], 1, { isConstant: true, reportSize: 7 }),
          item([], 3, {
            isRange: true,
            usageMinimum: (page << 16) | 0xfb,
            usageMaximum: (page << 16) | 0xfd
          }),
          item([0xfe], 20)
        ]
      }
    ]
  }
];

/** The reports of a code in the common layout. */
export function commonReports({
  text,
  aim,
  lastContinued = false
}: {
  readonly text: Uint8Array | string;
  readonly aim: string;
  /** As firmware does that leaves the flag set. */
  readonly lastContinued?: boolean;
}): Uint8Array[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reports: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 56) {
    const part = bytes.subarray(at, at + 56);
    const report = new Uint8Array(63);
    report[0] = part.length;
    report.set(new TextEncoder().encode(aim), 1);
    report.set(part, 4);
    const last = at + 56 >= bytes.length;
    report[62] = !last || lastContinued ? 1 : 0;
    reports.push(report);
  }
  return reports;
}
