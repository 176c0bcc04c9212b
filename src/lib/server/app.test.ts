import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApp, type App } from './app';
import { readCatalogue } from './catalogue/catalogue';
import { readShop } from './catalogue/shop';

let folder = '';
let running: App[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'till-app-'));
});
afterEach(async () => {
  for (const app of running) await app.shutdown();
  running = [];
  await rm(folder, { recursive: true });
});

async function start(env: Record<string, string> = {}): Promise<App> {
  const app = await startApp({
    env: { DATABASE_URL: `file:${join(folder, 'till.db')}`, ...env },
    log: pino({ level: 'silent' })
  });
  running.push(app);
  return app;
}

function pem(): { privateKey: string; publicKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' }
  });
}

function liveEnv(): Record<string, string> {
  return {
    CODEPAY_GATEWAY_URL: 'http://127.0.0.1:9',
    CODEPAY_APP_ID: 'app',
    CODEPAY_MERCHANT_NO: '1',
    CODEPAY_APP_PRIVATE_KEY: pem().privateKey,
    CODEPAY_GATEWAY_PUBLIC_KEY: pem().publicKey
  };
}

describe('startApp in training', () => {
  it('has a shop, a catalogue, demo people and a gateway that answers', async () => {
    const app = await start({ PORT: '4321' });
    expect(app.report).toMatchObject({
      mode: 'training',
      address: 'http://localhost:4321',
      firstRunUrl: null
    });
    expect(app.report.demoUsers.map(({ username }) => username)).toEqual(['cashier', 'manager', 'admin']);
    expect(await readShop({ ledger: app.ledger })).toMatchObject({ name: 'Corner & Co', currency: 'USD' });
    const catalogue = await readCatalogue({ ledger: app.ledger, currency: 'USD' });
    expect(catalogue.products.length).toBeGreaterThan(30);
    const answer = await app.gateway.queryPayment({ merchantOrderNo: 'T0000000000000000000000000' });
    expect(answer.kind).toBe('refused');
  });

  it('keeps all it writes beside the database, and starts again on it', async () => {
    const first = await start();
    await first.ledger.db.updateTable('shop').set({ name: 'Mine' }).execute();
    await first.shutdown();
    const again = await start();
    expect((await readShop({ ledger: again.ledger }))?.name).toBe('Mine');
    const files = await readdir(folder);
    expect(files).toEqual(
      expect.arrayContaining(['sandbox-book.db', 'sandbox-keys', 'till-secret', 'till.db'])
    );
  });
});

describe('startApp in live mode', () => {
  it('has no sandbox, no shop and no people, but a link for the first run', async () => {
    const app = await start(liveEnv());
    expect(app.sandbox).toBeNull();
    expect(app.report).toMatchObject({ mode: 'live', demoUsers: [] });
    expect(app.report.firstRunUrl).toMatch(/^http:\/\/localhost:3000\/first-run\?token=/);
    expect(await readShop({ ledger: app.ledger })).toBeNull();
  });

  it('refuses a training database', async () => {
    await (await start()).shutdown();
    await expect(start(liveEnv())).rejects.toMatchObject({
      safeMessage: expect.stringContaining('belongs to training mode') as string
    });
  });

  it("refuses the training gateway's keys", async () => {
    await (await start()).shutdown();
    const key = await readFile(join(folder, 'sandbox-keys', 'app-private.pem'), 'utf8');
    const env = {
      ...liveEnv(),
      CODEPAY_APP_PRIVATE_KEY: key,
      DATABASE_URL: `file:${join(folder, 'live.db')}`
    };
    await expect(start(env)).rejects.toMatchObject({
      safeMessage: expect.stringContaining(
        'CODEPAY_APP_PRIVATE_KEY is a key of the training gateway'
      ) as string
    });
  });
});

describe('startApp refuses with one sentence', () => {
  it('half-made settings', async () => {
    await expect(start({ CODEPAY_APP_ID: 'x' })).rejects.toMatchObject({
      safeMessage: expect.stringContaining('CODEPAY_GATEWAY_URL') as string
    });
  });

  it('a database that cannot be opened', async () => {
    await expect(start({ DATABASE_URL: `file:${folder}` })).rejects.toMatchObject({
      safeMessage: expect.stringContaining("can't be opened") as string
    });
  });
});
