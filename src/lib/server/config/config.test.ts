import { generateKeyPairSync } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, type Config } from './config';

const app = generateKeyPairSync('rsa', { modulusLength: 2048 });
const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privatePem = app.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = gateway.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const ownPublicPem = app.publicKey.export({ type: 'spki', format: 'pem' }).toString();

const live = {
  CODEPAY_GATEWAY_URL: 'https://gw.codepay.us',
  CODEPAY_APP_ID: 'wz1',
  CODEPAY_MERCHANT_NO: '302',
  CODEPAY_APP_PRIVATE_KEY: privatePem,
  CODEPAY_GATEWAY_PUBLIC_KEY: publicPem
};

const files: Record<string, string> = { '/keys/app.pem': privatePem, '/keys/gateway.pem': publicPem };

function readKeyFile(path: string): string {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error('no'), { code: 'ENOENT' });
  return text;
}

function configOf(env: Record<string, string | undefined>): Config {
  const read = readConfig(env, readKeyFile);
  if (!read.ok) throw new Error(read.message);
  return read.config;
}

function messageOf(env: Record<string, string | undefined>): string {
  const read = readConfig(env, readKeyFile);
  if (read.ok) throw new Error('was accepted');
  return read.message;
}

describe('readConfig in training', () => {
  it('needs no setting at all', () => {
    expect(configOf({})).toEqual({
      mode: 'training',
      gateway: null,
      notifyOrigin: 'http://localhost:3000',
      database: { path: resolve('data/training.db') },
      folder: resolve('data'),
      host: '127.0.0.1',
      port: 3000,
      origin: 'http://localhost:3000',
      origins: ['http://localhost:3000'],
      timeScale: 1,
      metricsToken: null
    });
  });

  it('takes blank settings as missing, so that a copied .env.example still trains', () => {
    expect(configOf({ CODEPAY_GATEWAY_URL: '', CODEPAY_APP_ID: '  ', TILL_TIME_SCALE: '' }).mode).toBe(
      'training'
    );
  });

  it('takes its address from PORT, and from ORIGIN where that is set', () => {
    expect(configOf({ PORT: '8080' }).origin).toBe('http://localhost:8080');
    expect(configOf({ PORT: '8080', ORIGIN: 'https://till.example/' }).origin).toBe('https://till.example');
  });

  it.each([
    ['file:/var/lib/till.db', '/var/lib/till.db'],
    ['file:///var/lib/till.db', '/var/lib/till.db'],
    ['file:shop.db', resolve('shop.db')]
  ])('reads DATABASE_URL %s', (url, path) => {
    expect(configOf({ DATABASE_URL: url })).toMatchObject({ database: { path }, folder: dirname(path) });
  });

  it('takes the address of a PostgreSQL database as it is, and keeps its own files in data', () => {
    const url = 'postgres://till:p%40ss@db.example:5433/till?sslmode=require';
    expect(configOf({ DATABASE_URL: url })).toMatchObject({ database: { url }, folder: resolve('data') });
  });

  it('takes a time scale', () => {
    expect(configOf({ TILL_TIME_SCALE: '20' }).timeScale).toBe(20);
  });
});

describe('readConfig in live mode', () => {
  it('takes the keys from variables', () => {
    const config = configOf({
      ...live,
      CODEPAY_STORE_NO: 's1',
      CODEPAY_NOTIFY_ORIGIN: 'https://till.example'
    });
    expect(config).toMatchObject({
      mode: 'live',
      database: { path: resolve('data/till.db') },
      notifyOrigin: 'https://till.example',
      timeScale: 1,
      gateway: { appId: 'wz1', merchantNo: '302', storeNo: 's1', terminalSn: null, timeoutMs: 10_000 }
    });
  });

  it('takes the keys from files', () => {
    const config = configOf({
      ...live,
      CODEPAY_APP_PRIVATE_KEY: undefined,
      CODEPAY_APP_PRIVATE_KEY_FILE: '/keys/app.pem',
      CODEPAY_GATEWAY_PUBLIC_KEY: undefined,
      CODEPAY_GATEWAY_PUBLIC_KEY_FILE: '/keys/gateway.pem'
    });
    expect(config.gateway?.privateKey.type).toBe('private');
  });

  it('sends no notify address when none is set', () => {
    expect(configOf(live).notifyOrigin).toBeNull();
  });

  it('lets a gateway on this very machine speak http', () => {
    expect(configOf({ ...live, CODEPAY_GATEWAY_URL: 'http://127.0.0.1:9000' }).mode).toBe('live');
  });
});

