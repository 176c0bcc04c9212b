/** The first run of a live shop that was tried out in training, and what its admin is told where the wallet refuses it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startFakeGateway, type FakeGateway, type Fault } from '../faults/fake-gateway';
import { makeKeys } from '../faults/signing';
import { expectAccessible } from '../support/accessible.ts';
import { ApiRegister } from '../support/api.ts';
import { expect, test } from '../support/fixtures.ts';
import { startTill, type Till } from '../support/till-server.ts';

/** Sets up a shop in training: somebody with a password and a PIN, and a limit. */
async function train(database: string): Promise<void> {
  const till = await startTill({ timeScale: 1, env: { DATABASE_URL: database } });
  try {
    const admin = await ApiRegister.signIn(till.baseURL, 'admin');
    await admin.sell('paid');
    const person = { username: 'rosa', name: 'Rosa Quint', role: 'cashier', password: 'kept from training' };
    const added = await admin.post('/api/people', person);
    expect(added.status).toBe(200);
    await admin.post('/api/shop', { refundPinLimitMinor: 1234, ownPassword: 'training' });
  } finally {
    await till.stop();
  }
}

async function firstRun(page: Page, till: Till, currency: string): Promise<void> {
  await page.goto(/^\s+(http\S+\/first-run\?token=\S+)$/m.exec(till.log())?.[1] ?? '');
  await page.getByLabel('Name, as on receipts', { exact: true }).fill('Harbour Books');
  await page.getByRole('combobox', { name: 'Currency' }).selectOption(currency);
  await page.getByLabel('Usual tax rate, percent').fill('7.25');
  await page.getByLabel('Name, as colleagues say it').fill('Ida Holm');
  await page.getByLabel('User name, for signing in').fill('ida');
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough one');
  await page.getByRole('checkbox', { name: /^Take along what was set up in training/ }).check();
  await page.getByRole('button', { name: 'Save and sign in' }).click();
}

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in');
}

test('what was set up in training comes along, what can’t is said, and the check names what the wallet refuses', async ({
  browser
}) => {
  test.slow();
  const folder = mkdtempSync(join(tmpdir(), 'first-run-'));
  const gatewayKeys = makeKeys();
  const appKeys = makeKeys();
  let gateway: FakeGateway | undefined;
  let till: Till | undefined;
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    await train(`file:${join(folder, 'training.db')}`);
    gateway = await startFakeGateway({
      gatewayKeys,
      otherKeys: makeKeys(),
      appKeys,
      appId: 'shop-1',
      merchantNo: 'merchant-1',
      timeScale: 1
    });
    const env = (database: string) => ({
      DATABASE_URL: `file:${join(folder, database)}`,
      CODEPAY_GATEWAY_URL: gateway?.url ?? '',
      CODEPAY_APP_ID: 'shop-1',
      CODEPAY_MERCHANT_NO: 'merchant-1',
      CODEPAY_APP_PRIVATE_KEY_FILE: file('app.pem', appKeys.privatePem),
      CODEPAY_GATEWAY_PUBLIC_KEY_FILE: file('gateway.pem', gatewayKeys.publicPem)
    });

    // prices in another currency stay there, and the admin is told what to do about it
    till = await startTill({ timeScale: 1, env: env('euro.db') });
    const other = await (await browser.newContext({ baseURL: till.baseURL })).newPage();
    await firstRun(other, till, 'EUR');
    await expect(other.getByRole('status')).toContainText('Products: 0. People: 1.');
    await expect(other.getByRole('status')).toContainText('training’s prices are in another currency');
    await expectAccessible(other, 'what came along from training');
    await till.stop();

    till = await startTill({ timeScale: 1, env: env('live.db') });
    const page = await (await browser.newContext({ baseURL: till.baseURL })).newPage();
    await firstRun(page, till, 'USD');
    await expect(page.getByRole('status')).toContainText(/Products: \d\d\. People: 1\./);
    await signIn(page, 'ida', 'a long enough one');
    const settings = (await (await page.request.get('/api/shop')).json()) as { refundPinLimitMinor: number };
    // In training anybody may have raised it.
    expect(settings.refundPinLimitMinor).toBe(5000);
    expect(await (await page.request.get('/api/today')).json()).toMatchObject({ orders: [] });

    await test.step('who was added in training signs in; the demo people do not', async () => {
      const context = await browser.newContext({ baseURL: till?.baseURL ?? '' });
      const theirs = await context.newPage();
      await theirs.goto('/sign-in');
      await signIn(theirs, 'rosa', 'kept from training');
      await context.close();
      const demo = await browser.newContext({ baseURL: till?.baseURL ?? '' });
      const refused = await demo.request.post('/api/auth/sign-in/username', {
        headers: { origin: till?.baseURL ?? '' },
        data: { username: 'admin', password: 'training' }
      });
      expect(refused.status()).toBe(401);
      await demo.close();
    });

    await page.goto('/settings');
    const quarterOff = new Date(Date.now() + 20 * 60_000).toUTCString();
    const answers: readonly (readonly [Fault | null, string, RegExp, RegExp])[] = [
      [{ sign: 'wrong_key' }, 'Its signature is right', /does not fit the gateway's public key/, /No/],
      [
        { code: 'SBX_SIGNATURE' },
        'It accepts this shop’s signature',
        /does not accept this shop's signature/,
        /No/
      ],
      [
        { code: 'SBX_MERCHANT' },
        'It knows this app and merchant',
        /Compare both with your CodePay account/,
        /No/
      ],
      [
        { code: 'SBX_CLOCK', dateHeader: quarterOff },
        'The clocks agree',
        /refuses this machine's clock/,
        /20 min apart.*No/s
      ],
      [
        { http: { status: 404, body: 'no such page' } },
        'The gateway answers',
        /is not the gateway \(HTTP 404\)/,
        /No/
      ],
      [null, 'The gateway answers', /All is well/, /Yes/]
    ];
    for (const [fault, step, words, result] of answers) {
      if (fault !== null) gateway.script('order.query', fault);
      await page.getByRole('button', { name: 'Check the connection' }).click();
      await expect(page.getByRole('main')).toContainText(words);
      await expect(page.getByRole('listitem').filter({ hasText: step })).toContainText(result);
    }
    expect(gateway.book.payments.size, 'payments at the gateway').toBe(0);

    await gateway.close();
    gateway = undefined;
    await page.getByRole('button', { name: 'Check the connection' }).click();
    await expect(page.getByRole('main')).toContainText('Check CODEPAY_GATEWAY_URL letter by letter');
    await expectAccessible(page, 'a check that found no gateway');
    // the register's own opening check says it in a cashier's words
    await page.goto('/sell');
    const card = page.getByRole('region', { name: 'Before you open' });
    await expect(async () => {
      // a gateway that answered is not asked again for some seconds
      await card.getByRole('button', { name: 'Check again' }).click();
      await expect(card).toContainText('Till can’t reach the wallet. Check the shop’s internet.', {
        timeout: 1000
      });
    }).toPass({ timeout: 30_000 });
  } finally {
    await till?.stop();
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
