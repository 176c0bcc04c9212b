/** No request may make the server hold more than its path is good for, whatever it says of its own length. */

import { mostJournalBytes } from '$lib/wire/journal';

const kilobyte = 1024;

/** Bytes. The first row whose path fits decides; a path that ends with a slash stands for all below it. */
const limits: readonly (readonly [path: string, bytes: number])[] = [
  // Lists of products.
  ['/api/products/import', 8 * 1024 * kilobyte],
  // Entries: at least one goes, however large it is.
  ['/api/journal', mostJournalBytes],
  // A notification is a handful of short fields.
  ['/api/codepay/notify', 64 * kilobyte],
  // A name and a password.
  ['/api/auth/', 16 * kilobyte]
];
const usualLimit = 512 * kilobyte;

/** How large a body this path takes, in bytes. */
export function bodyLimitOf(path: string): number {
  const row = limits.find(([known]) => (known.endsWith('/') ? path.startsWith(known) : path === known));
  return row?.[1] ?? usualLimit;
}

/** The request with its body at hand, or that it is too large. */
export type BoundedBody = { readonly ok: true; readonly request: Request } | { readonly ok: false };

/**
 * Reads a body up to the limit of its path, counting what really comes: a body in pieces names no length, and a named
 * one may be a lie.
 *
 * What comes beyond the limit is thrown away as it arrives, so that the sender hears the answer instead of a broken
 * connection; the server's time limit for a request ends that.
 *
 * @throws what the connection breaks with
 */
export async function boundBody({
  request,
  path
}: {
  readonly request: Request;
  readonly path: string;
}): Promise<BoundedBody> {
  if (request.body === null) return { ok: true, request };
  const limit = bodyLimitOf(path);
  const reader = request.body.getReader();
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge(reader);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > limit) return tooLarge(reader);
    pieces.push(value);
  }
  return { ok: true, request: new Request(request, { body: await new Blob(pieces).arrayBuffer() }) };
}

function tooLarge(reader: ReadableStreamDefaultReader<Uint8Array>): BoundedBody {
  void throwAway(reader);
  return { ok: false };
}

async function throwAway(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // Broken off: nobody waits for it any more.
  }
}
