import { DatabaseSync } from 'node:sqlite';
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { products } from '../support/codes.ts';
import {
  attemptsOf,
  chargeButton,
  headline,
  orderPanel,
  orderRows,
  payWith,
  registerCode,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test, type Till } from '../support/fixtures.ts';
import { expectKept, journalInBrowser } from '../support/journal.ts';
import { newProfile, signInOn, type OwnBrowser, type Profile } from '../support/own-browser.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** One of these changes the shop's days for every till: the server is this file's own. */
test.use({ tillSettings: { timeScale: 21 } });

test('a browser that is killed right after any step was journaled comes back to it: a line, cash, a payment', async ({
  till
}) => {
  test.setTimeout(180_000);
  const profile = newProfile();
  try {
    await signInOn(profile, till.baseURL);
    let { browser, page } = await openSell(profile, till);
    await scanProducts(page, products.cola);
    // begun, and a line
    await expect.poll(async () => (await journalInBrowser(page)).entries).toBe(2);
    await browser.kill();

    ({ browser, page } = await openSell(profile, till));
    await expect(orderRows(page)).toHaveCount(1, { timeout: 30_000 });
    await chargeButton(page).click();
    await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
    await stage(page).getByRole('button', { name: '$10.00', exact: true }).click();
    await expect(headline(page, 'Change $7.80')).toBeVisible();
    await browser.kill();

    ({ browser, page } = await openSell(profile, till));
    await expect(orderPanel(page)).toContainText(/Last:\s+\$2\.20\s+Paid/, { timeout: 30_000 });
    await expect(orderRows(page)).toHaveCount(0);
    const code = await registerCode(page);
    const ofRegister = 'SELECT id FROM orders WHERE register_code = ?';
    await expect
      .poll(() =>
        till.ledger(`SELECT amount_minor, given_minor FROM tenders WHERE order_id IN (${ofRegister})`, code)
      )
      .toMatchObject([{ amount_minor: 220, given_minor: 1000 }]);
    await scanProducts(page, products.gum, products.water);
    await payWith(page, 'paid');
    await expect(headline(page, 'Paid')).toBeVisible({ timeout: 20_000 });
    await browser.kill();

    ({ browser, page } = await openSell(profile, till));
    // on the stage, where it was killed before the register had written down the end
    await expect(orderPanel(page)).toContainText(/Last:|Order 2 paid/, { timeout: 30_000 });
    expect((await attemptsOf(page, till)).map(({ state }) => state)).toEqual(['succeeded']);
    expect(till.ledger(ofRegister, code)).toHaveLength(2);
    await browser.kill();
  } finally {
    profile.remove();
  }
});

test('entries that the server has had for long enough leave the tablet; the order, the check and the list stay right', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.gum);
  for (let count = 1; count < 120; count += 1) await typeAsWedge(page, products.gum.code);
  await expect(orderRows(page)).toContainText('120');
  await expect.poll(async () => (await journalInBrowser(page)).waiting, { timeout: 60_000 }).toBe(0);
  expect((await journalInBrowser(page)).entries).toBe(121);

  // as if the shop's days were over
  keepDays(till, 0);
  await page.reload();
  await expect.poll(async () => (await journalInBrowser(page)).entries, { timeout: 60_000 }).toBe(1);
  keepDays(till, 90);
  await page.reload();
  await expect(orderRows(page)).toContainText('120');
  await scanProducts(page, products.cola);
  await expectKept(page, products.cola);

  await page.goto('/journal');
  await page.getByRole('button', { name: 'Check it' }).click();
  await expect(page.getByText(/Whole: 2 entries.*121 older ones are with the server\./)).toBeVisible();
  await page.getByRole('button', { name: 'Make the list anew' }).click();
  await expect(page.getByText('Made anew from 2 entries.')).toBeVisible();
  await expectAccessible(page, 'a journal of which entries have left');
  await page.goto('/sell');
  await expect(orderRows(page)).toHaveCount(2);
  await expect(orderRows(page).filter({ hasText: products.gum.name })).toContainText('120');
});

function keepDays(till: Till, days: number): void {
  const database = new DatabaseSync(till.databasePath, { timeout: 5000 });
  database.prepare('UPDATE shop SET journal_keep_days = ?').run(days);
  database.close();
}

async function openSell(
  profile: Profile,
  till: Till
): Promise<{ readonly browser: OwnBrowser; readonly page: Page }> {
  const browser = await profile.open();
  const page = await browser.context.newPage();
  await page.goto(`${till.baseURL}/sell`);
  return { browser, page };
}
