/**
 * `npm run bench:scan`: from a scan's last key to its painted line, ours and theirs, with 50,000 products; and how much is
 * read, left behind and wrongly taken for a scan over speed × focus × layout × length.
 *
 * Readers stand on one page with the same catalogue and the same line, so that only reading differs; the sell screen is
 * measured by itself. `TILL_BENCH_QUICK=1` takes a part of it; `TILL_BENCH_PART=times` or `=matrix` one of its halves,
 * `TILL_BENCH_READER=till` one reader of the matrix.
 */
import { loadavg } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { barcodeOf, productCount } from './scan/catalogue.ts';
import type { Bench, PortReader, Reader } from './scan/harness.ts';
import { keepCalibration } from '../support/fake-devices.ts';
import { serveHarness } from './scan/harness-server.ts';
import { keysOf, measureApp, openSell, startBigShop, type AppTime } from './scan/in-app.ts';
import { runMatrix, type MatrixCount } from './scan/matrix.ts';
import { press } from './scan/press.ts';
import { printTable, quantile } from './table.ts';

declare const bench: Bench;

const quick = process.env['TILL_BENCH_QUICK'] === '1';
const part = process.env['TILL_BENCH_PART'] ?? 'all';
const only = process.env['TILL_BENCH_READER'];
const scans = quick ? 12 : 40;
const gapMs = 10;
/** What calibration learns of a scanner at that pace. */
const calibratedGapMs = 30;
const readers: readonly Reader[] = ['till', 'onscan.js', 'keyboard-barcode-scanner'];

/** What tells each reader the end where nothing ends a code: as it comes, but for the register, which is calibrated. */
const waits: Readonly<Record<Reader, string>> = {
  till: 'two of the scanner’s gaps',
  'onscan.js': '100 ms after the last key',
  'keyboard-barcode-scanner': '200 ms, looked at every 50'
};

const portReaders: readonly PortReader[] = [
  'till, HID',
  'webhid-barcode-scanner',
  'till, serial',
  'webserial-barcode-scanner'
];

type Row = readonly [name: string, value: string, remark?: string];

function spread(name: string, times: readonly number[], asked: number, remark = ''): Row {
  if (times.length === 0) return [name, 'never read', remark];
  const lost = times.length < asked ? `, ${asked - times.length} of ${asked} not read` : '';
  const value = `p50 ${quantile(times, 0.5).toFixed(0)} ms  p95 ${quantile(times, 0.95).toFixed(0)} ms`;
  return [name, value, `${remark}${lost}`];
}

const longestWaitMs = 1000;

/** What was painted of one scan: as soon as it is there, or nothing when no reader would wait so long. */
async function paintedOf(page: Page): Promise<readonly number[]> {
  await page
    .waitForFunction(() => bench.paintedCount() > 0, undefined, { polling: 20, timeout: longestWaitMs })
    .catch(() => undefined);
  // a reader that polls must have forgotten the scan before the next
  await wait(150);
  return (await page.evaluate(() => bench.take())).paintedMs.slice(0, 1);
}

/** One reader after the other, each on a fresh page, so that none disturbs another. */
async function sideBySide(
  browser: Browser,
  url: string,
  end: 'Enter' | ''
): Promise<ReadonlyMap<Reader, readonly number[]>> {
  const times = new Map<Reader, readonly number[]>();
  for (const reader of readers) {
    const page = await browser.newPage();
    await page.goto(url);
    const cdp = await page.context().newCDPSession(page);
    const setting = { scanner: 'us', host: 'us', gapMs, end } as const;
    await page.evaluate(([name, at]) => bench.start(name, at), [reader, setting] as const);
    const painted: number[] = [];
    for (let scan = 0; scan < scans; scan += 1) {
      await press(cdp, keysOf(barcodeOf((scan * 7919) % productCount), gapMs, end));
      painted.push(...(await paintedOf(page)));
    }
    times.set(reader, painted);
    await page.close();
  }
  return times;
}

