import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paymentCode, products } from '../support/codes.ts';
import { chargeButton, headline, payWith, scanProducts, stage } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

test('a payment code is nowhere but in the one request: no log, file, database, storage, address or page', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  const addresses: string[] = [];
  const carriers: string[] = [];
  const said: string[] = [];
  const codes: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('request', (request) => {
    addresses.push(request.url(), request.headers()['referer'] ?? '');
    const body = request.postData() ?? '';
    if (codes.some((code) => body.includes(code))) carriers.push(new URL(request.url()).pathname);
  });

  await scanProducts(page, products.cola);
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  // Out of date, lost on the way and paid: each goes another way through the server.
  for (const outcome of ['invalid', 'declined'] as const) {
    const code = paymentCode(outcome);
    codes.push(code);
    await typeAsWedge(page, code);
    await expect(headline(page, 'Not paid')).toBeVisible();
    await expect(stage(page)).toContainText(code.slice(-4));
  }
  const lost = paymentCode('answerLost');
  codes.push(lost);
  await typeAsWedge(page, lost);
  await expect(headline(page, 'Paid')).toBeVisible();
  await typeAsWedge(page, products.gum.code);
  codes.push(await payWith(page, 'passwordThenPaid'));
  await expect(headline(page, 'Paid')).toBeVisible();

  const kept = {
    log: till.log(),
    addresses: addresses.join('\n'),
    console: said.join('\n'),
    page: await page.content(),
    storage: await page.evaluate(everythingStored)
  };
  expect(kept.storage).toContain('attempt_requested');
  for (const code of codes) {
    for (const [where, text] of Object.entries(kept)) {
      expect(text.includes(code), `${where} must not hold the code`).toBe(false);
    }
    for (const file of filesUnder(till.folder)) {
      expect(readFileSync(file).includes(code), `${file} must not hold the code`).toBe(false);
    }
  }
  expect(carriers).toEqual(codes.map(() => '/api/payments'));
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** All that the browser keeps for this page, as one text. */
async function everythingStored(): Promise<string> {
  const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }, history.state];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name ?? '');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('not opened'));
    });
    for (const store of database.objectStoreNames) {
      found.push(
        await new Promise((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('not read'));
        })
      );
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  }
  return JSON.stringify(found);
}
