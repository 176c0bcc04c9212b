import type { Page } from '@playwright/test';
import { paymentCode, products, unknownBarcode } from '../support/codes.ts';
import {
  attemptsOf,
  chargeButton,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  payWith,
  scannerIs,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { expectKept } from '../support/journal.ts';
import { typeAsWedge } from '../support/wedge.ts';

test('a cashier signs in, scans three products and a wallet code, and has a paid order with a receipt', async ({
  openAs,
  till
}) => {
  const page = await openAs(null);
  await page.getByLabel('User name').fill('cashier');
  await page.getByLabel('Password').fill('training');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/sell');
  await expect(page.getByText('Training. No real money moves.')).toBeVisible();

  await scanProducts(page, products.cola, products.water, products.chocolate);
  await expect(orderRows(page)).toHaveCount(3);
  await expect(chargeButton(page)).toHaveText(/\$7\.20/);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await expect(stage(page)).toContainText('$7.20');
  await expect(stage(page)).toContainText('Hand over the goods');

  const attempt = await onlyAttempt(page, till);
  expect(attempt).toMatchObject({ state: 'succeeded', amount_minor: 720, currency: 'USD', wallet: 'Alipay' });
  expectChargedOnce(till, attempt);

  await stage(page).getByRole('button', { name: 'Receipt' }).click();
  const receipt = page.getByRole('dialog', { name: 'Receipt' });
  await expect(receipt).toContainText('TRAINING – no real money');
  await expect(receipt).toContainText(String(attempt['order_number']));
  for (const { name } of [products.cola, products.water, products.chocolate]) {
    await expect(receipt).toContainText(name);
  }
  await expect(receipt).toContainText('$7.20');
  await expect(receipt).toContainText('Paid with Alipay');
  await expect(receipt.getByRole('img')).toHaveCount(2);
});

test('the next product scanned after "Paid" begins the next order without a press', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await typeAsWedge(page, products.gum.code);
  await expect(stage(page)).toBeHidden();
  await expect(orderRows(page)).toHaveCount(1);
  await expect(orderRows(page)).toContainText(products.gum.name);
  await expect(orderPanel(page)).toContainText(/Last:\s+\$2\.20\s+Paid/);
  expect(await attemptsOf(page, till)).toHaveLength(1);
});

test('a payment code on the paid screen charges nothing', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Already paid')).toBeVisible();
  await expect(stage(page)).toContainText('This scan charged nothing.');
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('a wallet that asks for a password is waited for, then paid', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'passwordThenPaid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempt = await onlyAttempt(page, till);
  const seen = till.ledger(
    "SELECT DISTINCT to_state FROM events WHERE subject = 'attempt' AND subject_id = ?",
    String(attempt['id'])
  );
  expect(seen.map((event) => event['to_state'])).toEqual(expect.arrayContaining(['paying', 'succeeded']));
  expectChargedOnce(till, attempt);
});

test('a wallet that says no is told, and a fresh code pays the same order', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola, products.gum);
  await payWith(page, 'declined');
  await expect(headline(page, 'Not paid')).toBeVisible();
  await expect(stage(page)).toContainText('Keep the goods');
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();

  const attempts = await attemptsOf(page, till);
  expect(attempts.map(({ state }) => state)).toEqual(['failed', 'succeeded']);
  expect(new Set(attempts.map((attempt) => attempt['order_id'])).size).toBe(1);
  expect(till.book().payment(String(attempts[0]?.['merchant_order_no']))).toMatchObject({ charges: 0 });
  expectChargedOnce(till, attempts[1] ?? {});
});

test('a code that is out of date asks for a fresh one and charges nothing', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'invalid');
  await expect(headline(page, 'Not paid')).toBeVisible();
  await expect(stage(page)).toContainText('That code is out of date.');
  const attempt = await onlyAttempt(page, till);
  expect(attempt).toMatchObject({ state: 'failed', fail_reason: 'refused' });
  expect(till.book().payment(String(attempt['merchant_order_no']))).toBeUndefined();
});

for (const [outcome, what] of [
  ['answerLost', 'an answer that is lost after charging'],
  ['errorCharged', 'a "system error" after charging'],
  ['badSignature', 'an answer with a wrong signature after charging'],
  ['slow', 'a slow gateway']
] as const) {
  test(`${what} ends paid, with exactly one charge`, async ({ openAs, till }) => {
    const page = await openAs('cashier', '/sell');
    await scanProducts(page, products.cola);
    await payWith(page, outcome);
    await expect(headline(page, 'Paid')).toBeVisible();
    const attempt = await onlyAttempt(page, till);
    expect(attempt['state']).toBe('succeeded');
    expectChargedOnce(till, attempt);
  });
}

test('a wallet offer is shown: what the shopper paid, and what the wallet gave', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.chocolate);
  await payWith(page, 'paidWithOffer');
  await expect(headline(page, 'Paid')).toBeVisible();
  await expect(stage(page)).toContainText('Shopper paid $2.79, wallet offer $0.31');
  expect(await onlyAttempt(page, till)).toMatchObject({ amount_minor: 310, paid_minor: 279 });
});

