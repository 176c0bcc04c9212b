/** A shop loses its server's disk: from the last backup, the registers' journals and the wallet it is whole again. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inProject, ownNode, root } from '../../scripts/lib/project.mjs';
import { products } from '../support/codes.ts';
import {
  chargeButton,
  headline,
  orderPanel,
  payWith,
  registerCode,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, signIn, test, usualTimeScale } from '../support/fixtures.ts';
import { journalInBrowser } from '../support/journal.ts';
import type { Till } from '../support/till-server.ts';

/** A server of its own: the whole day and every charge in it are looked at, and its disk is lost. */
test.use({ tillSettings: { timeScale: usualTimeScale } });

/** Runs `npm run NAME` for this server. @returns what it printed */
function run(till: Till, name: 'backup' | 'restore', folder: string): string {
  const { status, stdout, stderr } = spawnSync(ownNode(), [inProject('scripts', `${name}.mjs`), folder], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `file:${till.databasePath}`,
      CODEPAY_GATEWAY_URL: '',
      HOST: '127.0.0.1',
      PORT: till.port
    }
  });
  expect(status, `${name}: ${stderr}`).toBe(0);
  return stdout;
}

test('sales after the last backup come back from the till’s journal and the wallet, and the same till goes on selling', async ({
  openAs,
  till
}) => {
  test.slow();
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const code = await registerCode(page);
  const orders = () =>
    till.ledger(
      `SELECT o.number, o.total_minor, a.state, t.kind AS tender FROM orders o
       LEFT JOIN attempts a ON a.order_id = o.id LEFT JOIN tenders t ON t.order_id = o.id
       WHERE o.register_code = ? ORDER BY o.number`,
      code
    );

  const backups = join(till.folder, 'backups');
  expect(run(till, 'backup', backups)).toContain('the copy was read through and is whole');

  // sold after it: one by wallet, one in cash
  await scanProducts(page, products.water);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  await scanProducts(page, products.gum);
  await chargeButton(page).click();
  await stage(page).getByRole('button', { name: 'Cash', exact: true }).click();
  await stage(page)
    .getByRole('button', { name: /^Exact/ })
    .click();
  await expect.poll(() => orders().length).toBe(3);
  await expect.poll(async () => (await journalInBrowser(page)).waiting).toBe(0);
  const before = orders();
  expect(before).toMatchObject([
    { total_minor: 220, state: 'succeeded', tender: null },
    { total_minor: 190, state: 'succeeded', tender: null },
    { total_minor: 120, state: null, tender: 'cash' }
  ]);

  await till.restart(() => {
    // the disk is gone: the database, its log, and the secret that sessions and PINs hang on
    for (const file of readdirSync(till.folder)) {
      if (/^training\.db|^till-secret/.test(file)) rmSync(join(till.folder, file));
    }
    expect(existsSync(till.databasePath)).toBe(false);
    const [backup] = readdirSync(backups);
    run(till, 'restore', join(backups, String(backup)));
  });

  // the till was never closed: it finds Till again by itself and sends what the backup lacks
  await expect.poll(orders, { timeout: 60_000 }).toEqual(before);
  await expect(orderPanel(page)).toBeVisible();
  await scanProducts(page, products.chocolate);
  await payWith(page, 'paid');
  await expect(headline(page, 'Paid')).toBeVisible();
  const after = orders();
  expect(after.slice(0, 3)).toEqual(before);
  expect(after).toHaveLength(4);
  expect(after[3]).toMatchObject({ total_minor: 310, state: 'succeeded' });

  // nothing was charged twice, and the day adds up
  for (const { merchant_order_no } of till.ledger('SELECT merchant_order_no FROM attempts')) {
    expect(till.book().payment(String(merchant_order_no))).toMatchObject({ charges: 1 });
  }
  const manager = await openAs(null, '/sign-in');
  await signIn(manager, 'manager');
  await manager.goto('/today');
  await expect(manager.getByRole('main')).toContainText('$8.40');
});
