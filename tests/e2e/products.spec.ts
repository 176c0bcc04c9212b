import { expectAccessible } from '../support/accessible.ts';
import { chargeButton, orderPanel, orderRows } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

test('an admin adds a product, and a till that is open has it without a reload', async ({ openAs }) => {
  const till = await openAs('cashier', '/sell');
  await expect(orderPanel(till)).toBeVisible();
  const page = await openAs('admin', '/products');
  await page.getByRole('link', { name: 'New product' }).click();
  await page.getByLabel('Name').fill('Ginger tea');
  await page.getByLabel('Price').fill('3.40');
  // The scanner's Enter adds the code and does not save half a form.
  await page.getByLabel('Barcodes').click();
  await typeAsWedge(page, '4029764001807');
  await expect(page.getByRole('button', { name: 'Take the barcode 4029764001807 off' })).toBeVisible();
  await page.getByRole('button', { name: 'Add product' }).click();
  await expect(page.getByText('Added: Ginger tea.')).toBeVisible();
  await expect(page.getByLabel('Name')).toBeFocused();

  await expect(till.getByRole('button', { name: /Ginger tea/ })).toBeVisible();
  await typeAsWedge(till, '4029764001807');
  await expect(orderRows(till)).toContainText(['Ginger tea']);
  await expect(chargeButton(till)).toHaveText(/\$3\.40/);
});

test('a new price is a version with who and why, and tills sell by it at once', async ({ openAs }) => {
  const till = await openAs('cashier', '/sell');
  const page = await openAs('admin', '/products');
  await page.getByRole('textbox', { name: 'Name or barcode' }).fill('cinnamon');
  await page.getByRole('link', { name: /Cinnamon roll/ }).click();
  await page.getByLabel('Price').fill('3.60');
  await page.getByLabel('Why does the price change?').fill('Butter is dearer');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  const history = page.getByRole('listitem');
  await expect(history.filter({ hasText: '3.60' })).toContainText(/by Ada Okafor.*Butter is dearer/);
  await expect(history.filter({ hasText: '3.40' })).toBeVisible();
  await expect(till.getByRole('button', { name: /Cinnamon roll.*3\.60/ })).toBeVisible();
});

test('a barcode of another product is refused with its name, a wrong one with the right digit, a payment code without a word of it', async ({
  openAs
}) => {
  const page = await openAs('admin', '/products/new');
  await page.getByLabel('Name').fill('Copy of cola');
  await page.getByLabel('Price').fill('1');
  const codes = page.getByLabel('Barcodes');
  await codes.fill('4006381333930');
  await codes.press('Enter');
  await expect(page.getByText('the last digit should be 1')).toBeVisible();
  await codes.fill('281234567890123456');
  await codes.press('Enter');
  await expect(page.getByText('That is a payment code from a shopper’s phone.')).toBeVisible();
  await expect(codes).toHaveValue('');
  await codes.fill('012345678905');
  await page.getByRole('button', { name: 'Add product' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'belongs to “Cola 330 ml”' })).toBeVisible();
});

test('a payment code scanned into the search leaves the screen and is sent nowhere', async ({ openAs }) => {
  const page = await openAs('admin', '/products');
  await expect(page.getByRole('link', { name: /Flat white/ })).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await typeAsWedge(page, '281234567890123456');
  await expect(page.getByText('That is a payment code from a shopper’s phone.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name or barcode' })).toHaveValue('');
  expect(asked.filter((url) => url.includes('2812'))).toEqual([]);
});

test('what was added at the counter waits on Today, and is tidy once an admin has saved it', async ({
  openAs
}) => {
  const till = await openAs('cashier', '/sell');
  await expect(orderPanel(till)).toBeVisible();
  await typeAsWedge(till, '4000539770708');
  const red = orderPanel(till).getByRole('alert');
  await red.getByRole('button', { name: 'Add it now' }).click();
  await red.getByLabel('What is it?').fill('Milk chocolate');
  await red.getByLabel('Price').fill('2');
  await red.getByRole('button', { name: 'Add $2.00' }).click();
  await expect(red).toBeHidden();

  const page = await openAs('admin', '/today');
  await page
    .getByRole('status')
    .filter({ hasText: /products? to tidy/ })
    .getByRole('button', { name: 'Look' })
    .click();
  await page.getByRole('link', { name: /Milk chocolate/ }).click();
  await page.getByLabel('Category').selectOption({ label: 'Snacks' });
  await page.getByRole('button', { name: 'Save: it is tidy now' }).click();
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  await page.goto('/products?show=tidy');
  await expect(page.getByRole('link', { name: /Milk chocolate/ })).toHaveCount(0);
});

