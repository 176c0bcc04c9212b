import { describe, expect, it } from 'vitest';
import { scanAtHost, type ScannerAtHost } from '$lib/scanning/calibration/layouts.fixture';
import { calibrationBars, calibrationSquare } from '$lib/scanning/calibration/calibration-code';
import type { ScannerInfo, ScannerTrace } from '$lib/scanning/port';
import { createScan } from '$lib/scanning/scan';
import { createWedgeDecoder } from '$lib/scanning/wedge-decoder';
import { defaultWedgeSettings, type WedgeSettings } from '$lib/scanning/wedge-settings';
import { CalibrationTry } from './calibration.svelte';
import { catalogue, handClock } from './fakes';
import { mended, ScanTrial } from './scan-trial.svelte';

const keyboard: ScannerInfo = { id: 'w', road: 'wedge', name: 'Keyboard', vendorId: null, productId: null };
const serial: ScannerInfo = { ...keyboard, id: 's', road: 'serial', name: 'Serial' };
const us: ScannerAtHost = { scanner: 'us', host: 'us', gapMs: 10 };
const hid: ScannerInfo = { ...keyboard, id: 'h', road: 'hid', name: 'HID' };
const camera: ScannerInfo = { ...keyboard, id: 'c', road: 'camera', name: 'Camera' };
const serialSettings = {
  road: 'serial',
  baudRate: 9600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
  terminator: 'auto',
  idleGapMs: 60
} as const;
const cola = catalogue.products[0] ?? null;

/** The traces of a scan as the keyboard's road tells them. */
function traces(text: string, setting: ScannerAtHost, settings: Partial<WedgeSettings> = {}): ScannerTrace[] {
  const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, ...settings } });
  const facts = scanAtHost(text, setting);
  let before: number | null = null;
  const told = facts.flatMap((fact): ScannerTrace[] => {
    const outcome = decoder.take(fact, { inField: false, expecting: false, paying: false });
    const { at } = fact;
    const gapMs = before === null ? null : at - before;
    before = at;
    const base = { at, gapMs: null };
    const up = { type: 'keyup', key: fact.type === 'keydown' ? fact.key : '', at: at + 3 } as const;
    return [
      { at, gapMs, what: 'key', fact, swallowed: outcome.swallow },
      { at: at + 3, gapMs: 3, what: 'key', fact: up, swallowed: outcome.swallow },
      ...outcome.scans.map((scan): ScannerTrace => ({ ...base, what: 'scan', scan })),
      ...(outcome.missed === null ? [] : [{ ...base, what: 'missed' as const, missed: outcome.missed }])
    ];
  });
  const at = (facts.at(-1)?.at ?? 0) + 1000;
  const last = decoder.tick(at).scans.map((scan): ScannerTrace => ({ at, gapMs: null, what: 'scan', scan }));
  return [...told, ...last];
}

/** Scans follow one another. */
function later(told: readonly ScannerTrace[], byMs: number): ScannerTrace[] {
  return told.map((trace) => {
    const at = trace.at + byMs;
    return trace.what === 'key'
      ? { ...trace, at, fact: { ...trace.fact, at: trace.fact.at + byMs } }
      : { ...trace, at };
  });
}

function open(settings: Partial<WedgeSettings> = {}, hasCamera = true) {
  const clock = handClock();
  const trial = new ScanTrial({
    clock,
    productOf: ({ text }) => (text === '4006381333931' ? cola : null),
    canFilm: () => hasCamera
  });
  return {
    clock,
    trial,
    async scan(text: string, setting: ScannerAtHost = us) {
      for (const trace of later(traces(text, setting, settings), clock.monotonic()))
        trial.take(keyboard, { road: 'wedge', ...defaultWedgeSettings, ...settings }, trace);
      await clock.turn(20_000);
      return trial.arrivals[0];
    }
  };
}

