/**
 * What a transaction on PostgreSQL can end in besides its own errors, and what may be run again. A transaction that is
 * known to have left nothing behind is run again whole: its work is database work only. One whose COMMIT was sent and
 * never answered may have happened: only work that looks for its own traces first may run again.
 */

/** COMMIT was sent and its answer was lost: the transaction may be in the database, or not. */
export class CommitUnknown extends Error {
  constructor(options: { cause: unknown }) {
    super('the connection was lost before the database acknowledged the commit', options);
    this.name = 'CommitUnknown';
  }
}

/** `conflict`: the database chose it as the one to give way. `taken`: somebody else inserted the same key meanwhile. */
export type Broken = 'conflict' | 'taken' | 'connection' | 'commit_unknown';

/** SQLSTATE codes of a server or a connection that went away. */
const connectionCodes = /^(08|57P0[1-5]|53300|25P03|25P04)/;
const connectionFaults = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)/;
/** What the driver says where it has no code. */
const connectionTexts =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout|connection has been discarded|Connection ended/i;

/** True where the server or the way to it is gone, false where the server itself answered "no". */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return connectionCodes.test(code) || connectionFaults.test(code);
  return error instanceof Error && connectionTexts.test(error.message);
}

/** Why a transaction broke, where that is no fault of its work; null for everything else. */
export function brokenBy(error: unknown): Broken | null {
  if (error instanceof CommitUnknown) return 'commit_unknown';
  const code = codeOf(error);
  if (code === '40001' || code === '40P01') return 'conflict';
  if (code === '23505') return 'taken';
  return isConnectionLost(error) ? 'connection' : null;
}

/** So often a transaction is run again. A key that stays taken is no race; a server needs some seconds to come back. */
const timesAgain: Readonly<Record<Broken, number>> = {
  taken: 2,
  conflict: 5,
  connection: 8,
  commit_unknown: 8
};
const longestWaitMs = 1000;

/**
 * Runs a transaction, and runs it again where that is safe.
 *
 * @param options.repeatable the work finds by its own keys what an earlier run of it may have committed
 * @param options.wait ends after so many milliseconds
 * @throws the last error; {@link CommitUnknown} where nobody may say whether it happened
 */
export async function runAgain<T>(options: {
  run: () => Promise<T>;
  repeatable: boolean;
  wait: (ms: number) => Promise<void>;
  random?: () => number;
}): Promise<T> {
  const { run, repeatable, wait, random = Math.random } = options;
  const counts: Record<Broken, number> = { taken: 0, conflict: 0, connection: 0, commit_unknown: 0 };
  for (let runs = 1; ; runs += 1) {
    try {
      return await run();
    } catch (error) {
      const why = brokenBy(error);
      if (why === null || (why === 'commit_unknown' && !repeatable)) throw error;
      counts[why] += 1;
      if (counts[why] > timesAgain[why]) throw error;
      // At random within its turn: two that met once do not meet again at the same moment.
      if (why !== 'taken') await wait(Math.min(longestWaitMs, 25 * 2 ** runs) * (0.5 + random() / 2));
    }
  }
}

function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
