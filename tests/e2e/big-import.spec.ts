import { gtinCheckDigit } from '../../src/lib/catalogue/gtin.ts';
import { expect, test, usualTimeScale } from '../support/fixtures.ts';

/** So many products would slow the tests of others. */
test.use({ tillSettings: { timeScale: usualTimeScale } });

const count = 20_000;

test('twenty thousand products come from one file, checked first, and one of them is found', async ({
  openAs
}) => {
  test.slow();
  const page = await openAs('admin', '/products/import');
  await page.getByLabel('Choose a file, or drop it here').setInputFiles({
    name: 'all.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`EAN;Name;Price;Category\n${Array.from({ length: count }, rowOf).join('\n')}\n`)
  });
  const checked = await timed(async () => {
    await page.getByRole('button', { name: 'Check the file' }).click();
    await expect(page.getByText(/^20,?000 new, 0 changed, 0 as they were\.$/)).toBeVisible({
      timeout: 60_000
    });
  });
  const imported = await timed(async () => {
    await page.getByRole('button', { name: /^Import 20,?000 products$/ }).click();
    await expect(page.getByText('Imported. Every till has it now.')).toBeVisible({ timeout: 60_000 });
  });
  test.info().annotations.push({ type: 'measured', description: `checked ${checked}, imported ${imported}` });

  await page.goto('/products');
  await page.getByRole('textbox', { name: 'Name or barcode' }).fill('Product 19999');
  await expect(page.getByRole('link', { name: /Product 19999/ })).toBeVisible();
});

/** A row with an EAN-13 of its own. */
function rowOf(_: unknown, index: number): string {
  const digits = `40999${String(index).padStart(7, '0')}`;
  return `${digits}${gtinCheckDigit(digits)};Product ${index};${(1 + (index % 900) / 100).toFixed(2)};Bulk`;
}

async function timed(work: () => Promise<void>): Promise<string> {
  const from = performance.now();
  await work();
  return `${(performance.now() - from).toFixed(0)} ms`;
}
