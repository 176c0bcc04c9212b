/**
 * Kysely on PostgreSQL, with two things that its own driver leaves open: an error is never covered by the failed
 * ROLLBACK after it, and a COMMIT whose answer was lost has a name of its own.
 */
import {
  AbortedTransactionError,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Dialect,
  type PostgresDialectConfig
} from 'kysely';
import type { CustomTypesConfig, Pool } from 'pg';
import { CommitUnknown, isConnectionLost } from './broken-transaction';
import { refuseInsideTransaction } from './inside-transaction';
import { traceUnreachable } from './trace';

export function postgresDialect(pool: Pool): Dialect {
  return new LedgerDialect({ pool });
}

class LedgerDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new LedgerDriver(this.#config);
  }
}

class LedgerDriver extends PostgresDriver {
  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    // A second connection would not see what the transaction wrote, and could wait for its locks for ever.
    refuseInsideTransaction();
    try {
      return await super.acquireConnection(...options);
    } catch (error) {
      traceUnreachable(error);
      throw error;
    }
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.commitTransaction(connection);
    } catch (cause) {
      if (cause instanceof AbortedTransactionError || !isConnectionLost(cause)) throw cause;
      throw new CommitUnknown({ cause });
    }
  }

  override async rollbackTransaction(
    connection: Parameters<PostgresDriver['rollbackTransaction']>[0]
  ): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch {
      // The connection is gone and is thrown away; the server rolls back by itself. What counts is why it came to this.
    }
  }
}

/** PostgreSQL's numbers of its types int8 and numeric. */
const wholeNumbers: readonly number[] = [20, 1700];

/**
 * Whole numbers of 64 bits, and the sums of them, as JavaScript's integers: on this pool only.
 *
 * @param usual the driver's own reading of everything else
 */
export function wholeNumberTypes(usual: CustomTypesConfig): CustomTypesConfig {
  return {
    getTypeParser: (id, format): unknown =>
      wholeNumbers.includes(Number(id)) ? safeInteger : usual.getTypeParser(id, format)
  };
}

/** @throws RangeError where the number can't be kept exactly: an amount is never guessed */
export function safeInteger(text: string): number {
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw new RangeError(`the database holds a number that is no safe integer: ${text}`);
  return value;
}
