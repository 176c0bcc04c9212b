/** The answer to a request of the API that broke: whoever asked is told what is certain about it, and never more. */
import type { Trace } from './ledger/trace';
import { isStorageFailure } from './ledger/storage-failure';
import { problem } from './problem';

/**
 * `storage_failed` where the database failed and nothing of the request was committed: then nothing was sent either, because
 * nothing is sent before it is committed. Whatever may have been kept, or broke otherwise, is a doubt: `server_error`.
 *
 * @param id stands in the log beside the cause
 * @param trace of all that the request did
 */
export function brokenRequest({
  cause,
  id,
  trace
}: {
  readonly cause: unknown;
  readonly id: string;
  readonly trace: Trace;
}): Response {
  const extra = { id };
  if (!trace.storageFailed && !isStorageFailure(cause)) return problem({ code: 'server_error', extra });
  if (!trace.mayHaveKept) return problem({ code: 'storage_failed', extra });
  return problem({
    code: 'server_error',
    detail:
      "Till's database failed before this was answered: it may have been done. Do not charge or refund again before its state is shown.",
    extra
  });
}
