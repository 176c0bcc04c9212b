import type { Page } from '@playwright/test';
import { paymentCode, products } from '../support/codes.ts';
import {
  attemptsOf,
  chargeButton,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderRows,
  payWith,
  scanProducts,
  stage
} from '../support/counter.ts';
import { expect, test, type Till } from '../support/fixtures.ts';
import { newProfile, signInOn } from '../support/own-browser.ts';
import type { LedgerRow } from '../support/till-server.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** At the speed of a shop: a payment must still be open when things break. */
test.use({ tillSettings: { timeScale: 1 } });

test('#49 a browser that is killed straight after the intent was journaled comes back to it, and nothing is charged twice', async ({
  till
}) => {
  test.setTimeout(120_000);
  const profile = newProfile();
  try {
    await signInOn(profile, till.baseURL);
    const first = await profile.open();
    const page = await first.context.newPage();
    await page.goto(`${till.baseURL}/sell`);
    await scanProducts(page, products.cola);

    // the request for money stands on the threshold: its intent is written, nothing has left
    const asked = new Promise<void>((resolve) => {
      void page.route('**/api/payments', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        resolve();
      });
    });
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    await typeAsWedge(page, paymentCode('paid'));
    await asked;
    await first.kill();

    const second = await profile.open();
    const again = await second.context.newPage();
    await again.goto(`${till.baseURL}/sell`);
    // the server never heard of it: it is shut there, and the order can be paid anew
    await expect(headline(again, 'Not sent')).toBeVisible({ timeout: 30_000 });
    await expect(orderRows(again)).toHaveCount(1);
    await typeAsWedge(again, paymentCode('paid'));
    await expect(headline(again, 'Paid')).toBeVisible({ timeout: 30_000 });
    const attempts = await attemptsHere(again, till);
    expect(attempts.map(({ state }) => state).sort()).toEqual(['succeeded', 'void']);
    const [paid] = attempts.filter(({ state }) => state === 'succeeded');
    expectChargedOnce(till, paid ?? {});
    await second.kill();
  } finally {
    profile.remove();
  }
});

test('#49 a browser that is killed while the shopper pays comes back to the same payment', async ({
  till
}) => {
  test.setTimeout(120_000);
  const profile = newProfile();
  try {
    await signInOn(profile, till.baseURL);
    const first = await profile.open();
    const page = await first.context.newPage();
    await page.goto(`${till.baseURL}/sell`);
    await scanProducts(page, products.cola);
    await payWith(page, 'neverAnswers');
    await expect(headline(page, 'Waiting for the shopper')).toBeVisible();
    const before = await attemptsHere(page, till);
    await first.kill();

    const second = await profile.open();
    const again = await second.context.newPage();
    await again.goto(`${till.baseURL}/sell`);
    await expect(headline(again, 'Waiting for the shopper')).toBeVisible({ timeout: 30_000 });
    await expect(stage(again)).toContainText('$2.20');
    const after = await attemptsHere(again, till);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(after).toHaveLength(1);
    await second.kill();
  } finally {
    profile.remove();
  }
});

test('#50 a journal that cannot be written sends nothing and says so; with room again, the sale goes on', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  await page.evaluate(() => {
    const real = IDBObjectStore.prototype.add;
    Reflect.set(globalThis, 'makeRoom', () => (IDBObjectStore.prototype.add = real));
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await typeAsWedge(page, paymentCode('paid'));
  await expect(stage(page)).toContainText('Till can’t save on this tablet');
  expect(await attemptsOf(page, till)).toEqual([]);

  await page.evaluate(() => {
    const makeRoom: unknown = Reflect.get(globalThis, 'makeRoom');
    if (typeof makeRoom === 'function') makeRoom();
  });
  await stage(page).getByRole('button', { name: 'Back to order' }).click();
  await payWith(page, 'paid', { pauseMs: 2000 });
  await expect(headline(page, 'Paid')).toBeVisible({ timeout: 20_000 });
  expectChargedOnce(till, await onlyAttempt(page, till));
});

test('#52 a newer page waits with its upgrade for the end of a payment, and the old one asks to be reloaded', async ({
  openAs
}) => {
  const page = await openAs('cashier', '/sell');
  await scanProducts(page, products.cola);
  await payWith(page, 'neverAnswers');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();

  const newer = await page.context().newPage();
  await newer.goto('/favicon.svg');
  await newer.evaluate(() => {
    const request = indexedDB.open('till', 99);
    Reflect.set(globalThis, 'upgrade', 'waits');
    request.onblocked = () => Reflect.set(globalThis, 'upgrade', 'blocked');
    request.onsuccess = () => Reflect.set(globalThis, 'upgrade', 'done');
  });
  const upgrade = () => newer.evaluate(() => String(Reflect.get(globalThis, 'upgrade')));
  await expect.poll(upgrade).toBe('blocked');
  await expect(headline(page, 'Waiting for the shopper')).toBeVisible();

  await stage(page).getByRole('button', { name: 'Stop payment' }).click();
  await expect.poll(upgrade, { timeout: 40_000 }).toBe('done');
  await expect(page.getByText('Till was renewed.')).toBeVisible();
});

/** As `attemptsOf`, for a browser that knows no base address. */
async function attemptsHere(page: Page, till: Till): Promise<LedgerRow[]> {
  const code = await page.evaluate(async () => {
    const session: unknown = await (await fetch('/api/session')).json();
    return (session as { register: { code: string } }).register.code;
  });
  return till.ledger(
    `SELECT a.* FROM attempts a JOIN registers r ON r.id = a.register_id WHERE r.code = ? ORDER BY a.created_at_ms`,
    code
  );
}
