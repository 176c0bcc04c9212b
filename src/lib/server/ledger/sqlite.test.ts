import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LedgerUnavailable, openLedger } from './ledger';
import { openSqlite, sqliteDialect } from './sqlite';

interface Tables {
  parent: { id: number };
  child: { parent_id: number };
}

let folder: string;
let path: string;
let other: DatabaseSync;
let db: Kysely<Tables>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'till-sqlite-'));
  path = join(folder, 'ledger.db');
  other = openSqlite({ path });
  other.exec(`
    CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE child (parent_id INTEGER NOT NULL REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT`);
  const database = openSqlite({ path });
  database.exec('PRAGMA busy_timeout = 1');
  db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
});

afterEach(async () => {
  await db.destroy();
  other.close();
  rmSync(folder, { recursive: true });
});

function insertParent(id: number): Promise<unknown> {
  return db.transaction().execute((trx) => trx.insertInto('parent').values({ id }).execute());
}

async function parents(): Promise<number[]> {
  const rows = await db.selectFrom('parent').select('id').orderBy('id').execute();
  return rows.map((row) => row.id);
}

describe('#40 the connection is free again after', () => {
  test('a BEGIN that met the lock of another process', async () => {
    other.exec('BEGIN IMMEDIATE');
    await expect(insertParent(1)).rejects.toThrow('locked');
    other.exec('COMMIT');
    await insertParent(2);
    expect(await parents()).toEqual([2]);
  });

  test('a COMMIT that failed, and nothing of it is kept', async () => {
    const orphan = db.transaction().execute(async (trx) => {
      await trx.insertInto('parent').values({ id: 1 }).execute();
      await trx.insertInto('child').values({ parent_id: 7 }).execute();
    });
    await expect(orphan).rejects.toThrow('FOREIGN KEY');
    await insertParent(2);
    expect(await parents()).toEqual([2]);
  });

  test('a statement that failed in a transaction, also when many stand in line', async () => {
    const broken = db.transaction().execute((trx) => sql`SELECT * FROM nowhere`.execute(trx));
    const whole = [1, 2, 3].map(insertParent);
    await expect(broken).rejects.toThrow('no such table');
    await Promise.all(whole);
    expect(await parents()).toEqual([1, 2, 3]);
  });

  test('a statement that failed outside of one', async () => {
    await expect(sql`SELECT nonsense`.execute(db)).rejects.toThrow('no such column');
    expect(await parents()).toEqual([]);
  });
});

test('a reader outside waits for the transaction to end, and sees it whole', async () => {
  const writing = db.transaction().execute(async (trx) => {
    await trx.insertInto('parent').values({ id: 1 }).execute();
    await Promise.resolve();
    await trx.insertInto('parent').values({ id: 2 }).execute();
  });
  expect(await parents()).toEqual([1, 2]);
  await writing;
});

test('a kept statement gives a new column after another process changed the table', async () => {
  await insertParent(1);
  const all = (): Promise<unknown[]> => db.selectFrom('parent').selectAll().execute();
  expect(await all()).toEqual([{ id: 1 }]);
  other.exec('ALTER TABLE parent ADD COLUMN note TEXT');
  expect(await all()).toEqual([{ id: 1, note: null }]);
});

test('#36 a commit that returned was written with full synchronisation, in the write-ahead log', () => {
  expect({ ...other.prepare('PRAGMA journal_mode').get() }).toEqual({ journal_mode: 'wal' });
  expect({ ...other.prepare('PRAGMA synchronous').get() }).toEqual({ synchronous: 2 });
  expect({ ...other.prepare('PRAGMA foreign_keys').get() }).toEqual({ foreign_keys: 1 });
});

describe('the ledger', () => {
  test('that cannot be brought up to date is left exactly as it was', async () => {
    // A table of somebody else's, in the way of one of ours.
    other.exec('CREATE TABLE refunds (id TEXT)');
    const tables = (): unknown[] =>
      other.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'kysely%'").all();
    const before = tables();
    await expect(openLedger({ path, now: Date.now })).rejects.toBeInstanceOf(LedgerUnavailable);
    expect(tables()).toEqual(before);
  });

  test('says so at once where a transaction asks outside of itself, which would wait for ever', async () => {
    const ledger = await openLedger({ path: ':memory:', now: Date.now });
    const stuck = ledger.transaction(() => ledger.db.selectFrom('stamp').selectAll().execute());
    await expect(stuck).rejects.toThrow('own connection');
    await expect(ledger.transaction(() => ledger.transaction(async () => 1))).rejects.toThrow(
      'own connection'
    );
    expect(await ledger.transaction((trx) => trx.selectFrom('stamp').selectAll().execute())).toEqual([]);
    await ledger.close();
  });
});
