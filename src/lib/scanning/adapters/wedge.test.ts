import { describe, expect, it } from 'vitest';
import { type Scan } from '../scan';
import { type MissedScan } from '../wedge-decoder';
import { typed } from '../wedge-keys.fixture';
import { defaultWedgeSettings, type WedgeSettings } from '../wedge-settings';
import { FakeField, FakePage, type FakeNode } from './page.fixture';
import { startWedge } from './wedge';

function open({
  settings = {},
  expectsScan = () => false
}: {
  readonly settings?: Partial<WedgeSettings>;
  readonly expectsScan?: () => boolean;
} = {}): {
  readonly page: FakePage;
  readonly scans: Scan[];
  readonly missed: MissedScan[];
  readonly stop: () => void;
  readonly type: (text: string, more?: { gapMs?: number; end?: 'Enter' | 'Tab' | '' }) => void;
} {
  const page = new FakePage();
  const scans: Scan[] = [];
  const missed: MissedScan[] = [];
  const stop = startWedge({
    target: page.window,
    onScan: (scan) => scans.push(scan),
    onMissed: (one) => missed.push(one),
    settings: { ...defaultWedgeSettings, ...settings },
    expectsScan,
    awaitsPayment: () => false,
    time: { now: () => page.now, setTimer: page.setTimer }
  });
  return {
    page,
    scans,
    missed,
    stop,
    type(text, { gapMs = 10, end = 'Enter' } = {}) {
      for (const key of typed({ text, gapMs, from: page.now + 500, end })) page.press(key);
    }
  };
}

const texts = (scans: readonly Scan[]): string[] => scans.map(({ text }) => text);