describe('readConfig refuses, and names the setting:', () => {
  const cases: [string, Record<string, string | undefined>, RegExp][] = [
    [
      'a gateway without its address',
      { CODEPAY_APP_ID: 'x' },
      /CODEPAY_GATEWAY_URL is missing.*CODEPAY_APP_ID/
    ],
    ['even a timeout without an address', { CODEPAY_TIMEOUT_MS: '5000' }, /CODEPAY_GATEWAY_URL is missing/],
    ['a misspelled setting', { ...live, CODEPAY_APPID: 'x' }, /CODEPAY_APPID is not a setting/],
    [
      'an address that is none',
      { ...live, CODEPAY_GATEWAY_URL: 'codepay' },
      /CODEPAY_GATEWAY_URL is not an address/
    ],
    ['plain http', { ...live, CODEPAY_GATEWAY_URL: 'http://gw.codepay.us' }, /must begin with https/],
    [
      'a password in the address',
      { ...live, CODEPAY_GATEWAY_URL: 'https://a:b@gw.codepay.us' },
      /plain address/
    ],
    ['a missing app id', { ...live, CODEPAY_APP_ID: '' }, /^CODEPAY_APP_ID is missing/],
    ["the sandbox's app id", { ...live, CODEPAY_APP_ID: 'till-sandbox' }, /training gateway's/],
    [
      'a missing merchant number',
      { ...live, CODEPAY_MERCHANT_NO: undefined },
      /^CODEPAY_MERCHANT_NO is missing/
    ],
    [
      'a merchant number too long',
      { ...live, CODEPAY_MERCHANT_NO: '1'.repeat(33) },
      /CODEPAY_MERCHANT_NO.*32/
    ],
    [
      'a missing private key',
      { ...live, CODEPAY_APP_PRIVATE_KEY: '' },
      /CODEPAY_APP_PRIVATE_KEY or CODEPAY_APP_PRIVATE_KEY_FILE is missing/
    ],
    ['a key given twice', { ...live, CODEPAY_APP_PRIVATE_KEY_FILE: '/keys/app.pem' }, /both set/],
    [
      'a key file that is not there',
      { ...live, CODEPAY_APP_PRIVATE_KEY: '', CODEPAY_APP_PRIVATE_KEY_FILE: '/keys/none.pem' },
      /CODEPAY_APP_PRIVATE_KEY_FILE names \/keys\/none.pem.*no such file/
    ],
    [
      'a key cut off while copying',
      { ...live, CODEPAY_APP_PRIVATE_KEY: privatePem.slice(0, 400) },
      /^CODEPAY_APP_PRIVATE_KEY /
    ],
    [
      'a public key in the private place',
      { ...live, CODEPAY_APP_PRIVATE_KEY: ownPublicPem },
      /public key where the private key belongs/
    ],
    [
      'a private key in the public place',
      { ...live, CODEPAY_GATEWAY_PUBLIC_KEY: privatePem },
      /private key where the public key belongs/
    ],
    [
      "the app's own public key as the gateway's",
      { ...live, CODEPAY_GATEWAY_PUBLIC_KEY: ownPublicPem },
      /your own app's public key/
    ],
    ['a bad timeout', { ...live, CODEPAY_TIMEOUT_MS: '10s' }, /CODEPAY_TIMEOUT_MS must be a whole number/],
    [
      'a notify address with a path',
      { ...live, CODEPAY_NOTIFY_ORIGIN: 'https://x.example/y' },
      /CODEPAY_NOTIFY_ORIGIN/
    ],
    ['a time scale in live mode', { ...live, TILL_TIME_SCALE: '20' }, /training only/],
    ['a time scale below 1', { TILL_TIME_SCALE: '0.5' }, /TILL_TIME_SCALE must be/],
    ['a time scale that is no number', { TILL_TIME_SCALE: 'fast' }, /TILL_TIME_SCALE must be/],
    ['a port out of range', { PORT: '70000' }, /PORT must be a whole number from 0 to 65535/],
    ['a path in ORIGIN', { ORIGIN: 'https://a.example,https://b.example/x' }, /ORIGIN must be an address/],
    [
      'PostgreSQL without a database',
      { DATABASE_URL: 'postgres://till:secret@localhost' },
      /^DATABASE_URL must name a host and a database, [^]*(?<!secret.*)$/
    ],
    ['another database', { DATABASE_URL: 'mysql://x' }, /DATABASE_URL must be file:/],
    ['a database without a file', { DATABASE_URL: 'file::memory:' }, /DATABASE_URL must be file:/],
    ['an empty file', { DATABASE_URL: 'file:' }, /DATABASE_URL must be file:/]
  ];

  it.each(cases)('%s', (_what, env, message) => {
    expect(messageOf(env)).toMatch(message);
  });

  it('never shows any of a key', () => {
    for (const [, env] of cases) {
      const message = messageOf(env);
      expect(message).not.toContain(privatePem.slice(40, 60));
      expect(message.length).toBeLessThan(400);
    }
  });
});

describe('several addresses', () => {
  it('are all its own, the usual one first', () => {
    const { origin, origins } = configOf({
      ORIGIN: 'https://till.example.com, https://192.168.1.10:3443,http://localhost:3000'
    });
    expect(origin).toBe('https://till.example.com');
    expect(origins).toEqual([
      'https://till.example.com',
      'https://192.168.1.10:3443',
      'http://localhost:3000'
    ]);
  });

  it('are refused where a plain one of another machine stands beside https', () => {
    expect(messageOf({ ORIGIN: 'https://till.example.com,http://192.168.1.10:3000' })).toMatch(
      /must not name http:\/\/192\.168\.1\.10:3000 beside/
    );
    expect(messageOf({ ORIGIN: 'https://till.example.com,nonsense' })).toMatch(/ORIGIN must be an address/);
  });
});

describe('the training gateway behind https', () => {
  it('notifies by the plain port of this machine, whose certificate it need not trust', () => {
    const env = { ORIGIN: 'https://till.local:3443', HOST: '0.0.0.0', PORT: '3000' };
    expect(configOf(env).notifyOrigin).toBe('http://127.0.0.1:3000');
  });
});

describe('the token of the metrics', () => {
  it('is taken as it is, and refused where it could be guessed', () => {
    expect(configOf({ METRICS_TOKEN: 'sixteen-letters-long' }).metricsToken).toBe('sixteen-letters-long');
    expect(configOf({ METRICS_TOKEN: ' ' }).metricsToken).toBeNull();
    expect(messageOf({ METRICS_TOKEN: 'short' })).toMatch(/at least 16 characters/);
  });
});
