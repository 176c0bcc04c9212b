import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHttpError, isRedirect, type RequestEvent } from '@sveltejs/kit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '$lib/server/app';
import { handle } from './hooks.server';

const origin = 'http://localhost:3000';
const key = Symbol.for('till.app');
let folder = '';
let app: App;
const cookieOf = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'till-hooks-'));
  app = await startApp({
    env: { DATABASE_URL: `file:${join(folder, 'till.db')}` },
    log: pino({ level: 'silent' })
  });
  Reflect.set(globalThis, key, { app: Promise.resolve(app), ready: Promise.resolve(app.report) });
  for (const { username, password } of app.report.demoUsers) {
    const result = await app.identity.staff.signIn({ username, password, address: 'test' });
    if (!result.ok) throw new Error(result.reason);
    cookieOf.set(username, result.setCookies[0]?.split(';')[0] ?? '');
  }
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, key);
  await app.shutdown();
  await rm(folder, { recursive: true });
});

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly routeId?: string | null;
  readonly as?: string;
  readonly headers?: Record<string, string>;
  readonly registerToken?: string;
}

/** What came of a request: served by its route, answered with an error, or sent elsewhere. */
async function ask({ method = 'GET', path, routeId = path, as, headers = {}, registerToken }: Asked) {
  const cookie = as === undefined ? undefined : cookieOf.get(as);
  const request = new Request(`${origin}${path}`, {
    method,
    headers: { ...(cookie === undefined ? {} : { cookie }), ...headers }
  });
  const event = {
    request,
    url: new URL(request.url),
    route: { id: routeId },
    locals: {},
    cookies: { get: () => registerToken }
  } as unknown as RequestEvent;
  try {
    const response = await handle({ event, resolve: async () => new Response('served') });
    const text = await response.text();
    const code: unknown = text === 'served' ? 'served' : JSON.parse(text).code;
    return { code, headers: response.headers, locals: event.locals };
  } catch (thrown) {
    if (isRedirect(thrown)) return { code: `to ${thrown.location}` };
    if (isHttpError(thrown)) return { code: `page ${thrown.status}` };
    throw thrown;
  }
}

const own = { origin, 'sec-fetch-site': 'same-origin' };
const money = { ...own, 'till-contract': '1' };

describe('pages', () => {
  const cases: [path: string, routeId: string, as: string | undefined, code: string][] = [
    ['/', '/', undefined, 'served'],
    ['/sign-in', '/sign-in', undefined, 'served'],
    ['/sell?x=1', '/(register)/sell', undefined, 'to /sign-in?next=%2Fsell%3Fx%3D1'],
    ['/sell', '/(register)/sell', 'cashier', 'served'],
    ['/today', '/(manage)/today', undefined, 'to /sign-in?next=%2Ftoday'],
    ['/today', '/(manage)/today', 'cashier', 'page 403'],
    ['/today', '/(manage)/today', 'manager', 'served'],
    ['/today', '/(manage)/today', 'admin', 'served'],
    ['/refunds', '/(admin)/refunds', 'cashier', 'page 403'],
    ['/refunds', '/(admin)/refunds', 'manager', 'page 403'],
    ['/refunds', '/(admin)/refunds', 'admin', 'served'],
    ['/forgotten', '/forgotten', undefined, 'page 403'],
    ['/forgotten', '/forgotten', 'admin', 'page 403']
  ];

  it.each(cases)('%s (%s) asked by %s: %s', async (path, routeId, as, code) => {
    expect((await ask({ path, routeId, ...(as === undefined ? {} : { as }) })).code).toBe(code);
  });

  it('leave what does not exist to the page that says so', async () => {
    expect((await ask({ path: '/nothing', routeId: null })).code).toBe('served');
  });
});

