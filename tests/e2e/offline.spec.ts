import type { Page } from '@playwright/test';
import { products } from '../support/codes.ts';
import {
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  payWith,
  registerCode,
  scanProducts
} from '../support/counter.ts';
import { expect, expectAccessible, test, type Till } from '../support/fixtures.ts';
import { journalInBrowser, shellIsKept } from '../support/journal.ts';

/** A day without a network is part of these. */
test.use({ keepsShell: true });

const strip = (page: Page) => page.getByText('This tablet can’t reach Till.');

async function park(page: Page): Promise<void> {
  await orderPanel(page).getByRole('button', { name: 'Park', exact: true }).click();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
}

/** What the server holds of this register's journal, checked to be one chain without gaps. */
function journalAtServer(till: Till, code: string): number {
  const rows = till.ledger(
    `SELECT e.epoch, e.seq FROM journal_entries e JOIN registers r ON r.id = e.register_id
     WHERE r.code = ? ORDER BY e.epoch, e.seq`,
    code
  );
  const first = rows[0]?.['epoch'];
  const chain = rows.filter(({ epoch }) => epoch === first);
  expect(chain.map(({ seq }) => seq)).toEqual(chain.map((_, index) => index + 1));
  return rows.length;
}

async function expectLevel(page: Page, till: Till, code: string): Promise<void> {
  await expect.poll(async () => (await journalInBrowser(page)).waiting, { timeout: 90_000 }).toBe(0);
  expect(journalAtServer(till, code)).toBe((await journalInBrowser(page)).entries);
}

test('without a network the till starts, sells and parks; a payment code is turned away, and all arrives later', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  const code = await registerCode(page);
  await shellIsKept(page);

  await page.context().setOffline(true);
  await page.reload();
  await expect(orderRows(page).filter({ hasText: products.cola.name })).toBeVisible();
  await expect(strip(page)).toBeVisible();
  await scanProducts(page, products.gum);
  await payWith(page, 'paid');
  await expect(headline(page, 'Wallet payments wait')).toBeVisible();
  await expectAccessible(page, 'a payment code without a network');
  await page.keyboard.press('Escape');
  await park(page);

  // signing out without a network would be a lie, and what waits is said first
  await page.getByRole('button', { name: /Rosa Marin/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  const dialog = page.getByRole('dialog', { name: 'Not everything is sent yet' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'signing out with entries that wait');
  await dialog.getByRole('button', { name: 'Stay signed in' }).click();

  await page.context().setOffline(false);
  await expect(strip(page)).toBeHidden({ timeout: 30_000 });
  await scanProducts(page, products.chocolate);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await expectLevel(page, till, code);
  const attempt = await onlyAttempt(page, till);
  expectChargedOnce(till, attempt);
});

test('an hour of sales without a network arrives while the selling goes on, through a server that is killed', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier');
  await page.clock.install();
  await page.goto('/sell');
  await scanProducts(page, products.cola);
  const code = await registerCode(page);
  await page.context().setOffline(true);
  for (let order = 0; order < 30; order += 1) {
    await scanProducts(page, products.gum, products.chocolate);
    await park(page);
    await page.clock.fastForward(120_000);
  }
  const offline = await journalInBrowser(page);
  expect(offline.waiting).toBeGreaterThan(100);

  await page.context().setOffline(false);
  await page.clock.resume();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await till.restart();
  await scanProducts(page, products.cola);
  await park(page);
  await scanProducts(page, products.water);
  await expectLevel(page, till, code);
  expect((await journalInBrowser(page)).entries).toBeGreaterThan(offline.entries);
  const orders = till.ledger('SELECT count(*) AS n FROM orders WHERE register_code = ?', code);
  expect(Number(orders[0]?.['n'])).toBe(32);
});

test('#51 a till whose storage was cleared goes on as the same till with a manager’s code, and numbers stay unique', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  const code = await registerCode(page);
  await expectLevel(page, till, code);
  const before = (await journalInBrowser(page)).entries;

  await page.goto('/sign-in');
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.deleteDatabase('till').onsuccess = resolve;
      })
  );
  await page.goto('/sell');
  await expect(page.getByRole('heading', { name: 'This tablet lost its journal' })).toBeVisible();
  await expectAccessible(page, 'a till that lost its journal');

  const manager = await openAs('manager', '/registers');
  await manager.getByRole('button', { name: `Make a code: ${code}` }).click();
  const shown = manager.getByRole('dialog', { name: `Code for ${code}` });
  const typed = (await shown.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).textContent()) ?? '';
  await expectAccessible(manager, 'a code for a till');
  await shown.getByRole('button', { name: 'Done' }).click();

  await page.getByLabel('Code from a manager').fill('nonsense');
  await page.getByRole('button', { name: 'Enrol this tablet' }).click();
  await expect(page.getByText('This code is wrong')).toBeVisible();
  await page.getByLabel('Code from a manager').fill(typed.toLowerCase());
  await page.getByRole('button', { name: 'Enrol this tablet' }).click();
  await scanProducts(page, products.gum);
  await expect.poll(() => journalAtServer(till, code), { timeout: 60_000 }).toBeGreaterThan(before);
  const numbers = till
    .ledger('SELECT number FROM orders WHERE register_code = ? ORDER BY number', code)
    .map(({ number }) => number);
  expect(numbers).toEqual([`${code}-0001`, `${code}.2-0001`]);
  await expect(manager.getByText(/Enrolled 2 times/)).toBeVisible({ timeout: 30_000 });
  await expectAccessible(manager, 'the tills');
});
