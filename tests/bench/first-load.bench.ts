/**
 * What a browser that was never here loads before the sell screen can sell, in kB gzip; and what follows it there by
 * itself, such as the stream of changes.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { startTill } from '../support/till-server.ts';
import { printTable } from './table.ts';

const goalKilobytes = 100;

const found = findChromium();
const till = await startTill({ timeScale: 1 });
const browser = await chromium.launch({
  ...(found && found.from !== 'playwright' ? { executablePath: found.path } : {}),
  args: isRoot() ? ['--no-sandbox'] : []
});
try {
  const context = await browser.newContext({ baseURL: till.baseURL });
  const signedIn = await context.request.post('/api/auth/sign-in/username', {
    headers: { origin: till.baseURL },
    data: { username: 'cashier', password: 'training' }
  });
  if (!signedIn.ok()) throw new Error(`signing in was answered with ${signedIn.status()}`);

  const page = await context.newPage();
  // the page itself says when it can sell: what it asked for until then is what the first load costs
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (document.querySelector('[aria-label="Products"]') === null) return;
      watch.disconnect();
      performance.mark('can sell');
    });
    watch.observe(document, { subtree: true, childList: true, attributes: true });
  });
  const bodies: { readonly path: string; readonly type: string; readonly bytes: number }[] = [];
  const read: Promise<void>[] = [];
  let done = false;
  let streaming: () => void = () => undefined;
  const streamed = new Promise<void>((resolve) => (streaming = resolve));
  page.on('response', (response) => {
    const path = new URL(response.url()).pathname;
    if (path === '/api/changes') {
      // It never ends, and it comes last.
      streaming();
      return;
    }
    if (done) return;
    const type = /\.(js|css|woff2|wasm)$/.exec(path)?.[1] ?? 'other';
    read.push(
      response.body().then((body) => {
        // Fonts are compressed already.
        bodies.push({ path, type, bytes: type === 'woff2' ? body.length : gzipSync(body).length });
      })
    );
  });
  const startedAt = performance.now();
  await page.goto('/sell');
  await page.getByRole('region', { name: 'Products' }).waitFor();
  const readyMs = performance.now() - startedAt;
  await streamed;
  // what is fetched ahead comes while nothing happens
  await wait(3000);
  done = true;
  await Promise.all(read);
  const later = new Set(
    await page.evaluate(() => {
      const canSellAt = performance.getEntriesByName('can sell')[0]?.startTime ?? 0;
      return performance
        .getEntriesByType('resource')
        .filter(({ startTime }) => startTime > canSellAt)
        .map(({ name }) => new URL(name).pathname);
    })
  );
  const sizes = new Map<string, number[]>();
  for (const { path, type, bytes } of bodies) {
    const kind = type === 'js' && later.has(path) ? 'later js' : type;
    sizes.set(kind, [...(sizes.get(kind) ?? []), bytes]);
  }

  const kilobytes = (kind: string) => (sizes.get(kind) ?? []).reduce((sum, size) => sum + size, 0) / 1000;
  const files = (kind: string) => `${(sizes.get(kind) ?? []).length} files`;
  const javascript = kilobytes('js');
  printTable([
    [
      'JavaScript of /sell',
      `${javascript.toFixed(1)} kB gzip`,
      `${files('js')}; goal: under ${goalKilobytes}${javascript < goalKilobytes ? '' : ', MISSED'}`
    ],
    ['JavaScript that follows', `${kilobytes('later js').toFixed(1)} kB gzip`, files('later js')],
    ['style sheets', `${kilobytes('css').toFixed(1)} kB gzip`, files('css')],
    ['fonts', `${kilobytes('woff2').toFixed(1)} kB`, files('woff2')],
    ['page and answers of the API', `${kilobytes('other').toFixed(1)} kB gzip`, files('other')],
    ['until products can be scanned', `${readyMs.toFixed(0)} ms`, 'cold cache, on this machine']
  ]);
} finally {
  await browser.close();
  await till.stop();
}
