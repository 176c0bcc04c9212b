import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.ts';
import { products } from '../support/codes.ts';
import {
  attemptsOf,
  chargeButton,
  expectChargedOnce,
  headline,
  orderRows,
  payWith,
  registerCode,
  scanProducts
} from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { addPerson, lock, makeBadge, typePin } from '../support/people.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** Slow enough that a state stays while it is looked at; fast enough to reach the desk. */
test.use({ tillSettings: { timeScale: 12 } });

test('an admin adds somebody, who signs in, is renamed, and is out at once when disabled', async ({
  openAs,
  till
}) => {
  const admin = await openAs('admin', '/staff');
  await admin.getByRole('button', { name: 'Add somebody' }).click();
  const add = admin.getByRole('dialog', { name: 'Add somebody' });
  await expectAccessible(admin, 'adding somebody');
  await add.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(add.getByText('Type a name.')).toBeVisible();
  await add.getByLabel('Name, as on receipts').fill('Nora Lind');
  await add.getByLabel('User name').fill('cashier');
  await add.getByLabel('Password').fill('first-password');
  await add.getByRole('button', { name: 'Add Nora Lind' }).click();
  await expect(add.getByRole('alert')).toContainText('Somebody has this user name already');
  await add.getByLabel('User name').fill('nora.lind');
  await add.getByRole('button', { name: 'Add Nora Lind' }).click();
  await expect(add).toBeHidden();

  const page = await openAs(null, '/sign-in');
  await page.getByLabel('User name').fill('nora.lind');
  await page.getByLabel('Password').fill('first-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/sell');

  await admin.getByRole('button', { name: 'Change Nora Lind' }).click();
  const person = admin.getByRole('dialog', { name: 'Nora Lind' });
  await expectAccessible(admin, 'one person');
  await person.getByLabel('Name, as on receipts').fill('Nora Berg');
  await person.getByRole('button', { name: 'Rename' }).click();
  const renamed = admin.getByRole('dialog', { name: 'Nora Berg' });
  await expect(renamed.getByText('Saved.')).toBeVisible();
  await renamed.getByText('Manager', { exact: true }).click();
  await renamed.getByRole('button', { name: 'Make Nora Berg a manager' }).click();
  const proof = admin.getByRole('dialog', { name: 'Say again who you are' });
  await expectAccessible(admin, 'the own password');
  await proof.getByLabel('Your password').fill('a guess');
  await proof.getByRole('button', { name: 'Change it' }).click();
  await expect(proof.getByText('The password is not right. Nothing was changed.')).toBeVisible();
  await admin.keyboard.press('Escape');
  await expect(renamed.getByText('Nothing was changed: it needs your own password.')).toBeVisible();
  await expect(renamed.getByRole('radio', { name: /^Cashier/ })).toBeChecked();
  await renamed.getByText('Manager', { exact: true }).click();
  await renamed.getByRole('button', { name: 'Make Nora Berg a manager' }).click();
  await proof.getByLabel('Your password').fill('training');
  await admin.keyboard.press('Enter');
  await expect(proof).toBeHidden();
  await expect(renamed.getByText('Saved.')).toBeVisible();
  await renamed.getByRole('button', { name: 'Disable Nora Berg' }).click();
  await renamed.getByRole('button', { name: 'Yes, disable Nora Berg' }).click();
  await expect(renamed.getByRole('button', { name: 'Let Nora Berg sign in again' })).toBeVisible();
  await admin.keyboard.press('Escape');
  await expect(admin.getByRole('button', { name: 'Change Nora Berg' })).toContainText('May not sign in');
  await expectAccessible(admin, 'the staff');

  expect((await page.request.get('/api/catalogue')).status(), 'the session that was open').toBe(401);
  const again = await page.request.post('/api/auth/sign-in/username', {
    headers: { origin: till.baseURL },
    data: { username: 'nora.lind', password: 'first-password' }
  });
  expect(again.status()).toBe(401);
  const noted = till.ledger(
    "SELECT what, actor FROM events WHERE subject = 'staff' AND actor = 'Ada Okafor' ORDER BY id"
  );
  expect(noted.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['staff_added_by', 'staff_renamed', 'staff_disabled'])
  );
});

