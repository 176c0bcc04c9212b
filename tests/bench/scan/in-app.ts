/** How long the real sell screen takes from a scan's last key to its painted line, with 50,000 products. */
import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from '@playwright/test';
import { startTill, type Till } from '../../support/till-server.ts';
import { barcodeOf, benchProduct, productCount } from './catalogue.ts';
import { press, type PressedKey } from './press.ts';

/** A till whose shop sells 50,000 products. The demo shop's stay; the others are put straight into its database. */
export async function startBigShop(): Promise<Till> {
  const till = await startTill({ timeScale: 1 });
  const database = new DatabaseSync(till.databasePath, { timeout: 5000 });
  const [rate] = database.prepare('SELECT id FROM tax_rates LIMIT 1').all();
  const [category] = database.prepare('SELECT id FROM categories LIMIT 1').all();
  database.exec('BEGIN IMMEDIATE');
  const product = database.prepare(
    'INSERT INTO products (id, name, category_id, tax_rate_id, position, active, pinned, sold_out) VALUES (?, ?, ?, ?, ?, 1, 0, 0)'
  );
  const price = database.prepare(
    'INSERT INTO price_versions (id, product_id, price_minor, valid_from_ms, version) VALUES (?, ?, ?, 0, 1)'
  );
  const barcode = database.prepare('INSERT INTO barcodes (code, product_id) VALUES (?, ?)');
  for (let index = 0; index < productCount; index += 1) {
    const { id, name, priceMinor, barcode: code } = benchProduct(index);
    product.run(id, name, String(category?.['id']), String(rate?.['id']), 1000 + index);
    price.run(randomBytes(16).toString('hex'), id, priceMinor);
    barcode.run(`0${code}`, id);
  }
  database.exec('COMMIT');
  database.close();
  // what the server may have kept of the catalogue is read anew
  await till.restart();
  return till;
}

interface PaintProbe {
  arrivedAt: number;
  dueAt: number;
  /** From the last key to the changed page, and to the frame that shows it. */
  changed: number[];
  painted: number[];
}

/** One scan on the sell screen, in milliseconds from its last key. */
export interface AppTime {
  /** The line stands in the page: what our own code took. */
  readonly changedMs: number;
  /** The frame with it is painted: the browser's and the machine's part too. */
  readonly paintedMs: number;
}
declare global {
  var paintProbe: PaintProbe;
}

/** Opens Sell as a cashier's till; the probe hears keys before the page and sees when a line was painted. */
export async function openSell(browser: Browser, till: Till): Promise<Page> {
  const context = await browser.newContext({
    baseURL: till.baseURL,
    viewport: { width: 1280, height: 800 }
  });
  const signedIn = await context.request.post('/api/auth/sign-in/username', {
    headers: { origin: till.baseURL },
    data: { username: 'cashier', password: 'training' }
  });
  if (!signedIn.ok()) throw new Error(`signing in was answered with ${signedIn.status()}`);
  await context.addInitScript(() => {
    globalThis.paintProbe = { arrivedAt: 0, dueAt: 0, changed: [], painted: [] };
    const probe = globalThis.paintProbe;
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key.length !== 1 && event.key !== 'Enter') return;
        probe.arrivedAt = performance.now();
        probe.dueAt = event.timeStamp;
      },
      { capture: true }
    );
    let before = '';
    new MutationObserver(() => {
      const order = document.querySelector('[role="region"][aria-label="Order"]')?.textContent ?? '';
      if (order === before) return;
      before = order;
      const { arrivedAt, dueAt } = probe;
      // as on the page of the comparison: a key is sent a little before it is due
      const from = performance.now() < dueAt ? arrivedAt : Math.max(arrivedAt, dueAt);
      probe.changed.push(performance.now() - from);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => probe.painted.push(performance.now() - from);
        port2.postMessage(null);
      });
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  const page = await context.newPage();
  await page.goto('/sell');
  await page.getByRole('button', { name: 'In the hand' }).click({ timeout: 60_000 });
  return page;
}

export function keysOf(code: string, gapMs: number, end: 'Enter' | ''): readonly PressedKey[] {
  const keys = [...code].map((key, index) => ({
    type: 'keydown',
    key,
    code: `Digit${key}`,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    at: index * gapMs
  }));
  if (end === '') return keys;
  const at = code.length * gapMs;
  return [
    ...keys,
    { type: 'keydown', key: end, code: end, shiftKey: false, ctrlKey: false, altKey: false, at }
  ];
}

/** @returns how long each scan took */
export async function measureApp({
  page,
  cdp,
  scans,
  gapMs,
  end
}: {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly scans: number;
  readonly gapMs: number;
  readonly end: 'Enter' | '';
}): Promise<readonly AppTime[]> {
  const times: AppTime[] = [];
  for (let scan = 0; scan < scans; scan += 1) {
    await page.evaluate(() => {
      globalThis.paintProbe.painted = [];
      globalThis.paintProbe.changed = [];
    });
    await press(cdp, keysOf(barcodeOf((scan * 7919) % productCount), gapMs, end));
    await page.waitForFunction(() => globalThis.paintProbe.painted.length > 0, undefined, {
      polling: 20,
      timeout: 5000
    });
    times.push(
      await page.evaluate(() => ({
        changedMs: globalThis.paintProbe.changed[0] ?? Number.NaN,
        paintedMs: globalThis.paintProbe.painted[0] ?? Number.NaN
      }))
    );
    await wait(350);
    // an order as long as most are: then the next
    if (scan % 12 === 11) {
      await page.keyboard.press('F4');
      await wait(200);
    }
  }
  return times;
}
