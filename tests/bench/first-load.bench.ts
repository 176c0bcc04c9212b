/**
 * What a browser that was never here loads before the sell screen can sell, in kB gzip; and what follows it there by
 * itself, such as the stream of changes.
 */
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
  const sizes = new Map<string, number[]>();
  const read: Promise<void>[] = [];
  let ready = false;
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
    const kind = ready && type === 'js' ? 'later js' : type;
    read.push(
      response.body().then((body) => {
        // Fonts are compressed already.
        const bytes = type === 'woff2' ? body.length : gzipSync(body).length;
        sizes.set(kind, [...(sizes.get(kind) ?? []), bytes]);
      })
    );
  });
  const startedAt = performance.now();
  await page.goto('/sell');
  await page.getByRole('region', { name: 'Products' }).waitFor();
  const readyMs = performance.now() - startedAt;
  ready = true;
  await streamed;
  done = true;
  await Promise.all(read);

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
