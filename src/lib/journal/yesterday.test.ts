import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTestJournal, openVersion2 } from './journal.fixture';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

describe('a database of version 2', () => {
  it('is opened with all that it holds, and its payments are found by when they were asked for', async () => {
    const old = await openVersion2();
    for (const [attemptId, requestedAtMs] of Object.entries({ old: 1000, new: 3000, middle: 2000 }))
      await old.put('attempts', {
        attemptId,
        orderId: 'o1',
        requestedAtMs,
        requested: {},
        seen: null,
        open: 1
      });
    await old.put('kept', { theme: 'dark' }, 'settings');
    old.close();

    const { database, journal } = await openTestJournal();
    const since = await journal.attemptsSince(2000);
    expect(since.map(({ attemptId }) => attemptId)).toEqual(['middle', 'new']);
    expect(await journal.openAttempts()).toHaveLength(3);
    expect(await database.use((open) => open.get('kept', 'settings'))).toEqual({ theme: 'dark' });
    database.close();
  });
});
