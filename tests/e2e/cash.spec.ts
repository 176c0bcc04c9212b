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
  payWith,
  registerCode,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, signIn, test } from '../support/fixtures.ts';
import type { LedgerRow, Till } from '../support/till-server.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** A day without a network is part of these. */
async function atCash(page: Page): Promise<void> {
  await scanProducts(page, products.cola, products.water);
  await chargeButton(page).click();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
  await expect(headline(page, 'Cash')).toBeVisible();
}

/** What the ledger holds of this register's cash and other cards. */
async function tendersOf(page: Page, till: Till): Promise<LedgerRow[]> {
  return till.ledger(
    `SELECT t.* FROM tenders t JOIN orders o ON o.id = t.order_id WHERE o.register_code = ? ORDER BY t.rowid`,
    await registerCode(page)
  );
}

test('cash is taken by a likely note, the change stands large, and a scan begins the next order', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await atCash(page);
  await stage(page).getByRole('button', { name: '$10.00', exact: true }).click();
  await expect(headline(page, 'Change $5.90')).toBeVisible();
  await expect(stage(page)).toContainText('Hand over the goods');
  await expect
    .poll(() => tendersOf(page, till))
    .toMatchObject([{ kind: 'cash', amount_minor: 410, given_minor: 1000, staff_name: 'Rosa Marin' }]);
  expect(await attemptsOf(page, till)).toEqual([]);

  await stage(page).getByRole('button', { name: 'Receipt' }).click();
  const receipt = page.getByRole('dialog', { name: 'Receipt' });
  await expect(receipt).toContainText(/Cash\s*\$4\.10/);
  await expect(receipt).toContainText(/Change\s*5\.90/);
  await page.keyboard.press('Escape');
  await typeAsWedge(page, products.gum.code);
  await expect(stage(page)).toBeHidden();
  await expect(orderPanel(page)).toContainText(/Last:\s+\$4\.10\s+Paid/);
});

test('a part in cash leaves the wallet the rest, and both stand in the ledger once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await atCash(page);
  await stage(page).getByLabel('Another amount').fill('2');
  await stage(page).getByRole('button', { name: 'Take $2.00, $2.10 is left' }).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  await expect(stage(page)).toContainText('$2.10');
  await test.step('its receipt says meanwhile what is left', async () => {
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().click();
    const receipt = page.getByRole('dialog', { name: 'Receipt' });
    await expect(receipt).toContainText(/Cash\s*\$2\.00/);
    await expect(receipt).toContainText(/Left to pay\s*\$2\.10/);
    await page.keyboard.press('Escape');
    await expect(receipt).toBeHidden();
    await page.getByRole('link', { name: 'Sell', exact: true }).click();
  });
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempt = await onlyAttempt(page, till);
  expect(attempt).toMatchObject({ state: 'succeeded', amount_minor: 210 });
  expectChargedOnce(till, attempt);
  expect(await tendersOf(page, till)).toMatchObject([{ kind: 'cash', amount_minor: 200 }]);

  const manager = await openAs('manager', '/today');
  const row = manager.getByRole('link').filter({ hasText: String(attempt['order_number']) });
  await expect(row).toContainText('Paid');
  await row.click();
  await expect(
    manager.getByRole('region', { name: 'Paid at the counter' }).or(manager.getByText('Paid at the counter'))
  ).toBeVisible();
  await expect(manager.getByText('Took cash')).toBeVisible();
});

