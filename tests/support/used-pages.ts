/**
 * Pages that a worker uses again: a page as good as new costs less than a new one, because its process is there and the
 * browser keeps the files of the app.
 *
 *   take ──► test ──► give back ──► emptied ──► take …
 *                        └ closed, with its browser, where a script of the test's stays in it
 */
import type { BrowserContext, Page, ViewportSize } from '@playwright/test';

/** The pages of one worker that no test uses. */
export interface UsedPages {
  /** A page in a browser of its own, on nothing, with nothing kept. @param makeContext how a new one is made */
  readonly take: (viewport: ViewportSize | null, makeContext: () => Promise<BrowserContext>) => Promise<Page>;
  /** After a test: the page can't be told from a new one when it is taken again. */
  readonly giveBack: (page: Page) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A file of the app that runs nothing: storage is emptied from there, and the next test begins at it. */
const nothing = '/favicon.svg';

export function createUsedPages(): UsedPages {
  const free: Page[] = [];
  const scripted = new WeakSet<Page>();

  /** What a test puts into a page for good can't be taken out again. */
  function watch(page: Page): void {
    const marked = <Arguments extends unknown[], Value>(call: (...args: Arguments) => Value) => {
      return (...args: Arguments): Value => {
        scripted.add(page);
        return call(...args);
      };
    };
    page.addInitScript = marked(page.addInitScript.bind(page));
    page.exposeFunction = marked(page.exposeFunction.bind(page));
    page.clock.install = marked(page.clock.install.bind(page.clock));
  }

  async function empty(page: Page): Promise<void> {
    const context = page.context();
    const others = context.pages().filter((other) => other !== page);
    await Promise.all(others.map((other) => other.close()));
    page.removeAllListeners();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.setOffline(false);
    await page.emulateMedia({ media: null, colorScheme: 'light', reducedMotion: null });
    await page.goto(nothing);
    await page.evaluate(() => sessionStorage.clear());
    const devtools = await context.newCDPSession(page);
    const { origin } = new URL(page.url());
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    await devtools.detach();
    await context.clearCookies();
    await page.mouse.move(0, 0);
  }

  return {
    async take(viewport, makeContext) {
      const kept = free.pop();
      if (kept === undefined) {
        const page = await (await makeContext()).newPage();
        watch(page);
        return page;
      }
      if (viewport !== null) await kept.setViewportSize(viewport);
      return kept;
    },
    async giveBack(page) {
      if (page.isClosed() || scripted.has(page)) {
        await page.context().close();
        return;
      }
      await empty(page);
      free.push(page);
    },
    async close() {
      for (const page of free) await page.context().close();
    }
  };
}
