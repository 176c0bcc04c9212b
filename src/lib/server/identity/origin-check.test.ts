import { describe, expect, it } from 'vitest';
import { isOriginAllowed, ownOriginsOf } from './origin-check';

const own = 'https://till.example';

function allowed(
  method: string,
  headers: Record<string, string>,
  { path = '/api/payments', ownOrigins = [own] }: { path?: string; ownOrigins?: readonly string[] } = {}
): boolean {
  return isOriginAllowed({ method, path, headers: new Headers(headers), ownOrigins });
}

describe('isOriginAllowed', () => {
  const types = [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    ''
  ];
  const origins: [string | null, string | null, boolean][] = [
    [own, 'same-origin', true],
    [own, null, true],
    [own, 'same-site', false],
    [own, 'cross-site', false],
    [own, 'none', false],
    ['https://evil.example', 'cross-site', false],
    ['https://evil.example', 'same-origin', false],
    ['https://evil.example', null, false],
    ['https://till.example:8443', null, false],
    ['http://till.example', null, false],
    ['null', null, false],
    [null, 'same-origin', false],
    [null, null, false]
  ];
  const matrix = ['POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
    types.flatMap((type) => origins.map((row) => [method, type, ...row] as const))
  );

  it.each(matrix)(
    '%s of "%s" with Origin %s and Sec-Fetch-Site %s: %s',
    (method, type, origin, site, expected) => {
      const headers = {
        ...(type === '' ? {} : { 'content-type': type }),
        ...(origin === null ? {} : { origin }),
        ...(site === null ? {} : { 'sec-fetch-site': site })
      };
      expect(allowed(method, headers)).toBe(expected);
    }
  );

  it.each(['GET', 'HEAD', 'OPTIONS'])(
    'lets %s through from anywhere, because it changes nothing',
    (method) => {
      expect(allowed(method, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).toBe(true);
    }
  );

  it("exempts the gateway's webhook and nothing near it", () => {
    expect(allowed('POST', {}, { path: '/api/codepay/notify' })).toBe(true);
    expect(allowed('POST', {}, { path: '/api/codepay/notify/x' })).toBe(false);
    expect(allowed('POST', {}, { path: '/api/codepay' })).toBe(false);
  });
});

describe('ownOriginsOf', () => {
  it('is the one address of a server with a name', () => {
    expect(ownOriginsOf('https://till.example')).toEqual(['https://till.example']);
  });

  it("knows this machine's other names, on the same port only", () => {
    const ownOrigins = ownOriginsOf('http://localhost:3000');
    expect(ownOrigins).toEqual(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']);
    expect(allowed('POST', { origin: 'http://127.0.0.1:3000' }, { ownOrigins })).toBe(true);
    expect(allowed('POST', { origin: 'http://127.0.0.1:3001' }, { ownOrigins })).toBe(false);
  });
});
