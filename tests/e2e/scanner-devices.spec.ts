/** Scanners that the page opens as devices, in the built app: HID and serial, several at once, pulled out and plugged in. */
import type { Page } from '@playwright/test';
import { americano, ApiRegister } from '../support/api.ts';
import { paymentCode, products } from '../support/codes.ts';
import {
  chargeButton,
  expectChargedOnce,
  headline,
  onlyAttempt,
  orderPanel,
  orderRows,
  scannerIs
} from '../support/counter.ts';
import {
  devicesOf,
  giveDevices,
  keepScanners,
  posReports,
  type FakeDevice
} from '../support/fake-devices.ts';
import { expect, test } from '../support/fixtures.ts';
import { expectKept } from '../support/journal.ts';
import { pictureOf } from '../support/pictures.ts';
import { typeAsWedge } from '../support/wedge.ts';

/** A day without a network is part of these. */
const front: FakeDevice = {
  id: 'front',
  road: 'hid',
  name: 'Front reader',
  vendorId: 0x05e0,
  productId: 0x1200,
  keepsGrant: true
};
const back: FakeDevice = { ...front, id: 'back', name: 'Back reader' };
const line: FakeDevice = {
  id: 'line',
  road: 'serial',
  name: 'Serial reader',
  vendorId: 0x0c2e,
  productId: 0x0b6a,
  keepsGrant: true
};

async function openWith(
  openAs: (role: 'cashier', path: string) => Promise<Page>,
  ...devices: readonly FakeDevice[]
): Promise<Page> {
  const page = await openAs('cashier', '/sell');
  await expect(orderPanel(page)).toBeVisible();
  await giveDevices(page, devices);
  await keepScanners(page, devices);
  await expect(orderPanel(page)).toBeVisible();
  for (const { id } of devices) await expect.poll(() => devicesOf(page).opened(id)).toBe(true);
  return page;
}

async function scanHid(page: Page, id: string, text: string, aim = ']E0'): Promise<void> {
  await devicesOf(page).send(id, ...posReports(text, aim));
}
const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];

test('two HID scanners of one model and a serial one work at once, and reopen without a press', async ({
  openAs
}) => {
  const page = await openWith(openAs, front, back, line);
  await scanHid(page, 'front', products.cola.code);
  await scanHid(page, 'back', products.water.code);
  await devicesOf(page).send('line', bytes(`${products.gum.code}\r\n`));
  await expectKept(page, products.cola, products.water, products.gum);

  await page.reload();
  await expect(orderRows(page)).toHaveCount(3);
  for (const id of ['front', 'back', 'line']) await expect.poll(() => devicesOf(page).opened(id)).toBe(true);
  await scanHid(page, 'back', products.chocolate.code);
  await expect(orderRows(page)).toHaveCount(4);
});

test('ten scans in a second are all there, in whatever pieces a serial line brings them', async ({
  openAs
}) => {
  const page = await openWith(openAs, front, line);
  await scannerIs(page, 'In the hand');
  const tenTimes = bytes(`${products.cola.code}\r\n`.repeat(10));
  const pieces = Array.from({ length: 20 }, (_, index) => tenTimes.slice(index * 7, index * 7 + 7));
  await devicesOf(page).send('line', ...pieces);
  await expect(orderRows(page).filter({ hasText: products.cola.name })).toContainText('10');
  const gums = Array.from({ length: 10 }, () => posReports(products.gum.code, ']E4')).flat();
  await devicesOf(page).send('front', ...gums);
  await expect(orderRows(page).filter({ hasText: products.gum.name })).toContainText('10');
});

test('a scanner pulled out in mid-scan loses that scan alone, and works again when it is plugged in', async ({
  openAs
}) => {
  const page = await openWith(openAs, front, line);
  const devices = devicesOf(page);
  const [firstPart = []] = posReports('x'.repeat(100), ']Q1');
  await devices.cut('front', firstPart);
  await devices.cut('line', bytes(products.cola.code.slice(0, 6)));

  // The browser gives another object for the same port.
  await devices.plug('front');
  await devices.plug('line');
  for (const id of ['front', 'line']) await expect.poll(() => devices.opened(id)).toBe(true);
  await scanHid(page, 'front', products.water.code);
  await devices.send('line', bytes(`${products.gum.code}\r`));
  await expect(orderRows(page)).toHaveCount(2);
  await expect(orderPanel(page)).toContainText(products.water.name);
  await expect(orderPanel(page)).toContainText(products.gum.name);
});

test('one scan that comes by the keyboard and by HID is one scan', async ({ openAs }) => {
  const page = await openWith(openAs, front);
  await devicesOf(page).sendWithEnter('front', ...posReports(products.cola.code, ']E0'));
  await typeAsWedge(page, products.cola.code);
  await expect(orderRows(page)).toHaveCount(1);
  await scanHid(page, 'front', products.water.code);
  await expect(orderRows(page)).toHaveCount(2);
  await expect(chargeButton(page)).toHaveText(/\$4\.10/);
});

