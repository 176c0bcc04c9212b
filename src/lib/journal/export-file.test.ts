import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type JournalDatabase } from './database';
import { exportKey, publicKeyOf, readExport, writeExport } from './export-file';
import { openJournal } from './journal';

const register = { registerId: 'r1', code: 'T1', name: 'Till 1' };
const exportedAt = '2026-11-25T18:00:00.000Z';
let database: JournalDatabase;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  database = await openDatabase({ name: 'till' });
  for (const epoch of [1, 2]) {
    const journal = await openJournal({
      database,
      registerId: 'r1',
      epoch,
      writes: { termAtLeast: 0 },
      now: () => 0,
      monotonic: () => 0
    });
    for (let count = 0; count < 3; count += 1) {
      await journal.append([
        { kind: 'register_enrolled', orderId: null, body: { code: 'T1', name: `${count}`, epoch } }
      ]);
    }
  }
});

async function exported(): Promise<string> {
  return writeExport({ database, register, exportedAt });
}

describe('an exported journal', () => {
  it('is read elsewhere with every entry of every epoch, and names its key', async () => {
    const read = await readExport(await exported());
    expect(read).toMatchObject({ ok: true, journal: { register, exportedAt } });
    if (!read.ok) return;
    expect(read.journal.entries.map(({ epoch, seq }) => `${epoch}.${seq}`)).toEqual([
      '1.1',
      '1.2',
      '1.3',
      '2.1',
      '2.2',
      '2.3'
    ]);
    expect(read.journal.publicKey).toBe(await publicKeyOf(await exportKey(database)));
  });

  it('is signed by a key that can be used and not read', async () => {
    const { privateKey } = await exportKey(database);
    expect(privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow();
  });

  it.each([
    ['an amount changed', (text: string) => text.replace('"name":"1"', '"name":"9"')],
    [
      'its register changed',
      (text: string) => text.replace('"code":"T1","name":"Till 1"', '"code":"T2","name":"Till 2"')
    ],
    ['an entry taken out', (text: string) => withEntries(text, (entries) => entries.slice(0, 4))]
  ])('is not believed with %s', async (_what, change) => {
    const text = await exported();
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(await readExport(changed)).toEqual({ ok: false, reason: 'changed' });
  });

  it('is not believed where its journal had a gap when it was signed', async () => {
    await database.use((open) => open.delete('entries', ['r1', 1, 2]));
    expect(await readExport(await exported())).toMatchObject({
      ok: false,
      reason: 'gap',
      damaged: { epoch: 1, seq: 2 },
      journal: { register, entries: { length: 5 } }
    });
  });

  it.each([{ cuts: [null] }, { cuts: 7 }, { orders: [{}] }, { attempts: ['x'] }])(
    'says that its checkpoint is damaged, and has the rest all the same: %j',
    async (damage) => {
      const last = await database.use((open) => open.get('entries', ['r1', 2, 3]));
      if (last === undefined) throw new Error('nothing was written');
      const body = { cuts: [], orders: [], attempts: [], ...damage };
      await database.use((open) => open.put('entries', { ...last, kind: 'checkpoint', body }));
      expect(await readExport(await exported())).toMatchObject({
        ok: false,
        reason: 'checkpoint',
        damaged: { epoch: 2, seq: 3 },
        journal: { entries: { length: 6 } }
      });
    }
  );

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"format":"till-journal","version":1}',
    '{"format":"till-journal","version":2}'
  ])('is not %j', async (text) => {
    expect(await readExport(text)).toEqual({ ok: false, reason: 'unreadable' });
  });
});

function withEntries(text: string, change: (entries: unknown[]) => unknown[]): string {
  const file = JSON.parse(text) as { entries: unknown[] };
  return JSON.stringify({ ...file, entries: change(file.entries) });
}
