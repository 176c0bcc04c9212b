import { expectAccessible } from '../support/accessible.ts';
import { products } from '../support/codes.ts';
import { headline, payWith, scanProducts } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';

test('the journal’s page shows what happened, checks it, makes the orders anew, and hands it out as a signed file', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();

  await page.addInitScript(() => {
    const { getAll } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.getAll = function (...args) {
      if (this.name === 'entries') performance.mark('entries read');
      return getAll.apply(this, args);
    };
  });
  await page.goto('/journal');
  await expect(page.getByRole('heading', { name: 'Journal', level: 1 })).toBeVisible();
  const entries = page.getByRole('listitem').filter({ hasText: 'Details' });
  await expect(entries.first()).toContainText('Paid');
  await expect(entries).toHaveCount(4);
  await expectAccessible(page, 'the journal');
  const reads = () => page.evaluate(() => performance.getEntriesByName('entries read').length);
  const before = await reads();
  expect(before).toBeGreaterThan(0);
  for (let answers = 0; answers < 2; answers += 1) {
    const answered = page.waitForResponse('**/api/session');
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await answered;
  }
  expect(await reads(), 'Till’s answers open the journal anew').toBe(before);

  await page.getByRole('button', { name: 'Check it' }).click();
  await expect(page.getByText('Whole: 4 entries, none changed, none missing.')).toBeVisible();
  await page.getByRole('button', { name: 'Make the list anew' }).click();
  await expect(page.getByText('Made anew from 4 entries.')).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click()
  ]);
  const path = await download.path();
  expect(till.ledger('SELECT * FROM journal_keys')).toHaveLength(1);

  const other = await openAs('cashier', '/journal');
  await other.locator('input[type=file]').setInputFiles(path);
  await expect(other.getByText('Signed by that till’s own key.')).toBeVisible();
  await expect(other.getByText('To read only.')).toBeVisible();
  await expectAccessible(other, 'a file of another till');
});
