/**
 * The register's database in the browser: its one schema, its numbered migrations, and a connection that is reopened
 * once when the browser took it away.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import type { JournalEntry } from '$lib/chain/entry';
import type { AttemptRecord, OrderRecord, OutboxRecord } from './entries';

/** Where a chain stands. */
export interface MetaRecord {
  readonly registerId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly hash: string;
  /** The last order number taken in this epoch. */
  readonly orderSeq: number;
  /** The writer's number, raised whenever a tab becomes the one that writes; missing where none ever did. */
  readonly term?: number;
  /** Entries of this epoch up to a number have left; missing where none has. The checkpoint's entry says the same. */
  readonly left?: {
    readonly upTo: number;
    readonly hash: string;
    readonly checkpoint: Pick<JournalEntry, 'epoch' | 'seq'>;
  };
}

/** The keys of one epoch's entries, from and to included; also those of the outbox. */
export function entryKeys(
  { registerId, epoch }: Pick<MetaRecord, 'registerId' | 'epoch'>,
  from = 0,
  to = Number.MAX_SAFE_INTEGER
): IDBKeyRange {
  return IDBKeyRange.bound([registerId, epoch, from], [registerId, epoch, to]);
}

/** The keys of a register's heads: those of an epoch and all newer ones. */
export function epochKeys(registerId: string, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([registerId, from], [registerId, Number.MAX_SAFE_INTEGER]);
}

/** Version 3. A change is a new version and a new migration below; an old one is never edited. */
export interface JournalSchema extends DBSchema {
  entries: { key: [string, number, number]; value: JournalEntry };
  orders: {
    key: string;
    value: OrderRecord;
    indexes: { byOpenedAt: number; byWaiting: number; byNumber: string };
  };
  attempts: {
    key: string;
    value: AttemptRecord;
    indexes: { byOpen: number; byOrder: string; byRequestedAt: number };
  };
  outbox: { key: [string, number, number]; value: OutboxRecord };
  meta: { key: [string, number]; value: MetaRecord };
  /** Last session, catalogue and this register's settings: what a start without a network needs. Not evidence. */
  kept: { key: string; value: unknown };
  /** What signs exported journals. The private half can be used and never read. */
  keys: { key: string; value: CryptoKeyPair };
}

export const schemaVersion = 3;

/** The transaction of the upgrade: stores that are there already are changed through it. */
type Upgrade = IDBPTransaction<JournalSchema, StoreNames<JournalSchema>[], 'versionchange'>;
type Migration = (database: IDBPDatabase<JournalSchema>, upgrade: Upgrade) => void;

const migrations: readonly Migration[] = [
  (database) => {
    database.createObjectStore('entries', { keyPath: ['registerId', 'epoch', 'seq'] });
    const orders = database.createObjectStore('orders', { keyPath: 'orderId' });
    orders.createIndex('byOpenedAt', 'openedAtMs');
    orders.createIndex('byWaiting', 'waiting');
    const attempts = database.createObjectStore('attempts', { keyPath: 'attemptId' });
    attempts.createIndex('byOpen', 'open');
    attempts.createIndex('byOrder', 'orderId');
    database.createObjectStore('outbox', { keyPath: ['registerId', 'epoch', 'seq'] });
    database.createObjectStore('meta', { keyPath: ['registerId', 'epoch'] });
    database.createObjectStore('kept');
  },
  (database, upgrade) => {
    upgrade.objectStore('orders').createIndex('byNumber', 'number');
    database.createObjectStore('keys');
  },
  (_database, upgrade) => {
    upgrade.objectStore('attempts').createIndex('byRequestedAt', 'requestedAtMs');
  }
];

/**
 * Why the journal can't be used:
 * - `open_failed`: the browser gives no database (private mode, storage off, damaged).
 * - `newer_version`: a newer page upgraded it: reload this one.
 * - `write_failed`: a transaction failed; nothing of it was kept.
 * - `full`: the device or the browser's share of it is full; nothing of it was kept.
 * - `not_writer`: another tab writes it now, or this browser was enrolled anew; this page may read it.
 * - `closed`: it was closed on purpose.
 */