test('a product scanned on the pay stage is added, and the new total is charged', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  await typeAsWedge(page, products.gum.code);
  await expect(stage(page)).toContainText('The new total is $3.40.');
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  expect(await onlyAttempt(page, till)).toMatchObject({ amount_minor: 340, state: 'succeeded' });
});

test('an unknown barcode is a red row: scanning goes on, charging waits until it is sorted out', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await typeAsWedge(page, unknownBarcode);
  const red = orderPanel(page).getByRole('alert');
  await expect(red).toContainText('Not in your products');
  await expect(red).toContainText(unknownBarcode);
  await scanProducts(page, products.gum);
  await expect(chargeButton(page)).toBeDisabled();
  await expect(orderPanel(page)).toContainText('Sort out the red line first');

  // Neither the key nor a wallet code gets past it.
  await page.keyboard.press('F9');
  await typeAsWedge(page, paymentCode('paid'));
  await expect(stage(page)).toBeHidden();
  expect(await attemptsOf(page, till)).toHaveLength(0);

  await red.getByRole('button', { name: 'Skip' }).click();
  await expect(red).toBeHidden();
  await expect(chargeButton(page)).toBeEnabled();
  // Another phone, after the one that was turned away.
  await payWith(page, 'paid', { pauseMs: 2000 });
  await expect(headline(page, 'Paid')).toBeVisible();
  expect(await onlyAttempt(page, till)).toMatchObject({ amount_minor: 340 });
});

test('an unknown barcode becomes a product in the row, while scanning goes on, and is known from then on', async ({
  openAs,
  till
}) => {
  // a code of this test's own: it is a product afterwards, on every page of this server
  const pen = '4012345678901';
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  await typeAsWedge(page, pen);
  const red = orderPanel(page).getByRole('alert');
  await red.getByRole('button', { name: 'Add it now' }).click();
  await red.getByLabel('What is it?').pressSequentially('Blue pen', { delay: 60 });
  await red.getByLabel('Price').pressSequentially('4.2', { delay: 60 });
  // The next customer's helper scans on: it becomes a line, its Enter presses nothing, and what was typed stays.
  await typeAsWedge(page, products.cola.code);
  await expect(orderRows(page).filter({ hasText: products.cola.name })).toBeVisible();
  await expect(red.getByLabel('Price')).toHaveValue('4.2');
  await expect(red.getByLabel('What is it?')).toHaveValue('Blue pen');
  await red.getByLabel('Price').fill('4.25');
  await red.getByRole('button', { name: 'Add $4.25' }).click();
  await expect(red).toBeHidden();
  await expect(orderRows(page)).toContainText(['Blue pen']);
  await typeAsWedge(page, pen);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  expect(await onlyAttempt(page, till)).toMatchObject({ amount_minor: 850 + 220, state: 'succeeded' });
  expect(till.ledger('SELECT name, needs_tidying FROM products WHERE name = ?', 'Blue pen')).toEqual([
    { name: 'Blue pen', needs_tidying: 1 }
  ]);
});

