import { expectAccessible } from '../support/accessible.ts';
import { expect, test } from '../support/fixtures.ts';
import { orderRows, scanProducts } from '../support/counter.ts';
import { products } from '../support/codes.ts';

test('a till shows once a day what it needs before the first shopper, says what to do, and stops nobody', async ({
  openAs
}) => {
  const page = await openAs('cashier');
  await page.goto('/sell');
  const card = page.getByRole('region', { name: 'Before you open' });
  await expect(card.getByRole('listitem').filter({ hasText: /^Wallet: ready$/ })).toBeVisible();
  await expect(card.getByRole('listitem').filter({ hasText: /^Clock: ready$/ })).toBeVisible();
  const todo = card.getByRole('list', { name: 'What to look at' });
  await expect(todo).toContainText('Scan one product to try it');
  await expectAccessible(page, 'the opening check');

  await card.getByRole('button', { name: 'Play “Paid”' }).click();
  await expect(card.getByRole('listitem').filter({ hasText: /^Sound: ready$/ })).toBeVisible();

  await test.step('a gateway that refuses the shop and a clock that is off are told with what to do', async () => {
    await page.route('**/api/opening', async (route) => {
      const answer = await route.fetch();
      const said = (await answer.json()) as { nowMs: number };
      await route.fulfill({ json: { ...said, nowMs: said.nowMs - 12 * 60_000, gateway: 'refused' } });
    });
    await card.getByRole('button', { name: 'Check again' }).click();
    await expect(todo).toContainText('The wallet answers, but refuses this shop');
    await expect(todo).toContainText('This tablet’s clock is 12 min ahead of Till’s');
    await page.unroute('**/api/opening');
  });

  await card.getByRole('button', { name: 'Start selling' }).click();
  await expect(card).toBeHidden();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Products' })).toBeVisible();
  await expect(card).toBeHidden();

  await page.goto('/devices');
  await expect(page.getByRole('region', { name: 'Opening check' })).toContainText('Wallet: ready');
});

test('the opening check comes back on the next business day, and the first line puts it away', async ({
  openAs
}) => {
  const page = await openAs('cashier');
  await page.clock.install();
  await page.goto('/sell');
  const card = page.getByRole('region', { name: 'Before you open' });
  await scanProducts(page, products.cola);
  await expect(card).toBeHidden();
  await orderRows(page)
    .getByRole('button', { name: /^Remove/ })
    .click();
  await expect(page.getByText('Scan or tap a product to begin')).toBeVisible();
  await expect(card).toBeHidden();

  // left on overnight
  await page.clock.fastForward('24:00:00');
  await page.clock.runFor(31_000);
  await expect(card).toBeVisible();
});