describe('the test panel', () => {
  it('shows a product’s code with its keys, gaps, and what it is', async () => {
    const { scan } = open();
    const arrival = await scan('4006381333931');
    expect(arrival).toMatchObject({
      outcome: 'read',
      text: '4006381333931',
      kind: 'product',
      productName: 'cola',
      usualGapMs: 10,
      findings: []
    });
    expect(arrival?.pieces.map(({ label }) => label)).toEqual([...'4006381333931', 'Enter']);
  });

  it('shows a payment code masked, in its text and in its pieces, also while it arrives', async () => {
    const code = '286664990659481080';
    const { trial, scan } = open();
    const told = traces(code, us);
    for (const trace of told.slice(0, 10))
      trial.take(keyboard, { road: 'wedge', ...defaultWedgeSettings }, trace);
    expect(JSON.stringify(trial.arrivals)).not.toContain('"label":"2"');
    const arrival = await scan(code);
    expect(arrival).toMatchObject({ kind: 'payment_code', secret: true, text: '••••••••••••••1080' });
    expect(
      arrival?.pieces.filter(({ what }) => what === 'character').every(({ label }) => label === '•')
    ).toBe(true);
  });

  it('keeps the pieces of a payment code hidden though it was not understood', async () => {
    const { scan } = open();
    const arrival = await scan('hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4', { ...us, gapMs: 120, end: '' });
    expect(arrival).toMatchObject({ outcome: 'nothing', secret: true });
    expect(JSON.stringify(arrival)).not.toContain('"label":"Q"');
  });

  it('says how slow the keys were, and offers the gap that reads them', async () => {
    const { scan } = open({ maxGapMs: 50 });
    const slow = { ...us, gapMs: 80 };
    const arrival = await scan('SHELF-17', slow);
    const fix = { what: 'wedge', settings: { maxGapMs: 110 } };
    expect(arrival?.findings).toEqual([{ finding: { what: 'too_slow', paceMs: 80, gapMs: 50 }, fix }]);
    // A code without a known form needs the scanner's own marks at such a pace; a product's number does not.
    expect((await open({ maxGapMs: 110 }).scan('4006381333931', slow))?.outcome).toBe('read');
  });

  it('says that the layout differs, and offers calibration', async () => {
    const { scan } = open({ reading: 'key' });
    const arrival = await scan('4006381333931', { scanner: 'us', host: 'azerty', gapMs: 10 });
    expect(arrival?.findings).toEqual([{ finding: { what: 'layout' }, fix: { what: 'calibrate' } }]);
  });

  it('says that nothing ends the code, and offers to wait less', async () => {
    const { scan } = open();
    const arrival = await scan('4006381333931', { ...us, end: '' });
    expect(arrival).toMatchObject({
      outcome: 'read',
      findings: [{ finding: { what: 'no_terminator' }, fix: { settings: { terminator: 'none' } } }]
    });
  });

  it('says that a code is shorter than this register reads', async () => {
    const { scan } = open();
    const arrival = await scan('4711');
    expect(arrival?.findings).toEqual([
      {
        finding: { what: 'too_short', length: 4, minLength: 6 },
        fix: { what: 'wedge', settings: { minLength: 4 } }
      }
    ]);
  });

  it('says that serial bytes are no text, and offers another speed', () => {
    const { trial } = open();
    const scan = createScan({ text: 'ÿþ~ÿ€ø', source: 'serial', at: 0 });
    trial.take(serial, serialSettings, { at: 0, gapMs: null, what: 'bytes', bytes: scan.bytes });
    trial.take(serial, serialSettings, { at: 0, gapMs: null, what: 'scan', scan });
    expect(trial.arrivals[0]?.findings).toEqual([
      {
        finding: { what: 'serial_speed', baudRate: 9600 },
        fix: { what: 'serial', settings: { baudRate: 115_200 } }
      }
    ]);
  });

  it('says that Caps Lock turned the letters round, and offers to read this scanner so, which then works', async () => {
    const code = 'hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4';
    const locked: ScannerAtHost = { ...us, capsLock: 'compensated' };
    const settings: Partial<WedgeSettings> = { reading: 'code' };
    const arrival = await open(settings).scan(code, locked);
    const fix = { what: 'wedge', settings: { capsLock: 'compensated_by_scanner' } } as const;
    expect(arrival).toMatchObject({
      kind: 'unknown_product',
      findings: [{ finding: { what: 'caps_lock', capsLock: 'compensated_by_scanner' }, fix }]
    });
    expect(mended({ road: 'wedge', ...defaultWedgeSettings }, fix)).toMatchObject(fix.settings);
    const again = await open({ ...settings, ...fix.settings }).scan(code, locked);
    expect(again).toMatchObject({ kind: 'payment_code', findings: [] });
  });

  it('says with Caps Lock on that the layout differs, where that is what is wrong', async () => {
    const { scan } = open({ reading: 'key' });
    const arrival = await scan('4006381333931', {
      scanner: 'us',
      host: 'azerty',
      gapMs: 10,
      capsLock: 'ignored'
    });
    expect(arrival?.findings).toEqual([{ finding: { what: 'layout' }, fix: { what: 'calibrate' } }]);
  });

  it('offers the other form for a report that makes no sense, another speed for a bad line, to connect what was pulled out', () => {
    for (const { info, settings, why, expected } of [
      {
        info: hid,
        settings: { road: 'hid', form: 'auto' },
        why: 'bad_report',
        expected: {
          finding: { what: 'bad_report', form: 'auto' },
          fix: { what: 'hid', settings: { form: 'ibm' } }
        }
      },
      {
        info: serial,
        settings: serialSettings,
        why: 'bad_report',
        expected: {
          finding: { what: 'serial_speed', baudRate: 9600 },
          fix: { what: 'serial', settings: { baudRate: 115_200 } }
        }
      },
      {
        info: serial,
        settings: serialSettings,
        why: 'unplugged',
        expected: { finding: { what: 'unplugged' }, fix: { what: 'connect' } }
      }
    ] as const) {
      const { trial } = open();
      trial.take(info, settings, { at: 0, gapMs: null, what: 'dropped', why });
      expect(trial.arrivals[0]?.findings).toEqual([expected]);
      const { fix } = expected;
      if (fix.what !== 'connect') expect(mended(settings, fix)).toEqual({ ...settings, ...fix.settings });
      expect(mended({ road: 'camera', deviceId: null, torch: false }, fix)).toBeNull();
    }
  });

  it('takes keys that a busy page hears late for the scan that they belong to', async () => {
    const { clock, trial } = open();
    const told = traces('4006381333931', us);
    const settings = { road: 'wedge', ...defaultWedgeSettings } as const;
    for (const trace of told.slice(0, 9)) trial.take(keyboard, settings, trace);
    await clock.turn(2000);
    for (const trace of told.slice(9)) trial.take(keyboard, settings, trace);
    expect(trial.arrivals).toHaveLength(1);
    expect(trial.arrivals[0]).toMatchObject({ outcome: 'read', text: '4006381333931' });
  });

  it('keeps two scans apart, the newest first, and forgets them when it closes', async () => {
    const { scan, trial } = open();
    await scan('4006381333931');
    await scan('96385074');
    expect(trial.arrivals.map(({ text }) => text)).toEqual(['96385074', '4006381333931']);
    trial.forget();
    expect(trial.arrivals).toEqual([]);
  });
});

