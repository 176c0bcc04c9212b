/** The built server's own edge: bodies that are too large, too slow, or unfold. */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiRegister } from '../support/api';
import { startTill, type Till } from '../support/till-server';
import { postWebhook, signedWebhook } from '../support/webhook';

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

/** Sent in pieces, so that nothing names its length before it is there. */
async function inPieces(
  path: string,
  { piece, count, headers = {} }: { piece: string; count: number; headers?: Record<string, string> }
): Promise<{ readonly status: number; readonly code: unknown }> {
  const bytes = new TextEncoder().encode(piece);
  let left = count;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left === 0) {
        controller.close();
        return;
      }
      left -= 1;
      controller.enqueue(bytes);
    }
  });
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half'
  };
  const response = await fetch(`${till.baseURL}${path}`, init);
  const answer: unknown = await response.json();
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : null;
  return { status: response.status, code };
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
    // And some in pieces, which name no length.
    for (let round = 0; round < 5; round += 1) {
      const answer = await inPieces('/api/codepay/notify', { piece: 'x'.repeat(2 ** 16), count: 160 });
      expect(answer).toEqual({ status: 413, code: 'too_large' });
    }
    // Three hundred and fifty megabytes came by.
    expect(memory() - before).toBeLessThan(150);
    expect(await notify(Buffer.from('{}'))).toBe(400);
    expect(inbox()).toEqual([]);
  });

  test('#29 that would unfold to 100 MB is not unfolded', async () => {
    const before = memory();
    const bomb = gzipSync(Buffer.alloc(100 * megabyte, 'x'));
    expect(await notify(bomb, { 'content-encoding': 'gzip' })).toBe(413);
    // One that is small enough to be read is read as the bytes that it is.
    const small = gzipSync(Buffer.alloc(60 * megabyte, 'x'));
    expect(await notify(small, { 'content-encoding': 'gzip' })).toBe(400);
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

describe('a body in pieces, which names no length', () => {
  const piece = 'x'.repeat(1024);

  test('#29 is bound by what its path is good for, and the answer says so', async () => {
    const own = { origin: till.baseURL };
    const tooLarge = { status: 413, code: 'too_large' };
    expect(await inPieces('/api/codepay/notify', { piece, count: 65 })).toEqual(tooLarge);
    expect(await inPieces('/api/auth/sign-in/username', { piece, count: 17, headers: own })).toEqual(
      tooLarge
    );

    const admin = await ApiRegister.signIn(till.baseURL, 'admin');
    const large = { piece: 'x'.repeat(2 ** 16), count: 9, headers: admin.headers };
    expect(await inPieces('/api/orders', large)).toEqual(tooLarge);
    // A list of products may be that large: it is read, and is no JSON.
    expect(await inPieces('/api/products/import', large)).toEqual({ status: 400, code: 'bad_request' });
    expect(await inPieces('/api/products/import', { ...large, count: 129 })).toEqual(tooLarge);
  });

  test('is read like any other up to there', async () => {
    const own = { origin: till.baseURL };
    expect(await inPieces('/api/codepay/notify', { piece, count: 64 })).toMatchObject({ status: 400 });
    expect(await inPieces('/api/auth/sign-in/username', { piece: '{', count: 1, headers: own })).toEqual({
      status: 400,
      code: 'bad_request'
    });
  });
});

test('#27 forged notifications are told to wait in the end, and a good one from the same address comes in', async () => {
  let answer = await notify(Buffer.from('{}'));
  for (let count = 0; count < 40 && answer === 400; count += 1) answer = await notify(Buffer.from('{}'));
  expect(answer).toBe(429);
  const { merchantOrderNo } = await (await ApiRegister.signIn(till.baseURL, 'cashier')).sell();
  const good = await postWebhook(
    till,
    JSON.stringify(signedWebhook(till, merchantOrderNo)),
    'application/json'
  );
  expect(await good.text()).toBe('success');
});

describe('with this guard off, what it refuses goes through:', () => {
  test('an old page moves no money: the contract’s version (#68)', async () => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid');
    const old = await register.post('/api/payments', request, { 'till-contract': '0' });
    expect(await old.json()).toMatchObject({ code: 'contract_changed' });
    expect(till.ledger('SELECT id FROM attempts WHERE id = ?', request.attemptId)).toEqual([]);
    // A middleman who puts the version right: nothing else had held it back.
    expect((await register.post('/api/payments', request, { 'till-contract': '1' })).status).toBe(202);
  });

  test('a tab that was replaced moves no money: its term of writing (#53 #54)', async () => {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { request } = register.newPayment('paid');
    const stamp = (term: number): Record<string, string> => ({ 'till-writer': `1.${term}` });
    // A newer tab was here: whatever it wanted, it said that it writes now.
    await register.post('/api/payments', {}, stamp(2));
    const stale = await register.post('/api/payments', request, stamp(1));
    expect(await stale.json()).toMatchObject({ code: 'tab_replaced' });
    expect(till.ledger('SELECT id FROM attempts WHERE id = ?', request.attemptId)).toEqual([]);
    // A middleman who takes the stamp away.
    expect((await register.post('/api/payments', request)).status).toBe(202);
  });
});