export type JournalTrouble =
  'open_failed' | 'newer_version' | 'write_failed' | 'full' | 'not_writer' | 'closed';

/** The journal can't be read or written now. Money waits: nothing may be asked for that can't be written down first. */
export class JournalUnavailable extends Error {
  override readonly name = 'JournalUnavailable';
  readonly code: JournalTrouble;

  constructor(code: JournalTrouble, cause?: unknown) {
    super(`The journal cannot be used (${code}). No payment was sent.`, { cause });
    this.code = code;
  }
}

export interface JournalDatabase {
  /**
   * Runs a piece of work on an open connection; where the browser had closed it, reopens it and runs the work once more.
   * The work must therefore be one transaction, or only read.
   *
   * @throws JournalUnavailable
   */
  use<Result>(work: (database: IDBPDatabase<JournalSchema>) => Promise<Result>): Promise<Result>;
  close(): void;
}

/**
 * Opens the register's database.
 *
 * @param onBlocked another tab holds an older version open: told once; opening goes on when that tab closes.
 * @param onNewer a newer page waits to upgrade the database. It waits until this settles: for the end of a payment. The
 * connection is closed then, and what is written afterwards is refused.
 * @throws JournalUnavailable
 */
export async function openDatabase({
  name,
  onBlocked,
  onNewer = () => Promise.resolve()
}: {
  readonly name: string;
  readonly onBlocked?: () => void;
  readonly onNewer?: () => Promise<void>;
}): Promise<JournalDatabase> {
  let closed = false;
  let open: Promise<IDBPDatabase<JournalSchema>> | null = null;

  function connect(): Promise<IDBPDatabase<JournalSchema>> {
    const forget = () => {
      if (open === connection) open = null;
    };
    const connection: Promise<IDBPDatabase<JournalSchema>> = openDB<JournalSchema>(name, schemaVersion, {
      upgrade(database, oldVersion, _newVersion, transaction) {
        for (const migrate of migrations.slice(oldVersion)) migrate(database, transaction);
      },
      blocked: () => onBlocked?.(),
      // a newer page waits for us: give way, our next write will say "reload"
      blocking(_current, _blocked, event) {
        const { target } = event;
        void onNewer().then(() => {
          forget();
          if (target instanceof IDBDatabase) target.close();
        });
      },
      terminated: forget
    }).catch((error: unknown) => {
      forget();
      throw new JournalUnavailable(isNamed(error, 'VersionError') ? 'newer_version' : 'open_failed', error);
    });
    open = connection;
    return connection;
  }

  async function use<Result>(
    work: (database: IDBPDatabase<JournalSchema>) => Promise<Result>
  ): Promise<Result> {
    if (closed) throw new JournalUnavailable('closed');
    const connection = await (open ?? connect());
    try {
      return await work(connection);
    } catch (error) {
      if (!isLostConnection(error)) throw error;
      open = null;
      return await work(await connect());
    }
  }

  await connect();
  return {
    use,
    close() {
      closed = true;
      void open?.then((database) => database.close()).catch(() => undefined);
      open = null;
    }
  };
}

/**
 * The browser closed the connection, or lost it in the middle (WebKit: "Connection to Indexed Database server lost").
 * A transaction is kept whole or not at all, and whoever appends looks which of the two it was.
 */
function isLostConnection(error: unknown): boolean {
  return ['InvalidStateError', 'UnknownError', 'AbortError'].some((name) => isNamed(error, name));
}

/** What failed, as a trouble with a name. */
export function asUnavailable(error: unknown): JournalUnavailable {
  if (error instanceof JournalUnavailable) return error;
  return new JournalUnavailable(isNamed(error, 'QuotaExceededError') ? 'full' : 'write_failed', error);
}

function isNamed(error: unknown, name: string): boolean {
  // not every DOMException is an Error everywhere
  return typeof error === 'object' && error !== null && 'name' in error && error.name === name;
}
