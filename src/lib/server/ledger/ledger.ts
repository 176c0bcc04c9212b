/** Opens the ledger: the database of everything that is true about wallet money. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { insideTransaction } from './inside-transaction';
import { ledgerMigrations } from './migrations';
import type { LedgerTables } from './schema';
import { openSqlite, sqliteDialect } from './sqlite';

export type LedgerDb = Kysely<LedgerTables>;
export type LedgerTransaction = Transaction<LedgerTables>;
/** What a query can run on: the database, or the transaction that it is part of. */
export type LedgerConnection = LedgerDb | LedgerTransaction;

export interface Ledger {
  readonly db: LedgerDb;
  /** Where it lies, for people. */
  readonly path: string;
  /** Milliseconds since 1970 by the ledger's clock: due times and leases are counted by it. */
  nowMs(): number;
  /**
   * Runs `work` in one transaction that locks first (`BEGIN IMMEDIATE`). Nothing but the transaction may be awaited
   * in it, and it must use the connection that it is given.
   */
  transaction<T>(work: (trx: LedgerTransaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database can't be opened or brought up to date. Its message is safe to show and says what to do. */
export class LedgerUnavailable extends Error {
  readonly safeMessage: string;
  constructor(safeMessage: string, options: { cause: unknown }) {
    super(safeMessage, options);
    this.name = 'LedgerUnavailable';
    this.safeMessage = safeMessage;
  }
}

/**
 * Opens the ledger's SQLite file, makes it when missing, and brings its tables up to date.
 *
 * @throws {@link LedgerUnavailable} with one sentence for the terminal
 */
export async function openLedger(options: { path: string; now: () => number }): Promise<Ledger> {
  let database: DatabaseSync;
  try {
    if (options.path !== ':memory:') mkdirSync(dirname(options.path), { recursive: true });
    database = openSqlite({ path: options.path });
  } catch (cause) {
    throw new LedgerUnavailable(
      `The database ${options.path} can't be opened (${reasonOf(cause)}). Check that the file is a Till database, that the folder can be written to, and that the disk is not full.`,
      { cause }
    );
  }
  const db = new Kysely<LedgerTables>({ dialect: sqliteDialect(database) });
  const migrator = new Migrator({ db, provider: ledgerMigrations });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw new LedgerUnavailable(
      `The database ${options.path} can't be brought up to date (${reasonOf(error)}). Nothing was changed in it; use the version of Till that made it, or restore a backup.`,
      { cause: error }
    );
  }
  return {
    db,
    path: options.path,
    nowMs: options.now,
    transaction: (work) => db.transaction().execute((trx) => insideTransaction.run(true, () => work(trx))),
    close: () => db.destroy()
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
