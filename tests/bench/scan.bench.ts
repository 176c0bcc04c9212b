/**
 * `npm run bench:scan`: from a scan's last key to its painted line, ours and theirs, with 50,000 products; and how much is
 * read, left behind and wrongly taken for a scan over speed × focus × layout × length.
 *
 * Readers stand on one page with the same catalogue and the same line, so that only reading differs; the sell screen is
 * measured by itself. `TILL_BENCH_QUICK=1` takes a part of it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Browser } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { barcodeOf, productCount } from './scan/catalogue.ts';
import type { Bench, PortReader, Reader } from './scan/harness.ts';
import { serveHarness } from './scan/harness-server.ts';
import { keysOf, measureApp, openSell, startBigShop } from './scan/in-app.ts';
import { runMatrix, type MatrixCount } from './scan/matrix.ts';
import { press } from './scan/press.ts';
import { printTable, quantile } from './table.ts';

declare const bench: Bench;

const quick = process.env['TILL_BENCH_QUICK'] === '1';
const scans = quick ? 15 : 60;
const gapMs = 10;
const readers: readonly Reader[] = ['till', 'onscan.js', 'keyboard-barcode-scanner'];

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
      await wait(900);
      painted.push(...(await page.evaluate(() => bench.take())).paintedMs.slice(0, 1));
    }
    times.set(reader, painted);
    await page.close();
  }
  return times;
}

/** Devices that do not type: from the report or the bytes to the painted line. */
async function portsSideBySide(browser: Browser, url: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const reader of portReaders) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate((name) => bench.openPort(name), reader);
    const painted: number[] = [];
    for (let scan = 0; scan < scans; scan += 1) {
      await page.evaluate((text) => bench.fire(text), barcodeOf((scan * 7919) % productCount));
      await wait(450);
      painted.push(...(await page.evaluate(() => bench.take())).paintedMs.slice(0, 1));
    }
    rows.push(spread(reader, painted, scans));
    await page.close();
  }
  return rows;
}

async function measureSell(browser: Browser): Promise<readonly Row[]> {
  const till = await startBigShop();
  try {
    const page = await openSell(browser, till);
    const cdp = await page.context().newCDPSession(page);
    const withEnd = await measureApp({ page, cdp, scans, gapMs, end: 'Enter' });
    const without = await measureApp({ page, cdp, scans: Math.ceil(scans / 2), gapMs, end: '' });
    return [
      spread('sell screen, Enter ends', withEnd, scans, goal(quantile(withEnd, 0.95), 50)),
      spread('sell screen, nothing ends, not calibrated', without, Math.ceil(scans / 2), 'waits 250 ms')
    ];
  } finally {
    await till.stop();
  }
}

function goal(ms: number, mostMs: number): string {
  return `goal p95 ≤ ${mostMs} ms${ms <= mostMs ? '' : ', MISSED'}`;
}

function share({ scans: all, read, wrong, spilled, typings, falseScans }: MatrixCount): string {
  const percent = (part: number) => `${((100 * part) / all).toFixed(1)} %`;
  return `${percent(read)} of ${all} read, ${wrong} wrong, ${percent(spilled)} left keys in the field or pressed the button, ${falseScans} false in ${typings} typings`;
}

const found = findChromium();
const browser = await chromium.launch({
  ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
  args: isRoot() ? ['--no-sandbox'] : []
});
const harness = await serveHarness();
try {
  console.log(`  last key → line painted, ${productCount} products, EAN-13 at ${gapMs} ms a key`);
  const withEnd = await sideBySide(browser, harness.url, 'Enter');
  const without = await sideBySide(browser, harness.url, '');
  printTable([
    ...readers.map((reader) => spread(`${reader}, Enter ends`, withEnd.get(reader) ?? [], scans)),
    ...readers.map((reader) => spread(`${reader}, nothing ends`, without.get(reader) ?? [], scans)),
    ...(await portsSideBySide(browser, harness.url)),
    ...(await measureSell(browser))
  ]);

  console.log('\n  speed × focus × layout × length, on registers calibrated for each scanner');
  for (const reader of readers) {
    const count = await runMatrix({ browser, url: harness.url, reader, pagesAtOnce: 8, part: quick });
    printTable([[reader, share(count)]]);
  }
} finally {
  await browser.close();
  await harness.close();
}
