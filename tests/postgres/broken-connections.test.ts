/** The database dies in the middle, or does what it was told and nobody hears of it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { CommitUnknown } from '$lib/server/ledger/broken-transaction';
import { LedgerUnavailable, openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { traced } from '$lib/server/ledger/trace';
import { openEngine } from '$lib/server/payments/engine.fixture';
import type { PaymentParts } from '$lib/server/payments/parts';
import { requestPayment } from '$lib/server/payments/request-payment';
import { paymentRequest, seedShop, sender } from '$lib/server/payments/shop.fixture';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy';
import { startTestServer, type TestServer } from './server';

let server: TestServer;
let proxy: CuttingProxy;
let ledger: Ledger;
let parts: PaymentParts;
let name: string;

beforeAll(async () => {
  server = await startTestServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  proxy = await startCuttingProxy({ to: server.port });
  ({ name } = await server.createDatabase());
  ledger = await openLedger({ url: server.urlOf(name, proxy.port) });
  await seedShop(ledger.db);
  const engine = await openEngine();
  await engine.ledger.close();
  parts = { ...engine.parts, ledger };
});

afterEach(async () => {
  await ledger.close();
  await proxy.close();
});

function attempts() {
  return ledger.db.selectFrom('attempts').select(['id', 'state']).execute();
}

describe('#43 a commit whose acknowledgement is lost', () => {
  test('is found by the id of its payment, which is inserted once and still sent', async () => {
    const request = paymentRequest({ ends: '00' });
    proxy.cutAfterNextCommit();
    const result = await requestPayment({ parts, sender, request });
    expect(proxy.cuts()).toBe(1);
    expect(result).toMatchObject({ ok: true, fresh: true, row: { id: request.attemptId, state: 'intent' } });
    expect(await attempts()).toEqual([{ id: request.attemptId, state: 'intent' }]);
    const events = await ledger.db.selectFrom('events').select('what').orderBy('id').execute();
    expect(events.map(({ what }) => what)).toEqual(['order_received', 'payment_requested']);
  });

  test('is never made again by work that would not know itself', async () => {
    proxy.cutAfterNextCommit();
    const trace = await traced(async (seen) => {
      const work = ledger.transaction((trx) =>
        trx.insertInto('stamp').values({ key: 'once', value: '1' }).execute()
      );
      await expect(work).rejects.toBeInstanceOf(CommitUnknown);
      return seen;
    });
    // So whoever asked is told that it may have been done.
    expect(trace).toEqual({ mayHaveKept: true, storageFailed: true });
    expect(await ledger.db.selectFrom('stamp').selectAll().execute()).toHaveLength(1);
  });
});

test('a database that can’t be reached is known for it, and for having kept nothing', async () => {
  await proxy.close();
  const trace = await traced(async (seen) => {
    await expect(ledger.db.selectFrom('stamp').selectAll().execute()).rejects.toThrow();
    const late = ledger.db.insertInto('stamp').values({ key: 'late', value: '1' }).execute();
    await expect(late).rejects.toThrow();
    return seen;
  });
  expect(trace).toEqual({ mayHaveKept: false, storageFailed: true });
});

test('#42 restarts in the middle of a transaction, one after the other, undo it whole, and it is run again', async () => {
  let runs = 0;
  await ledger.transaction(async (trx) => {
    runs += 1;
    await trx
      .insertInto('stamp')
      .values({ key: `run ${runs}`, value: '1' })
      .execute();
    if (runs <= 3) await server.crash();
    await trx.insertInto('stamp').values({ key: 'end', value: '1' }).execute();
  });
  expect(runs).toBeGreaterThan(3);
  const kept = await ledger.db.selectFrom('stamp').select('key').orderBy('key').execute();
  expect(kept.map(({ key }) => key)).toEqual(['end', `run ${runs}`]);
});

test('a transaction that is chosen to end a deadlock is run again', async () => {
  await ledger.db
    .insertInto('stamp')
    .values([
      { key: 'a', value: '0' },
      { key: 'b', value: '0' }
    ])
    .execute();
  const met = { a: Promise.withResolvers<undefined>(), b: Promise.withResolvers<undefined>() };
  const both = (first: 'a' | 'b', second: 'a' | 'b'): Promise<void> =>
    ledger.transaction(async (trx) => {
      for (const key of [first, second]) {
        await sql`UPDATE stamp SET value = (value::int + 1)::text WHERE key = ${key}`.execute(trx);
        met[first].resolve(undefined);
        await met[second].promise;
      }
    });
  await Promise.all([both('a', 'b'), both('b', 'a')]);
  const rows = await ledger.db.selectFrom('stamp').select('value').execute();
  expect(rows).toEqual([{ value: '2' }, { value: '2' }]);
});

test('time is the database’s, not this machine’s', async () => {
  const { rows } = await sql<{
    now: number;
  }>`SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::int8 AS now`.execute(ledger.db);
  expect(Math.abs(ledger.nowMs() - (rows[0]?.now ?? 0))).toBeLessThan(250);
});

test('sums and counts are numbers, and one that can’t be kept exactly is refused', async () => {
  const { rows } =
    await sql`SELECT sum(x) AS sum, count(*) AS count FROM (VALUES (2::bigint), (3::bigint)) AS t (x)`.execute(
      ledger.db
    );
  expect(rows).toEqual([{ sum: 5, count: 2 }]);
  await expect(sql`SELECT 9007199254740993::bigint`.execute(ledger.db)).rejects.toThrow('safe integer');
});

test('events are append-only there too', async () => {
  const event = { at_ms: 1, subject: 'order', subject_id: 'o', what: 'order_stored', actor: 'test' } as const;
  await ledger.db.insertInto('events').values(event).execute();
  await expect(ledger.db.updateTable('events').set({ what: 'x' }).execute()).rejects.toThrow('append-only');
  await expect(ledger.db.deleteFrom('events').execute()).rejects.toThrow('append-only');
  await expect(sql`TRUNCATE events`.execute(ledger.db)).rejects.toThrow('append-only');
});

test('#36 a server that forgets commits at a power cut is refused in one sentence, without the password', async () => {
  const other = await server.createDatabase();
  await server.query('postgres', `ALTER DATABASE ${other.name} SET synchronous_commit = off`);
  const opened = openLedger({ url: other.url });
  await expect(opened).rejects.toBeInstanceOf(LedgerUnavailable);
  await expect(opened).rejects.toThrow(/synchronous_commit is off and must be on/);
  await expect(opened).rejects.not.toThrow('only-for-tests');
});
