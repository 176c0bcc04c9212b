/** Opens the ledger: the database of everything that is true about wallet money. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { insideTransaction } from './inside-transaction';
import { ledgerMigrations } from './migrations';
import type { LedgerTables } from './schema';
import type { Notices } from './notices';
import { openPostgres } from './postgres';
import { openSqlite, sqliteDialect } from './sqlite';
import { traceQuery } from './trace';
import { LedgerUnavailable, reasonOf } from './unavailable';

export { LedgerUnavailable } from './unavailable';

export type LedgerDb = Kysely<LedgerTables>;
export type LedgerTransaction = Transaction<LedgerTables>;
/** What a query can run on: the database, or the transaction that it is part of. */
export type LedgerConnection = LedgerDb | LedgerTransaction;

export interface Ledger {
  readonly engine: 'sqlite' | 'postgres';
  readonly db: LedgerDb;
  /** Where it lies, for people: a path, or an address without its password. */
  readonly path: string;
  /**
   * Milliseconds since 1970 by the ledger's clock: due times and leases are counted by it. On PostgreSQL that is the
   * database's clock, the same for every instance, whatever this machine's clock says.
   */
  nowMs(): number;
  /**
   * Runs `work` in one transaction. Nothing but the transaction may be awaited in it, and it must use the connection that
   * it is given. On SQLite it locks first (`BEGIN IMMEDIATE`); for PostgreSQL, whoever reads a row to decide about it says
   * `forUpdate()`, and the work may run more than once: a run that broke left nothing behind, and what it noted outside
   * must be noted anew.
   *
   * @param options.repeatable the work looks by its own keys for what it may have committed before: it is run again also
   *   where a commit's answer was lost. Without it that is thrown.
   */
  transaction<T>(
    work: (trx: LedgerTransaction) => Promise<T>,
    options?: { readonly repeatable?: boolean }
  ): Promise<T>;
  /** To and from the other instances on this database; null where there can be none. */
  readonly notices: Notices | null;
  /** Runs this while no other instance is inside of the same: for what is done once, at a start. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Where the ledger lies. */
export type LedgerPlace =
  | {
      /** A SQLite file, made when missing; `:memory:` for one that ends with the process. */
      readonly path: string;
      readonly now: () => number;
    }
  | {
      /** `postgres://user:password@host:port/database` */
      readonly url: string;
    };

/**
 * Opens the ledger and brings its tables up to date.
 *
 * @throws {@link LedgerUnavailable} with one sentence for the terminal
 */
export function openLedger(place: LedgerPlace): Promise<Ledger> {
  return 'url' in place ? openOnPostgres(place.url) : openOnSqlite(place);
}

async function openOnSqlite(options: { path: string; now: () => number }): Promise<Ledger> {
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
  const db = new Kysely<LedgerTables>({ dialect: sqliteDialect(database), log: traceQuery });
  try {
    await bringUpToDate(db, options.path);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return ledgerOver(db, options);
}

/** A ledger on a SQLite database whose tables are up to date. */
export function ledgerOver(db: LedgerDb, options: { path: string; now: () => number }): Ledger {
  return {
    engine: 'sqlite',
    db,
    path: options.path,
    nowMs: options.now,
    transaction: (work) => runTransaction(db, work),
    notices: null,
    alone: (work) => work(),
    close: () => db.destroy()
  };
}

async function openOnPostgres(url: string): Promise<Ledger> {
  const postgres = await openPostgres({ url });
  const db = new Kysely<LedgerTables>({ dialect: postgres.dialect, log: traceQuery });
  try {
    const unhurried = new Kysely<LedgerTables>({ dialect: postgres.unhurried() });
    try {
      await postgres.alone(() => bringUpToDate(unhurried, postgres.shownAs));
    } finally {
      await unhurried.destroy();
    }
  } catch (error) {
    await postgres.close(() => db.destroy());
    throw error;
  }
  return {
    engine: 'postgres',
    db,
    path: postgres.shownAs,
    nowMs: () => postgres.nowMs(),
    transaction: (work, { repeatable = false } = {}) =>
      postgres.again(() => runTransaction(db, work), { repeatable }),
    notices: postgres.notices,
    alone: (work) => postgres.alone(work),
    close: () => postgres.close(() => db.destroy())
  };
}

function runTransaction<T>(db: LedgerDb, work: (trx: LedgerTransaction) => Promise<T>): Promise<T> {
  return db.transaction().execute((trx) => insideTransaction.run(true, () => work(trx)));
}

/** Runs the migrations that this database has not seen. @throws {@link LedgerUnavailable} */
export async function bringUpToDate(db: LedgerDb, path: string): Promise<void> {
  // Each stands for itself: one that was made on a branch of its own may come after those with higher numbers.
  const migrator = new Migrator({ db, provider: ledgerMigrations, allowUnorderedMigrations: true });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new LedgerUnavailable(
    `The database ${path} can't be brought up to date (${reasonOf(error)}). Nothing was changed in it; use the version of Till that made it, or restore a backup.`,
    { cause: error }
  );
}
