/** Speed × focus × layout × length: what is read, what is left behind, what is taken for a scan though a hand typed it. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from '@playwright/test';
import { barcodeOf } from './catalogue.ts';
import type { Bench, Outcome, Reader } from './harness.ts';
import { press, type PressedKey } from './press.ts';

export const gapsMs = [5, 10, 30, 80, 100] as const;
export const focuses = ['nothing', 'button', 'search', 'number', 'dialog'] as const;
export const layouts = [
  { scanner: 'us', host: 'us' },
  { scanner: 'us', host: 'azerty' },
  { scanner: 'us', host: 'qwertz' },
  { scanner: 'azerty', host: 'azerty' },
  // Caps Lock was off when the register was calibrated
  { scanner: 'us', host: 'us', capsLock: 'ignored' }
] as const;

function nameOf(layout: (typeof layouts)[number]): string {
  const { scanner, host } = layout;
  return `${scanner === host ? host : `${scanner} on ${host}`}${'capsLock' in layout ? ', Caps Lock' : ''}`;
}

/** Many pages at once keep the machine busy: far enough ahead that a late key is never taken for the scanner's pause. */
const leadMs = 1500;
/** Longer than any reader waits for the end. */
const settledMs = leadMs + 700;

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function longCode(length: number): string {
  let seed = length;
  let text = 'hQVDUFYwM';
  while (text.length < length - 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += base64.charAt((seed >> 16) % 64);
  }
  return `${text}=`;
}

/** Codes of 8 to 300 characters: products, wallets of digits, and wallets of text. */
export const codes = ['96385074', barcodeOf(4711), '281234567890123400', longCode(49), longCode(300)];

export interface MatrixCount {
  scans: number;
  read: number;
  /** Something else than the code was read, or the same twice. */
  wrong: number;
  /** The scan stayed in the field, or pressed the button. */
  spilled: number;
  typings: number;
  falseScans: number;
  /** Whole codes of products that a hand typed with no field to type into, and how many were taken for scans. */
  typedAtNothing: number;
  takenAtNothing: number;
  /** Where something else than one right read came, by each dimension's value; for the table. */
  readonly missedAt: Map<string, number>;
}

declare const bench: Bench;

interface Combination {
  readonly reader: Reader;
  readonly layout: (typeof layouts)[number];
  readonly focus: (typeof focuses)[number];
}

/** Runs the whole matrix for one reader, pages side by side. */
export async function runMatrix({
  browser,
  url,
  reader,
  pagesAtOnce,
  part = false
}: {
  readonly browser: Browser;
  readonly url: string;
  readonly reader: Reader;
  readonly pagesAtOnce: number;
  /** Two layouts and three places for the focus only. */
  readonly part?: boolean;
}): Promise<MatrixCount> {
  const count: MatrixCount = {
    scans: 0,
    read: 0,
    wrong: 0,
    spilled: 0,
    typings: 0,
    falseScans: 0,
    typedAtNothing: 0,
    takenAtNothing: 0,
    missedAt: new Map()
  };
  const all = layouts.flatMap((layout) => focuses.map((focus) => ({ reader, layout, focus })));
  const waiting: Combination[] = all.filter(
    ({ layout, focus }) => !part || (layouts.indexOf(layout) < 2 && focuses.indexOf(focus) % 2 === 0)
  );
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await runCombination({ browser, url, combination: next, count });
    }
  };
  await Promise.all(Array.from({ length: pagesAtOnce }, worker));
  return count;
}

