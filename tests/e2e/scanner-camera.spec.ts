/** The camera as a scanner, in the built app: real pictures, read by the real reader. */
import type { Page } from '@playwright/test';
import { paymentCode, products } from '../support/codes.ts';
import {
  chargeButton,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  scannerIs
} from '../support/counter.ts';
import { devicesOf, giveDevices } from '../support/fake-devices.ts';
import { expect, test } from '../support/fixtures.ts';
import { pictureOf } from '../support/pictures.ts';

/** A day without a network is part of these. */
/** Switches the camera on where scanners are added, and goes back to selling without a reload. */
async function openWithCamera(openAs: (role: 'cashier', path: string) => Promise<Page>): Promise<Page> {
  const page = await openAs('cashier', '/sell');
  await giveDevices(page, []);
  await page.reload();
  await scannerIs(page, 'In the hand');
  await page.getByRole('link', { name: /Scanner/ }).click();
  await page.getByRole('button', { name: 'Connect: Camera' }).click();
  await page.getByRole('link', { name: 'Sell' }).first().click();
  await expect(orderPanel(page)).toBeVisible();
  return page;
}

test('a product before the camera is one line until it leaves the picture, and a code pays', async ({
  openAs,
  till
}) => {
  const page = await openWithCamera(openAs);
  const camera = devicesOf(page);
  const cola = await pictureOf(products.cola.code, 'UPCA');
  const water = await pictureOf(products.water.code, 'EAN13');
  const colaLine = orderRows(page).filter({ hasText: products.cola.name });
  await camera.draw(cola);
  await expect(colaLine).toBeVisible();
  // The next thing is read while the first was never counted again.
  await camera.draw(water);
  await expect(orderRows(page)).toHaveCount(2);
  await expect(chargeButton(page)).toHaveText(/\$4\.10/);
  const leftAt = await page.evaluate(() => performance.now());

  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  const code = paymentCode('paid');
  await camera.draw(await pictureOf(code, 'QRCode'));
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
  expect((await page.content()).includes(code)).toBe(false);

  // It comes back after the second in which a shaking hand would still hold it: that is the next one.
  await page.waitForFunction((since) => performance.now() - since > 1000, leftAt);
  await camera.draw(cola);
  await expect(colaLine).toBeVisible();
  await expect(orderRows(page)).toHaveCount(1);
});

test.describe('with the shell kept', () => {
  test.use({ keepsShell: true });

  test('the camera reads with the network down', async ({ openAs }) => {
    const page = await openWithCamera(openAs);
    await devicesOf(page).draw(await pictureOf(products.gum.code, 'EAN8'));
    await expect(orderRows(page)).toHaveCount(1);
    await page.context().setOffline(true);
    await devicesOf(page).draw(await pictureOf(products.water.code, 'EAN13'));
    await expect(orderRows(page)).toHaveCount(2);
  });
});

test('a camera and its light are chosen where it is set up, and kept for the next start', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/devices');
  await giveDevices(page, []);
  await page.reload();
  const camera = devicesOf(page);
  await page.getByRole('button', { name: 'Connect: Camera' }).click();
  await page.getByRole('button', { name: /^Settings of .*camera/i }).click();
  await expect(page.getByLabel('What the camera sees')).toBeVisible();
  const light = page.getByRole('group', { name: 'Light', exact: true });
  await light.getByRole('radio', { name: 'On' }).check();
  await expect.poll(() => camera.camera()).toEqual({ deviceId: 'back', light: true });

  // after a reload nobody is filmed before a press; then it is as it was set
  await page.reload();
  await expect(page.getByText('Turn on', { exact: true })).toBeVisible();
  expect(await camera.camera()).toEqual({ deviceId: null, light: null });
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect.poll(() => camera.camera()).toEqual({ deviceId: 'back', light: true });

  await page.getByRole('button', { name: /^Settings of .*camera/i }).click();
  await page.getByRole('combobox', { name: 'Camera', exact: true }).selectOption('Front camera');
  await expect.poll(async () => (await camera.camera()).deviceId).toBe('front');
  await expect(light, 'a camera without a light has no button for one').toBeHidden();
});
