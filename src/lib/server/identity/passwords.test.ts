import { scryptSync } from 'node:crypto';
import { sql } from 'kysely';
import pino from 'pino';
import { expect, test } from 'vitest';
import { openLedger } from '$lib/server/ledger/ledger';
import { openIdentity } from './identity';

test('a password is kept as scrypt makes it, at its full cost and with a salt of its own', async () => {
  const ledger = await openLedger({ path: ':memory:', now: Date.now });
  const identity = await openIdentity({
    ledger,
    mode: 'live',
    origin: 'http://localhost:3000',
    secret: 'x9Jq3vVt0m1Zy7Lw5Rk2Pb8Nc4Hd6Gf_As-EuQoTiYU',
    log: pino({ level: 'silent' })
  });
  const password = 'the same of both';
  for (const username of ['ada', 'lee'])
    await identity.staff.create({ username, name: username, role: 'admin', password });
  const { rows } = await sql<{ password: string }>`SELECT password FROM auth_accounts`.execute(ledger.db);
  const [one = '', other = ''] = rows.map((row) => row.password);
  expect(one).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  expect(other.slice(0, 32)).not.toBe(one.slice(0, 32));
  const [salt = '', key] = one.split(':');
  const cost = { N: 16_384, r: 16, p: 1, maxmem: 2 ** 26 };
  expect(scryptSync(password, salt, 64, cost).toString('hex')).toBe(key);

  const address = '127.0.0.1';
  expect(await identity.staff.signIn({ username: 'ada', password, address })).toMatchObject({ ok: true });
  const wrong = { username: 'ada', password: 'The same of both', address };
  expect(await identity.staff.signIn(wrong)).toEqual({ ok: false, reason: 'wrong_password' });
  await ledger.close();
});
