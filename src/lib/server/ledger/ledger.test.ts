import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LedgerUnavailable, openLedger } from './ledger';

const stampRow = { key: 'probe', value: '1' };

function freshPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'till-ledger-')), 'ledger.db');
}

describe('the ledger', () => {
  test('is there again after it was closed and opened', async () => {
    const path = freshPath();
    const one = await openLedger({ path, now: Date.now });
    await one.db.insertInto('stamp').values(stampRow).execute();
    await one.close();
    const two = await openLedger({ path, now: Date.now });
    expect(await two.db.selectFrom('stamp').selectAll().execute()).toEqual([stampRow]);
    await two.close();
  });

  test('rolls a transaction back whole when its work throws', async () => {
    const ledger = await openLedger({ path: ':memory:', now: Date.now });
    await expect(
      ledger.transaction(async (trx) => {
        await trx.insertInto('stamp').values(stampRow).execute();
        throw new Error('stop');
      })
    ).rejects.toThrow('stop');
    expect(await ledger.db.selectFrom('stamp').selectAll().execute()).toEqual([]);
    await ledger.close();
  });

  test('runs transactions one after the other, never mixed', async () => {
    const ledger = await openLedger({ path: ':memory:', now: Date.now });
    await ledger.db.insertInto('stamp').values({ key: 'count', value: '0' }).execute();
    const raise = (): Promise<unknown> =>
      ledger.transaction(async (trx) => {
        const row = await trx
          .selectFrom('stamp')
          .selectAll()
          .where('key', '=', 'count')
          .executeTakeFirstOrThrow();
        await Promise.resolve();
        await trx
          .updateTable('stamp')
          .set({ value: String(Number(row.value) + 1) })
          .where('key', '=', 'count')
          .execute();
      });
    await Promise.all(Array.from({ length: 25 }, raise));
    const row = await ledger.db.selectFrom('stamp').selectAll().executeTakeFirstOrThrow();
    expect(row.value).toBe('25');
    await ledger.close();
  });

  test('refuses to rewrite or delete an event', async () => {
    const ledger = await openLedger({ path: ':memory:', now: Date.now });
    await ledger.db
      .insertInto('events')
      .values({ at_ms: 1, subject: 'order', subject_id: 'o', what: 'order_stored', actor: 'test' })
      .execute();
    await expect(ledger.db.updateTable('events').set({ what: 'other' }).execute()).rejects.toThrow(
      'append-only'
    );
    await expect(ledger.db.deleteFrom('events').execute()).rejects.toThrow('append-only');
    await ledger.close();
  });

  test('says in one sentence what to do when the file is no database', async () => {
    const path = freshPath();
    writeFileSync(path, 'this is a shopping list, not a database, and it is long enough to be read as one');
    const opened = openLedger({ path, now: Date.now });
    await expect(opened).rejects.toBeInstanceOf(LedgerUnavailable);
    await expect(opened).rejects.toThrow(/can't be opened|can't be brought up to date/);
  });
});
