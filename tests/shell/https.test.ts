import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeAuthority, makeServerCertificate } from '../../scripts/lib/https/authority.mjs';
import { joinHandler } from '../../scripts/lib/https/join-page.mjs';
import { keepCertificate } from '../../scripts/lib/https/keep.mjs';
import { isFromHere } from '../../scripts/lib/https/plain.mjs';
import { ownNames } from '../../scripts/lib/https/names.mjs';
import { answering, appThat, start, useEntries } from './entry.ts';

const { folder } = useEntries();
const dayMs = 24 * 60 * 60 * 1000;

/** Asks by https as a tablet would that trusts one authority; rejects where the certificate is not believed. */
function ask(address: string, authority: string, servername?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = new URL(address);
    const sent = request(
      {
        host: '127.0.0.1',
        port: url.port,
        path: url.pathname,
        ca: authority,
        servername: servername ?? url.hostname,
        headers: { host: url.host }
      },
      (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
      }
    );
    sent.on('error', reject).end();
  });
}

describe('the server with https of its own', () => {
  const env = () => ({
    TILL_HTTPS: 'on',
    HTTPS_PORT: '0',
    HOST: '127.0.0.1',
    TILL_HTTPS_NAMES: 'shop.local',
    DATABASE_URL: `file:${join(folder(), 'data', 'till.db')}`
  });
  const authority = () => readFileSync(join(folder(), 'data', 'https', 'authority.pem'), 'utf8');

  it('answers by https to who trusts its authority, by http on this machine, and knows all its addresses', async () => {
    const handler = `export const handler = (request, response) =>
      response.end([process.env.ORIGIN, process.env.TILL_ORIGINS].join(' '));`;
    const { address, says } = start({ app: appThat({ handler }), env: env() });
    const origin = await address();
    expect(origin).toMatch(/^https:\/\/shop\.local:\d+$/);
    const [, here = ''] = await says(/On this machine: (\S+)/);
    const { port } = new URL(here);
    await says(new RegExp(`A new tablet begins at http://shop\\.local:${port}/`));

    const [first = '', all = ''] = (await ask(origin, authority())).split(' ');
    expect(first).toBe(origin);
    expect(all.split(',')).toEqual(expect.arrayContaining([origin, here]));
    expect(await (await fetch(here)).text()).toBe(`${first} ${all}`);
  });

  it('is not believed by who trusts another authority, nor for a name that is not its own', async () => {
    const { address } = start({ app: appThat(), env: env() });
    const origin = await address();
    const stranger = await makeAuthority({ name: 'stranger', now: new Date() });
    await expect(ask(origin, stranger.certificate)).rejects.toThrow(/certificate/);
    await expect(ask(origin, authority(), 'other.local')).rejects.toThrow(/altnames/);
  });

  it('keeps its certificates across starts, and its keys to itself', async () => {
    const first = start({ app: appThat(), env: env() });
    await first.address();
    const before = authority();
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    const second = start({ app: appThat(), env: env() });
    expect(await ask(await second.address(), before)).toBe('hello');
    for (const name of ['authority-key.pem', 'server-key.pem']) {
      expect(statSync(join(folder(), 'data', 'https', name)).mode & 0o077).toBe(0);
    }
  });

  it.for([
    [{ TILL_HTTPS: 'yes' }, /^TILL_HTTPS must be on or off/],
    [{ HTTPS_PORT: 'x' }, /^HTTPS_PORT must be a number/],
    [{ TILL_HTTPS_NAMES: 'till.example.com' }, /not for "till\.example\.com"/]
  ] as const)('refuses %j with one sentence', async ([wrong, sentence]) => {
    const { code, output } = await start({ app: answering, env: { ...env(), ...wrong } }).ended;
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('the shop’s authority', () => {
  const now = new Date('2026-11-25T10:00:00Z');

  it('can vouch for nothing outside of a private network, even with its key stolen', async () => {
    const authority = await makeAuthority({ name: 'shop', now });
    const { certificate, key } = await makeServerCertificate({
      authority,
      names: ['bank.example.com', 'localhost'],
      now
    });
    const { createServer: createSecure } = await import('node:https');
    const server = createSecure({ cert: certificate, key }, (_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(ask(`https://localhost:${port}/`, authority.certificate)).rejects.toThrow(
      /permitted subtree/
    );
    server.close();
  });

  it('signs anew, and stays the same, where a name is missing or the end is near', async () => {
    const at = join(folder(), 'https');
    const first = await keepCertificate({ folder: at, names: ['192.168.1.10'], now });
    const same = await keepCertificate({ folder: at, names: ['192.168.1.10'], now });
    expect([same.renewed, same.certificate]).toEqual([null, first.certificate]);

    const moved = await keepCertificate({ folder: at, names: ['192.168.1.20'], now });
    expect(moved.renewed).toMatch(/192\.168\.1\.20/);
    expect(new X509Certificate(moved.certificate).checkIP('192.168.1.20')).toBe('192.168.1.20');
    expect(moved.authority).toBe(first.authority);

    const later = new Date(now.getTime() + 770 * dayMs);
    const renewed = await keepCertificate({ folder: at, names: ['192.168.1.20'], now: later });
    expect(renewed.renewed).toBe('it ends soon');
    expect(renewed.authority).toBe(first.authority);
  });

  it('says so where its files are damaged, instead of making tablets distrust the shop in silence', async () => {
    const at = join(folder(), 'https');
    await keepCertificate({ folder: at, names: ['localhost'], now });
    writeFileSync(join(at, 'authority.pem'), 'nonsense');
    await expect(keepCertificate({ folder: at, names: ['other.local'], now })).rejects.toThrow();
  });
});

describe('the names of this machine', () => {
  it('are what was asked for, then private addresses, then its own name, and always localhost', () => {
    const card = { netmask: '', mac: '', internal: false, cidr: null } as const;
    const interfaces = {
      lo: [{ ...card, family: 'IPv4', address: '127.0.0.1', internal: true }],
      wifi: [
        { ...card, family: 'IPv4', address: '192.168.1.10' },
        { ...card, family: 'IPv6', address: 'fe80::1', scopeid: 1 }
      ],
      wan: [{ ...card, family: 'IPv4', address: '203.0.113.9' }]
    } as const;
    expect(
      ownNames({
        asked: 'Till.local',
        host: 'Shop-PC.router',
        interfaces: structuredClone(interfaces) as never
      })
    ).toEqual({
      names: ['till.local', '192.168.1.10', 'shop-pc.local', 'localhost', '127.0.0.1']
    });
  });
});

describe('what a tablet by plain http is shown', () => {
  it('is how to trust the shop, with the authority itself, and nothing else of Till', async () => {
    const server = createServer(
      joinHandler({
        authority: 'PEM of the authority',
        secureAddress: 'https://192.168.1.10:3443/',
        joinAddress: 'http://192.168.1.10:3000/'
      })
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const base = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    const page = await fetch(`${base}/sell`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('href="https://192.168.1.10:3443/"');
    expect(html).toContain('<svg');
    const file = await fetch(`${base}/till-authority.crt`);
    expect(file.headers.get('content-type')).toBe('application/x-x509-ca-cert');
    expect(await file.text()).toBe('PEM of the authority');
    expect((await fetch(`${base}/api/session`, { method: 'POST' })).status).toBe(405);
    server.close();
  });

  it('is for other machines only', () => {
    const from = (remoteAddress: string | undefined) => isFromHere({ socket: { remoteAddress } });
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map(from)).toEqual([true, true, true]);
    expect(['192.168.1.20', '::ffff:192.168.1.20', 'fe80::2', undefined].map(from)).toEqual([
      false,
      false,
      false,
      false
    ]);
  });
});
