/** What every end-to-end test starts from: a server, and a browser signed in by role. */
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
  readonly servers: Servers;
}

interface TestFixtures {
  /** How the server is started that a file wants for itself: `test.use({ tillSettings: … })`, for the whole file. */
  readonly tillSettings: TillSettings;
  readonly server: Server;
  readonly till: Till;
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

/** A running server, and what a worker's tests use again as long as it runs. */
interface Server {
  readonly till: Till;
  readonly usedPages: UsedPages;
  readonly keptSessions: KeptSessions;
}

/** The one server that a worker runs at a time: a worker that began anew for another one would begin its browser anew, too. */
interface Servers {
  /** @param owner whose it is: another owner gets another server */
  readonly runFor: (owner: string, settings: TillSettings) => Promise<Server>;
  readonly stop: () => Promise<void>;
}

/** Ordinary tests run this many times faster than a shop. */
export const usualTimeScale = 20;

const usual: TillSettings = { timeScale: usualTimeScale };

function createServers(): Servers {
  let running: (Server & { readonly owner: string }) | undefined;

  async function stop(): Promise<void> {
    const stopped = running;
    running = undefined;
    if (stopped === undefined) return;
    try {
      await stopped.usedPages.close();
    } finally {
      await stopped.till.stop();
    }
  }

  return {
    async runFor(owner, settings) {
      if (running?.owner === owner) return running;
      const before = running?.owner;
      await stop().catch((cause: unknown) => {
        // It is told by the next test, which is another one's.
        throw new Error(`the server before this one, of ${before}, did not end well`, { cause });
      });
      const till = await startTill(settings);
      running = { owner, till, usedPages: createUsedPages(), keptSessions: createKeptSessions(till, signIn) };
      return running;
    },
    stop
  };
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  servers: [
    async ({}, use) => {
      const servers = createServers();
      await use(servers);
      await servers.stop();
    },
    { scope: 'worker', timeout: 60_000 }
  ],
  tillSettings: [usual, { option: true }],
  server: [
    async ({ servers, tillSettings }, use, { file }) => {
      const owner = tillSettings === usual ? 'all' : `${file} ${JSON.stringify(tillSettings)}`;
      await use(await servers.runFor(owner, tillSettings));
    },
    { timeout: 60_000 }
  ],
  till: async ({ server }, use) => use(server.till),
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
  openAs: async ({ browser, server, viewport, contextOptions, keepsShell }, use, info) => {
    const { till, usedPages, keptSessions } = server;
    const opened: Page[] = [];
    const makeContext = async (): Promise<BrowserContext> => {
      const context = await browser.newContext({ ...contextOptions, baseURL: till.baseURL });
      if (!keepsShell) await context.addInitScript(hasNoServiceWorkers);
      return context;
    };
    const usualBrowser = !keepsShell && Object.keys(contextOptions).length === 0;
    await use(async (role, path = '/') => {
      const page = usualBrowser
        ? await usedPages.take(viewport, makeContext)
        : await (await makeContext()).newPage();
      opened.push(page);
      if (role !== null) await keptSessions.signIn(page, role);
      await page.goto(path);
      return page;
    });
    const good = usualBrowser && info.status === info.expectedStatus;
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
