import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { roleContains, roles } from '$lib/wire/basics';
import { apiRules, isApi, movesMoney, needForApi, needForPage, needsContract } from './access';

describe('roles', () => {
  it('contain each other', () => {
    const table = roles.map((role) => roles.map((needed) => roleContains(role, needed)));
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true]
    ]);
  });
});

describe('needForPage', () => {
  it.each([
    ['/', 'public'],
    ['/sign-in', 'public'],
    ['/first-run', 'public'],
    ['/(register)/sell', 'cashier'],
    ['/(register)/journal', 'cashier'],
    ['/(manage)/today', 'manager'],
    ['/(manage)/orders/[id]', 'manager'],
    ['/(admin)/refunds', 'admin'],
    ['/somewhere', null],
    ['/(new)/page', null],
    ['/sign-in/more', null]
  ])('%s needs %s', (routeId, need) => {
    expect(needForPage(routeId)).toBe(need);
  });
});

describe('needForApi', () => {
  it.each([
    ['GET', '/api/session', 'public'],
    ['HEAD', '/api/session', 'public'],
    ['POST', '/api/session', null],
    ['POST', '/api/auth/sign-in/username', 'public'],
    ['GET', '/api/auth/get-session', null],
    ['POST', '/api/codepay/notify', 'public'],
    ['GET', '/api/codepay/notify', null],
    ['GET', '/api/openapi.json', 'public'],
    ['GET', '/api/docs', 'public'],
    ['GET', '/api/changes', 'cashier'],
    ['POST', '/api/journal', 'public'],
    ['GET', '/api/journal', 'public'],
    ['POST', '/api/changes', null],
    ['GET', '/api/catalogue', 'cashier'],
    ['POST', '/api/registers', 'manager'],
    ['GET', '/api/registers', 'manager'],
    ['POST', '/api/registers/code', 'cashier'],
    ['POST', '/api/registers/00ff/code', 'manager'],
    ['GET', '/api/registers/compare', 'manager'],
    ['POST', '/api/orders', 'cashier'],
    ['GET', '/api/orders', 'admin'],
    ['GET', '/api/orders/00ff', 'manager'],
    ['POST', '/api/orders/00ff', null],
    ['GET', '/api/orders/', null],
    ['POST', '/api/payments', 'cashier'],
    ['GET', '/api/payments/00ff', 'cashier'],
    ['POST', '/api/payments/00ff/stop', 'cashier'],
    ['DELETE', '/api/payments/00ff', null],
    ['POST', '/api/payments/00ff/void', 'cashier'],
    ['GET', '/api/today', 'manager'],
    ['GET', '/api/refunds', 'admin'],
    ['POST', '/api/refunds', 'admin'],
    ['GET', '/api/refunds/00ff', 'admin'],
    ['POST', '/api/refundsx', null],
    ['GET', '/api/shop', 'admin'],
    ['POST', '/api/shop', 'admin'],
    ['POST', '/api/connection-check', 'admin'],
    ['GET', '/api/opening', 'cashier'],
    ['GET', '/api/unheard-of', null],
    ['GET', '/api', null]
  ])('%s %s needs %s', (method, path, need) => {
    expect(needForApi({ method, path })).toBe(need);
  });
});

describe('the table', () => {
  const files = readdirSync('src/routes', { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${file.replaceAll('\\', '/')}`
  );

  it('has a row for every page that exists', () => {
    const pages = files
      .filter((file) => /\/\+page\.svelte$/.test(file))
      .map((file) => file.replace(/\/\+page\.svelte$/, '') || '/');
    expect(pages.filter((routeId) => needForPage(routeId) === null)).toEqual([]);
  });

  it('has a row for every API that exists', () => {
    const paths = files
      .filter((file) => /\/\+server\.ts$/.test(file))
      .map((file) => file.replace(/\/\+server\.ts$/, '').replaceAll(/\[[^\]]*\]/g, 'x'));
    const methods = ['GET', 'POST'];
    expect(paths.filter((path) => methods.every((method) => needForApi({ method, path }) === null))).toEqual(
      []
    );
  });
});

describe('movesMoney', () => {
  it.each([
    ['POST', '/api/payments', true],
    ['POST', '/api/payments/00ff/stop', true],
    ['POST', '/api/payments/00ff/void', true],
    ['POST', '/api/refunds', true],
    ['POST', '/api/orders', true],
    ['GET', '/api/orders', false],
    ['POST', '/api/registers', false],
    ['POST', '/api/codepay/notify', false]
  ])('%s %s: %s', (method, path, expected) => {
    expect(movesMoney({ method, path })).toBe(expected);
  });
});

describe('needsContract', () => {
  it('holds for all that changes something, but for signing in and out, journals and the gateway', () => {
    const changing = apiRules.filter(({ methods }) => methods.includes('POST')).map(({ path }) => path);
    const without = changing.filter((pattern) => {
      const path = pattern.replace('**', 'x').replaceAll('*', 'x');
      return !needsContract({ method: 'POST', path });
    });
    expect(without).toEqual(['/api/auth/**', '/api/codepay/notify', '/api/journal']);
  });

  it('never holds for what only reads: a payment under way is asked for from any page', () => {
    expect(needsContract({ method: 'GET', path: '/api/payments/00ff' })).toBe(false);
  });
});

describe('isApi', () => {
  it.each([
    ['/api/x', true],
    ['/healthz', true],
    ['/metrics', true],
    ['/apis', false],
    ['/today', false]
  ])('%s: %s', (path, expected) => {
    expect(isApi(path)).toBe(expected);
  });
});
