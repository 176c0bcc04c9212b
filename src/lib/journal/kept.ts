/** Small things kept for the next start: the last session and catalogue, the settings. Never evidence. */
import type { JournalDatabase } from './database';

export type KeptName = 'session' | 'catalogue' | 'settings' | 'scanners' | 'offlinePins' | 'looseScans';

export interface Kept {
  /** What was kept under the name, as it was; undefined for nothing. Whoever reads it checks its shape. */
  read(name: KeptName): Promise<unknown>;
  /** @throws JournalUnavailable or the database's own error when it can't be written. */
  write(name: KeptName, value: unknown): Promise<void>;
  /** Puts in the place of what is kept what `make` makes of it, undisturbed by other tabs. @throws as `write` */
  change(name: KeptName, make: (before: unknown) => unknown): Promise<void>;
}

/** @param database an open register's database */
export function createKept(database: JournalDatabase): Kept {
  return {
    read: (name) => database.use((open) => open.get('kept', name)),
    async write(name, value) {
      await database.use((open) => open.put('kept', value, name));
    },
    change: (name, make) =>
      database.use(async (open) => {
        const transaction = open.transaction('kept', 'readwrite');
        transaction.done.catch(() => undefined);
        await transaction.store.put(make(await transaction.store.get(name)), name);
        await transaction.done;
      })
  };
}
