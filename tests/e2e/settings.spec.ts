import { expectAccessible } from '../support/accessible.ts';
import { orderPanel } from '../support/counter.ts';
import { expect, test, usualTimeScale } from '../support/fixtures.ts';

/** A server of its own: the shop is looked at as it was made, and is another one afterwards. */
test.use({ tillSettings: { timeScale: usualTimeScale } });

test('an admin changes the shop, and a till that is open shows it without a reload', async ({
  openAs,
  till
}) => {
  const counter = await openAs('cashier', '/sell');
  await expect(orderPanel(counter)).toBeVisible();
  const page = await openAs('admin', '/today');
  await page.getByRole('button', { name: /Ada Okafor/ }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByLabel('Shop’s name')).toHaveValue('Corner & Co');
  // Products have prices in it.
  await expect(page.getByText('Fixed: there are prices or orders in it.')).toBeVisible();

  await page.getByLabel('Shop’s name').fill('  ');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('A shop needs a name.')).toBeVisible();

  await page.getByLabel('Shop’s name').fill('Harbour Books');
  await page.getByLabel('Address').fill('1 Quay Street');
  await page.getByLabel('A business day begins at').fill('05:30');
  await page.getByRole('button', { name: 'Add a weight' }).click();
  const pattern = page.getByLabel('Pattern, 13 characters');
  await pattern.fill('21IIIIIWWWWWW');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('This can’t work.')).toBeVisible();
  await pattern.fill('21IIIIIWWWWWC');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  await expect(page.getByText('Start of the day: 04:00 → 05:30')).toBeVisible();
  await expect(page.getByText('(none) → 21IIIIIWWWWWC (3)')).toBeVisible();
  await expect(page.getByText(/^\d{1,2}:\d\d\s[AP]M, Ada Okafor$/).first()).toBeVisible();
  await expectAccessible(page, 'settings');

  await expect(counter.getByRole('banner')).toContainText('Harbour Books');
  expect(till.ledger('SELECT name, address, day_starts_at_minute FROM shop')).toEqual([
    { name: 'Harbour Books', address: '1 Quay Street', day_starts_at_minute: 330 }
  ]);
});

test('the connection check asks the training gateway and says what each part is', async ({ openAs }) => {
  const page = await openAs('admin', '/settings');
  await page.getByRole('button', { name: 'Check the connection' }).click();
  await expect(page.getByText('All is well: the gateway can be reached')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'The clocks agree' })).toContainText(
    /Till \d{1,2}:\d\d:\d\d\s[AP]M · gateway \d{1,2}:\d\d:\d\d\s[AP]M · no difference.*Yes/s
  );
  await expect(page.getByText(/^Asked the training gateway at/)).toBeVisible();
  await expectAccessible(page, 'the connection check');
});

test('who is no admin can neither open the settings nor ask the gateway', async ({ openAs }) => {
  const page = await openAs('manager', '/settings');
  await expect(page.getByLabel('Shop’s name')).toHaveCount(0);
  for (const path of ['/api/shop', '/api/connection-check']) {
    const answer = await page.request.post(path, {
      headers: { origin: new URL(page.url()).origin },
      data: {}
    });
    expect(answer.status(), path).toBe(403);
  }
});
