import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHidDecoder, type HidDecoder } from './hid-decoder';
import { readLayouts } from './hid-layout';
import { commonDevice, commonReports, hex, oddDevice } from './hid-reports.fixture';
import { type Scan } from './scan';
import { vectors } from './vectors.fixture';

const described = (): HidDecoder => createHidDecoder({ form: 'pos', layouts: readLayouts(commonDevice) });
const undescribed = (): HidDecoder => createHidDecoder({ form: 'pos', layouts: new Map() });

/** Feeds reports, some milliseconds apart, and lets time pass after them. */
function play(
  decoder: HidDecoder,
  reports: readonly Uint8Array[],
  { from = 0, gapMs = 4, reportId = 2 } = {}
): Scan[] {
  const scans = reports.flatMap(
    (bytes, index) => decoder.take({ reportId, bytes, at: from + index * gapMs }).scans
  );
  return [...scans, ...decoder.tick(from + reports.length * gapMs + 1000).scans];
}
const shape = ({ text, aim }: Scan): { text: string; aim: string | null } => ({ text, aim });

describe('HID POS scans', () => {
  it.each(vectors.hid)('are read as the vectors say: $name', ({ layout, reports, text, aim }) => {
    const decoders = layout === 'common' ? [described(), undescribed()] : [undescribed()];
    for (const decoder of decoders) {
      expect(play(decoder, reports.map(hex)).map(shape)).toEqual([{ text, aim }]);
    }
  });

  it('are told at once when their last report has come', () => {
    const decoder = described();
    const reports = commonReports({ text: 'x'.repeat(100), aim: ']Q1' });
    expect(decoder.take({ reportId: 2, bytes: reports[0]!, at: 10 })).toMatchObject({
      scans: [],
      wakeAt: 261
    });
    expect(decoder.take({ reportId: 2, bytes: reports[1]!, at: 14 })).toMatchObject({
      scans: [{ text: 'x'.repeat(100), at: 14, source: 'hid', symbology: 'QR' }],
      wakeAt: null
    });
  });

  it('are read by the description, whatever the order of its parts', () => {
    const decoder = createHidDecoder({ form: 'pos', layouts: readLayouts(oddDevice) });
    const report = (continued: number, text: string): Uint8Array => {
      const bytes = new Uint8Array(24);
      bytes[0] = continued;
      bytes.set(new TextEncoder().encode(`]C0${text}`), 1);
      return bytes;
    };
    const reports = [report(1, '2510010201234567890\u0031'), report(0, '2345')];
    expect(play(decoder, reports, { reportId: 4 }).map(shape)).toEqual([
      { text: '251001020123456789012345', aim: ']C0' }
    ]);
    // Without a byte count a short report is all that there is.
    const short = report(0, '96385074').subarray(0, 12);
    expect(play(decoder, [short], { reportId: 4 }).map(({ text }) => text)).toEqual(['96385074']);
  });

  it('end by themselves where the firmware leaves "continued" set, or when the identifier changes', () => {
    const full = 'A'.repeat(56);
    const left = commonReports({ text: full, aim: ']Q1', lastContinued: true });
    expect(play(described(), left).map(({ text }) => text)).toEqual([full]);

    const decoder = described();
    const next = commonReports({ text: '96385074', aim: ']E4' });
    expect(play(decoder, [...left, ...next]).map(shape)).toEqual([
      { text: full, aim: ']Q1' },
      { text: '96385074', aim: ']E4' }
    ]);
    // And the time of the next report is enough: nobody needs to have told the time in between.
    const late = described();
    expect(late.take({ reportId: 2, bytes: left[0]!, at: 0 }).scans).toEqual([]);
    const again = commonReports({ text: 'B', aim: ']Q1' })[0]!;
    expect(late.take({ reportId: 2, bytes: again, at: 501 }).scans.map(({ text }) => text)).toEqual([
      full,
      'B'
    ]);
  });

  it('stay whole when a report waited behind a busy page', () => {
    const text = 'x'.repeat(100);
    const reports = commonReports({ text, aim: ']Q1' });
    expect(play(described(), reports, { gapMs: 450 }).map((scan) => scan.text)).toEqual([text]);
  });

  it('are forgotten when the scanner is pulled out in their middle', () => {
    const decoder = described();
    const [first] = commonReports({ text: 'x'.repeat(100), aim: ']Q1' });
    decoder.take({ reportId: 2, bytes: first!, at: 0 });
    expect(decoder.reset()).toBe(true);
    expect(decoder.reset()).toBe(false);
    const next = commonReports({ text: '4006381333931', aim: ']Q1' });
    expect(play(decoder, next, { from: 20 }).map(({ text }) => text)).toEqual(['4006381333931']);
  });

  it('are thrown away whole when one of their reports makes no sense', () => {
    const decoder = described();
    const [first, , last] = commonReports({ text: 'x'.repeat(140), aim: ']Q1' });
    const scans = play(decoder, [first!, hex('FF 00'), last!]);
    expect(scans).toEqual([]);
    expect(play(decoder, commonReports({ text: 'ok', aim: ']Q1' }), { from: 5000 })).toHaveLength(1);
  });

  it('carry no suffix of the scanner, and no second identifier', () => {
    for (const suffix of ['\r', '\r\n', '\t', '\n']) {
      const scans = play(described(), commonReports({ text: `96385074${suffix}`, aim: ']E4' }));
      expect(scans.map(shape)).toEqual([{ text: '96385074', aim: ']E4' }]);
    }
    expect(play(described(), commonReports({ text: ']E496385074', aim: ']E4' })).map(shape)).toEqual([
      { text: '96385074', aim: ']E4' }
    ]);
    expect(play(described(), commonReports({ text: ']E496385074', aim: ']Q1' })).map(shape)).toEqual([
      { text: ']E496385074', aim: ']Q1' }
    ]);
  });

  it('are text in UTF-8, or else in Windows-1252, and keep their bytes', () => {
    const utf8 = play(described(), commonReports({ text: 'crème', aim: ']Q2' }));
    expect(utf8.map(({ text }) => text)).toEqual(['crème']);
    const bytes = Uint8Array.from([0x63, 0x72, 0xe8, 0x6d, 0x65, 0x80]);
    const [scan] = play(described(), commonReports({ text: bytes, aim: ']Q2' }));
    expect(scan).toMatchObject({ text: 'crème€', bytes });
  });

  it('are not what else the device reports', () => {
    expect(play(described(), [hex('63')], { reportId: 9 })).toEqual([]);
  });
});