/** Devices that do not type: from the report or the bytes to the painted line. */
async function portsSideBySide(
  browser: Browser,
  url: string
): Promise<ReadonlyMap<PortReader, readonly number[]>> {
  const times = new Map<PortReader, readonly number[]>();
  for (const reader of portReaders) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate((name) => bench.openPort(name), reader);
    const painted: number[] = [];
    for (let scan = 0; scan < scans; scan += 1) {
      await page.evaluate((text) => bench.fire(text), barcodeOf((scan * 7919) % productCount));
      painted.push(...(await paintedOf(page)));
    }
    times.set(reader, painted);
    await page.close();
  }
  return times;
}

/** The real sell screen: as it comes, and on a till that is calibrated for a scanner that types nothing at the end. */
async function measureSell(browser: Browser): Promise<readonly Row[]> {
  const till = await startBigShop();
  try {
    const beganAt = performance.now();
    const page = await openSell(browser, till);
    const firstMs = performance.now() - beganAt;
    const fetched = await catalogueBytes(page);
    const cdp = await page.context().newCDPSession(page);
    const measure = (end: 'Enter' | '', count: number) => measureApp({ page, cdp, scans: count, gapMs, end });
    const first = await measure('Enter', 1);
    const withEnd = await measure('Enter', scans);
    const without = await measure('', Math.ceil(scans / 4));
    await keepCalibration(page, { maxGapMs: calibratedGapMs, terminator: 'none' });
    await page.getByRole('region', { name: 'Order', exact: true }).waitFor();
    await measure('', 1);
    const calibrated = await measure('', scans);
    const againAt = performance.now();
    await page.reload();
    await page.getByRole('region', { name: 'Order', exact: true }).waitFor();
    const againMs = performance.now() - againAt;
    const fetchedAgain = await catalogueBytes(page);
    return [
      ['first start of a till', `${firstMs.toFixed(0)} ms`, `${fetched} of products over the network`],
      ['next start', `${againMs.toFixed(0)} ms`, `${fetchedAgain} of products over the network`],
      ...appRows('sell screen, first scan after the start', first, null),
      ...appRows('sell screen, Enter ends', withEnd, 50),
      ...appRows(
        `sell screen, nothing ends, calibrated to ${calibratedGapMs} ms`,
        calibrated,
        calibratedGapMs + 50
      ),
      ...appRows('sell screen, nothing ends, not calibrated', without, null)
    ];
  } finally {
    await till.stop();
  }
}

/** What the page fetched of the catalogue, as it came over the network. */
async function catalogueBytes(page: Page): Promise<string> {
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => new URL(entry.name).pathname === '/api/catalogue')
      .reduce((sum, entry) => sum + ('transferSize' in entry ? Number(entry.transferSize) : 0), 0)
  );
  return `${(bytes / 1000).toFixed(0)} kB`;
}

function appRows(name: string, times: readonly AppTime[], mostMs: number | null): readonly Row[] {
  const painted = times.map(({ paintedMs }) => paintedMs);
  const remark = mostMs === null ? '' : goal(quantile(painted, 0.95), mostMs);
  return [
    spread(name, painted, times.length, remark),
    spread(
      '  of it until the line stands in the page',
      times.map(({ changedMs }) => changedMs),
      times.length
    )
  ];
}

function goal(ms: number, mostMs: number): string {
  return `goal p95 ≤ ${mostMs} ms${ms <= mostMs ? '' : ', MISSED'}`;
}

/** A goal that is a ratio of figures of this run. */
function ratio(name: string, times: number, atLeast: number): Row {
  const enough = times >= atLeast;
  return [
    `goal: ${name}`,
    `${times.toFixed(2)} ×`,
    `at least ${atLeast} ×: ${enough ? 'reached' : 'MISSED'}`
  ];
}

/** How many times as long as ours the quicker one of others takes. */
function peerTimes(
  ours: readonly number[] = [],
  others: readonly (readonly number[])[],
  part: number
): number {
  const read = others.filter((times) => times.length > 0).map((times) => quantile(times, part));
  return Math.min(...read) / quantile(ours, part);
}

