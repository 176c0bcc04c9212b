import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ApiRegister } from '../support/api.ts';
import { paymentCode, products, unknownBarcode } from '../support/codes.ts';
import { headline, orderPanel, scannerIs, scanProducts, stage } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** Slow enough that a state stays while it is looked at. */
test.use({ tillSettings: { timeScale: 1.5 } });

const sizes = [
  { name: '1280×800', width: 1280, height: 800 },
  { name: '390×844', width: 390, height: 844 }
] as const;

for (const { name, ...viewport } of sizes) {
  test.describe(`at ${name}, in light and dark, axe finds nothing serious`, () => {
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });

    test('on sign-in, selling and its dialogs', async ({ openAs }) => {
      const outside = await openAs(null, '/sign-in');
      await expect(outside.getByText('Training: sign in as')).toBeVisible();
      await expectAccessible(outside, 'sign-in');
      await outside.getByLabel('User name').fill('cashier');
      await outside.getByLabel('Password').fill('wrong');
      await outside.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(outside.getByRole('alert')).toBeVisible();
      await expectAccessible(outside, 'sign-in refused');

      const page = await openAs('cashier', '/sell');
      await expect(page.getByRole('region', { name: 'Products' })).toBeVisible();
      await expectAccessible(page, 'selling, empty');
      await typeAsWedge(page, products.cola.code);
      await showOrder(page);
      await scannerIs(page, 'In the hand');
      await scanProducts(page, products.gum);
      await typeAsWedge(page, unknownBarcode);
      await expect(orderPanel(page).getByRole('alert')).toBeVisible();
      await expectAccessible(page, 'an order with a red row');
      await orderPanel(page).getByRole('button', { name: 'Other item' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'other item');
      await page.keyboard.press('Escape');
      await orderPanel(page).getByRole('button', { name: 'Discount', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page, 'discount');
      await page.keyboard.press('Escape');
      await orderPanel(page).getByRole('button', { name: 'More for this order' }).click();
      await expectAccessible(page, 'the menu of the order');
    });

    test('on every state of the pay stage, the receipt, orders and devices', async ({ openAs }) => {
      test.slow();
      const page = await openAs('cashier', '/sell');
      await expect(page.getByRole('region', { name: 'Products' })).toBeVisible();
      await typeAsWedge(page, products.cola.code);
      await expect(anyChargeButton(page)).toBeEnabled();
      await anyChargeButton(page).click();
      await expect(headline(page, 'Show your code')).toBeVisible();
      await expectAccessible(page, 'ready');
      await stage(page).getByRole('button', { name: 'Type the code' }).click();
      await expect(stage(page).getByRole('textbox')).toBeFocused();
      await expectAccessible(page, 'typing a code');
      await stage(page).getByRole('button', { name: 'Cancel' }).click();

      await typeAsWedge(page, paymentCode('declined'));
      await expect(headline(page, 'Not paid')).toBeVisible();
      await stage(page).getByText('Details').click();
      await expectAccessible(page, 'declined');

      await typeAsWedge(page, paymentCode('neverAnswers'));
      await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
      await expectAccessible(page, 'paying');
      await stage(page).getByRole('button', { name: 'Stop payment' }).click();
      await expect(headline(page, 'Stopping')).toBeVisible();
      await expectAccessible(page, 'stopping');
      await expect(headline(page, 'Stopped')).toBeVisible({ timeout: 20_000 });
      await expectAccessible(page, 'stopped');

      await typeAsWedge(page, paymentCode('errorNotCharged'));
      await expect(headline(page, 'Not confirmed yet')).toBeVisible();
      await expectAccessible(page, 'unknown');
      await stage(page).getByRole('button', { name: 'Serve the next customer' }).click();
      await typeAsWedge(page, products.gum.code);
      await expect(anyChargeButton(page)).toBeEnabled();
      await expectAccessible(page, 'selling with a chip in the tray');

      await anyChargeButton(page).click();
      await typeAsWedge(page, paymentCode('paidWithOffer'));
      await expect(headline(page, 'Paid')).toBeVisible();
      await expectAccessible(page, 'paid');
      await stage(page).getByRole('button', { name: 'Receipt' }).click();
      await expect(page.getByRole('dialog').getByRole('img')).toHaveCount(2);
      await expectAccessible(page, 'the receipt');

      await page.goto('/orders');
      await expect(page.getByRole('listitem').filter({ hasText: 'Paid' })).toBeVisible();
      await expectAccessible(page, 'orders of this till');
      await page.goto('/devices');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectAccessible(page, 'devices');
    });

    test('on Today, an order and a refund', async ({ openAs, till }) => {
      const register = await ApiRegister.signIn(till.baseURL, 'cashier');
      const sale = await register.sell('paid');
      await register.sell('declined');
      const page = await openAs('admin', '/today');
      const rows = page.getByRole('region', { name: 'Orders of the day' }).getByRole('link');
      await expect(rows.filter({ hasText: sale.number })).toBeVisible();
      await expectAccessible(page, 'today');
      await rows.filter({ hasText: sale.number }).click();
      await expect(page.getByRole('heading', { name: 'What happened' })).toBeVisible();
      await expectAccessible(page, 'an order');

      await page.goto('/refunds');
      await expect(page.getByRole('textbox', { name: /^Scan (the )?receipt/ })).toBeVisible();
      await expectAccessible(page, 'refunds, nothing found yet');
      await page.goto(`/refunds?order=${sale.orderId}`);
      await page.getByRole('checkbox', { name: /Americano/ }).check();
      await page.getByRole('radio', { name: 'Broken' }).check();
      await expectAccessible(page, 'a refund, chosen');
      await page.getByRole('button', { name: 'Refund $3.20' }).click();
      await page.getByLabel('Your password').fill('training');
      await expectAccessible(page, 'a refund, confirmed');
      await page.getByRole('dialog').getByRole('button', { name: 'Refund $3.20' }).click();
      await expect(page.getByRole('status').getByText(/^Refunded/)).toBeVisible();
      await expectAccessible(page, 'refunded');
    });
  });
}

/** On a phone the order is a sheet, and the charge stands under the products too. */
async function showOrder(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Order', exact: true });
  if (await button.isVisible()) await button.click();
}

function anyChargeButton(page: Page) {
  return page.getByRole('button', { name: /^Charge \$/ }).filter({ visible: true });
}
