import type { BrowserContext, Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { products } from '../support/codes.ts';
import {
  attemptsOf,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { newProfile, signInOn } from '../support/own-browser.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** At the speed of a shop: a payment must still be open when the other tab looks. */
test.use({ tillSettings: { timeScale: 1 } });

async function openTab(context: BrowserContext, baseURL = ''): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${baseURL}/sell`);
  return page;
}

function otherTab(page: Page) {
  return page.getByRole('heading', { name: 'Till sells in another tab' });
}

const sellHere = (page: Page) => page.getByRole('button', { name: 'Sell here' });

test('#53 of two tabs one sells, and the other takes the order over when it is asked', async ({
  openAs,
  till
}) => {
  const first = await openAs('cashier', '/sell');
  await scanProducts(first, products.cola, products.gum);
  const second = await openTab(first.context());
  await expect(otherTab(second)).toBeVisible();
  await expectAccessible(second, 'the second tab');

  // a scanner that types into the second tab sells nothing
  await typeAsWedge(second, products.water.code);
  await second.getByRole('button', { name: 'See the orders' }).click();
  await expect(second.getByRole('listitem')).toHaveCount(1);
  await expect(second.getByText('Another tab sells on this till.')).toBeVisible();
  await second.getByRole('link', { name: 'Sell here' }).click();

  await sellHere(second).click();
  await expect(orderRows(second)).toHaveCount(2);
  await expect(otherTab(first)).toBeVisible();
  await payWith(second, 'paid');
  await expect(headline(second, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(second, till));

  await second.close();
  await expect(orderPanel(first)).toBeVisible();
  await expect(orderPanel(first).getByText(/^Last:/)).toBeVisible();
});

test('#53 a payment at the counter stays in its tab until it has ended', async ({ openAs, till }) => {
  const first = await openAs('cashier', '/sell');
  await scanProducts(first, products.cola);
  await payWith(first, 'neverAnswers');
  await expect(headline(first, 'Waiting for the shopper')).toBeVisible();
  const second = await openTab(first.context());
  await sellHere(second).click();
  await expect(second.getByText('A payment is at the counter in the other tab.')).toBeVisible();
  await stage(first).getByRole('button', { name: 'Stop payment' }).click();
  await expect(headline(first, 'Stopped')).toBeVisible({ timeout: 40_000 });
  await sellHere(second).click();
  await expect(orderRows(second)).toHaveCount(1);
  await expect(otherTab(first)).toBeVisible();
  expect((await onlyAttempt(second, till))['state']).toBe('cancelled');
});

test('#54 a tab that hangs is robbed after ten seconds; its payment goes on in the other one, and what it sends when it wakes is refused', async ({
  till
}) => {
  test.setTimeout(120_000);
  const profile = newProfile();
  try {
    await signInOn(profile, till.baseURL);
    const { context, kill } = await profile.open({ mayFreeze: true });
    const hanging = await openTab(context, till.baseURL);
    await scanProducts(hanging, products.cola);
    await payWith(hanging, 'neverAnswers');
    await expect(headline(hanging, 'Waiting for the shopper')).toBeVisible();
    const stamp = await hanging.evaluate(writerTerm);

    const devtools = await context.newCDPSession(hanging);
    const second = await openTab(context, till.baseURL);
    await expect(otherTab(second)).toBeVisible();
    // as a browser freezes a tab that lies behind: nothing of it runs, and the lock stays with it
    const ticks = await hanging.evaluateHandle(countTicks);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    const stopped = await ticks.jsonValue();
    await sellHere(second).click();
    await expect(headline(second, 'Waiting for the shopper')).toBeVisible({ timeout: 30_000 });
    await expect(stage(second)).toContainText('$2.20');
    expect(await attemptsOf(second, till)).toHaveLength(1);

    expect(await ticks.jsonValue(), 'nothing of it ran').toEqual({ ...stopped, frozen: true });
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await expect(otherTab(hanging)).toBeVisible();
    // as a request that it had been about to send
    const { id } = await onlyAttempt(second, till);
    const late = await hanging.evaluate(
      async ({ path, writer }) => {
        const answer = await fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'till-contract': '1', 'till-writer': writer },
          body: '{}'
        });
        return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
      },
      { path: `/api/payments/${String(id)}/cancel`, writer: `1.${stamp}` }
    );
    expect(late).toEqual({ status: 409, code: 'tab_replaced' });
    expect(await hanging.evaluate(writerTerm)).toBe(stamp + 1);

    await stage(second).getByRole('button', { name: 'Stop payment' }).click();
    await expect(headline(second, 'Stopped')).toBeVisible({ timeout: 40_000 });
    const attempt = await onlyAttempt(second, till);
    expect(attempt['state']).toBe('cancelled');
    expect(till.book().submits(String(attempt['merchant_order_no']))).toBe(1);
    await kill();
  } finally {
    profile.remove();
  }
});

/** Counts what a page does by itself, and says whether the browser told it that it is frozen. */
function countTicks(): { count: number; frozen: boolean } {
  const seen = { count: 0, frozen: false };
  setInterval(() => (seen.count += 1), 100);
  document.addEventListener('freeze', () => (seen.frozen = true));
  return seen;
}

/** The number of the register's writer, as the browser keeps it. */
async function writerTerm(): Promise<number> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('till');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
  const [meta] = await new Promise<{ term: number }[]>((resolve, reject) => {
    const request = database.transaction('meta').objectStore('meta').getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not read'));
  });
  database.close();
  return meta?.term ?? 0;
}
