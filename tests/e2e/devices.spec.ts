/** The devices page, calibration, the practice sheet, and where scans go from pages other than Sell. */
import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { paymentCode, products } from '../support/codes.ts';
import {
  attemptsOf,
  orderPanel,
  orderRows,
  registerCode,
  scannerIs,
  scanProducts
} from '../support/counter.ts';
import { giveDevices } from '../support/fake-devices.ts';
import { expect, test } from '../support/fixtures.ts';
import { expectKept } from '../support/journal.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** What the calibration's square code says: every class of character, with digits at both ends. */
const calibrationText =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._/:?=&%+#,;()[]@$*!0123456789';

async function openDevices(page: Page): Promise<void> {
  await page.goto('/devices');
  await expect(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
}

function newest(page: Page) {
  return page.getByRole('article').first();
}

test('the test panel says what a scan is and how it came, shows payment codes masked, and sells nothing', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await scannerIs(page, 'In the hand');
  await scanProducts(page, products.gum);
  await expectKept(page, products.gum);
  await openDevices(page);

  await typeAsWedge(page, products.cola.code);
  await expect(newest(page)).toContainText(products.cola.name);
  await expect(newest(page)).toContainText('12 keys, 10 ms apart');

  const code = paymentCode('paid');
  await typeAsWedge(page, code);
  await expect(newest(page)).toContainText('Payment code');
  await expect(newest(page)).toContainText(`•${code.slice(-4)}`);
  expect(await page.locator('body').innerHTML()).not.toContain(code.slice(0, 10));

  await page.goto('/sell');
  await expect(orderRows(page)).toHaveCount(1);
  await expect(orderRows(page)).toContainText(products.gum.name);
});

test('a slow scanner and a laser are explained and mended by one press, and policies are copied', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/devices');
  await giveDevices(page, []);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Try a scan' })).toBeVisible();
  await typeAsWedge(page, 'SHELF-17', { gapMs: 80 });
  await expect(newest(page)).toContainText('Keys arrived 80 ms apart; your gap is 50 ms');
  await newest(page).getByRole('button', { name: 'Set the gap to 110 ms' }).click();
  await expect(newest(page)).toContainText('Changed. Scan again.');
  await page.getByRole('button', { name: 'Settings of Keyboard' }).click();
  await expect(page.getByLabel('Longest gap between keys, in ms')).toHaveValue('110');

  await page.getByRole('button', { name: 'Show a test code on this screen' }).click();
  await page.getByRole('button', { name: 'Paper works, this screen doesn’t' }).click();
  await expect(page.getByText('Nothing has been read from paper either.')).toBeVisible();
  await page.getByRole('button', { name: 'How to switch its mode' }).click();
  await expect(page.getByRole('heading', { name: 'Switch a scanner’s mode' })).toBeInViewport();
  await typeAsWedge(page, products.cola.code);
  await expect(page.getByText('Paper works, this screen does not: it is a laser.')).toBeVisible();
  await page.getByRole('button', { name: 'Read phones with this device’s camera' }).click();
  await expect(page.getByText('The camera is on. Hold a code before it.')).toBeVisible();
  await typeAsWedge(page, '4006381333931');
  await expect(page.getByText('Read. This scanner reads screens')).toBeVisible();

  await expect(page.getByText('Works in this browser')).toHaveCount(4);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copy = page.getByRole('button', { name: 'Copy WebHidAllowDevicesWithHidUsagesForUrls' });
  await copy.click();
  await expect(copy).toHaveText('Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toMatchObject([{ urls: [new URL(page.url()).origin] }]);
});

test('calibration learns a scanner by one code and keeps it for this till', async ({ openAs }) => {
  const page = await openAs('cashier', '/devices');
  await page.getByRole('button', { name: 'Calibrate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Calibrate the keyboard scanner' });
  await expect(dialog.getByRole('img', { name: 'Calibration code' })).toBeVisible();

  await typeAsWedge(page, products.cola.code);
  await expect(dialog).toContainText('That was another code.');
  await typeAsWedge(page, `]Q1${calibrationText}`, { gapMs: 20 });
  await expect(dialog).toContainText('20 ms a key, longest 20 ms');
  await expect(dialog).toContainText('yes, ]Q1');
  await dialog.getByRole('button', { name: 'Save for this till' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Calibrated for this till: 35 ms a key, ends with Enter')).toBeVisible();

  await page.reload();
  await expect(page.getByText('Calibrated for this till: 35 ms a key, ends with Enter')).toBeVisible();
});

test('from another page a product goes to the order, a payment code charges nothing, a receipt opens', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scannerIs(page, 'In the hand');
  await scanProducts(page, products.cola);
  await expectKept(page, products.cola);
  const number = `${await registerCode(page)}-0001`;

  await page.goto('/orders');
  await expect(page.getByRole('heading', { name: 'Orders of this till' })).toBeVisible();
  await typeAsWedge(page, paymentCode('paid'));
  await expect(page.getByText('Nothing was charged: go to Sell to take a payment.')).toBeVisible();
  expect(await attemptsOf(page, till)).toEqual([]);

  await typeAsWedge(page, number);
  await expect(page.getByRole('dialog', { name: 'Receipt' })).toContainText(number);
  await page.keyboard.press('Escape');

  await typeAsWedge(page, products.gum.code);
  await expect(page).toHaveURL(/\/sell$/);
  await expect(orderRows(page)).toHaveCount(2);
});

test('a scanner on a stand that reads twice is asked about', async ({ openAs }) => {
  const page = await openAs('cashier', '/sell');
  await scannerIs(page, 'On a stand');
  await scanProducts(page, products.cola);
  await typeAsWedge(page, products.cola.code);
  const chip = page.getByRole('button', { name: `Add one more: ${products.cola.name}` });
  await chip.click();
  await expect(chip).toBeHidden();
  await expect(
    orderPanel(page).getByRole('button', { name: `One less: ${products.cola.name}` })
  ).toBeVisible();
  await expect(orderRows(page).first()).toContainText('2');
});

test('the practice sheet has products and training codes, and prints nothing of the screen', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/practice');
  await expect(page.getByRole('img', { name: /^Barcode of / }).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /^Training payment code/ })).toHaveCount(12);
  await typeAsWedge(page, paymentCode('paid'));
  await expect(page.getByText('nothing is charged. Scanned: Payment code')).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('navigation')).toBeHidden();
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 }
]) {
  test(`axe finds nothing serious at ${viewport.width} on devices, calibration and practice`, async ({
    openAs
  }) => {
    test.slow();
    const page = await openAs('cashier', '/devices');
    await page.setViewportSize(viewport);
    await expect(page.getByRole('heading', { name: 'Try a scan' })).toBeVisible();
    await page.getByText('Something does not work?').click();
    await page.getByRole('button', { name: 'Settings of Keyboard' }).click();
    await typeAsWedge(page, products.cola.code);
    await typeAsWedge(page, 'SHELF-17', { gapMs: 80 });
    await expect(newest(page)).toContainText('your gap is 50 ms');
    await expectAccessible(page, 'devices');
    await page.getByRole('button', { name: 'Calibrate', exact: true }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'calibration');
    await typeAsWedge(page, calibrationText, { gapMs: 10 });
    await expect(page.getByRole('dialog')).toContainText('Save for this till');
    await expectAccessible(page, 'calibrated');
    await page.goto('/practice');
    await expect(page.getByRole('img', { name: /^Training payment code/ }).first()).toBeVisible();
    await expectAccessible(page, 'practice sheet');
  });
}
