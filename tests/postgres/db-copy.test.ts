/** `npm run db:copy`, as it is typed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openIdentity } from '$lib/server/identity/identity';
import { openLedger } from '$lib/server/ledger/ledger';
import { createLog } from '$lib/server/log';
import { openEngine, seen } from '$lib/server/payments/engine.fixture';
import { seedShop } from '$lib/server/payments/shop.fixture';
import { startTestServer, type TestServer } from './server';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'till-copy-'));
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

function copy(from: string, to: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/db-copy.mjs', from, to], (error, stdout, stderr) =>
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        said: stdout + stderr
      })
    );
  });
}

const auth = { mode: 'training', origin: 'http://localhost:3000', secret: 'x'.repeat(43) } as const;

test('moves a shop with its people and its money, and refuses a database that holds anything', async () => {
  const path = join(folder, 'till.db');
  const file = await openLedger({ path, now: Date.now });
  await seedShop(file.db);
  await openIdentity({ ...auth, ledger: file, log: createLog({ write: () => undefined }) });
  const engine = await openEngine();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  for (let count = 0; count < 3; count += 1) await engine.pay();
  engine.pass(5000);
  await engine.turn();
  for (const table of ['orders', 'attempts', 'events'] as const) {
    const rows = await engine.ledger.db.selectFrom(table).selectAll().execute();
    await file.db
      .insertInto(table)
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await engine.ledger.close();
  const { url } = await server.createDatabase();
  await file.close();

  const { code, said } = await copy(path, url);
  expect(code, said).toBe(0);
  expect(said).toMatch(/attempts +3 rows +amount_minor 2700/);
  expect(said).toMatch(/auth_users +3 rows/);
  expect(said).not.toContain('only-for-tests');

  const moved = await openLedger({ url });
  const attempts = await moved.db.selectFrom('attempts').select(['state', 'amount_minor']).execute();
  expect(attempts).toEqual(Array(3).fill({ state: 'succeeded', amount_minor: 900 }));
  // Numbers go on where the file stopped, and people sign in as before.
  await moved.db
    .insertInto('events')
    .values({ at_ms: 1, subject: 'order', subject_id: 'o', what: 'probe', actor: 'test' })
    .execute();
  const identity = await openIdentity({ ...auth, ledger: moved, log: createLog({ write: () => undefined }) });
  const signedIn = await identity.staff.signIn({
    username: 'cashier',
    password: 'training',
    address: '127.0.0.1'
  });
  expect(signedIn).toMatchObject({ ok: true, staff: { name: 'Rosa Marin', role: 'cashier' } });
  await moved.close();

  const again = await copy(path, url);
  expect(again.code).toBe(1);
  expect(again.said).toMatch(/not empty/);
}, 60_000);
