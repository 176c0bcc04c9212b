import type { Page } from '@playwright/test';
import { violationsOn } from '../support/accessible.ts';
import { ApiRegister, croissant } from '../support/api.ts';
import { expect, test } from '../support/fixtures.ts';

/** How soon a manager sees what happened at the counter. */
const soonMs = 1_000;

function row(page: Page, number: string) {
  return page
    .getByRole('region', { name: 'Orders of the day' })
    .getByRole('link')
    .filter({ hasText: number });
}

/** Streams that a page opens: each question and the moment at which it was answered. */
function watchStreams(page: Page): { readonly asked: () => number; readonly open: () => number } {
  let asked = 0;
  let open = 0;
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/changes') asked += 1;
  });
  page.on('response', (response) => {
    if (new URL(response.url()).pathname === '/api/changes' && response.ok()) open += 1;
  });
  return { asked: () => asked, open: () => open };
}

/** Opens Today in a tab and waits until it is drawn. */
async function openToday(page: Page): Promise<void> {
  await page.goto('/today');
  await expect(page.getByRole('region', { name: 'Orders of the day' })).toBeVisible();
}

test('the manager’s list shows a payment within a second, without asking again and again', async ({
  openAs,
  till
}) => {
  const page = await openAs('manager', '/sign-in');
  const streams = watchStreams(page);
  await openToday(page);
  await expect.poll(streams.open).toBe(1);
  await expect(page.getByText(/, live$/)).toBeVisible();

  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const { number } = await register.sell('paid', [croissant]);
  await expect(row(page, number)).toContainText('Paid', { timeout: soonMs });

  // Nothing changes: nothing is asked for, where it was every three seconds before.
  await expect.poll(async () => quietFor(page, '/api/today', 4_000), { timeout: 20_000 }).toBe(true);
  expect(streams.asked()).toBe(1);
});

test('two tabs of a manager share one stream, and the second takes it over when the first is closed', async ({
  openAs,
  till
}) => {
  const first = await openAs('manager', '/sign-in');
  const firstStreams = watchStreams(first);
  await openToday(first);
  await expect.poll(firstStreams.open).toBe(1);

  const second = await first.context().newPage();
  const secondStreams = watchStreams(second);
  await openToday(second);
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sold = await register.sell('paid', [croissant]);
  await expect(row(second, sold.number)).toContainText('Paid', { timeout: soonMs });
  // A page that nobody sees asks nothing; in front again, it is current.
  await first.bringToFront();
  await expect(row(first, sold.number)).toContainText('Paid');
  expect([firstStreams.asked(), secondStreams.asked()]).toEqual([1, 0]);

  await first.close();
  await expect.poll(secondStreams.open).toBe(1);
  const later = await register.sell('paid', [croissant]);
  await expect(row(second, later.number)).toContainText('Paid', { timeout: soonMs });
  expect(secondStreams.asked()).toBe(1);
});

test('after the server was restarted the page connects again and shows what it missed', async ({
  openAs,
  till
}) => {
  const page = await openAs('manager', '/sign-in');
  const streams = watchStreams(page);
  await openToday(page);
  await expect.poll(streams.open).toBe(1);

  await till.restart();
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const missed = await register.sell('paid', [croissant]);
  await expect.poll(streams.open).toBe(2);
  await expect(row(page, missed.number)).toContainText('Paid');
  const told = await register.sell('paid', [croissant]);
  await expect(row(page, told.number)).toContainText('Paid', { timeout: soonMs });
  await expect(page.getByText(/, live$/)).toBeVisible();
});

test('a refund that another admin makes is shown on the order within a second', async ({ openAs, till }) => {
  const register = await ApiRegister.signIn(till.baseURL, 'cashier');
  const sold = await register.sell('paid', [croissant]);
  const page = await openAs('manager', '/sign-in');
  const streams = watchStreams(page);
  await page.goto(`/orders/${sold.orderId}`);
  await expect(page.getByRole('heading', { name: sold.number, level: 1 })).toBeVisible();
  await expect.poll(streams.open).toBe(1);

  const admin = await ApiRegister.signIn(till.baseURL, 'admin');
  const answer = await admin.post('/api/refunds', {
    refundId: sold.attemptId.replaceAll(/./g, (digit) => (15 - parseInt(digit, 16)).toString(16)),
    attemptId: sold.attemptId,
    amountMinor: 100,
    currency: 'USD',
    reason: 'Broken',
    lines: [],
    password: 'training'
  });
  expect(answer.status).toBe(202);
  await expect(page.getByRole('main')).toContainText('Broken', { timeout: soonMs });
});

test.describe('the stream of changes', () => {
  test('is for staff only, ends with the session, and says nothing but kind, id and version', async ({
    till
  }) => {
    const stranger = await fetch(`${till.baseURL}/api/changes`);
    expect(stranger.status).toBe(401);

    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const stream = await register.get('/api/changes');
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(stream.headers.get('cache-control')).toContain('no-store');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const hear = async (text: string) => {
      while (!heard.includes(text)) {
        const part = await reader?.read();
        if (part?.value === undefined) throw new Error(`the stream ended after ${heard}`);
        heard += part.value;
      }
    };
    await hear('event: hello');
    const sold = await register.sell('paid', [croissant]);
    await hear(`"kind":"attempt","id":"${sold.attemptId}","version":${sold.version}`);
    await hear(`"kind":"order","id":"${sold.orderId}"`);
    for (const [, data = ''] of heard.matchAll(/event: change\ndata: (.*)\n/g)) {
      expect(Object.keys(JSON.parse(data) as object)).toEqual(['kind', 'id', 'version']);
    }
    await register.post('/api/auth/sign-out', {});
    // With the next heartbeat.
    for (;;) if ((await reader?.read())?.done !== false) break;
  });

  test('does not hold a server up that is asked to stop', async ({ openAs, till }) => {
    const page = await openAs('manager', '/sign-in');
    const streams = watchStreams(page);
    await openToday(page);
    await expect.poll(streams.open).toBe(1);
    const startedAt = performance.now();
    process.kill(till.pid, 'SIGTERM');
    await expect.poll(() => isRunning(till.pid), { intervals: [50] }).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await till.restart();
    await expect.poll(streams.open).toBe(2);
  });
});

test('the API is described for people, on a page without scripts and without a fault that axe can find', async ({
  openAs
}) => {
  const page = await openAs(null, '/api/docs');
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Till’s API', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Ask for a payment' }).click();
  await expect(page.getByRole('heading', { name: 'Ask for a payment' })).toBeInViewport();
  expect(faults).toEqual([]);
  // A few of its many parts that are alike: all of them take axe half a minute.
  const parts = [
    'nav',
    '#about',
    '[aria-labelledby=post-api-payments]',
    '#problem-order-busy',
    '[aria-labelledby=shape-Staff]'
  ];
  expect(await violationsOn(page, { parts })).toEqual([]);
  const answer = await page.context().request.get('/api/openapi.json');
  expect(await answer.json()).toMatchObject({ openapi: '3.1.1' });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** True where a page asks for nothing at this address for that long. */
async function quietFor(page: Page, path: string, ms: number): Promise<boolean> {
  return page
    .waitForRequest((request) => new URL(request.url()).pathname === path, { timeout: ms })
    .then(() => false)
    .catch(() => true);
}
