/** What every end-to-end test starts from: a server of its worker, and a browser signed in by role. */
import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import './quick-stacks.ts';
import { createKeptSessions, type KeptSessions } from './kept-sessions.ts';
import { startTill, type Till, type TillSettings } from './till-server.ts';
import { createUsedPages, type UsedPages } from './used-pages.ts';

export type { Till } from './till-server.ts';

/** The people of the demo shop; the password of all is `training`. */
export type DemoRole = 'cashier' | 'manager' | 'admin';
export const demoPassword = 'training';

interface WorkerFixtures {
  /** How this worker's server is started: `test.use({ tillSettings: … })`, for a whole file. */
  readonly tillSettings: TillSettings;
  readonly till: Till;
  readonly usedPages: UsedPages;
  readonly keptSessions: KeptSessions;
}

interface TestFixtures {
  /**
   * Lets the browser keep the shell of the app for a start without a network: `test.use({ keepsShell: true })`. Without it
   * the browser is one that has no service workers, and does not fetch every file of the app for each test.
   */
  readonly keepsShell: boolean;
  /** Keeps the server's words of this test with a failure. */
  readonly serverLog: undefined;
  /** Opens a page in a browser of its own, signed in; nobody is signed in for `null`. */
  readonly openAs: (role: DemoRole | null, path?: string) => Promise<Page>;
}

/** Ordinary tests run this many times faster than a shop. */
export const usualTimeScale = 20;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  tillSettings: [{ timeScale: usualTimeScale }, { scope: 'worker', option: true }],
  till: [
    async ({ tillSettings }, use) => {
      const till = await startTill(tillSettings);
      await use(till);
      await till.stop();
    },
    { scope: 'worker', timeout: 60_000 }
  ],
  usedPages: [
    async ({}, use) => {
      const pages = createUsedPages();
      await use(pages);
      await pages.close();
    },
    { scope: 'worker' }
  ],
  keptSessions: [async ({ till }, use) => use(createKeptSessions(till, signIn)), { scope: 'worker' }],
  baseURL: async ({ till }, use) => use(till.baseURL),
  serverLog: [
    async ({ till }, use, info) => {
      const from = till.log().length;
      await use(undefined);
      if (info.status !== info.expectedStatus) {
        await info.attach('server.log', { body: till.log().slice(from), contentType: 'text/plain' });
      }
    },
    { auto: true }
  ],
  keepsShell: [false, { option: true }],
  openAs: async (
    { browser, till, usedPages, keptSessions, viewport, contextOptions, keepsShell },
    use,
    info
  ) => {
    const opened: Page[] = [];
    const makeContext = async (): Promise<BrowserContext> => {
      const context = await browser.newContext({ ...contextOptions, baseURL: till.baseURL });
      if (!keepsShell) await context.addInitScript(hasNoServiceWorkers);
      return context;
    };
    const usual = !keepsShell && Object.keys(contextOptions).length === 0;
    await use(async (role, path = '/') => {
      const page = usual
        ? await usedPages.take(viewport, makeContext)
        : await (await makeContext()).newPage();
      opened.push(page);
      if (role !== null) await keptSessions.signIn(page, role);
      await page.goto(path);
      return page;
    });
    const good = usual && info.status === info.expectedStatus;
    for (const page of opened) await (good ? usedPages.giveBack(page) : page.context().close());
    keptSessions.release();
  }
});

export { expect };

function hasNoServiceWorkers(): void {
  Reflect.deleteProperty(Navigator.prototype, 'serviceWorker');
}

/** Signs in as the page's own form does, without the form: it has a test of its own. */
export async function signIn(page: Page, username: string): Promise<void> {
  const origin = new URL((await page.context().request.get('/api/session')).url()).origin;
  const answer = await page.context().request.post('/api/auth/sign-in/username', {
    headers: { origin },
    data: { username, password: demoPassword }
  });
  expect(answer.status(), 'signing in').toBe(200);
}