describe('the keyboard wedge on a page', () => {
  it('delivers a scan and presses no focused button', () => {
    for (const end of ['Enter', 'Tab'] as const) {
      const { page, scans, type } = open();
      const button = page.focus(page.button());
      type('AB 12 CD 34', { end });
      expect(texts(scans)).toEqual(['AB 12 CD 34']);
      expect(button.presses).toBe(0);
      expect(page.tabbed).toBe(0);
    }
  });

  it('lets people press buttons with Enter, Space and Tab', () => {
    const { page, type } = open({ expectsScan: () => true });
    const button = page.focus(page.button());
    type('', { end: 'Enter' });
    type(' ', { end: '' });
    type('', { end: 'Tab' });
    expect(button.presses).toBe(2);
    expect(page.tabbed).toBe(1);
  });

  it('puts the field back as it was, caret included, tells the page so, and submits no form', () => {
    const { page, scans, type } = open();
    const field = page.focus(new FakeField({ value: 'oat milk', caret: 3 }));
    type('251001020123456789012345');
    expect(texts(scans)).toEqual(['251001020123456789012345']);
    expect(field.value).toBe('oat milk');
    expect(field.selectionStart).toBe(3);
    expect(field.submits).toBe(0);
    expect(field.told.at(-1)).toBe('oat milk');
    // What the page could hear of the code is five characters.
    expect(field.told.every((value) => value.length <= 'oat milk'.length + 5)).toBe(true);
  });

  it('puts a field back after a slow scan, also a password or a number', () => {
    for (const type of ['password', 'number', 'search']) {
      const opened = open({ settings: { maxGapMs: 120 } });
      const field = opened.page.focus(new FakeField({ value: '12', caret: null, type }));
      opened.type('4006381333931', { gapMs: 80 });
      expect(texts(opened.scans)).toEqual(['4006381333931']);
      expect(field.value).toBe('12');
      expect(field.submits).toBe(0);
    }
  });

  it('leaves typing alone', () => {
    const { page, scans, type } = open({ expectsScan: () => true });
    const field = page.focus(new FakeField({ value: '' }));
    type('4006381333931', { gapMs: 90 });
    expect(scans).toEqual([]);
    expect(field.value).toBe('4006381333931');
    expect(field.submits).toBe(1);
  });

  it('keeps words typed before a scan, and what is typed after it', () => {
    const { page, scans, type } = open();
    const field = page.focus(new FakeField({ value: '' }));
    type('milk', { gapMs: 120, end: '' });
    const code = typed({ text: '4006381333931', gapMs: 10, from: page.now + 90, end: 'Enter' });
    for (const key of code) page.press(key);
    type('!', { end: '' });
    expect(texts(scans)).toEqual(['4006381333931']);
    expect(field.value).toBe('milk!');
  });

  it('ends a scan without a terminator by itself, after the keys that wait behind a busy page', () => {
    const { page, scans, type } = open({ settings: { terminator: 'none' } });
    page.focus(page.button());
    type('4006381333931', { end: '' });
    expect(scans).toEqual([]);
    page.passTime(50);
    expect(scans).toEqual([]);
    page.passTime(2);
    expect(texts(scans)).toEqual(['4006381333931']);
    expect(page.timers).toBe(0);
  });

  it('stays whole when the page was so busy that all of its keys come late, after the timers', () => {
    for (const terminator of ['unknown', 'none'] as const) {
      for (const blockedAfter of [1, 4, 8, 12]) {
        const { page, scans } = open({ settings: { terminator } });
        page.focus(page.button());
        const end = terminator === 'none' ? '' : 'Enter';
        const keys = typed({ text: '4006381333931', gapMs: 10, from: page.now + 500, end });
        for (const key of keys.slice(0, blockedAfter)) page.press(key);
        page.pressLate(keys.slice(blockedAfter), { blockedMs: 900 });
        page.passTime(1000);
        expect(texts(scans)).toEqual(['4006381333931']);
      }
    }
  });

  it('hears keys before the page does, and keeps a scan from it', () => {
    const { page, type } = open();
    page.focus(page.button());
    type('4006381333931');
    expect(page.heardByPage).toEqual(['4', '0', '0', '6', '3']);
  });

  it('takes every key for a screen that expects a scan', () => {
    const { page, scans, type } = open({ expectsScan: () => true });
    page.focus(page.button());
    type('120061098828009406', { gapMs: 100 });
    expect(texts(scans)).toEqual(['120061098828009406']);
    expect(page.heardByPage).toEqual([]);
  });

  it('tells of a scan that came too slowly', () => {
    const { page, missed, type } = open();
    page.focus(page.button());
    type('SHELF-17', { gapMs: 80 });
    expect(missed).toEqual([{ length: 8, paceMs: 80 }]);
  });

  it('reads text that an input method types, and takes it out again', () => {
    const { page, scans } = open();
    const field = page.focus(new FakeField({ value: 'x', caret: 1 }));
    for (const character of '96385074') page.pressOnPhone(character, 10);
    page.press(typed({ text: '', gapMs: 0, from: page.now + 10, end: 'Enter' })[0]!);
    expect(texts(scans)).toEqual(['96385074']);
    expect(field.value).toBe('x');
  });

  it('takes out what Windows types itself: characters by their number, and by an input method', () => {
    for (const way of ['pressByNumber', 'pressThroughMethod'] as const) {
      const { page, scans } = open();
      const field = page.focus(new FakeField({ value: 'oat milk', caret: 3 }));
      for (const character of '281234567890120000') page[way](character, 10);
      page.press(typed({ text: '', gapMs: 0, from: page.now + 10, end: 'Enter' })[0]!);
      expect(texts(scans), way).toEqual(['281234567890120000']);
      expect(field.value, way).toBe('oat milk');
      expect(field.selectionStart).toBe(3);
      expect(field.submits).toBe(0);
      // the page hears of the first five, and of none later
      expect(
        field.told.every((value) => value.length <= 'oat milk'.length + 5),
        way
      ).toBe(true);
    }
  });

  it('leaves alone what somebody types by its number', () => {
    const { page, scans } = open();
    const field = page.focus(new FakeField({ value: '' }));
    for (const character of 'Zoë Strauß') page.pressByNumber(character, 90);
    page.passTime(2000);
    expect(scans).toEqual([]);
    expect(field.value).toBe('Zoë Strauß');
  });

  it('survives keydown events without a key, as an autofill sends them', () => {
    const { page, scans, type } = open();
    page.focus(page.button());
    page.dispatch(new Event('keydown'));
    type('4006381333931');
    expect(texts(scans)).toEqual(['4006381333931']);
  });

  it('stops: no listener and no timer stays behind', () => {
    const { page, scans, stop, type } = open();
    const button: FakeNode = page.focus(page.button());
    type('400638', { end: '' });
    stop();
    expect(page.timers).toBe(0);
    type('4006381333931');
    expect(scans).toEqual([]);
    expect(button.presses).toBe(1);
  });
});
