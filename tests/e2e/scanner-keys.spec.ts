/** Scanners that type, in the built app: real key events at every pace, wherever the focus is, on every host. */
import type { Page } from '@playwright/test';
import scans from '../vectors/scans.json' with { type: 'json' };
import { paymentCode, products } from '../support/codes.ts';
import { chargeButton, headline, orderPanel, orderRows, scannerIs, stage } from '../support/counter.ts';
import { keepCalibration } from '../support/fake-devices.ts';
import { expect, test } from '../support/fixtures.ts';
import {
  azertyHost,
  capsLockHost,
  handGaps,
  qwertzHost,
  typeAsWedge,
  typeOnTablet
} from '../support/wedge.ts';

/** Capitals and small letters count in these; each pays once. */
const emvCodes = scans.paymentCodes.flatMap(({ wallet, text }) => (wallet === 'EMV QR' ? [text] : []));

function searchBox(page: Page) {
  return page.getByRole('textbox', { name: 'Search products or type a code' });
}
function quantityOf(page: Page, name: string) {
  return orderRows(page).filter({ hasText: name });
}

test('a scan at 5 to 100 ms a key is a line, wherever the focus is', async ({ openAs }) => {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  await keepCalibration(page, { maxGapMs: 130 });
  await expect(orderPanel(page)).toBeVisible();
  let count = 0;
  for (const gapMs of [5, 10, 30, 80, 100]) {
    await typeAsWedge(page, products.cola.code, { gapMs });
    await expect(quantityOf(page, products.cola.name)).toContainText(String((count += 1)));

    await searchBox(page).fill('oat');
    await typeAsWedge(page, products.cola.code, { gapMs });
    await expect(quantityOf(page, products.cola.name)).toContainText(String((count += 1)));
    await expect(searchBox(page)).toHaveValue('oat');
    await expect(searchBox(page)).toBeFocused();
    await searchBox(page).fill('');

    await page.getByRole('button', { name: 'Other item' }).click();
    const dialog = page.getByRole('dialog', { name: 'Other item' });
    await dialog.getByLabel('Price').fill('1');
    await typeAsWedge(page, products.cola.code, { gapMs });
    await expect(quantityOf(page, products.cola.name)).toContainText(String((count += 1)));
    await expect(dialog.getByLabel('Price')).toHaveValue('1');
    await expect(dialog, 'the Enter of the scan submits nothing').toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
});

test('a scanner set to US is read on French and German computers, and with Caps Lock on', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await scannerIs(page, 'In the hand');
  for (const [index, host] of [azertyHost, qwertzHost, capsLockHost].entries()) {
    await typeAsWedge(page, products.water.code, { host });
    await expect(quantityOf(page, products.water.name)).toContainText(String(index + 1));
  }
  expect(emvCodes).toHaveLength(3);
  for (const [index, host] of [azertyHost, qwertzHost, capsLockHost].entries()) {
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    await typeAsWedge(page, emvCodes[index] ?? '', { host });
    await expect(headline(page, 'Paid')).toBeVisible();
    await typeAsWedge(page, products.water.code, { host });
    await expect(orderRows(page)).toHaveCount(1);
  }
});

test('on a tablet, where keys say nothing, a scan is read from the text it puts into the field', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  // Text has the time at which a busy machine hands it over: no stamps can be given.
  await keepCalibration(page, { maxGapMs: 240, terminator: 'enter' });
  await expect(orderPanel(page)).toBeVisible();
  await searchBox(page).fill('oat');
  await typeOnTablet(page, products.cola.code);
  await expect(quantityOf(page, products.cola.name)).toBeVisible();
  await expect(searchBox(page)).toHaveValue('oat');
});

test('ten scans in a second are all there', async ({ openAs }) => {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  // a key every 5 ms, and every 100 ms the next scan
  const pauseMs = 100 - 5 * (products.cola.code.length + 1);
  const ten = Array.from({ length: 10 }, () => typeAsWedge(page, products.cola.code, { gapMs: 5, pauseMs }));
  await Promise.all(ten);
  await expect(quantityOf(page, products.cola.name)).toContainText('10');
});

test('a person who types a product’s number into the search box is searching, and Enter adds it', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  await searchBox(page).evaluate((box) =>
    box.addEventListener('keydown', (event) => {
      if (event instanceof KeyboardEvent && event.key === 'Enter') performance.mark('Enter in the box');
    })
  );
  await searchBox(page).focus();
  const hands = [120, ...[1, 2, 3, 4].map(handGaps)];
  for (const [index, gapMs] of hands.entries()) {
    await typeAsWedge(page, products.cola.code, { gapMs });
    await expect(quantityOf(page, products.cola.name)).toContainText(String(index + 1));
    await expect(orderRows(page)).toHaveCount(1);
    await expect(searchBox(page)).toHaveValue('');
  }
  const entered = await page.evaluate(() => performance.getEntriesByName('Enter in the box').length);
  expect(entered, 'each Enter is the person’s, no scanner’s').toBe(hands.length);
});

test('a payment code typed into the search box by a scanner pays, and leaves nothing there', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await scannerIs(page, 'On a stand');
  await typeAsWedge(page, products.cola.code);
  await searchBox(page).focus();
  const code = paymentCode('paid');
  await typeAsWedge(page, code);
  await expect(stage(page)).toBeVisible();
  expect((await page.content()).includes(code.slice(0, 12))).toBe(false);
  await typeAsWedge(page, code, { pauseMs: 2000 });
  await expect(headline(page, 'Paid')).toBeVisible();
});
