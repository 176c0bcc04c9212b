import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

// Statuses are the contract's: 0 paying or refunding, 1 closed, 2 succeeded, 3 cancelled.
// due_*: what happens by itself to a row in status 0. A payment code is never written here.
const tables = `
  CREATE TABLE IF NOT EXISTS numbers (
    number TEXT PRIMARY KEY,
    used_by TEXT CHECK (used_by IN ('payment', 'refund')),
    submits INTEGER NOT NULL DEFAULT 0,
    refund_submits INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS payments (
    number TEXT PRIMARY KEY,
    trans_no TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    discount_minor INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    wallet TEXT NOT NULL,
    status INTEGER NOT NULL,
    charges INTEGER NOT NULL DEFAULT 0,
    reversed_minor INTEGER NOT NULL DEFAULT 0,
    error_code TEXT NOT NULL DEFAULT '',
    error_msg TEXT NOT NULL DEFAULT '',
    attach TEXT NOT NULL,
    store_no TEXT NOT NULL,
    terminal_sn TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    due_at INTEGER NOT NULL,
    due_as TEXT NOT NULL CHECK (due_as IN ('paid', 'refused', 'declined', 'expired'))
  ) STRICT;
  CREATE INDEX IF NOT EXISTS payments_due ON payments (due_at) WHERE status = 0;
  CREATE TABLE IF NOT EXISTS refunds (
    number TEXT PRIMARY KEY,
    trans_no TEXT NOT NULL UNIQUE,
    payment TEXT NOT NULL REFERENCES payments (number),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    status INTEGER NOT NULL,
    notify_url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    due_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS refunds_due ON refunds (due_at) WHERE status = 0;
  CREATE INDEX IF NOT EXISTS refunds_of ON refunds (payment);
  CREATE TABLE IF NOT EXISTS webhooks (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    url TEXT NOT NULL,
    fields TEXT NOT NULL,
    sends INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER,
    next_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (next_at) WHERE next_at IS NOT NULL;
`;

/** The open SQLite file of a book, with its statements prepared once. */
export class BookFile {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(o: { readonly path: string; readonly readOnly: boolean }) {
    if (o.path !== ':memory:' && !o.readOnly) mkdirSync(dirname(o.path), { recursive: true });
    this.#db = new DatabaseSync(o.path, { readOnly: o.readOnly, timeout: 5_000 });
    if (o.readOnly) return;
    // A killed process loses nothing with NORMAL; only a power cut could, and this money is play money.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
    this.#db.exec(tables);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }

  run(sql: string, ...values: (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }

  row(sql: string, ...values: (string | number)[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  rows(sql: string, ...values: (string | number)[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** All of `work` or nothing of it. Not nested; `work` must not wait for anything. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}

export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Error(`The sandbox's book has no text in ${column}`);
  return value;
}

export function integerOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new Error(`The sandbox's book has no number in ${column}`);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integerOf(row, column);
}
