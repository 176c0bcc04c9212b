import type { Page } from '@playwright/test';
import { paymentCode, products } from '../support/codes.ts';
import {
  attemptsOf,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** Slow enough to press a button while a payment is open, fast enough to see its end. */
test.use({ tillSettings: { timeScale: 8 } });

function chip(page: Page, name: RegExp) {
  return page.getByRole('banner').getByRole('button', { name });
}

test('the next customer is served while a payment is not confirmed, and its end is told', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.chocolate);
  await payWith(page, 'errorNotCharged');
  await expect(headline(page, 'Not confirmed yet')).toBeVisible();
  await expect(stage(page)).toContainText('Do not charge again.');
  await stage(page).getByRole('button', { name: 'Serve the next customer' }).click();

  await expect(chip(page, /^Order 1, \$3\.10: Checking/)).toBeVisible();
  await expect(orderPanel(page).getByRole('heading', { name: 'New order' })).toBeVisible();
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await expect(stage(page)).toContainText('$2.20');
  await expect(chip(page, /^Order 1, \$3\.10: Checking/)).toBeVisible();

  // Never found at the gateway, and shut there: now it is sure that no money was taken.
  const told = page.getByRole('alert').filter({ hasText: 'Order 1, $3.10' });
  await expect(told).toContainText('Stopped.', { timeout: 60_000 });
  await told.getByRole('button', { name: 'Look' }).click();
  await expect(headline(page, 'Stopped')).toBeVisible();
  await expect(stage(page)).toContainText('No money was taken.');

  const attempts = await attemptsOf(page, till);
  expect(attempts.map((attempt) => [attempt['amount_minor'], attempt['state']])).toEqual([
    [310, 'failed'],
    [220, 'succeeded']
  ]);
  expect(till.book().payment(String(attempts[0]?.['merchant_order_no']))).toBeUndefined();
  expect(till.book().submits(String(attempts[0]?.['merchant_order_no']))).toBe(1);
  expectChargedOnce(till, attempts[1] ?? {});
});

test('a payment is stopped: told at once, carried out when it may be, and nothing is taken', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'neverAnswers');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
  await stage(page).getByRole('button', { name: 'Stop payment' }).click();
  await expect(headline(page, /^(Stopping|Stopped)$/)).toBeVisible({ timeout: 1_000 });
  await expect(headline(page, 'Stopped')).toBeVisible();
  await expect(stage(page)).toContainText('No money was taken.');

  const attempt = await onlyAttempt(page, till);
  expect(attempt['state']).toBe('cancelled');
  expect(till.book().payment(String(attempt['merchant_order_no']))).toMatchObject({
    status: 'cancelled',
    charges: 0,
    keptMinor: 0
  });
  const [cancel] = till.ledger('SELECT * FROM cancels WHERE attempt_id = ?', String(attempt['id']));
  const waited = Number(cancel?.['sent_at_ms']) - Number(attempt['submitted_at_ms']);
  expect(waited, 'no cancel before second 15').toBeGreaterThanOrEqual(15_000 / till.timeScale);

  // The same order is paid with a fresh code.
  await typeAsWedge(page, paymentCode('paid'));
  await expect(headline(page, 'Paid')).toBeVisible();
  expectChargedOnce(till, (await attemptsOf(page, till))[1] ?? {});
});

test('a shopper who never answers has a minute; then the payment stops by itself', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'neverAnswers');
  await expect(stage(page)).toContainText(/The shopper has \d+ s/);
  await expect(headline(page, 'Stopped')).toBeVisible({ timeout: 20_000 });
  const attempt = await onlyAttempt(page, till);
  expect(attempt['state']).toBe('cancelled');
  expect(Number(attempt['ended_at_ms']) - Number(attempt['submitted_at_ms'])).toBeGreaterThanOrEqual(
    60_000 / till.timeScale
  );
  expect(till.book().payment(String(attempt['merchant_order_no']))).toMatchObject({ charges: 0 });
});