async function runCombination({
  browser,
  url,
  combination: { reader, layout, focus },
  count
}: {
  readonly browser: Browser;
  readonly url: string;
  readonly combination: Combination;
  readonly count: MatrixCount;
}): Promise<void> {
  const context = await browser.newContext();
  const open = async (): Promise<{ readonly page: Page; readonly cdp: CDPSession }> => {
    const page = await context.newPage();
    await page.goto(url, { timeout: 120_000 });
    return { page, cdp: await context.newCDPSession(page) };
  };
  try {
    let { page, cdp } = await open();
    for (const [pace, gapMs] of gapsMs.entries()) {
      if (pace > 0 && reader === 'keyboard-barcode-scanner') {
        // it can't be stopped: a page of its own for each pace
        await page.close();
        ({ page, cdp } = await open());
      }
      const setting = { ...layout, gapMs, end: 'Enter' as const };
      await page.evaluate(([name, at]) => bench.start(name, at), [reader, setting] as const);
      for (const code of codes) {
        if (isLeftOut({ layout, focus, gapMs, code })) continue;
        const outcome = await scan({ page, cdp, focus, code, setting });
        count.scans += 1;
        const right = outcome.reads.length === 1 && outcome.reads[0] === code;
        if (right) count.read += 1;
        else if (outcome.reads.length > 0) count.wrong += 1;
        if (!right) {
          const { missedAt } = count;
          for (const value of [`${gapMs} ms`, `focus ${focus}`, nameOf(layout), `${code.length} characters`])
            missedAt.set(value, (missedAt.get(value) ?? 0) + 1);
        }
        if (outcome.spilled) count.spilled += 1;
      }
      const typed = await typeByHand({ page, cdp, focus, texts: words, seed: 7 + pace });
      count.typings += words.length;
      count.falseScans += typed.reads.length;
      const whole = await typeByHand({ page, cdp, focus, texts: wholeCodes, seed: 70 + pace });
      if (focus === 'search' || focus === 'number') {
        count.typings += wholeCodes.length;
        count.falseScans += whole.reads.length;
      } else {
        count.typedAtNothing += wholeCodes.length;
        count.takenAtNothing += whole.reads.length;
      }
    }
  } finally {
    await context.close();
  }
}

/**
 * The longest code takes half a minute at a slow scanner's pace: it is typed so with each focus and each layout once, not
 * with all of their pairs. Everything else is whole.
 */
function isLeftOut({
  layout,
  focus,
  gapMs,
  code
}: Pick<Combination, 'layout' | 'focus'> & { readonly gapMs: number; readonly code: string }): boolean {
  return gapMs >= 80 && code.length >= 300 && layouts.indexOf(layout) !== focuses.indexOf(focus);
}

async function scan({
  page,
  cdp,
  focus,
  code,
  setting
}: {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly focus: Combination['focus'];
  readonly code: string;
  readonly setting: Parameters<Bench['facts']>[1];
}): Promise<Outcome> {
  await page.evaluate((where) => bench.focus(where), focus);
  const facts = await page.evaluate(([text, at]) => bench.facts(text, at), [code, setting] as const);
  await press(cdp, facts as readonly PressedKey[], leadMs);
  await wait(settledMs);
  return page.evaluate(() => bench.take());
}

const words = ['milk', 'oat milk 2', 'order 1042', '4006381', '12.50'];
/** Two products of the shop, one of another, and a short one. */
const wholeCodes = [barcodeOf(17), barcodeOf(40_017), '9780201379624', '96385074'];

/** Somebody types texts at 60 to 250 ms a key, each with Enter. */
async function typeByHand({
  page,
  cdp,
  focus,
  texts,
  seed: first
}: {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly focus: Combination['focus'];
  readonly texts: readonly string[];
  readonly seed: number;
}): Promise<Outcome> {
  await page.evaluate((where) => bench.focus(where), focus);
  let seed = first;
  let at = 0;
  const keys = texts.flatMap((text) =>
    [...text, 'Enter'].map((key): PressedKey => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      at += 60 + ((seed >> 16) % 191);
      const code =
        key === 'Enter'
          ? 'Enter'
          : key === ' '
            ? 'Space'
            : key === '.'
              ? 'Period'
              : /\d/.test(key)
                ? `Digit${key}`
                : `Key${key.toUpperCase()}`;
      return { type: 'keydown', key, code, shiftKey: false, ctrlKey: false, altKey: false, at };
    })
  );
  await press(cdp, keys, leadMs);
  await wait(settledMs);
  return page.evaluate(() => bench.take());
}
