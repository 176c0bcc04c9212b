/** What goes wrong between a cashier's hands, the page and Till: money is taken once or not at all, and the screen says so. */
import type { Page } from '@playwright/test';
import { newId } from '../support/api.ts';
import { paymentCode, products } from '../support/codes.ts';
import {
  attemptsOf,
  chargeButton,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, signIn, test } from '../support/fixtures.ts';
import { expectEndKept } from '../support/journal.ts';
import { freePort, startResendingProxy } from '../support/resending.ts';
import { startTill } from '../support/till-server.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** Slow enough that a payment is open while a page is closed and opened again. */
test.use({ tillSettings: { timeScale: 2 } });

/** Another tab after this one was closed, as after a crash or a slip of the hand. */
async function reopen(page: Page): Promise<Page> {
  const context = page.context();
  await page.close();
  const next = await context.newPage();
  await next.goto('/sell');
  return next;
}

test.describe('#47 twice where once was meant', () => {
  test('#47 every button on the way is pressed twice: one payment', async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await chargeButton(page).dblclick();
    await expect(headline(page, 'Show your code')).toBeVisible();
    await stage(page).getByRole('button', { name: 'Type the code' }).click();
    await page.getByLabel('The shopper’s payment code').fill(paymentCode('passwordThenPaid'));
    await stage(page)
      .getByRole('button', { name: /^Charge / })
      .dblclick();
    await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
    await page.keyboard.press('Enter');
    await page.keyboard.press('F9');
    await expect(headline(page, 'Paid')).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(page, till));
  });

  test('#47 the scanner sends a code twice, and another one after it: one payment', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    const code = paymentCode('passwordThenPaid');
    await Promise.all([
      typeAsWedge(page, code),
      typeAsWedge(page, code),
      typeAsWedge(page, paymentCode('paid'))
    ]);
    await expect(headline(page, 'Paid')).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(page, till));
  });

  test('#47 "Stop payment" and "Serve the next customer" pressed twice stop one payment', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'neverAnswers');
    await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
    await stage(page).getByRole('button', { name: 'Stop payment' }).dblclick();
    await expect(headline(page, 'Stopped')).toBeVisible({ timeout: 20_000 });
    const attempt = await onlyAttempt(page, till);
    expect(attempt['state']).toBe('cancelled');
    expect(till.book().payment(String(attempt['merchant_order_no']))).toMatchObject({
      charges: 0,
      keptMinor: 0
    });
  });
});

test.describe('#48 the tab is closed', () => {
  test('#48 at "Show your code": the order stands on the counter, and nothing was asked', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola, products.gum);
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    const again = await reopen(page);
    await expect(orderRows(again)).toHaveCount(2);
    await expect(chargeButton(again)).toHaveText(/\$3\.40/);
    expect(await attemptsOf(again, till)).toEqual([]);
  });

  test('#48 before its request has arrived: it is shut, said to be not sent, and a new code pays', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    // Written in the journal, and lost on its way: a request that is only held is let go when its page closes.
    await page.route('**/api/payments**', (route) => route.abort());
    await payWith(page, 'paid');
    await expect(headline(page, 'This tablet is offline')).toBeVisible();
    const again = await reopen(page);
    await expect(headline(again, 'Not sent')).toBeVisible();
    await typeAsWedge(again, paymentCode('paid'));
    await expect(headline(again, 'Paid')).toBeVisible();
    const attempts = await attemptsOf(again, till);
    expect(attempts.map(({ state }) => state)).toEqual(['void', 'succeeded']);
    expect(till.book().submits(String(attempts[0]?.['merchant_order_no']))).toBe(0);
    expectChargedOnce(till, attempts[1] ?? {});
  });

  test('#48 while the shopper is waited for: the same payment, and its end', async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'passwordThenPaid');
    await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
    const again = await reopen(page);
    await expect(headline(again, /^(Waiting for the shopper|Paid)$/)).toBeVisible();
    await expect(headline(again, 'Paid')).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(again, till));
  });

  test('#48 while it is not confirmed: the same payment, nothing is charged again', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'errorNotCharged');
    await expect(headline(page, 'Not confirmed yet')).toBeVisible();
    const again = await reopen(page);
    await expect(headline(again, 'Not confirmed yet')).toBeVisible();
    await typeAsWedge(again, paymentCode('paid'));
    await expect(headline(again, 'Not confirmed yet')).toBeVisible();
    const attempt = await onlyAttempt(again, till);
    expect(till.book().submits(String(attempt['merchant_order_no']))).toBe(1);
    expect(till.book().payment(String(attempt['merchant_order_no']))).toBeUndefined();
  });

  test('#48 while it is being stopped: the stop goes on, and nothing was taken', async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'neverAnswers');
    await stage(page).getByRole('button', { name: 'Stop payment' }).click();
    await expect(headline(page, 'Stopping')).toBeVisible();
    // The wish has reached the server.
    await expect.poll(async () => (await onlyAttempt(page, till))['stop_requested_by']).toBeTruthy();
    const again = await reopen(page);
    await expect(headline(again, /^Stopp(ing|ed)$/)).toBeVisible();
    await expect(headline(again, 'Stopped')).toBeVisible({ timeout: 20_000 });
    const attempt = await onlyAttempt(again, till);
    expect(attempt['state']).toBe('cancelled');
    expect(till.book().payment(String(attempt['merchant_order_no']))).toMatchObject({ charges: 0 });
  });

  test('#48 at "Paid": it is the last sale, and the next order is empty', async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'paid');
    await expect(headline(page, 'Paid')).toBeVisible();
    // Closed before that is written down, it would come back to "Paid" itself.
    await expectEndKept(page, 'succeeded');
    const again = await reopen(page);
    await expect(orderPanel(again)).toContainText(/Last:\s+\$2\.20\s+Paid/);
    await expect(orderPanel(again).getByRole('heading', { name: 'New order' })).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(again, till));
  });
});

