import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createChanges, type Changes } from '../payments/changes';
import { streamChanges } from './stream-changes';

/** The stream behind real HTTP, as the built server sends it. */
let server: Server;
let changes: Changes;
let signedIn: boolean;
let ended: number;

beforeEach(async () => {
  changes = createChanges();
  signedIn = true;
  ended = 0;
  server = createServer((_request, response) => {
    const stream = streamChanges({
      changes,
      maySee: async () => signedIn,
      beatMs: 20,
      onEnd: () => (ended += 1)
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const body = Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
    response.on('close', () => body.destroy());
    body.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  changes.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(
  signal?: AbortSignal
): Promise<{ until(text: string): Promise<string>; rest(): Promise<string> }> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, signal === undefined ? {} : { signal });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  return {
    async until(text) {
      while (!heard.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended after ${heard}`);
        heard += value;
      }
      return heard;
    },
    async rest() {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return heard;
        heard += value;
      }
    }
  };
}

const change = { kind: 'attempt', id: 'a', version: 3 } as const;

describe('the stream of changes', () => {
  test('begins with a hello that names its heartbeat, and tells every reader of every change', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    await Promise.all([one.until('hello'), two.until('hello')]);
    changes.happened(change);
    for (const stream of [one, two]) {
      const heard = await stream.until('event: change');
      expect(heard).toMatch(/^event: hello\ndata: \{"heartbeatMs":20\}\n\n/);
      await stream.until('data: {"kind":"attempt","id":"a","version":3}\n\n');
    }
  });

  test('says only kind, id and version, whatever hangs on a change', async () => {
    const stream = await open();
    await stream.until('hello');
    changes.happened({ ...change, paymentCode: '281234567890123456' } as typeof change);
    changes.close();
    const heard = await stream.rest();
    expect(heard).toContain('"id":"a"');
    expect(heard).not.toContain('2812');
  });

  test('says that it lives while nothing changes', async () => {
    const stream = await open();
    await stream.until(': still here\n\n: still here');
  });

  test('ends when the session ends', async () => {
    const stream = await open();
    await stream.until('hello');
    signedIn = false;
    await stream.rest();
    expect(ended).toBe(1);
  });

  test('ends when the server stops, and one opened after that ends at once', async () => {
    const stream = await open();
    await stream.until('hello');
    changes.close();
    await stream.rest();
    const late = await open();
    expect(await late.rest()).toMatch(/^event: hello/);
    expect(ended).toBe(2);
  });

  test('lets go of everything when its reader goes', async () => {
    const gone = new AbortController();
    const stream = await open(gone.signal);
    await stream.until('hello');
    gone.abort();
    await expect.poll(() => ended).toBe(1);
  });

  test('cuts off a reader that does not read, instead of keeping everything for it', async () => {
    const stream = streamChanges({ changes, maySee: async () => true, onEnd: () => (ended += 1) });
    for (let count = 0; count < 600; count += 1) changes.happened(change);
    expect(ended).toBe(1);
    await stream.cancel();
    expect(ended).toBe(1);
  });
});