describe('IBM hand-held scans', () => {
  const ibm = (): HidDecoder => createHidDecoder({ form: 'ibm', layouts: new Map() });
  const report = (data: readonly number[], trailer: readonly number[]): Uint8Array => {
    const bytes = new Uint8Array(64);
    bytes.set([4 + data.length + trailer.length, 0x10, 0x03, 0x00, ...data, ...trailer]);
    return bytes;
  };
  const raw = (text: string): number[] => [...text].map(Number);
  const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

  it('are digits as ASCII or as numbers, with the symbology behind them', () => {
    for (const digits of [raw, ascii]) {
      for (const [text, trailer, aim] of [
        ['012345678905', 0x0d, ']E0'],
        ['4006381333931', 0x16, ']E0'],
        ['96385074', 0x0c, ']E4'],
        ['01234565', 0x0a, ']E0']
      ] as const) {
        expect(play(ibm(), [report(digits(text), [trailer])]).map(shape)).toEqual([{ text, aim }]);
      }
    }
    expect(play(ibm(), [report(ascii('28763443825664394'), [0x00, 0x18, 0x0b])]).map(shape)).toEqual([
      { text: '28763443825664394', aim: ']C0' }
    ]);
    expect(play(ibm(), [report(ascii('hQVDUFYwM'), [0x00, 0x44, 0x0b])]).map(shape)).toEqual([
      { text: 'hQVDUFYwM', aim: null }
    ]);
  });

  it('are neither status reports nor noise', () => {
    const noise = [
      [0x05, 0x10, 0x03, 0x00],
      [],
      [0xff, 0x10, 0x03, 0x00, 1, 0x16],
      [0x06, 0x00, 3, 0, 1, 0x16]
    ];
    for (const bytes of noise) expect(play(ibm(), [Uint8Array.from(bytes)])).toEqual([]);
    expect(play(ibm(), [report(ascii('4006X'), [0x16])])).toEqual([]);
  });
});

describe('HID scans, whatever comes', () => {
  const bytes = fc.uint8Array({ maxLength: 70 });

  it('random reports never throw, and the next scan is clean', () => {
    const noise = fc.array(fc.record({ bytes, reportId: fc.constantFrom(0, 2, 9), gap: fc.nat(400) }));
    fc.assert(
      fc.property(
        noise,
        fc.constantFrom('pos' as const, 'ibm' as const),
        fc.boolean(),
        (reports, form, plain) => {
          const layouts = readLayouts(plain ? [] : commonDevice);
          const decoder = createHidDecoder({ form, layouts });
          let at = 0;
          for (const report of reports) {
            at += report.gap;
            decoder.take({ ...report, at });
          }
          decoder.tick(at + 1000);
          const clean =
            form === 'pos'
              ? commonReports({ text: '4006381333931', aim: ']E0' })
              : [hex('12 10 03 00 34 30 30 36 33 38 31 33 33 33 39 33 31 16')];
          expect(play(decoder, clean, { from: at + 2000 }).map(shape)).toEqual([
            { text: '4006381333931', aim: ']E0' }
          ]);
        }
      ),
      { numRuns: 500 }
    );
  });

  it('descriptions at random never throw', () => {
    const item = fc.record(
      {
        isConstant: fc.boolean(),
        isRange: fc.boolean(),
        usages: fc.array(fc.constantFrom(0x8c00fb, 0x8c00fe, 0x8c00ff, 0x1003b, -1)),
        usageMinimum: fc.integer(),
        usageMaximum: fc.integer(),
        reportSize: fc.constantFrom(0, 1, 8, 13, 32, 2 ** 31, -8, NaN),
        reportCount: fc.constantFrom(0, 1, 3, 56, 2 ** 31, -1)
      },
      { requiredKeys: [] }
    );
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), fc.array(bytes, { maxLength: 5 }), (items, reports) => {
        const collections = [{ usagePage: 0x8c, usage: 2, inputReports: [{ reportId: 2, items }] }];
        const decoder = createHidDecoder({ form: 'pos', layouts: readLayouts(collections) });
        play(decoder, reports);
      })
    );
  });

  it('no scan is merged with another or dirtied by it, at ten scans a second and more', () => {
    const code = fc.record({
      text: fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom(...'0123456789abcXYZ+/=]') }),
      aim: fc.constantFrom(']E0', ']C0', ']Q1')
    });
    fc.assert(
      fc.property(fc.array(code, { maxLength: 20 }), fc.integer({ min: 0, max: 60 }), (codes, pause) => {
        fc.pre(codes.every(({ text, aim }) => !text.startsWith(aim)));
        const decoder = described();
        const scans: Scan[] = [];
        let at = 0;
        for (const { text, aim } of codes) {
          for (const report of commonReports({ text, aim })) {
            scans.push(...decoder.take({ reportId: 2, bytes: report, at: (at += 2) }).scans);
          }
          at += pause;
        }
        expect(scans.map(shape)).toEqual(codes);
      }),
      { numRuns: 300 }
    );
  });
});
