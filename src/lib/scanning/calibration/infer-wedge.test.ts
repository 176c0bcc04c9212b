import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyFact } from '../keystroke';
import { createWedgeDecoder } from '../wedge-decoder';
import { defaultWedgeSettings } from '../wedge-settings';
import { vectors } from '../vectors.fixture';
import { calibrationBars, calibrationSquare, type CalibrationCode } from './calibration-code';
import { inferWedge, type Learned } from './infer-wedge';
import { layoutNames, scanAtHost, type ScannerAtHost } from './layouts.fixture';

const typeable = '0123456789ABCDEFabcdef-._#';
const mark = fc.string({ unit: fc.constantFrom(...typeable), maxLength: 5 });
const settings: fc.Arbitrary<Required<Omit<ScannerAtHost, 'capitalsOnly'>>> = fc.record({
  scanner: fc.constantFrom(...layoutNames),
  host: fc.constantFrom(...layoutNames),
  gapMs: fc.integer({ min: 5, max: 100 }),
  prefix: mark,
  suffix: mark,
  end: fc.constantFrom('Enter', 'Tab', ''),
  capsLock: fc.constantFrom('off', 'ignored', 'compensated')
});

function calibrate(setting: ScannerAtHost, code: CalibrationCode = calibrationSquare): Learned {
  const result = inferWedge({ code, facts: scanAtHost(code.text, setting) });
  if (!result.ok) throw new Error(`not learned: ${result.reason}`);
  return result.learned;
}

/** What a register with these settings reads of a scan, with nothing focused. */
function reads(facts: readonly KeyFact[], learned: Learned): readonly string[] {
  const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, ...learned.settings } });
  const context = { inField: false, expecting: false, paying: false };
  const outcomes = facts.map((fact) => decoder.take(fact, context));
  outcomes.push(decoder.tick((facts.at(-1)?.at ?? 0) + 5000));
  return outcomes.flatMap(({ scans }) => scans.map(({ text }) => text));
}

describe('calibration', () => {
  it('learns a scanner by one code, and then reads every code that it types', () => {
    fc.assert(
      fc.property(settings, fc.constantFrom(...vectors.paymentCodes), (setting, { text }) => {
        const learned = calibrate(setting);
        expect(learned.settings).toMatchObject({
          prefix: setting.prefix,
          suffix: setting.suffix,
          terminator: { Enter: 'enter', Tab: 'tab', '': 'none' }[setting.end]
        });
        expect(learned.settings.maxGapMs).toBeGreaterThan(setting.gapMs);
        expect(learned.caseLost).toBe(false);
        expect(reads(scanAtHost(text, setting), learned)).toEqual([text]);
      }),
      { numRuns: 300 }
    );
  });

  it('learns the same with Caps Lock off and reads with it on, where the scanner does not look at it', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const learned = calibrate({ ...setting, capsLock: 'off' });
        const text = 'hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=';
        expect(reads(scanAtHost(text, { ...setting, capsLock: 'ignored' }), learned)).toEqual([text]);
      })
    );
  });

  it('reads products and payment codes of digits by what bars alone teach', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const learned = calibrate(setting, calibrationBars);
        for (const text of ['4006381333931', '286664990659481080', 'T1-0042'])
          expect(reads(scanAtHost(text, setting), learned)).toEqual([text]);
      })
    );
  });

  it('names the layout: US wherever positions tell, the host’s, or one learned key by key', () => {
    const at = (scanner: ScannerAtHost['scanner'], host: ScannerAtHost['host']) =>
      calibrate({ scanner, host, gapMs: 10 }).layout;
    expect(at('us', 'us')).toBe('us');
    expect(at('us', 'azerty')).toBe('us');
    expect(at('azerty', 'azerty')).toBe('host');
    expect(at('qwertz', 'qwertz')).toBe('host');
    expect(at('qwertz', 'azerty')).toBe('other');
  });

  it('tells an AIM identifier from the scanner’s prefix', () => {
    const learned = calibrate({ scanner: 'us', host: 'us', gapMs: 10, prefix: '#]Q1' });
    expect(learned.aim).toBe(']Q1');
    expect(learned.settings.prefix).toBe('#');
  });

  it('says that capital and small letters came alike', () => {
    const learned = calibrate({ scanner: 'us', host: 'us', gapMs: 10, capitalsOnly: true });
    expect(learned.caseLost).toBe(true);
    expect(reads(scanAtHost('4006381333931', { scanner: 'us', host: 'us', gapMs: 10 }), learned)).toEqual([
      '4006381333931'
    ]);
  });

  it('says which characters a scanner does not type, and learns the others', () => {
    const facts = scanAtHost(calibrationSquare.text, { scanner: 'us', host: 'us', gapMs: 10 }).filter(
      (fact) => fact.type !== 'keydown' || (fact.key !== '#' && fact.key !== '$')
    );
    const result = inferWedge({ code: calibrationSquare, facts });
    expect(result).toMatchObject({ ok: true, learned: { lost: ['#', '$'], layout: 'us' } });
  });

  it('keeps the pace: usual and longest, with room above it', () => {
    const learned = calibrate({ scanner: 'us', host: 'us', gapMs: 80 });
    expect(learned).toMatchObject({ usualGapMs: 80, longestGapMs: 80, settings: { maxGapMs: 110 } });
    expect(calibrate({ scanner: 'us', host: 'us', gapMs: 5 }).settings.maxGapMs).toBe(30);
  });

  it('takes another code for what it is, and nothing for nothing', () => {
    expect(inferWedge({ code: calibrationSquare, facts: [] })).toEqual({ ok: false, reason: 'nothing' });
    for (const { text } of vectors.paymentCodes) {
      const facts = scanAtHost(text, { scanner: 'us', host: 'us', gapMs: 10 });
      expect(inferWedge({ code: calibrationSquare, facts })).toEqual({ ok: false, reason: 'another_code' });
    }
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'0123456789abcXYZ-/'), { maxLength: 250 }), (keys) => {
        const facts = scanAtHost(keys.join(''), { scanner: 'us', host: 'azerty', gapMs: 10 });
        inferWedge({ code: calibrationSquare, facts });
        inferWedge({ code: calibrationBars, facts });
      })
    );
  });
});