test('an order with nothing to pay is finished without the gateway', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  const submits = (): number => till.log().split('"method":"bscanc.').length;
  const before = submits();
  await orderPanel(page).getByRole('button', { name: 'Discount', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Discount on the order' });
  await dialog.getByLabel('Percent off').fill('100');
  await dialog.getByRole('button', { name: 'Damaged' }).click();
  await dialog.getByRole('button', { name: 'Take 100% off' }).click();
  await orderPanel(page).getByRole('button', { name: 'Finish, nothing to pay' }).click();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
  await expect(orderPanel(page)).toContainText(/Last:\s+\$0\.00\s+Paid/);

  expect(await attemptsOf(page, till)).toHaveLength(0);
  const session = (await (await page.request.get('/api/session')).json()) as { register: { code: string } };
  await expect
    .poll(() =>
      till.ledger('SELECT total_minor, given_free FROM orders WHERE register_code = ?', session.register.code)
    )
    .toEqual([{ total_minor: 0, given_free: 1 }]);
  expect(submits()).toBe(before);
});

/** Stops the page's clock hardly later than where it stands: over a leap, requests on their way would be given up. */
async function stopClock(page: Page): Promise<void> {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
}

test('with the scanner in the hand, one scan of the wallet code charges at once', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await page.clock.install();
  await page.goto('/sell');
  await scannerIs(page, 'In the hand');
  await scanProducts(page, products.cola);
  await page.clock.fastForward(1600);
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('one scan charges nothing right after a product, and nothing right after "Paid"', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await page.clock.install();
  await page.goto('/sell');
  await scannerIs(page, 'In the hand');
  await stopClock(page);

  // The last product was scanned a moment ago: the code may have come too early.
  await scanProducts(page, products.cola);
  await typeAsWedge(page, paymentCode('paid'));
  await expect(stage(page)).toContainText('Scan once more to charge $2.20.');
  expect(await attemptsOf(page, till)).toHaveLength(0);
  await page.clock.resume();
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();

  // The phone still lies there while the next order begins, however long this machine takes for it.
  await stopClock(page);
  await scanProducts(page, products.gum);
  await page.clock.fastForward(2000);
  await typeAsWedge(page, paymentCode('paid'));
  await expect(stage(page)).toContainText('Scan once more to charge $1.20.');
  expect(await attemptsOf(page, till)).toHaveLength(1);
});

test('with the scanner on a stand, the code is asked for a second time, after the phone was taken away', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await page.clock.install();
  await page.goto('/sell');
  await scannerIs(page, 'On a stand');
  await scanProducts(page, products.cola);
  await stopClock(page);
  const code = paymentCode('paid');
  await typeAsWedge(page, code);
  await expect(stage(page)).toContainText('Scan once more to charge $2.20.');
  expect(await attemptsOf(page, till)).toHaveLength(0);
  // It lies there, and is read again at once.
  await typeAsWedge(page, code);
  await expect(stage(page)).toContainText(
    'Take the phone away for a moment, then show it again to charge $2.20.'
  );
  expect(await attemptsOf(page, till)).toHaveLength(0);
  await page.clock.resume();
  await page.clock.fastForward(2000);
  await typeAsWedge(page, code);
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('an order above the limit of the shop asks for a second scan', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await page.clock.install();
  await page.goto('/sell');
  await scannerIs(page, 'In the hand');
  await orderPanel(page).getByRole('button', { name: 'Other item' }).click();
  const dialog = page.getByRole('dialog', { name: 'Other item' });
  await dialog.getByLabel('Price').fill('5000');
  await dialog.getByRole('button', { name: /^Add / }).click();
  await expect(chargeButton(page)).toBeEnabled();
  await page.clock.fastForward(6000);
  await typeAsWedge(page, paymentCode('paid'));
  await expect(stage(page)).toContainText('Scan once more to charge $5,000.00.');
  expect(await attemptsOf(page, till)).toHaveLength(0);
});

test('an order is parked, another one sold, and the first taken up and paid', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await orderPanel(page).getByRole('button', { name: 'Park' }).click();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
  await scanProducts(page, products.gum);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Next: just scan' }).click();

  await orderPanel(page).getByRole('button', { name: 'Parked 1' }).click();
  await page.getByRole('button', { name: /^Order 1/ }).click();
  await expect(orderRows(page)).toContainText(products.cola.name);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const attempts = await attemptsOf(page, till);
  expect(attempts.map((attempt) => [attempt['state'], attempt['amount_minor']])).toEqual([
    ['succeeded', 120],
    ['succeeded', 220]
  ]);
});

test('removing a line can be undone', async ({ openAs }) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola, products.gum);
  await orderRows(page)
    .getByRole('button', { name: `Remove ${products.gum.name}` })
    .click();
  await expect(orderPanel(page)).toContainText(`Removed ${products.gum.name}`);
  await expect(chargeButton(page)).toHaveText(/\$2\.20/);
  await orderPanel(page).getByRole('button', { name: 'Undo' }).click();
  await expect(chargeButton(page)).toHaveText(/\$3\.40/);
});

test('a whole sale works by the keyboard alone', async ({ openAs, till }) => {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  await page.keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: /^Search products/ })).toBeFocused();
  await page.keyboard.type('kombucha', { delay: 80 });
  await page.keyboard.press('Enter');
  await expect(orderRows(page)).toContainText('Kombucha ginger');
  await page.keyboard.press('F9');
  await expect(headline(page, 'Show your code')).toBeVisible();

  const typeTheCode = stage(page).getByRole('button', { name: 'Type the code' });
  await tabTo(page, typeTheCode);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(/^The shopper.s payment code$/)).toBeFocused();
  await page.keyboard.type(paymentCode('paid'), { delay: 80 });
  await page.keyboard.press('Enter');
  await expect(headline(page, 'Paid')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
  expect(await onlyAttempt(page, till)).toMatchObject({ state: 'succeeded', amount_minor: 390 });
});

/** Goes on with Tab until the control has the focus; fails where Tab never gets there. */
async function tabTo(page: Parameters<typeof stage>[0], control: ReturnType<typeof stage>): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(control).toBeFocused();
}

test('a payment screen that can’t be fetched says that nothing was charged, and a reload brings it and the order', async ({
  openAs
}) => {
  const page = await openAs('cashier');
  // nothing is fetched ahead
  await page.addInitScript(() => (window.requestIdleCallback = () => 0));
  await page.goto('/sell');
  await scanProducts(page, products.cola);
  await expectKept(page, products.cola);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await page.context().setOffline(true);
  await chargeButton(page).click();
  await expect(page.getByText('The payment screen could not be loaded. Nothing was charged.')).toBeVisible();
  await page.getByRole('button', { name: /: menu$/ }).click();
  await expect(page.getByText('This part of Till could not be loaded.'), 'no menu').toBeVisible();
  await page.keyboard.press('Escape');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(orderRows(page)).toContainText([products.cola.name]);
  await chargeButton(page).click();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
  await expect(stage(page).getByRole('button', { name: 'Exact $2.20' })).toBeVisible();
});
