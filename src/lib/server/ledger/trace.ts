/**
 * What a piece of work did to the database: whether anything of it may have been kept, and whether the database failed it.
 * Where it breaks, that says whether money can have moved: nothing is sent anywhere before it is committed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogEvent } from 'kysely';
import { insideTransaction } from './inside-transaction';
import { isStorageFailure, leavesDoubt } from './storage-failure';

export interface Trace {
  /** Something was committed, or may have been. */
  readonly mayHaveKept: boolean;
  /** The last that the database said was that it can't. */
  readonly storageFailed: boolean;
}

const traces = new AsyncLocalStorage<{ mayHaveKept: boolean; storageFailed: boolean }>();

/** Runs work, which may look at its own trace at any time. Work inside of it that is traced too has a trace of its own. */
export function traced<T>(work: (trace: Trace) => Promise<T>): Promise<T> {
  const trace = { mayHaveKept: false, storageFailed: false };
  return traces.run(trace, () => work(trace));
}

/** For Kysely's log: every query of every database of the ledger. */
export function traceQuery(event: LogEvent): void {
  const trace = traces.getStore();
  if (trace === undefined) return;
  const { sql } = event.query;
  const commits = isCommit.test(sql) || (insideTransaction.getStore() !== true && !leavesNothing.test(sql));
  if (event.level === 'error') {
    trace.storageFailed = isStorageFailure(event.error);
    if (commits && leavesDoubt(event.error)) trace.mayHaveKept = true;
  } else {
    trace.storageFailed = false;
    if (commits) trace.mayHaveKept = true;
  }
}

/** For a database that could not even be reached: no query was made. */
export function traceUnreachable(error: unknown): void {
  const trace = traces.getStore();
  if (trace !== undefined) trace.storageFailed = isStorageFailure(error);
}

const isCommit = /^\s*commit\b/i;
/** By themselves; a `with` may write, so it is none of them. */
const leavesNothing = /^\s*(select|pragma|explain|begin|start|set|rollback|savepoint|release)\b/i;
