import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { inProject, ownNode } from '../../scripts/lib/project.mjs';
import { startFakeGateway, type FakeGateway } from '../faults/fake-gateway';
import { makeKeys } from '../faults/signing';
import { expectAccessible } from '../support/accessible.ts';
import { chargeButton, headline, orderPanel, orderRows } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { startTill, type Till } from '../support/till-server.ts';
import { typeAsWedge } from '../support/wedge.ts';

test('from an empty folder to a live sale: the setup command, the first run, an unknown code, paid', async ({
  browser
}) => {
  test.slow();
  const folder = mkdtempSync(join(tmpdir(), 'going-live-'));
  const envFile = join(folder, '.env');
  const keysFolder = join(folder, 'keys');
  const gatewayKeys = makeKeys();
  const gatewayKeyFile = join(folder, 'from-codepay.pem');
  writeFileSync(gatewayKeyFile, gatewayKeys.publicPem);
  let gateway: FakeGateway | undefined;
  let till: Till | undefined;

  /** What it prints, whether it was content or not. In its own time: the gateway runs in this process. */
  async function setup(url: string, ...more: string[]): Promise<string> {
    const given = ['--app-id', 'shop-1', '--merchant-no', 'merchant-1', '--url', url];
    const where = ['--settings-file', envFile, '--keys-dir', keysFolder];
    const key = ['--gateway-public-key-file', gatewayKeyFile];
    const script = inProject('scripts', 'codepay-setup', 'run.mjs');
    const asked = promisify(execFile)(ownNode(), [script, ...given, ...where, ...key, '--yes', ...more], {
      env: { PATH: process.env['PATH'] }
    });
    const { stdout } = await asked.catch((error: unknown) => error as { stdout: string });
    return stdout;
  }

  try {
    // The keys are made first: CodePay needs the public one before it can answer.
    expect(await setup('http://127.0.0.1:1', '--no-check')).toContain('BEGIN PUBLIC KEY');
    const privatePem = readFileSync(join(keysFolder, 'app-private.pem'), 'utf8');
    for (const file of [envFile, join(keysFolder, 'app-private.pem')]) {
      expect(statSync(file).mode & 0o777, file).toBe(0o600);
    }
    const privateKey = createPrivateKey(privatePem);
    const publicKey = createPublicKey(privatePem);
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    gateway = await startFakeGateway({
      gatewayKeys,
      otherKeys: makeKeys(),
      appKeys: { privateKey, publicKey, privatePem, publicPem },
      appId: 'shop-1',
      merchantNo: 'merchant-1',
      timeScale: 1
    });
    // Each thing that can be wrong is named.
    gateway.script('order.query', { sign: 'wrong_key' });
    expect(await setup(gateway.url)).toMatch(/signature is right\.+ NO[^]*Copy the gateway's public key/);
    gateway.script('order.query', { code: 'SBX_MERCHANT' });
    expect(await setup(gateway.url)).toMatch(
      /app and merchant\.+ NO[^]*Compare both with your CodePay account/
    );
    expect(await setup(gateway.url)).toContain('All is well');
    expect(readFileSync(join(keysFolder, 'app-private.pem'), 'utf8'), 'the key is kept').toBe(privatePem);
    expect(gateway.book.payments.size, 'payments at the gateway').toBe(0);

    const settings = parseEnv(readFileSync(envFile, 'utf8'));
    till = await startTill({
      timeScale: 1,
      beginsEmpty: true,
      env: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? '']))
    });
    const link = /^\s+(http\S+\/first-run\?token=\S+)$/m.exec(till.log())?.[1] ?? '';
    const page = await (await browser.newContext({ baseURL: till.baseURL })).newPage();
    await page.goto(link);
    await page.getByLabel('Name, as on receipts', { exact: true }).fill('Harbour Books');
    await page.getByLabel('Address, as on receipts').fill('1 Quay Street');
    await page.getByLabel('Tax number').fill('DE123456789');
    await page.getByLabel('Usual tax rate, percent').fill('7.25');
    await page.getByLabel('Name, as colleagues say it').fill('Ida Holm');
    await page.getByLabel('User name, for signing in').fill('ida');
    await page.getByRole('textbox', { name: 'Password' }).fill('a long enough one');
    await expectAccessible(page, 'the first run');
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await page.getByLabel('User name').fill('ida');
    await page.getByLabel('Password').fill('a long enough one');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();

    // This browser is a register already, and the shop is empty: the first thing that is scanned is added.
    await expect(page).toHaveURL(/\/(sell|today)/);
    await page.goto('/sell');
    await expect(orderPanel(page)).toBeVisible();
    await expect(page.getByText('There are no products yet.')).toBeVisible();
    await typeAsWedge(page, '4006381333931');
    const red = orderPanel(page).getByRole('alert');
    await red.getByRole('button', { name: 'Add it now' }).click();
    await red.getByLabel('What is it?').fill('Harbour map');
    await red.getByLabel('Price').fill('12.50');
    await red.getByRole('button', { name: 'Add $12.50' }).click();
    await expect(orderRows(page)).toContainText(['Harbour map']);
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    await typeAsWedge(page, '281234567890123400');
    await expect(headline(page, 'Paid')).toBeVisible();
    const paid = [...gateway.book.payments.values()];
    expect(paid.map(({ amountMinor, currency }) => [amountMinor, currency])).toEqual([[1250, 'USD']]);
    expect(till.ledger('SELECT address, tax_id FROM shop')).toEqual([
      { address: '1 Quay Street', tax_id: 'DE123456789' }
    ]);
  } finally {
    await till?.stop();
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
