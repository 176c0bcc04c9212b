import type { Page } from '@playwright/test';
import { products } from '../support/codes.ts';
import {
  chargeButton,
  headline,
  orderPanel,
  orderRows,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { demoPassword, expect, test } from '../support/fixtures.ts';
import { journalInBrowser, shellIsKept } from '../support/journal.ts';
import { renewedBuild } from '../support/renewed-build.ts';

/** A payment must stay at the counter while the update knocks. */
test.use({ tillSettings: { timeScale: 2 } });

/** Which shells the browser keeps, and whether a newer one waits. */
function shells(page: Page): Promise<{ kept: string[]; waiting: boolean }> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const names = (await caches.keys()).filter((name) => name.startsWith('till-shell-'));
    return { kept: names, waiting: registration?.waiting != null };
  });
}

test('a new version waits while a payment is at the counter, then takes over, and clears nothing', async ({
  browser,
  till
}) => {
  test.slow();
  const build = await renewedBuild(till.baseURL);
  const context = await browser.newContext({ baseURL: build.baseURL, serviceWorkers: 'allow' });
  try {
    const page = await context.newPage();
    const signedIn = await context.request.post('/api/auth/sign-in/username', {
      headers: { origin: build.baseURL },
      data: { username: 'cashier', password: demoPassword }
    });
    expect(signedIn.status()).toBe(200);
    await page.clock.install();
    await page.goto('/sell');
    await expect(orderPanel(page)).toBeVisible();
    await shellIsKept(page);
    const [first] = (await shells(page)).kept;

    await scanProducts(page, products.cola);
    await orderPanel(page).getByRole('button', { name: 'Park', exact: true }).click();
    await scanProducts(page, products.gum);
    await payWith(page, 'neverAnswers');
    await expect(headline(page, 'Waiting for the shopper')).toBeVisible();

    build.renew();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect.poll(async () => (await shells(page)).waiting, { timeout: 30_000 }).toBe(true);
    // the page asks every 5 s whether it may: three times, and it may not
    await page.clock.runFor(16_000);
    expect(await shells(page)).toEqual({ kept: [first, expect.stringContaining('newer')], waiting: true });
    const before = await journalInBrowser(page);

    await stage(page).getByRole('button', { name: 'Stop payment' }).click();
    await expect(headline(page, 'Stopped')).toBeVisible({ timeout: 40_000 });
    await page.clock.runFor(6_000);
    await expect.poll(async () => (await shells(page)).waiting, { timeout: 30_000 }).toBe(false);

    // what was open goes on, and what was kept is there: the order, the parked one, the journal, and the old shell for old tabs
    await stage(page).getByRole('button', { name: 'Back to order' }).click();
    await expect(chargeButton(page)).toHaveText(/\$1\.20/);
    expect((await shells(page)).kept).toHaveLength(2);
    expect((await journalInBrowser(page)).entries).toBeGreaterThanOrEqual(before.entries);

    // the next page is the new version's, also without a network
    await context.setOffline(true);
    await page.reload();
    await expect(orderRows(page).filter({ hasText: products.gum.name })).toBeVisible({ timeout: 20_000 });
    await orderPanel(page).getByRole('button', { name: 'More for this order' }).click();
    await expect(page.getByRole('button', { name: `Order 1 ${products.cola.name}` })).toBeVisible();
  } finally {
    await context.close();
    await build.close();
  }
});
