/** The built server's own edge: bodies that are too large, too slow, or unfold. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTill, type Till } from '../support/till-server';

let till: Till;
beforeAll(async () => {
  till = await startTill({ timeScale: 1 });
}, 60_000);
afterAll(() => till.stop(), 60_000);

const megabyte = 2 ** 20;

async function notify(body: Buffer, headers: Record<string, string> = {}): Promise<number | 'cut'> {
  try {
    const response = await fetch(`${till.baseURL}/api/codepay/notify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body)
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // The server may hang up while the client still sends.
    return 'cut';
  }
}

/** What the process holds of the memory, in megabytes. */
function memory(): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${till.pid}/status`, 'utf8'))?.[1]) / 1024;
}

function inbox(): unknown[] {
  return till.ledger('SELECT id FROM inbox');
}

/** Sends this much of a request and then nothing; ends with what came back when the server hung up. */
function hungUpOn(beginning: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(Number(new URL(till.baseURL).port), '127.0.0.1', () => socket.write(beginning));
    socket.on('data', (chunk) => (heard += chunk.toString('utf8')));
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

describe('a notification', () => {
  test('#29 of 10 MB is refused, and thirty of them leave the memory as it was', async () => {
    await notify(Buffer.from('{}'));
    const before = memory();
    const large = Buffer.alloc(10 * megabyte, 'x');
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => notify(large)));
      for (const answer of answers) expect([413, 'cut']).toContain(answer);
    }
    // Three hundred megabytes came by.
    expect(memory() - before).toBeLessThan(150);
    expect(await notify(Buffer.from('{}'))).toBe(400);
    expect(inbox()).toEqual([]);
  });

  test('#29 that would unfold to 100 MB is not unfolded', async () => {
    const before = memory();
    const bomb = gzipSync(Buffer.alloc(100 * megabyte, 'x'));
    expect(await notify(bomb, { 'content-encoding': 'gzip' })).toBe(400);
    expect(memory() - before).toBeLessThan(90);
    expect(inbox()).toEqual([]);
  });

  test.concurrent.each([
    ['its headers', 'POST /api/codepay/notify HTTP/1.1\r\nhost: localhost\r\n'],
    [
      'its body',
      'POST /api/codepay/notify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"a":'
    ]
  ])('#29 that is slow with %s is hung up on', async (_part, beginning) => {
    const heard = await hungUpOn(beginning);
    expect(heard === '' || /^HTTP\/1\.1 408 /.test(heard)).toBe(true);
    expect(inbox()).toEqual([]);
  });
});