test('a part that was taken goes back with a reason, and the wallet then pays all of it', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await atCash(page);
  await stage(page).getByLabel('Another amount').fill('2');
  await stage(page)
    .getByRole('button', { name: /^Take \$2\.00/ })
    .click();
  await page.getByRole('button', { name: 'Give it back' }).click();
  const dialog = page.getByRole('dialog', { name: 'Give $2.00 back to the shopper?' });
  await expect(dialog.getByRole('button', { name: 'I gave $2.00 back' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'The shopper pays another way' }).click();
  await test.step('while the disk is full it stays open, and says that the money stays', async () => {
    await page.evaluate(() => {
      const real = IDBObjectStore.prototype.add;
      Reflect.set(globalThis, 'makeRoom', () => (IDBObjectStore.prototype.add = real));
      IDBObjectStore.prototype.add = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await dialog.getByRole('button', { name: 'I gave $2.00 back' }).click();
    await expect(dialog.getByRole('status')).toContainText('$2.00 still counts as paid');
    await page.evaluate(() => {
      const makeRoom: unknown = Reflect.get(globalThis, 'makeRoom');
      if (typeof makeRoom === 'function') makeRoom();
    });
  });
  await dialog.getByRole('button', { name: 'I gave $2.00 back' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Give it back' })).toBeHidden();
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  expect(await onlyAttempt(page, till)).toMatchObject({ amount_minor: 410 });
  expect(await tendersOf(page, till)).toMatchObject([
    { removed_by: 'Rosa Marin', removed_why: 'The shopper pays another way' }
  ]);
});

test('a card on the other machine is written down by its name after a wallet said no', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'declined');
  await expect(headline(page, 'Not paid')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
  await stage(page).getByRole('button', { name: 'Card on our other machine' }).click();
  await stage(page).getByLabel('What is that machine called?').fill('Bank terminal');
  await stage(page).getByRole('button', { name: 'It was paid: $2.20' }).click();
  await expect(headline(page, 'Paid on Bank terminal')).toBeVisible();
  await expect
    .poll(() => tendersOf(page, till))
    .toMatchObject([{ kind: 'card', name: 'Bank terminal', amount_minor: 220 }]);
});

test('by the keyboard alone: cash is opened, typed and taken', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await page.keyboard.press('F9');
  await expect(headline(page, 'Show your code')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).focus();
  await page.keyboard.press('Space');
  await stage(page).getByLabel('Another amount').focus();
  await page.keyboard.type('5', { delay: 200 });
  // A person looks at what was typed: a key that follows at once could belong to a scanner.
  await expect(stage(page).getByRole('button', { name: 'Take $5.00, $2.80 back' })).toBeEnabled();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(headline(page, 'Change $2.80')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(stage(page)).toBeHidden();
  await expect.poll(() => tendersOf(page, till)).toMatchObject([{ amount_minor: 220 }]);
});

test('a manager sees the drawer, what was paid in and out, and gives cash back once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await orderPanel(page).getByRole('button', { name: 'More for this order' }).click();
  await page.getByRole('button', { name: 'Cash in the drawer' }).click();
  const drawer = page.getByRole('dialog', { name: 'Cash in the drawer' });
  await drawer.getByLabel('How much?').fill('100');
  await drawer.getByRole('button', { name: 'Pay in $100.00' }).click();
  await expect(drawer.getByText('Say what it is for')).toBeVisible();
  await drawer.getByLabel('What for?').fill('Float');
  await drawer.getByRole('button', { name: 'Pay in $100.00' }).click();
  await expect(drawer.getByText('Paid in $100.00.')).toBeVisible();
  await page.keyboard.press('Escape');
  await atCash(page);
  await stage(page).getByRole('button', { name: 'Exact $4.10' }).click();
  await expect(headline(page, 'No change')).toBeVisible();

  const code = await registerCode(page);
  const manager = await openAs('manager', '/today');
  await expect(manager.getByText('Cash in the drawers')).toBeVisible();
  const card = manager.locator('section').filter({ hasText: 'Cash in the drawers' });
  await expect(card.getByText(`(${code})`)).toBeVisible();
  await expect(card).toContainText('104.10');
  const [tender] = await tendersOf(page, till);

  await test.step('on Refunds an admin gives a part back out of a drawer', async () => {
    const admin = await openAs('admin', `/refunds?order=${String(tender?.['order_id'])}`);
    await expect(admin.getByText('No wallet paid this order.')).toBeVisible();
    await admin.getByRole('button', { name: 'Give money back' }).click();
    const back = admin.getByRole('dialog', { name: 'Give cash back' });
    await back.getByLabel('Amount').fill('1');
    await back.getByLabel('Why?').fill('Dented');
    await back.getByLabel('Your password').fill('training');
    await back.getByRole('button', { name: 'Give back $1.00' }).click();
    await expect(back).toBeHidden();
    await expect(admin.getByText('Part refunded').first()).toBeVisible();
  });
  await manager.goto(`/orders/${String(tender?.['order_id'])}`);
  await manager.getByRole('button', { name: 'Give money back' }).click();
  const dialog = manager.getByRole('dialog', { name: 'Give cash back' });
  await expectAccessible(manager, 'giving cash back');
  await dialog.getByLabel('Amount').fill('5');
  await dialog.getByLabel('Why?').fill('Wrong item');
  await dialog.getByLabel('Your password').fill('wrong');
  await dialog.getByRole('button', { name: 'Give back', exact: true }).click();
  await expect(dialog.getByText('Type an amount up to $3.10.')).toBeVisible();
  await dialog.getByLabel('Amount').fill('3.10');
  await dialog.getByRole('button', { name: 'Give back $3.10' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The password is not right');
  await dialog.getByLabel('Your password').fill('training');
  await dialog.getByRole('button', { name: 'Give back $3.10' }).click();
  await expect(dialog).toBeHidden();
  await expect(manager.getByText('Refunded', { exact: true }).first()).toBeVisible();
  expect(
    till.ledger('SELECT * FROM tender_returns WHERE tender_id = ?', String(tender?.['id']))
  ).toMatchObject([
    { amount_minor: 100, staff_name: 'Ada Okafor', reason: 'Dented' },
    { amount_minor: 310, staff_name: 'Max Weber', reason: 'Wrong item' }
  ]);
});

test.describe('with the shell kept', () => {
  test.use({ keepsShell: true });

  test('without a network cash is taken all the same, and the server hears of it once when it is back', async ({
    openAs,
    till
  }) => {
    const page = await openAs('cashier', '/sell');
    await atCash(page);
    await page.context().setOffline(true);
    await stage(page).getByRole('button', { name: 'Exact $4.10' }).click();
    await expect(headline(page, 'No change')).toBeVisible();
    await page.context().setOffline(false);
    await expect
      .poll(() => tendersOf(page, till), { timeout: 20_000 })
      .toMatchObject([{ amount_minor: 410 }]);
  });
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 }
]) {
  test.describe(`at ${viewport.width}×${viewport.height}`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });
    test('axe finds nothing serious on taking cash and on its change', async ({
      browser,
      till,
      contextOptions
    }) => {
      const context = await browser.newContext({
        ...contextOptions,
        viewport,
        hasTouch: true,
        baseURL: till.baseURL
      });
      const page = await context.newPage();
      await signIn(page, 'cashier');
      await page.goto('/sell');
      await expect(page.getByRole('region', { name: 'Products' })).toBeVisible();
      await typeAsWedge(page, products.cola.code);
      await page
        .getByRole('button', { name: /^Charge / })
        .filter({ visible: true })
        .click();
      await stage(page).getByRole('button', { name: 'Cash', exact: true }).tap();
      await expect(headline(page, 'Cash')).toBeVisible();
      await expectAccessible(page, 'cash');
      await stage(page).getByRole('button', { name: 'Card on our other machine' }).tap();
      await expectAccessible(page, 'other machine');
      await stage(page).getByRole('button', { name: 'Cancel' }).tap();
      await stage(page).getByRole('button', { name: '$5.00', exact: true }).tap();
      await expect(headline(page, 'Change $2.80')).toBeVisible();
      await expectAccessible(page, 'change');
      await context.close();
    });
  });
}
