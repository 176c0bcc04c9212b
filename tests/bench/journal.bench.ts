/**
 * `npm run bench:journal`, in real Chromium with a profile on the disk: what an append costs beside the bare disk, Dexie
 * and RxDB in the same run; a day among 100,000 orders; and how soon a till sells that has 50,000 products and no network.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { shellIsKept } from '../support/journal.ts';
import type { JournalBench } from './journal/harness.ts';
import { servePage } from './page-server.ts';
import { requirePeers } from './peers.ts';
import { startBigShop } from './scan/in-app.ts';
import { printTable, quantile } from './table.ts';

declare const bench: JournalBench;

const quick = process.env['TILL_BENCH_QUICK'] === '1';
const appends = quick ? 400 : 2000;
/** The ratio is taken in parts of the run and its middle is told: one moment at which the disk is busy with others then says nothing. */
const appendsInPart = 100;
const starts = quick ? 3 : 9;
const orders = 100_000;
const ordersADay = 400;

async function openProfile(folder: string, baseURL?: string): Promise<BrowserContext> {
  const found = findChromium();
  return chromium.launchPersistentContext(folder, {
    ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
    args: isRoot() ? ['--no-sandbox'] : [],
    viewport: { width: 1280, height: 800 },
    ...(baseURL === undefined ? {} : { baseURL })
  });
}

async function measureAppends(page: Page): Promise<void> {
  const times = await page.evaluate((rounds) => bench.append(rounds), appends);
  const raw = times['raw strict put'];
  console.log(
    `  ${appends} appends each, one after the other in turn, all with durability "strict"; × raw: the middle of ${appends / appendsInPart} parts`
  );
  printTable(
    Object.entries(times).map(([name, own]) => {
      const ratio = ratioAtP95(own, raw);
      const goal = name.startsWith('till') ? `; goal ≤ 1.5${ratio <= 1.5 ? '' : ', MISSED'}` : '';
      return [
        name,
        `p50 ${quantile(own, 0.5).toFixed(2)} ms  p95 ${quantile(own, 0.95).toFixed(2)} ms`,
        own === raw ? '' : `${ratio.toFixed(2)} × raw at p95${goal}`
      ];
    })
  );
}

function ratioAtP95(own: readonly number[], raw: readonly number[]): number {
  const ratios: number[] = [];
  for (let from = 0; from + appendsInPart <= own.length; from += appendsInPart) {
    const p95 = (times: readonly number[]) => quantile(times.slice(from, from + appendsInPart), 0.95);
    ratios.push(p95(own) / p95(raw));
  }
  return quantile(ratios, 0.5);
}

async function measureDay(page: Page): Promise<void> {
  await page.evaluate((many) => bench.fill(many), { orders, perDay: ordersADay });
  const days: Awaited<ReturnType<JournalBench['openDay']>>[] = [];
  for (let count = 0; count < 10; count += 1) {
    // a page that knows nothing yet
    await page.reload();
    days.push(await page.evaluate(() => bench.openDay()));
  }
  const list = days.map(({ listMs }) => listMs);
  const worst = Math.max(...list);
  printTable([
    [
      `the day's ${days[0]?.orders ?? 0} orders among ${orders.toLocaleString('en')}`,
      `p50 ${quantile(list, 0.5).toFixed(0)} ms  worst ${worst.toFixed(0)} ms`,
      `database opened, read, listed; goal ≤ 100 ms${worst <= 100 ? '' : ', MISSED'}`
    ],
    [
      'what a start reads of them',
      `p50 ${quantile(
        days.map(({ startMs }) => startMs),
        0.5
      ).toFixed(0)} ms`,
      'unpaid orders and the last sale of 24 hours'
    ]
  ]);
}

/** From the navigation to the painted sell screen, by the page's own clock. */
async function measureStarts(): Promise<void> {
  const till = await startBigShop();
  const folder = mkdtempSync(join(tmpdir(), 'till-bench-'));
  const context = await openProfile(folder, till.baseURL);
  try {
    await context.request.post('/api/auth/sign-in/username', {
      headers: { origin: till.baseURL },
      data: { username: 'cashier', password: 'training' }
    });
    await context.addInitScript(() => {
      const seen = new MutationObserver(() => {
        if (document.querySelector('[aria-label="Products"]') === null) return;
        seen.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => Reflect.set(globalThis, 'sellableAt', performance.now());
          port2.postMessage(null);
        });
      });
      seen.observe(document, { subtree: true, childList: true });
    });
    const page = await context.newPage();
    await page.goto('/sell');
    await page.getByRole('region', { name: 'Products' }).waitFor({ timeout: 120_000 });
    await shellIsKept(page);
    await context.setOffline(true);
    const times: number[] = [];
    for (let count = 0; count < starts; count += 1) {
      await page.reload();
      await page.waitForFunction(() => Reflect.has(globalThis, 'sellableAt'), undefined, {
        timeout: 60_000
      });
      times.push(await page.evaluate(() => Number(Reflect.get(globalThis, 'sellableAt'))));
    }
    const middle = quantile(times, 0.5);
    printTable([
      [
        'start to sellable, 50,000 products, no network',
        `p50 ${middle.toFixed(0)} ms  worst ${Math.max(...times).toFixed(0)} ms`,
        `goal ≤ 1,500 ms${middle <= 1500 ? '' : ', MISSED'}`
      ]
    ]);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    await till.stop();
  }
}

requirePeers();
const page = await servePage({
  entry: 'tests/bench/journal/harness.ts',
  html: '<!doctype html><html lang="en"><meta charset="utf-8"><title>Journals</title><script src="/harness.js"></script></html>'
});
const folder = mkdtempSync(join(tmpdir(), 'till-bench-'));
const context = await openProfile(folder);
try {
  const tab = await context.newPage();
  tab.on('pageerror', (error) => console.error(error));
  await tab.goto(page.url);
  await measureAppends(tab);
  await measureDay(tab);
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  await page.close();
}
await measureStarts();
