import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
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
  registerCode,
  scanProducts,
  stage,
  type Scannable
} from '../support/counter.ts';
import { expect, test, type Till } from '../support/fixtures.ts';
import { journalInBrowser, knownHere, shellIsKept } from '../support/journal.ts';
import { addPerson, lock, typePin } from '../support/people.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** A day without a network is part of these. */
test.use({ keepsShell: true });

const strip = (page: Page) => page.getByText('This tablet can’t reach Till.', { exact: true });

/** Sells for cash, exactly paid; the next scan begins the next order. */
async function sellForCash(page: Page, ...scanned: readonly Scannable[]): Promise<void> {
  await scanProducts(page, ...scanned);
  await chargeButton(page).click();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
  await stage(page)
    .getByRole('button', { name: /^Exact / })
    .click();
  await expect(headline(page, 'No change')).toBeVisible();
}

/** What the server booked of this register's cash. */
function tendersOf(till: Till, code: string) {
  return till.ledger(
    `SELECT t.staff_name, t.named_offline, t.amount_minor, o.number FROM tenders t JOIN orders o ON o.id = t.order_id
     WHERE o.register_code = ? ORDER BY t.at_ms, t.rowid`,
    code
  );
}

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

test('a till that is opened without a network asks for a PIN it knows, sells for cash, and proves who sold nothing of it', async ({
  openAs,
  till
}) => {
  test.slow();
  const admin = await openAs('admin', '/staff');
  const lee = await addPerson(admin.request, till, 'cashier', '4711');
  const page = await openAs('cashier', '/sell');
  const code = await registerCode(page);
  await shellIsKept(page);
  await lock(page);
  await typePin(page, lee.name, '4711');
  await expect(orderPanel(page)).toBeVisible();
  await expect.poll(() => knownHere(page)).toBe(1);

  // a cold start: another page, and nothing answers
  await page.context().setOffline(true);
  await page.goto('about:blank');
  await page.goto('/sell');
  await expect(page.getByRole('heading', { name: 'Who is selling?' })).toBeVisible();
  await expect(page.getByText('No network. Your PIN is looked at on this tablet alone')).toBeVisible();
  await expectAccessible(page, 'who is selling, without a network');
  await typePin(page, lee.name, '0000');
  await expect(page.getByText('This PIN is not right.')).toBeVisible();
  for (const digit of '4711') await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText(/Works now: scanning, cash sales, parking, receipts/)).toBeVisible();
  await sellForCash(page, products.cola, products.gum);
  await expectAccessible(page, 'a cash sale of somebody named offline');
  await expect(stage(page).getByRole('button', { name: 'Receipt' })).toBeVisible();
  await sellForCash(page, products.water);

  // Till is back: it goes on, and asks once
  await page.context().setOffline(false);
  await expect(page.getByText(`It knows ${lee.name} by this tablet only`)).toBeVisible({ timeout: 30_000 });
  await scanProducts(page, products.chocolate);
  await payWith(page, 'paid');
  await expect(headline(page, 'Type your PIN first')).toBeVisible();
  await expectAccessible(page, 'a payment code before the PIN');
  expect(await attemptsOf(page, till), 'no code is sent, now or later').toEqual([]);
  await stage(page).getByRole('button', { name: 'Type the PIN' }).click();
  await typePin(page, lee.name, '4711');
  await expect(headline(page, 'Show your code')).toBeVisible();
  await expect(page.getByText(/by this tablet only/)).toBeHidden();
  await typeAsWedge(page, paymentCode('paid'), { pauseMs: 2000 });
  await expect(headline(page, 'Paid')).toBeVisible();
  await expectLevel(page, till, code);
  expect(tendersOf(till, code)).toEqual([
    { staff_name: lee.name, named_offline: 'pin', amount_minor: 340, number: `${code}-0001` },
    { staff_name: lee.name, named_offline: 'pin', amount_minor: 190, number: `${code}-0002` }
  ]);
  expect(await onlyAttempt(page, till)).toMatchObject({ staff_id: lee.staffId });

  const manager = await openAs('manager', '/today');
  const row = manager.getByRole('link').filter({ hasText: `${code}-0001` });
  await expect(row).toContainText('named offline');
  await row.click();
  await expect(manager.getByText(`${lee.name}, named offline by PIN`).first()).toBeVisible();
  await expectAccessible(manager, 'an order that was sold offline');
});

test('an hour of cash without a network arrives while the selling goes on, through a server that is killed', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier');
  await page.clock.install();
  await page.goto('/sell');
  await scanProducts(page, products.cola);
  const code = await registerCode(page);
  await shellIsKept(page);
  await page.context().setOffline(true);
  await park(page);
  const sales = 12;
  for (let sale = 0; sale < sales; sale += 1) {
    await sellForCash(page, products.gum, products.chocolate);
    await page.clock.fastForward(300_000);
  }
  const offline = await journalInBrowser(page);
  expect(offline.waiting).toBeGreaterThan(sales * 4);

  await page.context().setOffline(false);
  await page.clock.resume();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await till.restart();
  await sellForCash(page, products.cola);
  await scanProducts(page, products.water);
  await expectLevel(page, till, code);
  expect((await journalInBrowser(page)).entries).toBeGreaterThan(offline.entries);
  const tenders = tendersOf(till, code);
  expect(tenders).toHaveLength(sales + 1);
  expect(new Set(tenders.map(({ number }) => number)).size).toBe(sales + 1);
  const taken = tenders.reduce((sum, { amount_minor }) => sum + Number(amount_minor), 0);
  expect(taken).toBe(
    sales * (products.gum.priceMinor + products.chocolate.priceMinor) + products.cola.priceMinor
  );
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
