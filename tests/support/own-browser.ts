/** A Chromium with a profile on the disk, in a process of its own: it can be killed as a power cut would, and opened again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type BrowserContext } from '@playwright/test';
import { findChromium, isRoot } from '../../scripts/lib/browser.mjs';
import { orderPanel } from './counter.ts';

export interface OwnBrowser {
  readonly context: BrowserContext;
  /** Ends it as a person does: what it keeps is on the disk then. */
  close(): Promise<void>;
  /** SIGKILL to every one of its processes. */
  kill(): Promise<void>;
}

export interface Profile {
  /**
   * @param mayFreeze leaves the pages as a browser has them, so that DevTools can freeze one; otherwise each of them is
   * made to believe that it lies in front
   */
  open(options?: { readonly mayFreeze: boolean }): Promise<OwnBrowser>;
  remove(): void;
}

/** A profile in a temporary folder; one browser at a time opens it. */
export function newProfile(): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'till-profile-'));
  return {
    async open({ mayFreeze } = { mayFreeze: false }) {
      const path = findChromium()?.path ?? chromium.executablePath();
      const child = spawn(
        path,
        [
          '--headless',
          '--window-size=1280,900',
          '--remote-debugging-port=0',
          `--user-data-dir=${folder}`,
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          ...(isRoot() ? ['--no-sandbox'] : []),
          'about:blank'
        ],
        // a group of its own, so that its helpers die with it
        { stdio: ['ignore', 'ignore', 'pipe'], detached: true }
      );
      const endpoint = await new Promise<string>((resolve, reject) => {
        let printed = '';
        child.stderr.on('data', (chunk: Buffer) => {
          printed += chunk.toString('utf8');
          const found = /ws:\/\/\S+/.exec(printed)?.[0];
          if (found !== undefined) resolve(found);
        });
        child.once('close', () => reject(new Error(`The browser ended:\n${printed}`)));
      });
      const browser = await chromium.connectOverCDP(endpoint, { noDefaults: mayFreeze });
      const [context] = browser.contexts();
      if (context === undefined) throw new Error('The browser has no context.');
      return {
        context,
        async close() {
          const closed = once(child, 'close');
          await (await browser.newBrowserCDPSession()).send('Browser.close');
          await closed;
        },
        async kill() {
          const closed = once(child, 'close');
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
          await closed;
          await browser.close().catch(() => undefined);
        }
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  };
}

/** A person is signed in on a register that this browser has been for a while: its cookies are on the disk. */
export async function signInOn(profile: Profile, baseURL: string): Promise<void> {
  const { context, close } = await profile.open();
  const page = await context.newPage();
  await page.goto(`${baseURL}/sign-in`);
  await page.getByRole('button', { name: 'Cashier' }).click();
  await expect(orderPanel(page)).toBeVisible({ timeout: 20_000 });
  await close();
}
