/** The built server, started with settings that are wrong: it must end with one sentence that says what to do, and touch nothing. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProject, ownNode, root } from '../../scripts/lib/project.mjs';
import { startTill } from '../support/till-server';
import { makeKeys } from './signing';

const folder = mkdtempSync(join(tmpdir(), 'till-boot-'));
const app = makeKeys();
const gateway = makeKeys();
let training: { folder: string; appPrivate: string; gatewayPublic: string };

beforeAll(async () => {
  const till = await startTill({ timeScale: 1, env: { DATABASE_URL: `file:${folder}/training/till.db` } });
  await till.stop();
  const keys = join(folder, 'training', 'sandbox-keys');
  training = {
    folder: join(folder, 'training'),
    appPrivate: readFileSync(join(keys, 'app-private.pem'), 'utf8'),
    gatewayPublic: readFileSync(join(keys, 'gateway-public.pem'), 'utf8')
  };
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const live = {
  CODEPAY_GATEWAY_URL: 'https://gw.codepay.example',
  CODEPAY_APP_ID: 'wz6012822ca2f1as78',
  CODEPAY_MERCHANT_NO: '312100000164',
  CODEPAY_APP_PRIVATE_KEY: app.privatePem,
  CODEPAY_GATEWAY_PUBLIC_KEY: gateway.publicPem
};

/** Starts the server and waits for it to give up. */
function refused(env: Readonly<Record<string, string>>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(ownNode(), [inProject('scripts', 'server.mjs')], {
      cwd: root,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (!said.includes('Till listens at')) return;
        child.kill('SIGKILL');
        reject(new Error(`the server started:\n${said}`));
      });
    child.on('close', (code) => resolve({ code, said }));
  });
}

async function refusedWithNothingTouched(
  name: string,
  env: Readonly<Record<string, string>>
): Promise<string> {
  const database = join(folder, name, 'till.db');
  const { code, said } = await refused({ ...live, DATABASE_URL: `file:${database}`, ...env });
  expect(code).toBe(1);
  expect(existsSync(database)).toBe(false);
  expect(said.trim().split('\n')).toHaveLength(1);
  expect(said).not.toContain('PRIVATE KEY-----');
  return said;
}

describe('the server does not start', () => {
  test('#65 with a private key that is no key', async () => {
    const said = await refusedWithNothingTouched('no-key', {
      CODEPAY_APP_PRIVATE_KEY: app.privatePem.replace(/[A-Za-z0-9]{40}/, '')
    });
    expect(said).toContain('CODEPAY_APP_PRIVATE_KEY');
  });

  test('#65 with a public key where the private one belongs', async () => {
    const said = await refusedWithNothingTouched('public', { CODEPAY_APP_PRIVATE_KEY: app.publicPem });
    expect(said).toContain('CODEPAY_APP_PRIVATE_KEY');
  });

  test('#65 with a key file that is not there', async () => {
    const said = await refusedWithNothingTouched('no-file', {
      CODEPAY_APP_PRIVATE_KEY: '',
      CODEPAY_APP_PRIVATE_KEY_FILE: join(folder, 'nowhere.pem')
    });
    expect(said).toContain('nowhere.pem');
  });

  test('#65 with its own public key in the place of the gateway’s, as a swapped pair would be', async () => {
    const said = await refusedWithNothingTouched('swapped', { CODEPAY_GATEWAY_PUBLIC_KEY: app.publicPem });
    expect(said).toContain('CODEPAY_GATEWAY_PUBLIC_KEY');
  });

  test('#66 live with a key of the training gateway', async () => {
    const { code, said } = await refused({
      ...live,
      CODEPAY_APP_PRIVATE_KEY: training.appPrivate,
      DATABASE_URL: `file:${training.folder}/live.db`
    });
    expect(code).toBe(1);
    expect(said).toContain('CODEPAY_APP_PRIVATE_KEY is a key of the training gateway');
    expect(existsSync(join(training.folder, 'live.db'))).toBe(false);
  });

  test('#66 live on a database that was made for training', async () => {
    const { code, said } = await refused({ ...live, DATABASE_URL: `file:${training.folder}/till.db` });
    expect(code).toBe(1);
    expect(said).toMatch(/belongs to training mode, but the settings say live/);
  });

  test('#66 in training where settings of a live gateway are left over', async () => {
    const { code, said } = await refused({
      CODEPAY_APP_ID: live.CODEPAY_APP_ID,
      DATABASE_URL: `file:${folder}/half-live/till.db`
    });
    expect(code).toBe(1);
    expect(said).toContain('CODEPAY_GATEWAY_URL');
  });
});