/** Each goal at the middle and at the end of the spread: the machine's noise is in the latter. */
function against(
  name: string,
  {
    ours,
    others,
    atLeast
  }: { ours: readonly number[]; others: readonly (readonly number[])[]; atLeast: number }
): readonly Row[] {
  return ([0.5, 0.95] as const).map((part) =>
    ratio(`${name}, p${100 * part}`, peerTimes(ours, others, part), atLeast)
  );
}

function share({ scans: all, read, wrong, spilled, typings, falseScans }: MatrixCount): string {
  const percent = (some: number) => `${((100 * some) / all).toFixed(1)} %`;
  return `${percent(read)} of ${all} read, ${wrong} wrong, ${percent(spilled)} left keys in the field or pressed a button, ${falseScans} false in ${typings} typings`;
}

/** The goals of the matrix; ours alone has to reach them. */
function matrixGoal({ scans: all, read, wrong, falseScans }: MatrixCount): string {
  const reached = read === all && wrong === 0 && falseScans === 0;
  return `goal: all read, none wrong, none false: ${reached ? 'reached' : 'MISSED'}`;
}

function missed({ missedAt }: MatrixCount): string {
  const most = [...missedAt].sort(([, a], [, b]) => b - a);
  return most.length === 0
    ? 'all read'
    : `not read: ${most.map(([at, count]) => `${at} ${count}`).join(', ')}`;
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
}

const found = findChromium();
const browser = await chromium.launch({
  ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
  args: isRoot() ? ['--no-sandbox'] : []
});
const harness = await serveHarness();
try {
  if (part !== 'matrix') {
    console.log(
      `  last key → line painted, ${productCount} products, EAN-13 at ${gapMs} ms a key, ${scans} scans each, ${load()}`
    );
    printTable(await measureSell(browser));
    const withEnd = await sideBySide(browser, harness.url, 'Enter');
    const without = await sideBySide(browser, harness.url, '');
    const ports = await portsSideBySide(browser, harness.url);
    printTable([
      ...readers.map((reader) => spread(`${reader}, Enter ends`, withEnd.get(reader) ?? [], scans)),
      ...readers.map((reader) =>
        spread(`${reader}, nothing ends`, without.get(reader) ?? [], scans, waits[reader])
      ),
      ...portReaders.map((reader) => spread(reader, ports.get(reader) ?? [], scans))
    ]);
    const peers = readers.filter((reader) => reader !== 'till');
    const of = (times: ReadonlyMap<string, readonly number[]>, name: string) => times.get(name) ?? [];
    printTable([
      ...against('never slower than the best peer, Enter ends', {
        ours: of(withEnd, 'till'),
        others: peers.map((name) => of(withEnd, name)),
        atLeast: 1
      }),
      ...against('sooner than the best peer’s time-out, nothing ends', {
        ours: of(without, 'till'),
        others: peers.map((name) => of(without, name)),
        atLeast: 4
      }),
      ...against('never slower than the peer, HID', {
        ours: of(ports, 'till, HID'),
        others: [of(ports, 'webhid-barcode-scanner')],
        atLeast: 1
      }),
      ...against('never slower than the peer, serial', {
        ours: of(ports, 'till, serial'),
        others: [of(ports, 'webserial-barcode-scanner')],
        atLeast: 1
      })
    ]);
    console.log(`  ${load()} at the end`);
  }

  if (part !== 'times') {
    console.log(
      `\n  ${quick ? 'a part of ' : ''}speed × focus × layout × length, on registers calibrated for each scanner (300 characters at 80 and 100 ms a key: each focus and layout once), ${load()}`
    );
    for (const reader of readers.filter((name) => only === undefined || name === only)) {
      const count = await runMatrix({ browser, url: harness.url, reader, pagesAtOnce: 16, part: quick });
      printTable([
        [reader, share(count)],
        ['', missed(count), load()],
        [
          '',
          `${count.takenAtNothing} of ${count.typedAtNothing} whole codes typed by hand where no field is were taken`
        ],
        ...(reader === 'till' ? ([['', matrixGoal(count)]] as const) : [])
      ]);
    }
  }
} finally {
  await browser.close();
  await harness.close();
}
