import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { ApiRegister, croissant, newId } from '../support/api.ts';
import { paymentCode } from '../support/codes.ts';
import { expect, test, usualTimeScale } from '../support/fixtures.ts';
import { cameLate, heldAsStopped, notHeardOf } from '../support/missed-answer.ts';

/** A server of its own: what is played here leaves the ledger apart from the gateway's book, and others compare them. */
test.use({ tillSettings: { timeScale: usualTimeScale } });

/** What stands on the desk about an order. */
function card(page: Page, number: string) {
  return page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ hasText: `Order ${number}` });
}

test('late money is found from Today, attached to its order, and then counts', async ({ openAs, till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid', [croissant]);
  await cameLate(till, sale);
  const page = await openAs('manager', '/today');
  await expect(page.getByText(/Money came after a stop: \$2\.90/)).toBeVisible();
  await page.getByRole('button', { name: 'Look' }).click();
  await expect(page).toHaveURL('/desk');
  const late = card(page, sale.number);
  await expect(late).toContainText('Money came late');
  await expect(late).toContainText('Goods gone? Attach. Else give it back.');
  await expect(late).toContainText(/Giving money back is an admin.s work/);
  await expect(late.getByRole('button', { name: /Mark/ })).toHaveCount(0);
  await late.getByText('What was asked and answered').click();
  await expect(late).toContainText('Paid, confirmed by the wallet');

  await late.getByRole('button', { name: 'Attach to order' }).click();
  const dialog = page.getByRole('dialog', { name: `Attach $2.90 to order ${sale.number}` });
  await dialog.getByRole('button', { name: 'Attach to order' }).click();
  await expect(dialog).toBeHidden();
  await expect(late).toBeHidden();
  expect(till.ledger('SELECT state FROM attempts WHERE id = ?', sale.attemptId)).toMatchObject([
    { state: 'attached' }
  ]);
  // Nothing was charged or given back by it.
  expect(till.book().payment(sale.merchantOrderNo)).toMatchObject({ charges: 1, refundedMinor: 0 });
});

test('late money is given back by an admin, once, however often it is pressed', async ({ openAs, till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid');
  await cameLate(till, sale);
  const page = await openAs('admin', '/desk');
  const late = card(page, sale.number);
  await late.getByRole('button', { name: 'Give back $3.20' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill('wrong');
  await dialog.getByRole('button', { name: 'Refund $3.20' }).click();
  await expect(dialog.getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Your password').fill('training');
  await dialog.getByRole('button', { name: 'Refund $3.20' }).click();
  await expect(dialog).toBeHidden();
  await expect(late).toBeHidden();
  expect(till.book().payment(sale.merchantOrderNo)).toMatchObject({ refundedMinor: 320, keptMinor: 0 });
  expect(till.ledger('SELECT state FROM attempts WHERE id = ?', sale.attemptId)).toMatchObject([
    { state: 'refunded' }
  ]);
});

test('a written word frees the order, changes no payment, and #56 its late success is a surplus', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const { number, request } = register.newPayment('paid');
  const sale = await register.ended(await (await register.post('/api/payments', request)).json());
  await notHeardOf(till, sale);
  const again = { ...request, attemptId: newId(), paymentCode: paymentCode('paid') };
  expect(await (await register.post('/api/payments', again)).json()).toMatchObject({ code: 'order_busy' });

  const page = await openAs('manager', '/desk');
  const open = card(page, number);
  await expect(open).toContainText('Checking');
  await expect(open).toContainText(/Last asked .*, next about/);
  await expect(open.getByRole('button', { name: /paid/i })).toHaveCount(0);
  await open.getByRole('button', { name: 'Shopper was not charged' }).click();
  const dialog = page.getByRole('dialog', { name: 'Shopper was not charged' });
  await dialog.getByLabel('How do you know?').fill('no');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await expect(dialog).toContainText('Write at least 5 characters.');
  await dialog.getByLabel('How do you know?').fill('Her app shows no payment');
  await dialog.getByRole('button', { name: 'Write it down' }).click();
  await expect(open).toContainText('wrote at');
  await expect(open).toContainText('“Her app shows no payment”');
  await expect(open.getByRole('button', { name: 'Shopper was not charged' })).toHaveCount(0);

  const second = await register.post('/api/payments', again);
  expect(second.status).toBe(202);
  expect((await register.ended(await second.json())).state).toBe('succeeded');
  await open.getByRole('button', { name: 'Ask now' }).click();
  await expect(open).toContainText('More came than was asked');
  await expect(open).toContainText('This order was paid twice');
  await expect(open.getByRole('button', { name: /^Give back/ })).toHaveCount(0);
  const admin = await openAs('admin', '/desk');
  await expect(card(admin, number).getByRole('button', { name: 'Give back $3.20' })).toBeVisible();

  await open.getByRole('button', { name: 'Mark done' }).click();
  await page.getByLabel('What did you find?').fill('Given back in cash');
  await page.getByRole('dialog').getByRole('button', { name: 'Mark done' }).click();
  await expect(open).toBeHidden();
  expect(till.ledger('SELECT done_why FROM tasks WHERE attempt_id = ?', sale.attemptId)).toMatchObject([
    { done_why: 'Given back in cash' }
  ]);
});

test('the day is checked against the wallet by a button, and what differs comes to the desk', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await register.sell('paid');
  await heldAsStopped(till, sale);
  const page = await openAs('manager', '/desk');
  await page.getByRole('button', { name: 'Check the day' }).click();
  await expect(page.getByText(/^(\d+) of \1 compared$/).first()).toBeVisible();
  await expect(page.getByText(/^\d+ differences?: see the list$/)).toBeVisible();
  // Money that the ledger did not know of is late money: two reads say so.
  await expect(card(page, sale.number)).toContainText('Money came late');
});

test('the desk is a manager’s, by its page and by its API', async ({ till }) => {
  const cashier = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sale = await cashier.sell('paid');
  expect((await cashier.get('/desk')).status).toBe(403);
  expect((await cashier.get('/api/desk')).status).toBe(403);
  for (const path of [
    `/api/desk/attempts/${sale.attemptId}/attach`,
    `/api/desk/attempts/${sale.attemptId}/resolve`,
    '/api/desk/tasks/1/done',
    '/api/reconciliations'
  ]) {
    expect((await cashier.post(path, {})).status, path).toBe(403);
  }
  const manager = await ApiRegister.signIn(till.baseURL, 'manager');
  const attach = await manager.post(`/api/desk/attempts/${sale.attemptId}/attach`, {});
  expect(await attach.json()).toMatchObject({ code: 'not_attachable' });
  const old = await manager.post(`/api/desk/attempts/${sale.attemptId}/attach`, {}, { 'till-contract': '0' });
  expect(await old.json()).toMatchObject({ code: 'contract_changed' });
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 }
]) {
  test(`axe finds nothing serious on the desk at ${viewport.width} px`, async ({ openAs, till }) => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const late = await register.sell('paid');
    const open = await register.sell('paid');
    await cameLate(till, late);
    await notHeardOf(till, open);
    const page = await openAs('admin', '/desk');
    await page.setViewportSize(viewport);
    await card(page, open.number).getByText('What was asked and answered').click();
    await expectAccessible(page, 'the desk');
    await card(page, open.number).getByRole('button', { name: 'Shopper was charged' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, 'a word to write down');
  });
}
