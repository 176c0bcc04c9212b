import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { americano, ApiRegister, croissant, newId } from '../support/api.ts';
import { paymentCode } from '../support/codes.ts';
import { expect, test, type Till } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

async function findByScan(page: Page, number: string): Promise<void> {
  await expect(page.getByRole('textbox', { name: /^Scan the receipt/ })).toBeVisible();
  await typeAsWedge(page, number);
  await expect(page.getByRole('heading', { name: number, level: 2 })).toBeVisible();
}

async function confirm(page: Page, amount: string, password: string): Promise<void> {
  await page.getByRole('button', { name: `Refund ${amount}` }).click();
  const dialog = page.getByRole('dialog', { name: `Refund ${amount}` });
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: `Refund ${amount}` }).click();
}

function refundsOf(till: Till, attemptId: string) {
  return till.ledger('SELECT * FROM refunds WHERE attempt_id = ? ORDER BY created_at_ms', attemptId);
}

/** What "Can still be refunded" and its like say. */
function sum(page: Page, name: string) {
  return page.getByRole('definition').and(page.locator(`dt:has-text("${name}") + dd`));
}

test('an admin finds an order by scanning its receipt and gives a part of it back', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid', [americano, croissant]);
  const page = await openAs('admin', '/refunds');
  await findByScan(page, sale.number);
  await expect(sum(page, 'Can still be refunded')).toHaveText(/6\.10/);

  // Nothing is chosen before somebody chooses.
  await expect(page.getByRole('checkbox', { name: /Butter croissant/ })).not.toBeChecked();
  const submit = page.getByRole('button', { name: /^Refund/ });
  await expect(submit).toBeDisabled();
  await page.getByRole('checkbox', { name: /Butter croissant/ }).check();
  await expect(page.getByRole('main')).toContainText('Say why first');
  await expect(submit).toBeDisabled();
  await page.getByRole('radio', { name: 'Broken' }).check();

  // A wrong password moves no money.
  await confirm(page, '$2.90', 'not the password');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
  expect(refundsOf(till, sale.attemptId)).toEqual([]);
  await dialog.getByLabel('Your password').fill('training');
  await dialog.getByRole('button', { name: 'Refund $2.90' }).click();

  await expect(page.getByRole('status').getByText(/^Refunded \$2\.90/)).toBeVisible();
  expect(till.book().payment(sale.merchantOrderNo)).toMatchObject({ refundedMinor: 290, keptMinor: 320 });
  expect(refundsOf(till, sale.attemptId)).toMatchObject([
    { amount_minor: 290, reason: 'Broken', state: 'succeeded' }
  ]);

  await page.getByRole('button', { name: 'Done' }).click();
  await expect(sum(page, 'Can still be refunded')).toHaveText(/3\.20/);
  await expect(page.getByText('Part refunded').first()).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /Butter croissant/ })).toBeDisabled();
});

