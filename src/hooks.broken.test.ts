/** What an API says when its database, or anything else, breaks under it: through the hooks, as the server calls them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RequestEvent } from '@sveltejs/kit';
import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '$lib/server/app';
import { newId, orderEvents } from '$lib/server/payments/shop.fixture';
import { POST as pay } from './routes/api/payments/+server';
import { handle, handleError } from './hooks.server';

const origin = 'http://localhost:3000';
const key = Symbol.for('till.app');
const lines: string[] = [];
let folder = '';
let app: App;
let other: DatabaseSync;
let cookie = '';
let registerToken = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'till-broken-'));
  const path = join(folder, 'till.db');
  app = await startApp({
    env: { DATABASE_URL: `file:${path}` },
    log: pino({ level: 'error' }, { write: (line) => void lines.push(line) })
  });
  Reflect.set(globalThis, key, { app: Promise.resolve(app), ready: Promise.resolve(app.report) });
  const cashier = app.report.demoUsers.find(({ username }) => username === 'cashier');
  const signedIn = await app.identity.staff.signIn({
    username: 'cashier',
    password: cashier?.password ?? '',
    address: 'test'
  });
  if (!signedIn.ok) throw new Error(signedIn.reason);
  cookie = signedIn.setCookies[0]?.split(';')[0] ?? '';
  const enrolled = await app.identity.registers.enrol({ name: null, registerId: null, by: 'test' });
  registerToken = enrolled?.token ?? '';
  // Nothing else writes, and a lock that stays is not waited for.
  await app.payments.stop();
  await sql`PRAGMA busy_timeout = 1`.execute(app.ledger.db);
  other = new DatabaseSync(path);
});
afterEach(() => {
  if (other.isTransaction) other.exec('ROLLBACK');
  lines.length = 0;
});
afterAll(async () => {
  other.close();
  Reflect.deleteProperty(globalThis, key);
  await app.shutdown();
  await rm(folder, { recursive: true });
});

/** As Kit calls it: what the route throws goes to `handleError`, and is answered with what that says. */
async function post(path: string, route: (event: RequestEvent) => unknown, body: unknown = {}, more = {}) {
  const request = new Request(origin + path, {
    method: 'POST',
    headers: { origin, 'sec-fetch-site': 'same-origin', 'till-contract': '1', cookie, ...more },
    body: JSON.stringify(body)
  });
  const event = {
    request,
    url: new URL(request.url),
    route: { id: path },
    locals: {},
    cookies: { get: () => registerToken }
  } as unknown as RequestEvent;
  const response = await handle({
    event,
    resolve: async () => {
      try {
        return (await route(event)) as Response;
      } catch (error) {
        const said = await handleError({ error, event, status: 500, message: 'Internal Error' });
        return Response.json(said, { status: 500 });
      }
    }
  });
  const type = response.headers.get('content-type');
  return { status: response.status, type, said: await response.json() };
}

function payment() {
  const { orderId, events } = orderEvents();
  return {
    attemptId: newId(),
    orderId,
    revision: events.length,
    amountMinor: 900,
    currency: 'USD',
    paymentCode: '287654321012345600',
    events
  };
}

const route = (event: RequestEvent) => pay(event as unknown as Parameters<typeof pay>[0]);

it('a payment that can’t be written down is answered as not saved and not sent, by a number that the log has', async () => {
  other.exec('BEGIN IMMEDIATE');
  const answer = await post('/api/payments', route, payment());
  expect(answer).toMatchObject({
    status: 503,
    type: 'application/problem+json',
    said: { type: 'urn:till:problem:storage_failed', code: 'storage_failed', status: 503 }
  });
  expect(answer.said.detail).toMatch(/moved no money/);
  expect(lines.join()).toContain(answer.said.extra.id);
  expect(lines.join()).not.toContain('287654321012345600');
  expect(await app.ledger.db.selectFrom('attempts').select('id').execute()).toEqual([]);
});

it('a database that fails before the route is asked is said alike', async () => {
  other.exec('BEGIN IMMEDIATE');
  const answer = await post('/api/payments', () => new Response('served'), {}, { 'till-writer': '1.1' });
  expect(answer).toMatchObject({ status: 503, said: { code: 'storage_failed' } });
});

it.each([
  ['in a transaction', (name: string) => app.ledger.transaction((trx) => stamp(trx, name))],
  ['by itself', (name: string) => stamp(app.ledger.db, name)]
])('one that fails after something was kept %s never says that nothing was done', async (how, keep) => {
  const answer = await post('/api/payments', async () => {
    await keep(how);
    other.exec('BEGIN IMMEDIATE');
    await stamp(app.ledger.db, 'more');
  });
  expect(answer).toMatchObject({
    status: 500,
    type: 'application/problem+json',
    said: { code: 'server_error', detail: expect.stringMatching(/may have been done.*Do not charge/) }
  });
});

it('what was only read, or undone, is nothing kept', async () => {
  const answer = await post('/api/payments', async () => {
    await app.ledger.db.selectFrom('stamp').selectAll().execute();
    const undone = app.ledger.transaction(async (trx) => {
      await stamp(trx, 'undone');
      throw new Error('undone');
    });
    await undone.catch(() => undefined);
    other.exec('BEGIN IMMEDIATE');
    await stamp(app.ledger.db, 'more');
  });
  expect(answer.said.code).toBe('storage_failed');
});

it('a library’s own words around the failure cover it no more than its absence makes one', async () => {
  const wrapped = await post('/api/payments', async () => {
    other.exec('BEGIN IMMEDIATE');
    await stamp(app.ledger.db, 'more').catch(() => {
      throw new Error('Failed to get session');
    });
  });
  expect(wrapped.said.code).toBe('storage_failed');
  const healed = await post('/api/payments', async () => {
    other.exec('BEGIN IMMEDIATE');
    await stamp(app.ledger.db, 'more').catch(() => other.exec('ROLLBACK'));
    await app.ledger.db.selectFrom('stamp').selectAll().execute();
    throw new Error('a bug');
  });
  expect(healed.said.code).toBe('server_error');
});

it('a bug is a server error with its number, and nothing of its words', async () => {
  const answer = await post('/api/payments', () => {
    throw new Error('secret 4711');
  });
  expect(answer).toMatchObject({
    status: 500,
    type: 'application/problem+json',
    said: { type: 'urn:till:problem:server_error', code: 'server_error' }
  });
  expect(JSON.stringify(answer)).not.toContain('4711');
  expect(lines.join()).toContain(answer.said.extra.id);
});

function stamp(db: Pick<App['ledger']['db'], 'insertInto'>, name: string): Promise<unknown> {
  return db.insertInto('stamp').values({ key: name, value: '1' }).execute();
}
