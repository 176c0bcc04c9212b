/**
 * `npm run bench:scan`: from a scan's last key to its painted line, ours and theirs, with 50,000 products; and how much is
 * read, left behind and wrongly taken for a scan over speed × focus × layout × length.
 *
 * Readers stand on pages with the same catalogue and the same line, so that only reading differs, and scan by turns, so that
 * what the machine does meets all; the sell screen is measured by itself. `TILL_BENCH_QUICK=1` takes a part of it;
 * `TILL_BENCH_PART=times` or `=matrix` one of its halves, `TILL_BENCH_READER=till` one reader of the matrix.
 */
import { loadavg } from 'node:os';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { productCount } from './scan/catalogue.ts';
import { requirePeers } from './peers.ts';
import type { Reader } from './scan/harness.ts';
import { keepCalibration } from '../support/fake-devices.ts';
import { serveHarness } from './scan/harness-server.ts';
import { measureApp, openSell, startBigShop, type AppTime } from './scan/in-app.ts';
import { runMatrix, type MatrixCount } from './scan/matrix.ts';
import { compare, keyboardReaders, portReaders, type Taken } from './scan/side-by-side.ts';
import { printTable, quantile } from './table.ts';

const quick = process.env['TILL_BENCH_QUICK'] === '1';
const part = process.env['TILL_BENCH_PART'] ?? 'all';
const only = process.env['TILL_BENCH_READER'];
const scans = quick ? 12 : 40;
/** Of ten scans each, for the readers beside each other. */
const turns = quick ? 2 : 12;
const gapMs = 10;
/** What calibration learns of a scanner at that pace. */
const calibratedGapMs = 30;
const readers: readonly Reader[] = ['till', 'onscan.js', 'keyboard-barcode-scanner'];

/** What tells each reader the end where nothing ends a code: as it comes, but for the register, which is calibrated. */
const waits: Readonly<Record<Reader, string>> = {
  till: 'one and a half of the scanner’s longest gap',
  'onscan.js': '100 ms after the last key',
  'keyboard-barcode-scanner': '200 ms, looked at every 50'
};

const hidReaders = ['till, HID', 'webhid-barcode-scanner'] as const;
const serialReaders = ['till, serial', 'webserial-barcode-scanner'] as const;

type Row = readonly [name: string, value: string, remark?: string];

function spread(name: string, times: readonly number[], asked: number, remark = ''): Row {
  if (times.length === 0) return [name, 'never read', remark];
  const lost = times.length < asked ? `, ${asked - times.length} of ${asked} not read` : '';
  const value = `p50 ${quantile(times, 0.5).toFixed(0)} ms  p95 ${quantile(times, 0.95).toFixed(0)} ms`;
  return [name, value, `${remark}${lost}`];
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

/** The goal "never slower": the difference beside that of the peer with itself, in the same run. */
function neverSlower(name: string, times: ReadonlyMap<string, Taken>, ours: string): readonly Row[] {
  return (['painted', 'changed'] as const).flatMap((what) =>
    ([0.5, 0.95] as const).map((part): Row => {
      const found = compare(times, { ours, what, part });
      const until = what === 'painted' ? '' : ', of it until the line stands in the page';
      return [
        `${name}${until}, p${100 * part}`,
        `${found.ours.toFixed(1)} ms beside ${found.theirs.toFixed(1)} ms`,
        `${found.peer}, whose turns differ by ${found.noise.toFixed(1)} ms${what === 'changed' ? '' : found.neverSlower ? ': reached' : ': MISSED'}`
      ];
    })
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

requirePeers();
const found = findChromium();
const browser = await chromium.launch({
  ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
  args: isRoot() ? ['--no-sandbox'] : []
});
const harness = await serveHarness();
try {
  if (part !== 'matrix') {
    console.log(
      `  last key → line painted, ${productCount} products, EAN-13 at ${gapMs} ms a key, ${load()}`
    );
    printTable(await measureSell(browser));
    const shared = { browser, url: harness.url, names: readers, gapMs };
    const withEnd = await keyboardReaders({ ...shared, turns, end: 'Enter' });
    const without = await keyboardReaders({ ...shared, turns, end: '' });
    const hid = await portReaders({ ...shared, names: hidReaders, turns });
    const serial = await portReaders({ ...shared, names: serialReaders, turns });
    const rowsOf = (times: ReadonlyMap<string, Taken>, remark: string) =>
      [...times].map(([name, { painted, asked }]) => spread(`${name}${remark}`, painted.flat(), asked));
    printTable([
      ...rowsOf(withEnd, ', Enter ends'),
      ...readers.map((name) => {
        const { painted = [], asked = 0 } = without.get(name) ?? {};
        return spread(`${name}, nothing ends`, painted.flat(), asked, waits[name]);
      }),
      ...rowsOf(hid, ''),
      ...rowsOf(serial, '')
    ]);
    console.log('  goal: never slower than the best peer');
    printTable([
      ...neverSlower('Enter ends', withEnd, 'till'),
      ...neverSlower('HID', hid, 'till, HID'),
      ...neverSlower('serial', serial, 'till, serial')
    ]);
    printTable(
      ([0.5, 0.95] as const).map((part) => {
        const { ours, theirs } = compare(without, { ours: 'till', what: 'painted', part });
        return ratio(`sooner than the best peer’s time-out, nothing ends, p${100 * part}`, theirs / ours, 4);
      })
    );
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
