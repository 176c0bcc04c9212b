/** People with PINs, and the screen that asks who is selling. */
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import type { Till } from './till-server.ts';

/** Of the demo people, by whom others are added. */
const demoPassword = 'training';

let made = 0;

/** Somebody new with a PIN, made by the admin's own API: each test has people of its own. */
export async function addPerson(
  admin: APIRequestContext,
  till: Till,
  role: 'cashier' | 'manager' | 'admin',
  pin: string | null
): Promise<{ staffId: string; name: string; username: string }> {
  made += 1;
  const username = `p${Date.now().toString(36)}${made}`;
  const name = `Person ${username}`;
  const headers = { origin: till.baseURL, 'till-contract': '1' };
  const added = await admin.post('/api/people', {
    headers,
    data: { username, name, role, password: 'first-password', ownPassword: demoPassword }
  });
  expect(added.status()).toBe(200);
  const { staffId } = (await added.json()) as { staffId: string };
  if (pin !== null) {
    const set = await admin.post(`/api/people/${staffId}`, {
      headers,
      data: { change: 'pin', pin, ownPassword: demoPassword }
    });
    expect(set.status()).toBe(200);
  }
  return { staffId, name, username };
}

export async function typePin(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
}

export async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: /: menu$/ }).click();
  await page.getByRole('button', { name: 'Lock, or another person' }).click();
  await expect(page.getByRole('heading', { name: 'Who is selling?' })).toBeVisible();
}

/** On the page of the staff, where the own password was typed a moment ago. @returns the card, still open */
export async function makeBadge(
  admin: Page,
  name: string
): Promise<{ readonly dialog: Locator; readonly badge: string }> {
  await admin.getByRole('button', { name: `Change ${name}` }).click();
  const answered = admin.waitForResponse((response) => response.request().method() === 'POST');
  await admin.getByRole('dialog', { name }).getByRole('button', { name: 'Make a badge' }).click();
  const { newBadge } = (await (await answered).json()) as { newBadge: string };
  const dialog = admin.getByRole('dialog', { name: `${name}’s badge` });
  await expect(dialog).toBeVisible();
  return { dialog, badge: newBadge };
}
