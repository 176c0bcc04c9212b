/**
 * What of the journal the server has not confirmed. The outbox holds numbers, never entries: a confirmation takes a
 * number out of it, and the entry stays. What is sent is read from the entries themselves, from wherever the server
 * stands: a server that was restored from a backup gets everything again.
 */
import type { JournalEntry } from '$lib/chain/entry';
import { cutIn } from './checkpoint';
import { entryKeys, epochKeys, type JournalDatabase } from './database';
import { newestCheckpoint } from './retention';

/** An epoch of the register with a journal in this browser. */
export interface EpochStanding {
  readonly epoch: number;
  /** The last entry's number; 0 where there is none. */
  readonly seq: number;
  /** Entries that the server has not confirmed. */
  readonly waiting: number;
}

export interface Outbox {
  readonly registerId: string;
  /** This register's epochs in this browser, oldest first. @throws JournalUnavailable */
  epochs(): Promise<readonly EpochStanding[]>;
  /** Entries after a number, in order, at most so many. @throws JournalUnavailable */
  entriesAfter(place: {
    readonly epoch: number;
    readonly seq: number;
    readonly most: number;
  }): Promise<readonly JournalEntry[]>;
  /** The hash of one entry; null where it is not kept here. @throws JournalUnavailable */
  hashOf(place: { readonly epoch: number; readonly seq: number }): Promise<string | null>;
  /** The newest checkpoint, where it lets an epoch's chain go on after a number that is no longer kept; else null. @throws JournalUnavailable */
  checkpointOver(place: { readonly epoch: number; readonly seq: number }): Promise<JournalEntry | null>;
  /** The server has everything up to this number. @throws JournalUnavailable */
  confirm(place: { readonly epoch: number; readonly upTo: number }): Promise<void>;
}

/**
 * The newest epoch that this browser has a journal of, of any register; 0 without one. A new enrolment lies above it, also
 * at a server that was restored from a time before it.
 *
 * @throws JournalUnavailable
 */
export async function newestEpoch(database: JournalDatabase): Promise<number> {
  const keys = await database.use((open) => open.getAllKeys('meta'));
  return Math.max(0, ...keys.map(([, epoch]) => epoch));
}

/** The register of which this browser holds unconfirmed entries, where it does not know any more which one it is. */
export async function registerOfWaiting(database: JournalDatabase): Promise<string | null> {
  const [key] = await database.use((open) => open.getAllKeys('outbox', null, 1));
  return key?.[0] ?? null;
}

/** The last entry's number in a journal; 0 without one. @throws JournalUnavailable */
export async function lastSeq(
  database: JournalDatabase,
  { registerId, epoch }: { readonly registerId: string; readonly epoch: number }
): Promise<number> {
  return (await database.use((open) => open.get('meta', [registerId, epoch])))?.seq ?? 0;
}

/** @param database an open register's database */
export function createOutbox({
  database,
  registerId
}: {
  readonly database: JournalDatabase;
  readonly registerId: string;
}): Outbox {
  return {
    registerId,
    epochs: () =>
      database.use(async (open) => {
        const transaction = open.transaction(['meta', 'outbox']);
        const heads = await transaction.objectStore('meta').getAll(epochKeys(registerId));
        const standings = await Promise.all(
          heads.map(async ({ epoch, seq }) => ({
            epoch,
            seq,
            waiting: await transaction.objectStore('outbox').count(entryKeys({ registerId, epoch }))
          }))
        );
        await transaction.done;
        return standings;
      }),
    entriesAfter: ({ epoch, seq, most }) =>
      database.use((open) => open.getAll('entries', entryKeys({ registerId, epoch }, seq + 1), most)),
    hashOf: ({ epoch, seq }) =>
      database.use(async (open) => {
        const entry = await open.get('entries', [registerId, epoch, seq]);
        if (entry !== undefined) return entry.hash;
        const { left } = (await open.get('meta', [registerId, epoch])) ?? {};
        return left?.upTo === seq ? left.hash : null;
      }),
    async checkpointOver({ epoch, seq }) {
      const newest = await newestCheckpoint(database, registerId);
      if (newest === null || newest === 'broken') return null;
      return (cutIn(newest.checkpoint, epoch)?.upTo ?? 0) > seq ? newest.entry : null;
    },
    confirm: ({ epoch, upTo }) =>
      database.use((open) => open.delete('outbox', entryKeys({ registerId, epoch }, 0, upTo)))
  };
}
