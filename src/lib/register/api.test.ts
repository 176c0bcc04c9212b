import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WriterStamp } from '$lib/wire/writer-stamp';
import { createApi, type Api } from './api';
import { attempt } from './fakes';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contract: string | string[] | undefined;
  readonly writer: string | string[] | undefined;
  readonly body: string;
}

let server: Server;
let heard: Heard[];
let answer: { status: number; body: string } | 'hang_up';
let api: Api;
let writer: WriterStamp | null;

const secret = '281234567890120000';
const request = {
  attemptId: 'a'.repeat(32),
  orderId: 'b'.repeat(32),
  revision: 2,
  amountMinor: 250,
  currency: 'EUR',
  paymentCode: secret,
  events: []
};

beforeEach(async () => {
  heard = [];
  writer = null;
  server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (part: string) => (body += part));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      heard.push({ method, url, contract: headers['till-contract'], writer: headers['till-writer'], body });
      if (answer === 'hang_up') {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  api = createApi({ baseUrl: `http://127.0.0.1:${port}`, writer: () => writer });
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('the server’s api', () => {
  it('says with every request which writer of the register it is, once there is one', async () => {
    answer = { status: 200, body: '{"attempts":[]}' };
    await api.openPayments();
    writer = { epoch: 2, term: 17 };
    await api.openPayments();
    await api.voidPayment(request);
    expect(heard.map((one) => one.writer)).toEqual([undefined, '2.17', '2.17']);
  });

  it('sends a request for money once, with the contract’s version and the code in the body only', async () => {
    answer = { status: 202, body: JSON.stringify(attempt({ attemptId: request.attemptId })) };
    expect(await api.requestPayment(request)).toMatchObject({ ok: true, value: { state: 'paying' } });
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ method: 'POST', url: '/api/payments', contract: '1' });
    expect(heard[0]?.body).toContain(secret);
  });

  it('never sends it again: not after a broken connection, not after a 503', async () => {
    answer = 'hang_up';
    const broken = await api.requestPayment(request);
    expect(broken).toEqual({ ok: false, problem: null, status: null, offline: true });
    expect(heard).toHaveLength(1);
    answer = { status: 503, body: 'busy' };
    const busy = await api.requestPayment(request);
    expect(busy).toEqual({ ok: false, problem: null, status: 503, offline: false });
    expect(heard).toHaveLength(2);
    expect(JSON.stringify([broken, busy])).not.toContain(secret);
  });

  it('knows the server’s own refusals from anybody else’s', async () => {
    const problem = { type: 'about:blank', title: 'x', status: 409, code: 'order_busy', detail: 'Wait.' };
    answer = { status: 409, body: JSON.stringify(problem) };
    expect(await api.requestPayment(request)).toMatchObject({ ok: false, problem: { code: 'order_busy' } });
    answer = { status: 404, body: '<html>not here</html>' };
    expect(await api.payment('a')).toEqual({ ok: false, problem: null, status: 404, offline: false });
  });

  it('believes no answer of another shape', async () => {
    answer = { status: 200, body: JSON.stringify({ state: 'succeeded' }) };
    expect(await api.payment('a')).toEqual({ ok: false, problem: null, status: 200, offline: false });
  });

  it('asks with the version it knows, and reads an attempt that was shut', async () => {
    answer = {
      status: 200,
      body: JSON.stringify(attempt({ attemptId: 'a', state: 'void', amountMinor: 0 }))
    };
    expect(await api.payment('a', { after: 3, waitMs: 10 })).toMatchObject({
      ok: true,
      value: { state: 'void' }
    });
    expect(heard[0]?.url).toBe('/api/payments/a?after=3&waitMs=10');
  });
});
