import { expect, test } from 'vitest';
import { entryBytesAtOnce } from '$lib/wire/journal';
import { boundBody, bodyLimitOf } from './bounded-body';

const notify = '/api/codepay/notify';

function posted(body: ReadableStream, headers: Record<string, string> = {}): Request {
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
  return new Request('http://localhost/', init);
}

/** A body in pieces: it names no length. */
function inPieces(pieces: readonly Uint8Array[], headers: Record<string, string> = {}) {
  const asked = { count: 0, ended: Promise.withResolvers<undefined>() };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[asked.count];
        if (piece === undefined) {
          controller.close();
          asked.ended.resolve(undefined);
          return;
        }
        asked.count += 1;
        controller.enqueue(piece);
      }
    },
    { highWaterMark: 0 }
  );
  return { request: posted(body, headers), asked };
}

function bytes(count: number): Uint8Array {
  return new Uint8Array(count).fill(120);
}

test('a body in pieces up to the limit arrives whole, with its headers and its way', async () => {
  const limit = bodyLimitOf(notify);
  const { request } = inPieces([bytes(limit - 10), bytes(10)], { 'content-type': 'application/json' });
  const bounded = await boundBody({ request, path: notify });
  if (!bounded.ok) throw new Error('refused');
  expect(bounded.request.method).toBe('POST');
  expect(bounded.request.headers.get('content-type')).toBe('application/json');
  expect((await bounded.request.text()).length).toBe(limit);
});

test('one byte more is too large, and the rest is thrown away as it comes', async () => {
  const pieces = [bytes(bodyLimitOf(notify)), bytes(1), bytes(9_000), bytes(9_000)];
  const { request, asked } = inPieces(pieces);
  expect(await boundBody({ request, path: notify })).toEqual({ ok: false });
  await asked.ended.promise;
  expect(asked.count).toBe(pieces.length);
});

test('a body that names a length beyond the limit is refused before any of it is read', async () => {
  const { request, asked } = inPieces([bytes(5)], { 'content-length': String(bodyLimitOf(notify) + 1) });
  const answer = boundBody({ request, path: notify });
  expect(asked.count).toBeLessThanOrEqual(1);
  expect(await answer).toEqual({ ok: false });
});

test('a body that names less than it brings is counted all the same', async () => {
  const { request } = inPieces([bytes(bodyLimitOf(notify) + 1)], { 'content-length': '5' });
  expect(await boundBody({ request, path: notify })).toEqual({ ok: false });
});

test('a connection that breaks in the middle of a body is no body', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
  const request = posted(body);
  await expect(boundBody({ request, path: notify })).rejects.toThrow('reset');
});

test('a request without a body stays as it is', async () => {
  const request = new Request('http://localhost/');
  expect(await boundBody({ request, path: '/sell' })).toEqual({ ok: true, request });
});

test('only lists of products are large; what a stranger may send is small', () => {
  const usual = bodyLimitOf('/api/payments');
  expect(bodyLimitOf('/first-run')).toBe(usual);
  expect(bodyLimitOf('/api/products/import')).toBeGreaterThan(usual);
  expect(bodyLimitOf('/api/products/import/x')).toBe(usual);
  expect(bodyLimitOf('/api/journal')).toBeGreaterThan(4 * entryBytesAtOnce);
  for (const open of [notify, '/api/auth/sign-in/username', '/api/auth/pin']) {
    expect(bodyLimitOf(open)).toBeLessThan(usual);
  }
});
