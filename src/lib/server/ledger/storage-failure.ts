/** Which errors say that the database can't be used now, and which of them leave open whether a commit happened. */
import { CommitUnknown, brokenBy, isConnectionLost } from './broken-transaction';
import { LedgerUnavailable } from './unavailable';

/** SQLite's primary result codes: busy, locked, no memory, read-only, input/output, corrupt, full, can't open, protocol, no database. */
const sqliteCodes: readonly number[] = [5, 6, 7, 8, 10, 11, 13, 14, 15, 26];
const sqliteInputOutput = 10;

/**
 * SQLSTATE codes of a server that is there and can't: out of resources (a full disk), broken files, read-only, a lock or a
 * statement that took too long.
 */
const postgresCodes = /^(53|58|XX00[12]|25006|55P03|57014)/;

/** True where the database itself is in the way: full, locked, gone. Also of an error that a library put its own around. */
export function isStorageFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof CommitUnknown || error instanceof LedgerUnavailable) return true;
  const sqlite = sqliteCode(error);
  if (sqlite !== null) return sqliteCodes.includes(sqlite);
  const broken = brokenBy(error);
  if (broken === 'conflict' || broken === 'connection') return true;
  if ('code' in error && typeof error.code === 'string' && postgresCodes.test(error.code)) return true;
  return isStorageFailure(error.cause);
}

/** True where what was being committed may be in the database all the same. */
export function leavesDoubt(error: unknown): boolean {
  return error instanceof CommitUnknown || isConnectionLost(error) || sqliteCode(error) === sqliteInputOutput;
}

function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : null;
}
