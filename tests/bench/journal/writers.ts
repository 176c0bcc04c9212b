/** Who appends: the bare disk, Till's journal, Dexie and RxDB, all asking the disk itself (`strict`). Runs in the browser. */
import { Dexie } from 'dexie';
import { openDB } from 'idb';
import { createRxDatabase } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { openDatabase } from '../../../src/lib/journal/database';
import { openJournal } from '../../../src/lib/journal/journal';

export const writerNames = [
  'raw strict put',
  'till, order event',
  'till, payment intent',
  'dexie',
  'rxdb'
] as const;
export type WriterName = (typeof writerNames)[number];
export type Append = (index: number) => Promise<void>;

const at = '2026-11-25T09:00:00.000Z';
const by = { staffId: 'staff-1', name: 'Rosa Marin' };

/** What all of them write: an entry as the journal makes it. */
function entryOf(index: number): Record<string, unknown> {
  return {
    registerId: 'r1',
    epoch: 1,
    seq: index + 1,
    at,
    monotonicMs: index,
    kind: 'attempt_requested',
    orderId: `order-${index}`,
    body: intentOf(index),
    prevHash: '0'.repeat(64),
    hash: 'f'.repeat(64)
  };
}

function intentOf(index: number) {
  return {
    attemptId: `attempt-${index}`,
    orderId: `order-${index}`,
    orderNumber: `T1-${String(index).padStart(4, '0')}`,
    revision: 3,
    amountMinor: 1090,
    currency: 'EUR',
    codeLast4: '1200'
  };
}

async function openTill() {
  const database = await openDatabase({ name: 'bench-till' });
  return openJournal({
    database,
    registerId: 'r1',
    epoch: 1,
    writes: { termAtLeast: 0 },
    now: () => Date.now(),
    monotonic: () => performance.now()
  });
}

/** Opens them all, each with a database of its own. */
export async function openWriters(): Promise<Readonly<Record<WriterName, Append>>> {
  const raw = await openDB('bench-raw', 1, {
    upgrade: (database) => void database.createObjectStore('entries', { keyPath: 'seq' })
  });
  const journal = await openTill();
  const dexie = new Dexie('bench-dexie', { chromeTransactionDurability: 'strict' });
  dexie.version(1).stores({ entries: 'seq' });
  await dexie.open();
  const rx = await createRxDatabase({
    name: 'bench-rxdb',
    storage: getRxStorageDexie({ chromeTransactionDurability: 'strict' }),
    multiInstance: false
  });
  const { entries } = await rx.addCollections({
    entries: {
      schema: {
        version: 0,
        primaryKey: 'id',
        type: 'object',
        properties: {
          id: { type: 'string', maxLength: 40 },
          registerId: { type: 'string' },
          epoch: { type: 'number' },
          seq: { type: 'number' },
          at: { type: 'string' },
          monotonicMs: { type: 'number' },
          kind: { type: 'string' },
          orderId: { type: 'string' },
          body: { type: 'object' },
          prevHash: { type: 'string' },
          hash: { type: 'string' }
        },
        required: ['id']
      }
    }
  });
  if (entries === undefined) throw new Error('RxDB made no collection');

  return {
    async 'raw strict put'(index) {
      const transaction = raw.transaction('entries', 'readwrite', { durability: 'strict' });
      await Promise.all([transaction.store.put(entryOf(index)), transaction.done]);
    },
    async 'till, order event'(index) {
      const orderId = `sold-${index}`;
      const { ok } = await journal.append(
        [
          {
            kind: 'order_event',
            orderId,
            body: {
              kind: 'order_opened',
              at,
              by,
              orderId,
              number: `T1-${String(index).padStart(4, '0')}`,
              registerId: 'r1',
              epoch: 1,
              currency: 'EUR',
              taxMode: 'included'
            }
          }
        ],
        { strict: true }
      );
      if (!ok) throw new Error('not written');
    },
    async 'till, payment intent'(index) {
      const intent = intentOf(index);
      const { ok } = await journal.append(
        [{ kind: 'attempt_requested', orderId: intent.orderId, body: intent }],
        { strict: true }
      );
      if (!ok) throw new Error('not written');
    },
    async dexie(index) {
      await dexie.table('entries').add(entryOf(index));
    },
    async rxdb(index) {
      await entries.insert({ id: `e${index}`, ...entryOf(index) });
    }
  };
}
