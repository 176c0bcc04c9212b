import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { findChromium, isRoot } from './scripts/lib/browser.mjs';

const chromium = findChromium();
const testDir = 'tests/e2e';
/** Files that want a server of their own. */
const withOwnServer = readdirSync(testDir).filter(
  (file) => file.endsWith('.spec.ts') && readFileSync(`${testDir}/${file}`, 'utf8').includes('tillSettings:')
);

/** Each test starts the server that it needs, on a port and with data of its own (tests/support). */
export default defineConfig({
  testDir,
  globalSetup: './tests/support/prepared-till.ts',
  outputDir: 'test-results/e2e',
  projects: [
    // The whole file in one worker, and first: what is left for the end is small.
    { name: 'own server', testMatch: withOwnServer, fullyParallel: false },
    { name: 'one server', testIgnore: withOwnServer, fullyParallel: true }
  ],
  // A test of a till waits for most of its time: more may wait at once than there are cores.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    // It costs a fifth of the time: `npm run test:e2e -- --trace retain-on-failure` shows how a test failed.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium && chromium.from !== 'playwright' ? { executablePath: chromium.path } : {}),
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Four browsers on few cores: each keeps its network and its drawing in one process, which saves a tenth.
        '--enable-features=NetworkServiceInProcess2,NetworkServiceInProcess',
        '--in-process-gpu',
        ...(isRoot() ? ['--no-sandbox'] : [])
      ]
    }
  }
});