test('#46 a browser that sends the payment’s request a second time by itself charges once', async ({
  browser,
  contextOptions
}) => {
  const port = await freePort();
  const proxy = await startResendingProxy(port);
  const origin = `http://localhost:${proxy.port}`;
  const till = await startTill({ timeScale: 20, env: { ORIGIN: origin, PORT: String(port) } });
  const context = await browser.newContext({ ...contextOptions, baseURL: origin });
  try {
    const page = await context.newPage();
    await signIn(page, 'cashier');
    await page.goto('/sell');
    await scanProducts(page, products.cola);
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    proxy.killNext('/api/payments');
    // A connection that was used before lies ready.
    await page.evaluate(async () => (await fetch('/api/session')).text());
    await typeAsWedge(page, paymentCode('paid'));
    await expect(headline(page, 'Paid')).toBeVisible();
    expect([proxy.kills(), proxy.posts()]).toEqual([1, 2]);
    expectChargedOnce(till, await onlyAttempt(page, till));
  } finally {
    await context.close();
    await proxy.close();
    await till.stop();
  }
});

test('#63 a network that comes and goes every two seconds: the screen is honest, and the payment is made once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  const said = new Set<string>();
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  let offline = false;
  const flapping = setInterval(() => {
    offline = !offline;
    void page.context().setOffline(offline);
  }, 2_000);
  try {
    await expect
      .poll(
        async () => {
          const now = await stage(page).getByRole('heading', { level: 1 }).textContent();
          said.add(now ?? '');
          return now;
        },
        { timeout: 40_000, intervals: [100] }
      )
      .toBe('Paid');
  } finally {
    clearInterval(flapping);
    await page.context().setOffline(false);
  }
  for (const headline of said)
    expect(headline).toMatch(/^(Waiting for the shopper|This tablet is offline|Paid)$/);
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('#63 a captive portal that answers everything with a page: no end is guessed from it', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  await page.route('**/api/**', (route) =>
    route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Welcome to our Wi-Fi</h1>' })
  );
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'This tablet is offline')).toBeVisible();
  await expect(stage(page)).toContainText('Keep the goods');
  await page.unroute('**/api/**');
  await expect(headline(page, 'Not sent')).toBeVisible({ timeout: 30_000 });
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempts = await attemptsOf(page, till);
  expect(attempts.map(({ state }) => state)).toEqual(['void', 'succeeded']);
  expectChargedOnce(till, attempts[1] ?? {});
});

test('#58 a register whose clock is years off sells as ever: day and order are the server’s', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  for (const clock of ['2031-05-05T12:00:00Z', '2003-03-03T12:00:00Z']) {
    await page.clock.install({ time: new Date(clock) });
    await page.goto('/sell');
    await scanProducts(page, products.cola);
    await payWith(page, 'paid');
    await expect(headline(page, 'Paid')).toBeVisible();
  }
  const attempts = await attemptsOf(page, till);
  expect(attempts.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  for (const attempt of attempts) expectChargedOnce(till, attempt);
  const [day] = till.ledger('SELECT DISTINCT business_day FROM orders');
  const manager = await openAs('manager', '/today');
  const rows = manager.getByRole('region', { name: 'Orders of the day' }).getByRole('link');
  await expect(rows.first()).toContainText(String(attempts[1]?.['order_number']));
  expect(till.ledger('SELECT DISTINCT business_day FROM orders')).toEqual([day]);
  expect(String(day?.['business_day']).slice(0, 4)).toBe(String(new Date().getFullYear()));
});

test.describe('#68 a page from before the server was renewed', () => {
  test('#68 is told to reload before money moves, and the order is kept', async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await page.route('**/api/**', (route) =>
      route.continue({ headers: { ...route.request().headers(), 'till-contract': '0' } })
    );
    await payWith(page, 'paid');
    await expect(headline(page, 'Till was renewed')).toBeVisible();
    await expect(stage(page)).toContainText('No money moved.');
    expect(await attemptsOf(page, till)).toEqual([]);
    await page.unroute('**/api/**');
    await stage(page).getByRole('button', { name: 'Reload' }).click();
    await expect(orderRows(page)).toHaveCount(1);
    await payWith(page, 'paid');
    await expect(headline(page, 'Paid')).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(page, till));
  });

  test('#68 asks for a reload by itself as soon as it hears of the new version', async ({ openAs }) => {
    const page = await openAs('cashier', '/sell');
    await expect(orderPanel(page)).toBeVisible();
    await page.route('**/api/session', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), contractVersion: 2 } });
    });
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await expect(page.getByText('Till was renewed. Reload this page')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Reload' })).toBeVisible();
  });
});

test('#55 an order that is being paid elsewhere says where, and nothing is charged twice', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  let others = 0;
  // Another payment of the very same order is there first.
  await page.route('**/api/payments', async (route) => {
    const request = route.request();
    if (request.method() !== 'POST' || others > 0) return route.continue();
    others += 1;
    const body = request.postDataJSON() as object;
    const first = await page.request.post('/api/payments', {
      headers: { 'till-contract': '1', origin: till.baseURL },
      data: { ...body, attemptId: newId(), paymentCode: paymentCode('passwordThenPaid') }
    });
    expect(first.status()).toBe(202);
    await route.continue();
  });
  await payWith(page, 'paid');
  await expect(headline(page, /^Being paid at /)).toBeVisible();
  await expect(stage(page)).toContainText('No money moved.');
  // Once the other one is paid, the order is.
  await expect.poll(async () => (await onlyAttempt(page, till))['state']).toBe('succeeded');
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Already paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
});
