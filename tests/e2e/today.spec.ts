import type { Page } from '@playwright/test';
import { ApiRegister, croissant } from '../support/api.ts';
import { expect, test } from '../support/fixtures.ts';

/** The row of an order in the day's list. */
function row(page: Page, number: string) {
  return page
    .getByRole('region', { name: 'Orders of the day' })
    .getByRole('link')
    .filter({ hasText: number });
}

test('the day’s list shows a sale by itself, and the order with everything that happened', async ({
  openAs,
  till
}) => {
  const page = await openAs('manager', '/today');
  await expect(page.getByRole('heading', { name: 'Today', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Orders of the day' })).toBeVisible();

  // Sold elsewhere, while the page is only looked at.
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const { number, merchantOrderNo } = await register.sell('paid', [croissant]);
  await expect(row(page, number)).toContainText('Butter croissant');
  await expect(row(page, number)).toContainText('Paid');
  await expect(row(page, number)).toContainText('2.90');

  await row(page, number).click();
  await expect(page.getByRole('heading', { name: number, level: 1 })).toBeVisible();
  const main = page.getByRole('main');
  await expect(main).toContainText('Butter croissant');
  await expect(main).toContainText(merchantOrderNo);
  await expect(main.getByRole('heading', { name: 'What happened' })).toBeVisible();
  for (const step of ['Payment asked for, $2.90', 'Sent to the wallet', 'Paid, confirmed by the wallet']) {
    await expect(main).toContainText(step);
  }
  await expect(main).toContainText(/Giving money back is an admin.s work/);
});

test('orders are filtered by their state', async ({ openAs, till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const paid = await register.sell('paid');
  const declined = await register.sell('declined');
  const page = await openAs('manager', '/today');
  await expect(row(page, paid.number)).toBeVisible();
  await expect(row(page, declined.number)).toContainText('Not paid');
  await page.getByRole('button', { name: /^Not paid, \d+$/ }).click();
  await expect(row(page, declined.number)).toBeVisible();
  await expect(row(page, paid.number)).toBeHidden();
  await page.getByRole('button', { name: /^All, \d+$/ }).click();
  await expect(row(page, paid.number)).toBeVisible();
});

test('takings are the confirmed wallet money and what tills took themselves, and refunds stand beside them', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  await register.sell('paid');
  await register.sell('declined');
  const page = await openAs('manager', '/today');
  const figures = page.getByRole('region', { name: 'The day in figures' });
  // Other tests of this worker sell too, for cash as well: what counts is that page, ledger and gateway agree.
  await expect(async () => {
    const kept = till.book().payments();
    const charged = kept.reduce((sum, { charges, amountMinor }) => sum + charges * amountMinor, 0);
    const [tenders] = till.ledger(
      'SELECT COALESCE(SUM(amount_minor), 0) AS sum FROM tenders WHERE removed_at_ms IS NULL'
    );
    const takings = charged + Number(tenders?.['sum']);
    await expect(figures).toContainText(
      new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(takings / 100),
      { timeout: 100 }
    );
  }).toPass();
});

test('an owner with a phone begins at Today, and a cashier at Sell', async ({ openAs }) => {
  const manager = await openAs('manager', '/sign-in');
  await manager.setViewportSize({ width: 390, height: 844 });
  await manager.goto('/');
  await expect(manager).toHaveURL('/today');
  const cashier = await openAs('cashier', '/sign-in');
  await cashier.setViewportSize({ width: 390, height: 844 });
  await cashier.goto('/');
  await expect(cashier).toHaveURL('/sell');
});
