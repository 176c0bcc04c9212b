/**
 * Kysely on Node's own SQLite. One connection, one writer at a time: `BEGIN IMMEDIATE`, so that a transaction that
 * reads before it writes never fails half-way because another process wrote (docs/decisions/0002).
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type SelectQueryNode
} from 'kysely';

import { refuseInsideTransaction } from './inside-transaction';
import { createLine } from './line';

/** How long a statement waits for another process's lock; node:sqlite's own default is not at all. */
const busyTimeoutMs = 5000;
const preparedStatementsKept = 200;

/** Opens the file with the guarantees that the ledger rests on: a commit that returned is on the disk. */
export function openSqlite(options: { path: string }): DatabaseSync {
  const database = new DatabaseSync(options.path, {
    timeout: busyTimeoutMs,
    enableForeignKeyConstraints: true
  });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  return database;
}

/** The Kysely dialect over an open database. `destroy()` of Kysely closes it. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new NodeSqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new LocklessQueryCompiler()
  };
}

/**
 * `FOR UPDATE` and `SKIP LOCKED` are for databases with many writers. Here a transaction has the whole file from its
 * first word on (`BEGIN IMMEDIATE`), and the same query is simply written without them.
 */
class LocklessQueryCompiler extends SqliteQueryCompiler {
  protected override visitSelectQuery(node: SelectQueryNode): void {
    const { endModifiers: _, ...rest } = node;
    super.visitSelectQuery(rest);
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** The driver below puts its users in line itself, and refuses one who would wait for itself. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** SQLite can undo a changed table: a migration that fails half-way leaves the file as it was. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #connection: NodeSqliteConnection;
  readonly #line = createLine();
  #release: (() => void) | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#connection = new NodeSqliteConnection(database);
  }

  async init(): Promise<void> {
    // Nothing to prepare: the file was opened and configured before.
  }

  /** One user of the connection at a time: a transaction keeps its turn until it ends. */
  async acquireConnection(): Promise<DatabaseConnection> {
    refuseInsideTransaction();
    this.#release = await this.#line.enter();
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a failed COMMIT may have rolled back already.
    if (this.#database.isTransaction) await connection.executeQuery(CompiledQuery.raw('ROLLBACK'));
  }

  async releaseConnection(): Promise<void> {
    const release = this.#release;
    this.#release = null;
    release?.();
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

interface Prepared {
  readonly statement: StatementSync;
  /** Asked once: to describe every column takes longer than most queries. */
  readonly givesRows: boolean;
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, givesRows } = this.#prepare(query.sql);
    const parameters = query.parameters.map(toSqlite);
    if (givesRows) {
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the driver's border: rows are what the query's type says
      return { rows: statement.all(...parameters) as R[] };
    }
    const done = statement.run(...parameters);
    return {
      rows: [],
      numAffectedRows: BigInt(done.changes),
      insertId: BigInt(done.lastInsertRowid)
    };
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not offered on SQLite: page with limit');
  }

  #prepare(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    if (this.#statements.size >= preparedStatementsKept) {
      const oldest = this.#statements.keys().next();
      if (!oldest.done) this.#statements.delete(oldest.value);
    }
    const prepared = { statement, givesRows: statement.columns().length > 0 };
    this.#statements.set(text, prepared);
    return prepared;
  }
}

/** SQLite knows no booleans and no dates. */
function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (value === undefined) return null;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the driver's border: the binding itself refuses what SQLite can't hold
  return value as SQLInputValue;
}
