import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { paymentCode, products } from '../support/codes.ts';
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
import { cameLate, notHeardOf } from '../support/missed-answer.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** Slow enough that a payment is still open when the server is told to forget its end. */
test.use({ tillSettings: { timeScale: 8 } });

/** The path of every question a page asks, newest last. */
function questions(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/')) asked.push(`${request.method()} ${pathname}${search}`);
  });
  return asked;
}

async function streamIsOpen(page: Page): Promise<void> {
  const answer = await page.waitForResponse((response) => response.url().endsWith('/api/changes'));
  expect(answer.ok()).toBe(true);
}

/** A sale whose end the ledger has not heard of: not confirmed, and on the desk. */
async function unconfirmedSale(
  openAs: (role: 'cashier', path: string) => Promise<Page>,
  till: Parameters<typeof notHeardOf>[0]
): Promise<{ page: Page; attemptId: string }> {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const { id } = await onlyAttempt(page, till);
  const attemptId = String(id);
  await notHeardOf(till, { attemptId });
  // The register comes up as after a crash before it had seen the end.
  await page.evaluate(forgetEnds);
  await page.reload();
  await expect(headline(page, 'Not confirmed yet')).toBeVisible();
  return { page, attemptId };
}

/** What a manager writes about the payment on the desk. */
async function write(manager: Page, what: 'was charged' | 'was not charged'): Promise<void> {
  const open = manager.getByRole('main').getByRole('listitem').filter({ hasText: 'Checking' });
  await open.getByRole('button', { name: `Shopper ${what}`, exact: true }).click();
  const dialog = manager.getByRole('dialog', { name: `Shopper ${what}` });
  await dialog.getByLabel('How do you know?').fill('We looked at her bills together');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await expect(dialog).toBeHidden();
}

test('the register hears of a payment’s end by the stream of changes: no question waits at the server', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sign-in');
  const asked = questions(page);
  const open = streamIsOpen(page);
  await page.goto('/sell');
  await open;
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
  expect(asked.filter((question) => question === 'GET /api/changes')).toHaveLength(1);
  expect(asked.filter((question) => question.includes('waitMs'))).toEqual([]);
});

test('without a stream the register asks, and the payment’s end shows all the same', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sign-in');
  await page.route('**/api/changes', (route) => route.abort());
  const asked = questions(page);
  await page.goto('/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
  expect(asked.filter((question) => question.includes('waitMs')).length).toBeGreaterThan(0);
});

test('a manager’s word "not charged" frees the order at the register at once; it is paid anew, and asking goes on', async ({
  openAs,
  till
}) => {
  const { page, attemptId } = await unconfirmedSale(openAs, till);
  const manager = await openAs('manager', '/desk');
  await write(manager, 'was not charged');

  await expect(headline(page, 'Free to pay another way')).toBeVisible();
  await expect(stage(page)).toContainText(
    'A manager wrote that the shopper was not charged. Scan a new code.'
  );
  await expect(stage(page)).toContainText('Keep the goods');
  await expectAccessible(page, 'an order that a manager freed');
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  const chip = page.getByRole('banner').getByRole('button', { name: /^Order 1, \$2\.20: Checking/ });
  await expect(chip).toBeVisible();
  expect((await attemptsOf(page, till)).map(({ state }) => state)).toEqual(['unknown', 'succeeded']);

  // The wallet says "paid" for the first one as well: a manager's, never a second "Paid".
  await chip.click();
  await expect(headline(page, 'Order 1 goes on without this payment')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Ask now' }).click();
  await expect(headline(page, 'Order 1: money came after all')).toBeVisible();
  await expect(stage(page)).toContainText('Ask a manager');
  for (const attempt of await attemptsOf(page, till)) expectChargedOnce(till, attempt);
  expect(till.ledger('SELECT kind FROM tasks WHERE attempt_id = ?', attemptId)).toEqual([
    { kind: 'surplus' }
  ]);
});

test('a manager’s word "charged" closes the order at the register: a scan asks for nothing', async ({
  openAs,
  till
}) => {
  const { page } = await unconfirmedSale(openAs, till);
  const manager = await openAs('manager', '/desk');
  await write(manager, 'was charged');

  await expect(headline(page, 'Closed by a manager')).toBeVisible();
  await expect(stage(page)).toContainText('Do not charge again.');
  await expectAccessible(page, 'an order that a manager closed');
  await typeAsWedge(page, paymentCode('paid'));
  await stage(page).getByRole('button', { name: 'Serve the next customer' }).click();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
  const chip = page.getByRole('banner').getByRole('button', { name: /^Order 1, \$2\.20: Checking/ });
  await chip.click();
  await expect(headline(page, 'Closed by a manager')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Ask now' }).click();
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('money that comes after a stop turns up at the register, and its order is not charged again', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'neverAnswers');
  await stage(page).getByRole('button', { name: 'Stop payment' }).click();
  await expect(headline(page, 'Stopped')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Back to order' }).click();
  const attempt = await onlyAttempt(page, till);
  await cameLate(till, { attemptId: String(attempt['id']), orderId: String(attempt['order_id']) });
  // Written past the server, which therefore tells nobody: a new stream asks for everything.
  await till.restart();
  await expect(headline(page, 'Order 1 was paid after it was stopped')).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page, 'money that came late');
  await stage(page).getByRole('button', { name: 'Back to selling' }).click();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
});

/** Takes the seen ends out of the journal's view of its attempts, as if the page had gone before it heard of them. */
async function forgetEnds(): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('till');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction('attempts', 'readwrite');
    const attempts = transaction.objectStore('attempts');
    const read = attempts.getAll();
    read.onsuccess = () => {
      for (const record of read.result) attempts.put({ ...record, seen: null, open: 1 });
    };
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('not written'));
  });
  database.close();
}