test('the last admin can be neither disabled nor made less', async ({ openAs }) => {
  const admin = await openAs('admin', '/staff');
  await admin.getByRole('button', { name: 'Change Ada Okafor' }).click();
  const person = admin.getByRole('dialog', { name: 'Ada Okafor' });
  await person.getByText('Manager', { exact: true }).click();
  await expect(person.getByText('Ada Okafor will see the day')).toBeVisible();
  await person.getByRole('button', { name: 'Leave it as it is' }).click();
  await expect(person.getByRole('radio', { name: /^Admin/ })).toBeChecked();
  await person.getByText('Manager', { exact: true }).click();
  await expect(person.getByText('This is the last admin'), 'asked first').toBeHidden();
  await person.getByRole('button', { name: 'Make Ada Okafor a manager' }).click();
  await expect(person.getByText('This is the last admin')).toBeVisible();
  await person.getByRole('button', { name: 'Disable Ada Okafor' }).click();
  await person.getByRole('button', { name: 'Yes, disable Ada Okafor' }).click();
  await expect(person.getByText('This is the last admin')).toBeVisible();
  await admin.route('**/api/people', (route) => route.abort(), { times: 1 });
  await admin.reload();
  await expect(admin.getByText('The staff could not be read')).toBeVisible();
  await admin.getByRole('button', { name: 'Try again' }).click();
  await expect(admin.getByRole('button', { name: 'Change Ada Okafor' })).toContainText('Admin');
});

test('nobody but an admin opens the staff or its API', async ({ openAs }) => {
  const manager = await openAs('manager', '/staff');
  await expect(manager.getByText('Your role does not include this.')).toBeVisible();
  expect((await manager.request.get('/api/people')).status()).toBe(403);
});

test('another cashier takes over by PIN in the middle of an order, and sells it on; the next one by badge', async ({
  openAs,
  till
}) => {
  const admin = await openAs('admin', '/staff');
  const lee = await addPerson(admin.request, till, 'cashier', '471108');
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola, products.gum);
  await lock(page);
  await expectAccessible(page, 'who is selling');
  await page.keyboard.type('96385074');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: lee.name, exact: true }).click();
  await expectAccessible(page, 'the PIN');
  await page.getByRole('button', { name: 'Somebody else' }).click();
  await typePin(page, lee.name, '0000');
  await expect(page.getByText('The PIN is not right.')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Who is selling?' }), 'a reload asks again').toBeVisible();
  await page.getByRole('button', { name: lee.name, exact: true }).click();
  const field = page.getByLabel(`PIN of ${lee.name}`);
  await page.keyboard.type('47');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: lee.name, exact: true }).click();
  await expect(field, 'Esc forgets what was typed').toHaveValue('');
  await page.getByRole('button', { name: '4', exact: true }).click();
  await typeAsWedge(page, products.cola.code);
  await expect(field, 'a scan is no PIN').toHaveValue('4');
  await page.getByRole('button', { name: 'Delete the last digit' }).click();
  // as fast as hands are
  await typeAsWedge(page, '471108', { gapMs: 70 });
  await expect(orderRows(page)).toHaveCount(2);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const [attempt] = await attemptsOf(page, till);
  expect(attempt).toMatchObject({ staff_id: lee.staffId, amount_minor: 340 });
  expectChargedOnce(till, attempt ?? {});

  const sam = await addPerson(admin.request, till, 'cashier', null);
  await admin.reload();
  const card = await makeBadge(admin, sam.name);
  await expectAccessible(admin, 'the card');
  await expect(card.dialog.getByRole('img', { name: `The bars of ${sam.name}’s badge` })).toBeVisible();
  expect(await admin.content(), 'in bars only').not.toContain(card.badge);
  await card.dialog.getByRole('button', { name: 'I have it' }).click();
  await admin.keyboard.press('Escape');
  await expect(admin.getByRole('button', { name: `Change ${sam.name}` })).toContainText('Badge');
  await lock(page);
  // with the focus where the PIN is typed, which takes none of it
  await page.getByRole('button', { name: lee.name, exact: true }).click();
  await typeAsWedge(page, card.badge);
  await expect(page.getByRole('button', { name: `${sam.name}: menu` })).toBeVisible();
  expect(till.log()).not.toContain(card.badge);
  const taken = till.ledger("SELECT actor, message FROM events WHERE what = 'taken_over' ORDER BY id DESC");
  expect(taken[0]).toEqual({ actor: sam.name, message: 'by badge' });
});

