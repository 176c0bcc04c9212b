import { ApiRegister, newId } from '../support/api.ts';
import { expect, test, type DemoRole } from '../support/fixtures.ts';

/** Who may open which page, and call which API that belongs to it. */
const rules: readonly {
  readonly page: string;
  readonly api: string;
  readonly allowed: readonly DemoRole[];
}[] = [
  { page: '/sell', api: '/api/catalogue', allowed: ['cashier', 'manager', 'admin'] },
  { page: '/today', api: '/api/today', allowed: ['manager', 'admin'] },
  { page: '/refunds', api: '/api/orders?number=T1-0001', allowed: ['admin'] }
];

for (const { page: path, api, allowed } of rules) {
  test(`${path} and its API are for ${allowed.join(', ')} only`, async ({ openAs }) => {
    for (const role of ['cashier', 'manager', 'admin'] as const) {
      const page = await openAs(role, '/sell');
      const answer = await page.goto(path);
      const called = await page.request.get(api);
      if (allowed.includes(role)) {
        expect(answer?.status(), `${role} at ${path}`).toBe(200);
        await expect(page).toHaveURL(path);
        expect(called.status(), `${role} at ${api}`).toBe(200);
      } else {
        expect(answer?.status(), `${role} at ${path}`).toBe(403);
        await expect(page.getByRole('heading', { name: /^Your role / })).toBeVisible();
        expect(called.status(), `${role} at ${api}`).toBe(403);
        expect(await called.json()).toMatchObject({ code: 'not_allowed' });
      }
    }
  });

  test(`${path} asks who is there, and comes back after signing in`, async ({ openAs }) => {
    const page = await openAs(null, path);
    await expect(page).toHaveURL(/\/sign-in\?/);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('training');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).toHaveURL(path);
    const called = await (await openAs(null, '/sign-in')).request.get(api);
    expect(called.status()).toBe(401);
    expect(await called.json()).toMatchObject({ code: 'not_signed_in' });
  });
}

test('no refund is taken from a cashier or a manager, nor from nobody', async ({ till }) => {
  const admin = await ApiRegister.signIn(till.baseURL, 'admin');
  const { attemptId } = await admin.sell();
  const request = {
    refundId: newId(),
    attemptId,
    amountMinor: 100,
    currency: 'USD',
    reason: 'Damaged',
    lines: [],
    password: 'training'
  };
  for (const role of ['cashier', 'manager']) {
    const register = await ApiRegister.signIn(till.baseURL, role);
    const answer = await register.post('/api/refunds', request);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'not_allowed' });
  }
  const nobody = await fetch(`${till.baseURL}/api/refunds`, {
    method: 'POST',
    headers: { origin: till.baseURL, 'content-type': 'application/json', 'till-contract': '1' },
    body: JSON.stringify(request)
  });
  expect(nobody.status).toBe(401);
  expect(till.ledger('SELECT 1 FROM refunds WHERE attempt_id = ?', attemptId)).toEqual([]);
});

test('signing out ends the session at once', async ({ openAs }) => {
  const page = await openAs('cashier', '/sell');
  await page
    .getByRole('banner')
    .getByRole('button', { name: /: menu$/ })
    .click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await page.request.get('/api/catalogue')).status()).toBe(401);
  await page.goto('/sell');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a wrong password says so, and not whether the name exists', async ({ openAs }) => {
  const page = await openAs(null, '/sign-in');
  for (const name of ['admin', 'somebody.else']) {
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill('wrong password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toHaveText('User name or password is wrong. Try again.');
    await expect(page.getByLabel('Password')).toHaveValue('');
  }
});

test('a page that comes over plain http from another machine says why it can’t work, and what to do', async ({
  openAs,
  till
}) => {
  const page = await openAs(null, '/sign-in');
  // As a tablet sees it: Till's own answers, under an address that is neither https nor this machine.
  await page.route('http://till.example/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: till.baseURL + pathname + search }) });
  });
  for (const path of ['/', '/sign-in', '/sell']) {
    await page.goto(`http://till.example${path}`);
    await expect(page.getByRole('heading', { name: /^Till can.t work at this address/ })).toBeVisible();
    await expect(page.getByText('What to do: open Till over https')).toBeVisible();
  }
});
