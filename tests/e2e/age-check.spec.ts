import { expectAccessible } from '../support/accessible.ts';
import { chargeButton, headline, orderPanel, orderRows, registerCode } from '../support/counter.ts';
import { expect, test } from '../support/fixtures.ts';
import { typeAsWedge } from '../support/wedge.ts';

test('goods with a minimum age ask once, scans go on beneath the question, and the answer is kept with a name', async ({
  openAs,
  till
}) => {
  const page = await openAs('cashier', '/sell');
  await page.getByRole('button', { name: /Lager 330 ml/ }).click();
  const question = page.getByRole('region', { name: 'Are they 18 or older?' }).first();
  await expect(question).toBeVisible();
  await expect(chargeButton(page)).toBeDisabled();
  await expectAccessible(page, 'the age question');
  // The question holds no scan up.
  await typeAsWedge(page, '012345678905');
  await expect(orderRows(page)).toContainText([/Lager/, /Cola/]);

  // No takes the lager back, and only it; Undo asks again.
  await question.getByRole('button', { name: 'No, take it back' }).click();
  await expect(question).toBeHidden();
  await expect(chargeButton(page)).toBeEnabled();
  await orderPanel(page).getByRole('button', { name: 'Undo' }).click();
  await expect(question).toBeVisible();

  // A shopper's code that comes too early charges nothing.
  await typeAsWedge(page, '281234567890123400');
  await expect(page.getByText('Nothing was charged. First say whether the shopper')).toBeVisible();
  await question.getByRole('button', { name: 'Yes, they are' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: /^Lager 330 ml/ }).click();
  await expect(question).toBeHidden();
  await chargeButton(page).click();
  await expect(headline(page, 'Show your code')).toBeVisible();
  // Taken away meanwhile: before a scanner of which nobody said where it is, it would only lie there still.
  await typeAsWedge(page, '281234567890123400', { pauseMs: 2000 });
  await expect(headline(page, 'Paid')).toBeVisible();

  const [order, ...others] = till.ledger(
    'SELECT events FROM orders WHERE register_code = ?',
    await registerCode(page)
  );
  expect(others).toEqual([]);
  const events = JSON.parse(String(order?.['events'])) as {
    kind: string;
    age?: number;
    by: { name: string };
  }[];
  const confirmed = events.filter(({ kind }) => kind === 'age_confirmed');
  expect(confirmed.map(({ age }) => age)).toEqual([18]);
  expect(confirmed[0]?.by.name).not.toBe('');
});
