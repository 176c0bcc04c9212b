/** The server's side of the journal, as the register speaks to it. */
import { journalStandingSchema, type JournalStanding, type SendJournal } from '$lib/wire/journal';
import { call, sendByFetch, shaped, type ApiResult } from './api';

export interface JournalApi {
  /** Where the chain of an epoch stands there. */
  standing(epoch: number, signal: AbortSignal): Promise<ApiResult<JournalStanding>>;
  /** Hands entries in. The same ones may be handed in again. */
  send(batch: SendJournal, signal: AbortSignal): Promise<ApiResult<JournalStanding>>;
}

/** A batch is larger than other requests, and a busy server may take its time. */
const timeoutMs = 30_000;

export function createJournalApi(
  where: { readonly baseUrl?: string; readonly fetch?: typeof globalThis.fetch } = {}
): JournalApi {
  const send = sendByFetch(where);
  const read = shaped(journalStandingSchema);
  return {
    standing: (epoch, signal) =>
      call(send, { method: 'get', path: `/api/journal?epoch=${epoch}`, read, signal }),
    send: (batch, signal) =>
      call(send, { method: 'post', path: '/api/journal', json: batch, read, timeoutMs, signal })
  };
}