test.describe('with the shell kept', () => {
  test.use({ keepsShell: true });

  test('scanners work with the network down', async ({ openAs }) => {
    const page = await openWith(openAs, front, line);
    await page.context().setOffline(true);
    await scanHid(page, 'front', products.cola.code);
    await devicesOf(page).unplug('line');
    await devicesOf(page).plug('line');
    await expect.poll(() => devicesOf(page).opened('line')).toBe(true);
    await devicesOf(page).send('line', bytes(`${products.gum.code}\r`));
    await expect(orderRows(page)).toHaveCount(2);
  });
});

test('a payment code by HID and by serial pays, and is nowhere but in its request', async ({
  openAs,
  till
}) => {
  for (const road of ['front', 'line']) {
    const page = await openWith(openAs, front, line);
    const said: string[] = [];
    const addresses: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => addresses.push(request.url()));
    await scannerIs(page, 'In the hand');
    await scanHid(page, 'front', products.cola.code);
    await chargeButton(page).click();
    await expect(headline(page, 'Show your code')).toBeVisible();
    const code = paymentCode('paid');
    if (road === 'front') await scanHid(page, 'front', code, ']C0');
    else await devicesOf(page).send('line', bytes(`${code}\r`));
    await expect(headline(page, 'Paid')).toBeVisible();
    expectChargedOnce(till, await onlyAttempt(page, till));

    const stored = await page.evaluate(async () => {
      const found: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
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
      return JSON.stringify(found);
    });
    expect(stored).toContain('attempt_requested');
    for (const text of [
      stored,
      said.join(),
      addresses.join(),
      await page.content(),
      page.url(),
      till.log()
    ]) {
      expect(text.includes(code)).toBe(false);
    }
  }
});

test('two tabs: only the one that has the register opens the scanner', async ({ openAs }) => {
  const page = await openWith(openAs, front);
  const other = await page.context().newPage();
  await giveDevices(other, [front]);
  await other.goto('/sell');
  await expect(other.getByRole('button', { name: 'Sell here' })).toBeVisible();
  expect(await devicesOf(other).opened('front')).toBe(false);
  await scanHid(page, 'front', products.cola.code);
  await expect(orderRows(page)).toHaveCount(1);

  await other.getByRole('button', { name: 'Sell here' }).click();
  await expect.poll(() => devicesOf(other).opened('front')).toBe(true);
  await expect.poll(() => devicesOf(page).opened('front')).toBe(false);
});

test('scanners that the browser forgets on a reload or a replug say so, and work again after one press', async ({
  openAs
}) => {
  // no serial number and no policy: the grant ends with the page, and when it is pulled out
  const forgotten = [
    { ...front, keepsGrant: false },
    { ...line, keepsGrant: false }
  ];
  const page = await openWith(openAs, ...forgotten);
  const devices = devicesOf(page);
  const connect = page.getByRole('button', { name: 'Connect', exact: true });
  await scanHid(page, 'front', products.cola.code);
  await expectKept(page, products.cola);
  await page.reload();
  await expect(orderRows(page)).toHaveCount(1);
  await page.getByRole('link', { name: 'Scanner needs you' }).click();
  await expect(page.getByText('Press Connect and choose it.')).toHaveCount(2);
  for (const { id } of forgotten) {
    expect(await devices.opened(id)).toBe(false);
    await connect.first().click();
    await expect.poll(() => devices.opened(id)).toBe(true);
  }
  for (const { id } of forgotten) {
    await devices.unplug(id);
    await devices.plug(id);
    await expect(page.getByText('If it does not come back by itself, press Connect')).toBeVisible();
    await connect.click();
    await expect.poll(() => devices.opened(id)).toBe(true);
  }
  await page.getByRole('link', { name: 'Sell' }).first().click();
  await scanHid(page, 'front', products.water.code);
  await devices.send('line', bytes(`${products.gum.code}\r`));
  await expect(orderRows(page)).toHaveCount(3);
});

test('refunds find an order by HID, by serial and by camera, and say what a product is', async ({
  openAs,
  till
}) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const [first, second] = [
    await register.sell('paid', [americano]),
    await register.sell('paid', [americano])
  ];
  const page = await openWith(() => openAs('admin', '/sell'), front, line);
  await page.goto('/refunds');
  for (const id of ['front', 'line']) await expect.poll(() => devicesOf(page).opened(id)).toBe(true);
  const found = (number: string) => page.getByRole('heading', { name: number, level: 2 });
  await scanHid(page, 'front', first.number, ']C0');
  await expect(found(first.number)).toBeVisible();
  await devicesOf(page).send('line', bytes(`${second.number}\r`));
  await expect(found(second.number)).toBeVisible();
  await scanHid(page, 'front', products.cola.code);
  await expect(page.getByText('That is a product, not a receipt.')).toBeVisible();
  await page.getByRole('button', { name: 'Scan with the camera' }).click();
  await expect(page.getByLabel('What the camera sees')).toBeVisible();
  await devicesOf(page).draw(await pictureOf(first.number, 'Code128'));
  await expect(found(first.number)).toBeVisible();
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  await expect(page.getByLabel('What the camera sees')).toBeHidden();
});
