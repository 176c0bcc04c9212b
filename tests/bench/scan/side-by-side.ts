/**
 * Readers beside each other: each on a page of its own, by turns of a few scans, so that whatever the machine does meanwhile
 * meets all of them. Plain Node runs this.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { quantile } from '../table.ts';
import { barcodeOf, productCount } from './catalogue.ts';
import type { Bench, PortReader, Reader } from './harness.ts';
import { keysOf } from './in-app.ts';
import { press } from './press.ts';

declare const bench: Bench;

/** What one reader took: milliseconds from the last key, report or byte, one list per turn. */
export interface Taken {
  readonly asked: number;
  /** To the frame that shows the line. */
  readonly painted: readonly (readonly number[])[];
  /** To the line in the page: the reader's own part. */
  readonly changed: readonly (readonly number[])[];
}

interface Lane {
  readonly page: Page;
  readonly scan: (barcode: string) => Promise<unknown>;
}

const scansInTurn = 10;
/** Programs get quicker by being used: what comes first is not counted. */
const warmingUp = 5;
const longestWaitMs = 1000;

/** Keyboard scanners at this pace, with what they type at the end. */
export function keyboardReaders<Name extends Reader>(options: {
  readonly browser: Browser;
  readonly url: string;
  readonly names: readonly Name[];
  readonly turns: number;
  readonly gapMs: number;
  readonly end: 'Enter' | '';
}): Promise<ReadonlyMap<Name, Taken>> {
  const { browser, url, gapMs, end } = options;
  return byTurns(options, async (reader) => {
    const page = await browser.newPage();
    await page.goto(url);
    const cdp = await page.context().newCDPSession(page);
    const setting = { scanner: 'us', host: 'us', gapMs, end } as const;
    await page.evaluate(([name, at]) => bench.start(name, at), [reader, setting] as const);
    return { page, scan: (barcode) => press(cdp, keysOf(barcode, gapMs, end)) };
  });
}

/** Devices that do not type. */
export function portReaders<Name extends PortReader>(options: {
  readonly browser: Browser;
  readonly url: string;
  readonly names: readonly Name[];
  readonly turns: number;
}): Promise<ReadonlyMap<Name, Taken>> {
  const { browser, url } = options;
  return byTurns(options, async (reader) => {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate((name) => bench.openPort(name), reader);
    return { page, scan: (barcode) => page.evaluate((text) => bench.fire(text), barcode) };
  });
}

async function byTurns<Name extends string>(
  { names, turns }: { readonly names: readonly Name[]; readonly turns: number },
  open: (name: Name) => Promise<Lane>
): Promise<ReadonlyMap<Name, Taken>> {
  const lanes = new Map<Name, Lane>();
  const taken = new Map<Name, { asked: number; painted: number[][]; changed: number[][] }>();
  for (const name of names) {
    lanes.set(name, await open(name));
    taken.set(name, { asked: 0, painted: [], changed: [] });
  }
  let scans = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    // who was first is last the next time
    for (const name of turn % 2 === 0 ? names : names.toReversed()) {
      const lane = lanes.get(name);
      const sum = taken.get(name);
      if (lane === undefined || sum === undefined) continue;
      await lane.page.bringToFront();
      const painted: number[] = [];
      const changed: number[] = [];
      for (let scan = turn === 0 ? -warmingUp : 0; scan < scansInTurn; scan += 1) {
        scans += 1;
        await lane.scan(barcodeOf((scans * 7919) % productCount));
        const times = await timesOf(lane.page);
        if (scan < 0) continue;
        sum.asked += 1;
        painted.push(...times.painted);
        changed.push(...times.changed);
      }
      sum.painted.push(painted);
      sum.changed.push(changed);
    }
  }
  for (const { page } of lanes.values()) await page.close();
  return taken;
}

/** Of one scan: as soon as it is painted, or nothing when no reader would wait so long. */
async function timesOf(page: Page): Promise<{ painted: readonly number[]; changed: readonly number[] }> {
  await page
    .waitForFunction(() => bench.paintedCount() > 0, undefined, { polling: 20, timeout: longestWaitMs })
    .catch(() => undefined);
  // a reader that polls must have forgotten the scan before the next
  await wait(150);
  const { paintedMs, changedMs } = await page.evaluate(() => bench.take());
  return { painted: paintedMs.slice(0, 1), changed: changedMs.slice(0, 1) };
}

export interface Comparison {
  readonly ours: number;
  readonly peer: string;
  readonly theirs: number;
  /** How far the peer's even turns lie from its odd ones: no smaller difference says anything. */
  readonly noise: number;
  readonly neverSlower: boolean;
}

/** Ours beside the quickest of the others, at a part of the spread: 0.5 is the median. */
export function compare(
  times: ReadonlyMap<string, Taken>,
  { ours, what, part }: { readonly ours: string; readonly what: 'painted' | 'changed'; readonly part: number }
): Comparison {
  const at = (lists: readonly (readonly number[])[]) => quantile(lists.flat(), part);
  const own = at(times.get(ours)?.[what] ?? []);
  const others = [...times]
    .filter(([name, { painted }]) => name !== ours && painted.flat().length > 0)
    .map(([name, taken]) => ({ name, lists: taken[what], value: at(taken[what]) }))
    .toSorted((one, other) => one.value - other.value);
  const [best] = others;
  if (best === undefined) throw new Error('no other reader read anything');
  const noise = Math.abs(
    at(best.lists.filter((_, turn) => turn % 2 === 0)) - at(best.lists.filter((_, turn) => turn % 2 === 1))
  );
  return { ours: own, peer: best.name, theirs: best.value, noise, neverSlower: own <= best.value + noise };
}
