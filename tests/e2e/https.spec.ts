import { products } from '../support/codes.ts';
import { expectChargedOnce, headline, onlyAttempt, payWith, scanProducts } from '../support/counter.ts';
import { expect, test, usualTimeScale } from '../support/fixtures.ts';

/** Till's own certificate is not installed in the browser of the tests; tests/shell proves that it is a good one. */
test.use({
  tillSettings: {
    timeScale: usualTimeScale,
    env: { TILL_HTTPS: 'on', HTTPS_PORT: '0', TILL_HTTPS_NAMES: 'localhost' }
  },
  contextOptions: { ignoreHTTPSErrors: true }
});

test('a tablet sells over Till’s own https, and its cookies never leave it by plain http', async ({
  openAs,
  till
}) => {
  expect(till.baseURL).toMatch(/^https:/);
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempt = await onlyAttempt(page, till);
  expectChargedOnce(till, attempt);
  await expect
    .poll(() =>
      till.ledger('SELECT 1 FROM inbox WHERE merchant_order_no = ?', String(attempt['merchant_order_no']))
    )
    .toHaveLength(1);
  const cookies = await page.context().cookies();
  expect(cookies.length).toBeGreaterThanOrEqual(2);
  expect(cookies.filter(({ secure, httpOnly }) => !secure || !httpOnly)).toEqual([]);
});

test('the machine itself goes on by its plain address, and can change things there too', async ({
  browser,
  till
}) => {
  const here = /^On this machine: (\S+)$/m.exec(till.log())?.[1] ?? '';
  expect(here).toMatch(/^http:\/\/localhost:/);
  const context = await browser.newContext({ baseURL: here });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill('cashier');
  await page.getByLabel('Password').fill('training');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${here}/sell`);
  await context.close();
});