test('a session that ends in mid-order locks, loses nothing, and goes on by password', async ({
  openAs,
  till
}) => {
  const admin = await openAs('admin', '/staff');
  const kim = await addPerson(admin.request, till, 'cashier', null);
  const page = await openAs(null, '/sign-in');
  await page.clock.install();
  await page.reload();
  await page.getByLabel('User name').fill(kim.username);
  await page.getByLabel('Password').fill('first-password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await scanProducts(page, products.cola, products.water);
  const headers = { origin: till.baseURL, 'till-contract': '1' };
  const reset = await admin.request.post(`/api/people/${kim.staffId}`, {
    headers,
    data: { change: 'password', password: 'second-password', ownPassword: 'training' }
  });
  expect(reset.status()).toBe(200);
  // it is asked about from time to time
  await page.clock.fastForward(20_000);
  await expect(page.getByText('The session has ended. Nothing was lost')).toBeVisible();
  await page.getByRole('button', { name: 'Use a password instead' }).click();
  await page.getByLabel('User name').fill(kim.username);
  await page.getByLabel('Password').fill('second-password');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(orderRows(page)).toHaveCount(2);
  await expect(chargeButton(page)).toHaveText(/\$4\.10/);
});

test('going through PINs is slowed down on one register, and another one is free', async ({
  openAs,
  till
}) => {
  const admin = await openAs('admin', '/staff');
  const lee = await addPerson(admin.request, till, 'cashier', '8642');
  const [one, other] = [await openAs('cashier', '/sell'), await openAs('cashier', '/sell')];
  await registerCode(one);
  await registerCode(other);
  const take = (page: Page, pin: string) =>
    page.request.post('/api/auth/pin', {
      headers: { origin: till.baseURL },
      data: { staffId: lee.staffId, pin }
    });
  const statuses = [];
  for (let tries = 0; tries < 8; tries += 1) statuses.push((await take(one, `000${tries}`)).status());
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429, 429, 429]);
  const right = await take(one, '8642');
  expect(right.status(), 'the right one has to wait too').toBe(429);
  expect(Number(right.headers()['retry-after'])).toBeGreaterThan(0);
  expect((await take(other, '8642')).status()).toBe(200);
  const nobody = await other.request.post('/api/auth/pin', {
    headers: { origin: till.baseURL },
    data: { staffId: 'nobody', pin: '8642' }
  });
  const wrong = await take(other, '0000');
  expect([nobody.status(), await nobody.text()]).toEqual([wrong.status(), await wrong.text()]);
  expect(till.log()).not.toContain('8642');
});

test('a browser that is no register is asked for no PIN', async ({ openAs, till }) => {
  const page = await openAs(null, '/sign-in');
  const answer = await page.request.post('/api/auth/pin', {
    headers: { origin: till.baseURL },
    data: { staffId: 'x', pin: '1234' }
  });
  expect(answer.status()).toBe(409);
  expect((await page.request.get('/api/people/here')).status()).toBe(409);
});
