import ky from 'ky';
import { describeFailure, nothingWasWritten } from './failures';

/** An answer's largest size; CodePay's are below 4 kB. Counted after decompression, so that a zip bomb ends here too. */
export const answerLimitBytes = 256 * 1024;

/** What came back for one request: a body with status 2xx, or why there is none. */
export type Posted = {
  readonly httpStatus: number | null;
  readonly dateHeader: string | null;
} & (
  | { readonly ok: true; readonly body: Uint8Array }
  | {
      readonly ok: false;
      readonly fault: 'not_sent' | 'timeout' | 'broken';
      /** Our own words; never text of the answer. */
      readonly detail: string;
    }
);

/**
 * Posts a JSON text **once** and reads the whole answer, within the life of `signal`.
 *
 * @param signal aborted when the call's time is up or the caller gives up
 * @returns never rejects
 * Source: the contract's "All are POST {gateway}/api/entry", money rules 4 and 5.
 */
export async function postOnce({
  url,
  json,
  signal
}: {
  readonly url: string;
  readonly json: string;
  readonly signal: AbortSignal;
}): Promise<Posted> {
  let httpStatus: number | null = null;
  let dateHeader: string | null = null;
  try {
    // before this point nothing can have left; after it, only an error that proves so can say it
    if (signal.aborted) {
      return { ok: false, fault: 'not_sent', detail: 'given up before sending', httpStatus, dateHeader };
    }
    const bytes = new TextEncoder().encode(json);
    const response = await ky.post(url, {
      // A stream and not a text: Node's fetch sends a body that it can rebuild a second time by itself, on a new
      // connection, when the answer is 421. A stream is gone once read. The length is given, because not every
      // gateway takes a chunked request.
      body: oneShot(bytes),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(bytes.byteLength),
        accept: 'application/json'
      },
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: 'manual',
      signal
    });
    httpStatus = response.status;
    dateHeader = response.headers.get('date');
    if (!response.ok) {
      void response.body?.cancel().catch(() => undefined);
      return { ok: false, fault: 'broken', detail: `HTTP ${httpStatus}`, httpStatus, dateHeader };
    }
    const body = await readLimited(response);
    if (body === null) {
      return { ok: false, fault: 'broken', detail: 'answer larger than 256 kB', httpStatus, dateHeader };
    }
    return { ok: true, body, httpStatus, dateHeader };
  } catch (error) {
    // our own clock first: a connection that is refused at the moment when we give up proves nothing worth the risk
    if (signal.aborted)
      return { ok: false, fault: 'timeout', detail: 'no whole answer in time', httpStatus, dateHeader };
    const fault = httpStatus === null && nothingWasWritten(error) ? 'not_sent' : 'broken';
    return { ok: false, fault, detail: describeFailure(error), httpStatus, dateHeader };
  }
}

function oneShot(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    }
  });
}

/** The whole body, or null where it is larger than the limit. */
async function readLimited(response: Response): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > answerLimitBytes) {
      void reader.cancel().catch(() => undefined);
      return null;
    }
    chunks.push(value);
  }
}