describe('the test code on this screen', () => {
  const code = '4006381333931';
  const laser = (canFilm: boolean) => ({
    finding: { what: 'laser', canFilm },
    fix: canFilm ? { what: 'camera' } : null
  });

  it('says that a scanner reads screens once it has read it', async () => {
    const { trial, scan } = open();
    expect(trial.screenTest).toBeNull();
    trial.showOnScreen(code);
    expect(trial.screenTest).toBe('waiting');
    await scan('96385074');
    expect(trial.screenTest, 'a person may try paper first').toBe('waiting');
    await scan(code);
    expect(trial.screenTest).toBe('read');
    trial.showOnScreen(null);
    expect(trial.screenTest).toBeNull();
  });

  it('says that it is a laser where paper is read and the screen is not, and offers the camera', async () => {
    for (const canFilm of [true, false]) {
      const { trial, scan } = open({}, canFilm);
      await scan('96385074');
      trial.showOnScreen(code);
      trial.tellUnread();
      expect(trial.screenTest).toEqual(laser(canFilm));
    }
  });

  it('asks for paper first where nothing was read yet, and says laser by itself when paper is', async () => {
    const { trial, scan } = open();
    trial.showOnScreen(code);
    trial.tellUnread();
    expect(trial.screenTest).toEqual({ finding: { what: 'silent' }, fix: { what: 'modes' } });
    await scan('96385074');
    expect(trial.screenTest).toEqual(laser(true));
    await scan(code);
    expect(trial.screenTest, 'it was held badly').toBe('read');
  });

  it('does not take a camera for a scanner that reads paper', () => {
    const { trial } = open();
    trial.showOnScreen(code);
    const scan = createScan({ text: '96385074', source: 'camera', at: 0 });
    const settings = { road: 'camera', deviceId: null, torch: false } as const;
    trial.take(camera, settings, { at: 0, gapMs: null, what: 'scan', scan });
    trial.tellUnread();
    expect(trial.screenTest).toMatchObject({ finding: { what: 'silent' } });
  });
});

describe('calibrating', () => {
  async function calibrate(text: string, setting: ScannerAtHost) {
    const clock = handClock();
    const attempt = new CalibrationTry(clock);
    for (const trace of traces(text, setting)) attempt.take(keyboard, trace);
    await clock.turn(1000);
    return attempt;
  }

  it('learns from the square code and from the bars', async () => {
    for (const { text } of [calibrationSquare, calibrationBars]) {
      const { step } = await calibrate(text, { scanner: 'azerty', host: 'azerty', gapMs: 30, end: 'Tab' });
      expect(step).toMatchObject({
        step: 'learned',
        learned: { layout: 'host', settings: { terminator: 'tab' } }
      });
    }
  });

  it('waits for keys that a busy page hears late', async () => {
    const clock = handClock();
    const attempt = new CalibrationTry(clock);
    const told = traces(calibrationSquare.text, us);
    for (const trace of told.slice(0, 60)) attempt.take(keyboard, trace);
    await clock.turn(2000);
    for (const trace of told.slice(60)) attempt.take(keyboard, trace);
    await clock.turn(2000);
    expect(attempt.step.step).toBe('learned');
  });

  it('says that another code was scanned, and takes the next scan for the next try', async () => {
    const attempt = await calibrate('4006381333931', us);
    expect(attempt.step).toEqual({ step: 'failed', reason: 'another_code' });
    for (const trace of later(traces(calibrationSquare.text, us), 5000)) attempt.take(keyboard, trace);
    expect(attempt.step.step).toBe('waiting');
  });

  it('says that a scanner that does not type has nothing to learn', () => {
    const attempt = new CalibrationTry(handClock());
    const scan = createScan({ text: calibrationSquare.text, source: 'serial', at: 0 });
    attempt.take(serial, { at: 0, gapMs: null, what: 'scan', scan });
    expect(attempt.step).toEqual({ step: 'failed', reason: 'no_keyboard' });
  });
});
