/** Locks that no row stands for. */
import { PostgresAdapter, sql } from 'kysely';
import type { LedgerTransaction } from './ledger';

/**
 * Lets one transaction at a time have these names, until it ends; for what is checked before its row is there. On
 * SQLite every transaction has everything from its first word.
 */
export async function lockNames(trx: LedgerTransaction, names: readonly string[]): Promise<void> {
  if (!(trx.getExecutor().adapter instanceof PostgresAdapter)) return;
  // In the same order everywhere: two that want the same names never wait for each other.
  for (const name of names.toSorted()) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(trx);
  }
}