test('never more is given back than was paid', async ({ openAs, till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid');
  const page = await openAs('admin', '/refunds');
  await findByScan(page, sale.number);
  await page.getByRole('button', { name: 'Type an amount' }).click();
  await page.getByRole('radio', { name: 'Overcharged' }).check();
  await page.getByLabel('Amount to give back').fill('3.21');
  await expect(page.getByRole('main')).toContainText('At most $3.20 can still be refunded.');
  await expect(page.getByRole('button', { name: /^Refund/ })).toBeDisabled();
  // What the wallet does not take back may go back in cash, once, and counts with the rest.
  await page.getByLabel('Amount to give back').fill('1.67');
  await confirm(page, '$1.67', 'training');
  await expect(page.getByRole('status').getByText('Refund did not go through')).toBeVisible();
  await page.getByRole('button', { name: 'Pay cash back' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pay $1.67 back in cash' });
  await expect(dialog).toContainText('Nothing more to type');
  await expectAccessible(page, 'cash back for a refund that failed');
  await dialog.getByRole('button', { name: 'Pay $1.67 in cash' }).click();
  await expect(page.getByRole('status').getByText(/^Paid back in cash by /)).toBeVisible();
  await expectAccessible(page, 'a refund that was paid back in cash');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(sum(page, 'Can still be refunded')).toHaveText(/1\.53/);
  await expect(page.getByRole('button', { name: 'Pay cash back' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Type an amount' }).click();
  await page.getByRole('radio', { name: 'Overcharged' }).check();
  await page.getByLabel('Amount to give back').fill('1.53');
  await page.getByRole('button', { name: 'Refund $1.53' }).click();
  await page
    .getByRole('dialog', { name: 'Refund $1.53' })
    .getByRole('button', { name: 'Refund $1.53' })
    .click();
  await expect(page.getByRole('status').getByText(/^Refunded \$1\.53/)).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('main')).toContainText('Nothing of this order can be given back any more.');
  expect(till.book().payment(sale.merchantOrderNo)).toMatchObject({ refundedMinor: 153, keptMinor: 167 });
});

test('refunds asked at the same time never exceed the payment, and one asked twice is one', async ({
  till
}) => {
  const admin = await ApiRegister.signIn(till.baseURL, 'admin');
  const sale = await admin.sell('paid');
  const refund = (amountMinor: number, refundId = newId()) => ({
    refundId,
    attemptId: sale.attemptId,
    amountMinor,
    currency: 'USD',
    reason: 'Broken',
    lines: [],
    password: 'training'
  });
  const tooMuch = await admin.post('/api/refunds', refund(321));
  expect(tooMuch.status).toBe(409);
  expect(await tooMuch.json()).toMatchObject({ code: 'refund_too_high' });

  const twice = refund(200);
  const answers = await Promise.all([
    admin.post('/api/refunds', twice),
    admin.post('/api/refunds', twice),
    admin.post('/api/refunds', refund(200)),
    admin.post('/api/refunds', refund(200))
  ]);
  const accepted = answers.filter(({ status }) => status === 202);
  expect(accepted.length).toBeGreaterThanOrEqual(1);
  await expect
    .poll(() => refundsOf(till, sale.attemptId).map(({ state, amount_minor }) => [state, amount_minor]))
    .toEqual([['succeeded', 200]]);
  expect(till.book().payment(sale.merchantOrderNo)).toMatchObject({ refundedMinor: 200, keptMinor: 120 });

  const rest = await admin.post('/api/refunds', refund(121));
  expect(rest.status).toBe(409);
  expect(await rest.json()).toMatchObject({ code: 'refund_too_high' });
});

test('an order is found by every number that a shopper can show, and never by a payment code', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid');
  const [attempt] = till.ledger('SELECT * FROM attempts WHERE id = ?', sale.attemptId);
  const page = await openAs('admin', '/refunds');
  const field = page.getByRole('textbox', { name: /^Scan the receipt/ });
  const numbers = [
    sale.number,
    sale.merchantOrderNo,
    ...['trans_no', 'pay_channel_trans_no', 'pay_platform_trans_no', 'ref_no'].map((name) =>
      String(attempt?.[name])
    )
  ];
  for (const number of numbers) {
    await field.fill(number);
    await field.press('Enter');
    await expect(page.getByRole('heading', { name: sale.number, level: 2 }), number).toBeVisible();
    await page.goto('/refunds');
  }
  await field.fill('T9-9999');
  await field.press('Enter');
  await expect(page.getByRole('main')).toContainText('No order has the number T9-9999.');

  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const code = paymentCode('paid');
  await field.fill(code);
  await field.press('Enter');
  await expect(page.getByRole('main')).toContainText('That looks like a payment code');
  expect(asked.filter((url) => url.includes(code))).toEqual([]);
});

test('up to the shop’s limit a PIN confirms a refund at a till, above it the password does, and either is remembered', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid', [americano, croissant]);
  // an admin of this test's own: other tests' admin has no PIN
  const username = `ines${Date.now().toString(36)}`;
  const admin = await ApiRegister.signIn(till.baseURL, 'admin');
  const added = await admin.post('/api/people', {
    username,
    name: 'Ines',
    role: 'admin',
    password: 'first-password',
    ownPassword: 'training'
  });
  const { staffId } = (await added.json()) as { staffId: string };
  await admin.post(`/api/people/${staffId}`, { change: 'pin', pin: '471199', ownPassword: 'training' });
  await admin.post('/api/shop', { refundPinLimitMinor: 300 });
  const page = await openAs(null, '/sign-in');
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill('first-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
  await page.goto('/sell');
  await expect(page.getByRole('region', { name: 'Products' })).toBeVisible();

  await page.goto('/refunds');
  await findByScan(page, sale.number);
  await page.getByRole('checkbox', { name: /Butter croissant/ }).check();
  await page.getByRole('radio', { name: 'Broken' }).check();
  await page.getByRole('button', { name: 'Refund $2.90' }).click();
  const dialog = page.getByRole('dialog', { name: /^Refund/ });
  await expect(dialog.getByLabel('Your PIN')).toBeFocused();
  // As a hand types, a moment after the scan: keys that follow it at once are its rest, and so is their Enter.
  await typeAsWedge(page, '000000', { gapMs: 120 });
  await expect(dialog.getByLabel('Your PIN')).toHaveAttribute('aria-invalid', 'true');
  expect(refundsOf(till, sale.attemptId)).toEqual([]);
  await expectAccessible(page, 'a refund by PIN');
  await typeAsWedge(page, '471199', { gapMs: 120 });
  await expect(page.getByRole('status').getByText(/^Refunded \$2\.90/)).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();

  // above the limit the PIN that was typed a moment ago counts nothing
  await page.getByRole('checkbox', { name: /Americano/ }).check();
  await page.getByRole('radio', { name: 'Broken' }).check();
  await page.getByRole('button', { name: 'Refund $3.20' }).click();
  await dialog.getByLabel('Your password').fill('first-password');
  await dialog.getByRole('button', { name: 'Refund $3.20' }).click();
  await expect(page.getByRole('status').getByText(/^Refunded \$3\.20/)).toBeVisible();

  // and now nothing more is to be typed for five minutes; the press is still one of its own
  const next = await register.sell('paid');
  await page.goto('/refunds');
  await findByScan(page, next.number);
  await page.getByRole('button', { name: 'Choose all' }).click();
  await page.getByRole('radio', { name: 'Broken' }).check();
  await page.getByRole('button', { name: 'Refund $3.20' }).click();
  await expect(dialog).toContainText('Nothing more to type');
  await dialog.getByRole('button', { name: 'Refund $3.20' }).click();
  await expect(page.getByRole('status').getByText(/^Refunded \$3\.20/)).toBeVisible();

  const said = till.ledger(
    `SELECT message, actor FROM events WHERE what = 'refund_confirmed' AND subject_id IN
     (SELECT id FROM refunds WHERE attempt_id IN (?, ?)) ORDER BY id`,
    sale.attemptId,
    next.attemptId
  );
  expect(said.map(({ message }) => message)).toEqual(['pin', 'password', 'remembered']);
  expect(new Set(said.map(({ actor }) => actor))).toEqual(new Set(['Ines']));
  await admin.post('/api/shop', { refundPinLimitMinor: 5000, ownPassword: 'training' });
});
