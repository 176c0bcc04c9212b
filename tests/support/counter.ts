/** The counter as a cashier uses it: found by role and name. */
import { expect, type Locator, type Page } from '@playwright/test';
import { paymentCode, type outcomes } from './codes.ts';
import type { LedgerRow, Till } from './till-server.ts';
import { typeAsWedge } from './wedge.ts';

export interface Scannable {
  readonly code: string;
  readonly name: string;
}

/** The order beside the catalogue or the stage. */
export function orderPanel(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Order' });
}

/** The order's rows. */
export function orderRows(page: Page): Locator {
  return orderPanel(page).getByRole('region', { name: 'Order', exact: true }).getByRole('listitem');
}

/** The pay stage. */
export function stage(page: Page): Locator {
  return page.getByRole('region', { name: 'Payment', exact: true });
}

/** What the stage says, large. */
export function headline(page: Page, text: string | RegExp): Locator {
  return stage(page).getByRole('heading', { level: 1, name: text, exact: true });
}

export function chargeButton(page: Page): Locator {
  return orderPanel(page).getByRole('button', { name: /^Charge / });
}

/** Answers where the scanner is: in the hand one scan charges, on a stand it is asked for twice. */
export async function scannerIs(page: Page, place: 'In the hand' | 'On a stand'): Promise<void> {
  const question = page.getByRole('region', { name: 'Where is the scanner?' });
  await question.getByRole('button', { name: place }).click();
  await expect(question).toBeHidden();
}

/** Scans products one after the other, each when the one before stands in the order. */
export async function scanProducts(page: Page, ...products: readonly Scannable[]): Promise<void> {
  await expect(orderPanel(page)).toBeVisible();
  for (const { code, name } of products) {
    const line = orderRows(page).filter({ hasText: name });
    const before = await line.count();
    await typeAsWedge(page, code);
    if (before === 0) await expect(line).toBeVisible();
  }
}

/** Presses Charge and scans a fresh code with the outcome, `pauseMs` after what was typed before. @returns the code */
export async function payWith(
  page: Page,
  outcome: keyof typeof outcomes,
  how: { readonly pauseMs?: number } = {}
): Promise<string> {
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  const code = paymentCode(outcome);
  await typeAsWedge(page, code, how);
  return code;
}

/** The short code of the page's register, `T1`. */
export async function registerCode(page: Page): Promise<string> {
  const answer = await page.request.get(new URL('/api/session', page.url()).href);
  const session = (await answer.json()) as { register: { code: string } };
  return session.register.code;
}

/** What the ledger holds of a register's payments, oldest first. */
export async function attemptsOf(page: Page, till: Till): Promise<LedgerRow[]> {
  return till.ledger(
    `SELECT a.*, o.number AS order_number FROM attempts a JOIN orders o ON o.id = a.order_id
     WHERE o.register_code = ? ORDER BY a.created_at_ms, a.rowid`,
    await registerCode(page)
  );
}

/** The one payment of this register; fails where there are none or more. */
export async function onlyAttempt(page: Page, till: Till): Promise<LedgerRow> {
  const attempts = await attemptsOf(page, till);
  expect(attempts, 'payments of this register').toHaveLength(1);
  return attempts[0] ?? {};
}

/** Fails unless the gateway charged the payment exactly once, and was asked for it exactly once. */
export function expectChargedOnce(till: Till, attempt: LedgerRow): void {
  const number = String(attempt['merchant_order_no']);
  const payment = till.book().payment(number);
  expect(payment).toMatchObject({
    status: 'paid',
    charges: 1,
    amountMinor: attempt['amount_minor'],
    keptMinor: attempt['amount_minor']
  });
  expect(till.book().submits(number), 'requests for this payment').toBe(1);
}