test('categories and tax rates are made, changed and removed; one that is used stays', async ({ openAs }) => {
  const page = await openAs('admin', '/products/groups');
  await page.getByRole('button', { name: 'New category' }).click();
  await page.getByLabel('Name of the category').fill('Toys');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Change Toys' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('button', { name: 'Change Toys' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Change Coffee' }).click();
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await page.getByRole('button', { name: 'New tax rate' }).click();
  await page.getByLabel('Name of the rate').fill('Books');
  await page.getByLabel('Percent').fill('101');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('Type a percentage up to 100')).toBeVisible();
  await page.getByLabel('Percent').fill('7,25');
  await page.getByRole('button', { name: 'Save' }).last().click();
  await expect(page.getByText('7.25 %')).toBeVisible();
});

test('a manager and a cashier may not open it', async ({ openAs }) => {
  for (const role of ['cashier', 'manager'] as const) {
    const page = await openAs(role, '/products');
    await expect(page.getByText('Your role')).toBeVisible();
    expect((await page.request.get('/api/products')).status()).toBe(403);
  }
});

for (const viewport of [
  { width: 1280, height: 800 },
  { width: 390, height: 844 }
]) {
  test(`axe finds nothing serious on the product pages at ${viewport.width} px`, async ({ openAs }) => {
    const page = await openAs('admin', '/products');
    await page.setViewportSize(viewport);
    await expect(page.getByRole('link', { name: /Flat white/ })).toBeVisible();
    await expectAccessible(page, 'products');
    await page.goto('/products/lager-330-ml');
    await expect(page.getByRole('heading', { name: 'Prices so far' })).toBeVisible();
    await page.getByLabel('Price').fill('4');
    await expectAccessible(page, 'a product');
    await page.goto('/products/groups');
    await page.getByRole('button', { name: 'Change Coffee' }).click();
    await expectAccessible(page, 'categories and tax rates');
  });
}

test('a list is looked at before it is imported: columns, bad rows, then all of it at once', async ({
  openAs
}) => {
  const page = await openAs('admin', '/products');
  await page.getByRole('link', { name: 'Import' }).click();
  const choose = page.getByLabel('Choose a file, or drop it here');
  // As a western spreadsheet writes it: Windows-1252, semicolons, decimal commas.
  const file = (rows: string) => ({
    name: 'liste.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`EAN;Bezeichnung;VK;Warengruppe;Lager\r\n${rows}`, 'latin1')
  });
  await choose.setInputFiles(
    file('4003994155486;Stift blau;2,90;Büro;12\r\n4003994155487;Heft;x;Büro;3\r\n')
  );
  await expect(page.getByLabel('The column “Bezeichnung” is')).toHaveValue('name');
  await expect(page.getByLabel('The column “Lager” is')).toHaveValue('');
  await expect(page.getByLabel('Letters')).toHaveValue('windows-1252');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByText('1 row is wrong, so nothing was imported')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Row 3' })).toContainText('“x” is no price');
  await expectAccessible(page, 'an import with a bad row');

  await choose.setInputFiles(file('4003994155486;Stift blau;2,90;Büro;12\r\n;Heft A4;1,20;Büro;3\r\n'));
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByText('2 new, 0 changed, 0 as they were.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 2 products' }).click();
  await expect(page.getByText('Imported. Every till has it now.')).toBeVisible();
  await page.getByRole('link', { name: 'Show the products' }).click();
  await page.getByRole('textbox', { name: 'Name or barcode' }).fill('stift');
  await expect(page.getByRole('link', { name: /Stift blau.*Büro/ })).toContainText('2.90');

  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const exported = await (await downloading).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of exported) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  expect(text.startsWith('\uFEFFName,Price,Barcodes')).toBe(true);
  expect(text).toContain('Stift blau,2.90,4003994155486,Büro');
});
