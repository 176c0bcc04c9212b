import { products } from '../support/codes.ts';
import {
  attemptsOf,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** At the speed of a shop: the shopper needs six seconds for the password, and in them things happen. */
test.use({ tillSettings: { timeScale: 1 } });

test('a reload in the middle of paying comes back to the same payment, and it ends paid once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  const before = await onlyAttempt(page, till);
  await typeAsWedge(page, products.gum.code);
  await expect(stage(page)).toContainText(`${products.gum.name} was scanned while paying.`);

  await page.reload();
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  await expect(stage(page)).toContainText('$2.20');
  await expect(stage(page)).toContainText(`${products.gum.name} was scanned while paying.`);
  await expect(headline(page, 'Paid')).toBeVisible();

  const after = await onlyAttempt(page, till);
  expect(after).toMatchObject({ id: before['id'], state: 'succeeded' });
  expectChargedOnce(till, after);
});

test('a reload straight after the scan asks for nothing twice', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await Promise.all([
    page.waitForRequest((request) => request.url().endsWith('/api/payments')),
    payWith(page, 'paid')
  ]);
  await page.reload();
  // Paid before the page came back, or shown as it ends: either way it is the last sale, and paid.
  await expect(
    stage(page)
      .or(orderPanel(page).getByText(/^Last:/))
      .first()
  ).toBeVisible();
  await expect
    .poll(async () => (await attemptsOf(page, till)).map(({ state }) => state))
    .toEqual(['succeeded']);
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('a server that is killed in the middle of paying and started again ends the payment, paid once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  const before = await onlyAttempt(page, till);
  const pid = till.pid;

  await till.restart();
  expect(till.pid).not.toBe(pid);
  await expect(headline(page, 'Paid')).toBeVisible({ timeout: 30_000 });

  const after = await onlyAttempt(page, till);
  expect(after).toMatchObject({ id: before['id'], state: 'succeeded' });
  expectChargedOnce(till, after);
});

test('a product scanned while the shopper pays is held for the next order', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  await typeAsWedge(page, products.gum.code);
  await expect(stage(page)).toContainText(`${products.gum.name} was scanned while paying.`);
  await stage(page).getByRole('button', { name: 'Start the next order with it' }).click();
  await expect(orderPanel(page)).toContainText(products.gum.name);
  await expect(page.getByRole('alert').filter({ hasText: 'Paid.' })).toBeVisible();
  const attempt = await onlyAttempt(page, till);
  expect(attempt).toMatchObject({ state: 'succeeded', amount_minor: 220 });
  expectChargedOnce(till, attempt);
});

test('a payment that the shopper confirms while it is being stopped is paid after all', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Stop payment' }).click();
  await expect(headline(page, 'Stopping')).toBeVisible({ timeout: 1_000 });
  await expect(stage(page)).toContainText(/Nobody pays twice; \d+ s/);
  await expect(headline(page, 'Paid after all')).toBeVisible({ timeout: 20_000 });
  await stage(page).getByRole('button', { name: 'Keep' }).click();
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempt = await onlyAttempt(page, till);
  expect(attempt['state']).toBe('succeeded');
  expectChargedOnce(till, attempt);
});

test('a tablet that loses the network while paying says so, and shows the end when it is back', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  const { id } = await onlyAttempt(page, till);
  await page.context().setOffline(true);
  await expect(headline(page, 'This tablet is offline')).toBeVisible();
  // The shopper confirms meanwhile: the server knows, the tablet does not.
  await expect
    .poll(() => till.ledger('SELECT state FROM attempts WHERE id = ?', String(id)))
    .toEqual([{ state: 'succeeded' }]);
  await expect(headline(page, 'This tablet is offline')).toBeVisible();
  await page.context().setOffline(false);
  await expect(headline(page, 'Paid')).toBeVisible({ timeout: 20_000 });
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('a payment is in the journal before its request leaves the browser', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  const journaled: string[][] = [];
  const asked: string[] = [];
  await page.route('**/api/payments', async (route) => {
    if (route.request().method() === 'POST') {
      asked.push((route.request().postDataJSON() as { attemptId: string }).attemptId);
      journaled.push(await page.evaluate(journaledAttempts));
    }
    await route.continue();
  });
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  expect(asked).toHaveLength(1);
  expect(journaled).toEqual([asked]);
  expect(await onlyAttempt(page, till)).toMatchObject({ id: asked[0] });
});

/** The attempts in the register's journal, by their ids. */
async function journaledAttempts(): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('till');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
  const entries = await new Promise<{ kind: string; body: { attemptId?: string } }[]>((resolve, reject) => {
    const request = database.transaction('entries').objectStore('entries').getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not read'));
  });
  database.close();
  return entries.filter(({ kind }) => kind === 'attempt_requested').map(({ body }) => body.attemptId ?? '');
}