describe('APIs', () => {
  const cases: [method: string, path: string, as: string | undefined, code: string][] = [
    ['GET', '/api/session', undefined, 'served'],
    ['GET', '/api/catalogue', undefined, 'not_signed_in'],
    ['GET', '/api/catalogue', 'cashier', 'served'],
    ['POST', '/api/payments', undefined, 'not_signed_in'],
    ['POST', '/api/payments', 'cashier', 'served'],
    ['POST', '/api/registers', 'cashier', 'not_allowed'],
    ['POST', '/api/registers', 'manager', 'served'],
    ['GET', '/api/today', 'cashier', 'not_allowed'],
    ['GET', '/api/today', 'manager', 'served'],
    ['POST', '/api/refunds', undefined, 'not_signed_in'],
    ['POST', '/api/refunds', 'cashier', 'not_allowed'],
    ['POST', '/api/refunds', 'manager', 'not_allowed'],
    ['POST', '/api/refunds', 'admin', 'served'],
    ['GET', '/api/forgotten', 'admin', 'not_found'],
    ['DELETE', '/api/payments', 'admin', 'not_found']
  ];

  it.each(cases)('%s %s asked by %s: %s', async (method, path, as, code) => {
    const headers = method === 'GET' ? {} : money;
    expect((await ask({ method, path, headers, ...(as === undefined ? {} : { as }) })).code).toBe(code);
  });

  it.each([
    '/api/payments',
    '/api/payments/00ff/cancel',
    '/api/payments/00ff/void',
    '/api/refunds',
    '/api/orders',
    '/api/cash/movements',
    '/api/cash/returns',
    '/api/desk/tasks/1/done',
    '/api/reconciliations',
    '/api/products',
    '/api/shop',
    '/api/registers',
    '/api/people'
  ])('%s is refused from a page of another version, before anything moves', async (path) => {
    const asked = { method: 'POST', path, as: 'admin' };
    expect((await ask({ ...asked, headers: own })).code).toBe('contract_changed');
    expect((await ask({ ...asked, headers: { ...own, 'till-contract': '2' } })).code).toBe(
      'contract_changed'
    );
    expect((await ask({ ...asked, headers: money })).code).toBe('served');
  });

  it('say of a path without a route that it is not there, as a problem and never as a page', async () => {
    expect((await ask({ path: '/api/payments/a/b', routeId: null, as: 'cashier' })).code).toBe('not_found');
  });

  it('take a journal and a sign-in from a page of any version: nothing that happened is stranded', async () => {
    for (const path of ['/api/journal', '/api/auth/sign-out']) {
      const old = { ...own, 'till-contract': '0' };
      expect((await ask({ method: 'POST', path, headers: old })).code).toBe('served');
    }
  });

  it('are refused to a foreign page even with a session, and the webhook is let in without any', async () => {
    const foreign = {
      'till-contract': '1',
      origin: 'https://evil.example',
      'content-type': 'application/json'
    };
    const asked = { method: 'POST', path: '/api/payments', as: 'admin' };
    expect((await ask({ ...asked, headers: foreign })).code).toBe('wrong_origin');
    expect((await ask({ method: 'POST', path: '/api/codepay/notify' })).code).toBe('served');
  });
});

describe('every request', () => {
  it('knows its person and its register', async () => {
    const enrolled = await app.identity.registers.enrol({ name: null, registerId: null, by: 'test' });
    const { locals } = await ask({
      path: '/api/catalogue',
      as: 'cashier',
      registerToken: enrolled?.token ?? ''
    });
    expect(locals?.staff).toMatchObject({ name: 'Rosa Marin', role: 'cashier' });
    expect(locals?.register).toEqual(enrolled?.register);
  });

  it('is answered with the headers that shut other sites and devices out', async () => {
    const { headers } = await ask({ path: '/api/session' });
    expect(headers?.get('x-content-type-options')).toBe('nosniff');
    expect(headers?.get('referrer-policy')).toBe('same-origin');
    expect(headers?.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers?.get('permissions-policy')).toContain(
      'hid=(self), serial=(self), usb=(self), camera=(self)'
    );
    expect(headers?.get('cache-control')).toBe('no-store');
  });
});

describe('a register’s writers', () => {
  async function enrol(registerId: string | null) {
    const enrolled = await app.identity.registers.enrol({ name: null, registerId, by: 'test' });
    if (enrolled === null) throw new Error('not enrolled');
    const send = async (writer: string, method = 'POST', path = '/api/payments') => {
      const headers = { ...money, 'till-writer': writer };
      return (await ask({ method, path, as: 'cashier', headers, registerToken: enrolled.token })).code;
    };
    return { ...enrolled, send };
  }

  it('are admitted in their order: who was replaced moves nothing any more, and may still read', async () => {
    const { send } = await enrol(null);
    expect(await send('1.1')).toBe('served');
    expect(await send('1.3')).toBe('served');
    expect(await send('1.3')).toBe('served');
    expect(await send('1.2')).toBe('tab_replaced');
    for (const act of ['cancel', 'void', 'ask']) {
      expect(await send('1.2', 'POST', `/api/payments/00ff/${act}`)).toBe('tab_replaced');
    }
    expect(await send('1.2', 'GET')).toBe('served');
  });

  it('are known from the first request of the newer one, also where it only reads', async () => {
    const { send } = await enrol(null);
    expect(await send('1.1')).toBe('served');
    expect(await send('1.2', 'GET', '/api/payments')).toBe('served');
    expect(await send('1.1')).toBe('tab_replaced');
  });

  it('begin anew with an enrolment, which refuses all of the epoch before', async () => {
    const first = await enrol(null);
    expect(await first.send('1.9')).toBe('served');
    const again = await enrol(first.register.registerId);
    expect(await again.send('1.9')).toBe('register_replaced');
    expect(await again.send('2.1')).toBe('served');
  });

  it.each(['', '1', '1.0', '0.1', '-1.2', '1.2.3', '1.x', '99999999999999999999.1'])(
    'are refused where they say “%s”',
    async (writer) => {
      const { send } = await enrol(null);
      expect(await send(writer)).toBe('bad_request');
    }
  );

  it('are told to the page that begins to write, so that it counts on from them', async () => {
    const { send, token } = await enrol(null);
    await send('1.4');
    expect(await app.identity.registers.findByToken(token)).toMatchObject({ epoch: 1, writerTerm: 4 });
  });
});
