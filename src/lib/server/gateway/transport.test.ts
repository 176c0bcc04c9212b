import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  appKey,
  payment,
  paymentCode,
  says,
  signedJson,
  startLoopback,
  success,
  type Loopback
} from './loopback.fixture';
import type { Answer } from './port';
import { selfSigned } from './self-signed.fixture';

const no = payment.merchantOrderNo;
const paid = '{"trans_status":2,"price_currency":"USD","order_amount":34.5}';
const seen: Array<Answer<unknown>> = [];

let loopback: Loopback;
beforeAll(async () => {
  loopback = await startLoopback();
});
afterAll(() => loopback.close());
beforeEach(() => {
  loopback.received.length = 0;
  loopback.logged.length = 0;
  seen.length = 0;
});
// whatever goes wrong, the code, the keys and the body are in no answer and no log
afterEach(() => {
  const text = JSON.stringify([seen, loopback.logged]);
  expect(text).not.toContain(paymentCode);
  expect(text).not.toContain('Flat white');
  expect(text).not.toContain('auth_code');
});

async function submit(
  gateway = loopback.gateway,
  change: { signal?: AbortSignal } = {}
): Promise<Answer<unknown>> {
  const answer = await gateway.submitPayment({ ...payment, ...change });
  seen.push(answer);
  return answer;
}

describe('one submit is one request, and no answer to believe, when the gateway', () => {
  it.each<readonly [string, string, Parameters<Loopback['answerWith']>[0]]>([
    ['does not sign', 'unsigned', says(JSON.stringify({ code: '0', msg: 'success', psn: '1', data: paid }))],
    ['signs with an empty text', 'unsigned', says(JSON.stringify({ code: '0', data: paid, sign: '' }))],
    ['signs with null', 'unsigned', says(JSON.stringify({ code: '0', data: paid, sign: null }))],
    ['signs with a number', 'bad_signature', says(JSON.stringify({ code: '0', data: paid, sign: 1 }))],
    [
      'signs with another key',
      'bad_signature',
      says(signedJson(JSON.stringify({ code: '0', data: paid }), appKey))
    ],
    [
      'is changed on the way',
      'bad_signature',
      says(success(paid.replace('2', '1')).then((body) => body.replace('_status\\":1', '_status\\":2')))
    ],
    ['answers with a page', 'broken', says('<!doctype html><title>Login</title>')],
    ['answers with nothing', 'broken', says('')],
    ['answers with half a JSON', 'broken', says(success(paid).then((body) => body.slice(0, -5)))],
    [
      'answers with bytes that are no UTF-8',
      'broken',
      (response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d]))
    ],
    ['answers with 300 kB', 'broken', says(success(paid).then((body) => `${body}${' '.repeat(300 * 1024)}`))],
    ...[204, 301, 400, 401, 407, 421, 429, 500, 502, 503].map(
      (status) =>
        [
          `answers with HTTP ${status}, signed or not`,
          'broken',
          async (response) => {
            response.statusCode = status;
            response.setHeader('www-authenticate', 'Basic');
            response.end(await success(paid));
          }
        ] satisfies [string, string, Parameters<Loopback['answerWith']>[0]]
    ),
    ...[302, 303, 307, 308].map(
      (status) =>
        [
          `redirects with ${status} to a place that says paid`,
          'broken',
          async (response, _socket, { path }) => {
            if (path === '/api/entry') response.writeHead(status, { location: '/elsewhere' }).end();
            else response.end(await success(paid));
          }
        ] satisfies [string, string, Parameters<Loopback['answerWith']>[0]]
    ),
    [
      'answers with a small zip of 20 MB',
      'broken',
      (response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')));
      }
    ],
    ['resets', 'broken', (_response, socket) => void socket.resetAndDestroy()],
    ['closes without a word', 'broken', (_response, socket) => void socket.destroy()],
    [
      'stops in the middle of its answer',
      'broken',
      async (response, socket) => {
        const body = await success(paid);
        response.writeHead(200, { 'content-length': String(body.length) });
        response.write(body.slice(0, 100), () => socket.destroy());
      }
    ],
    [
      'sends a whole JSON but less than it promised',
      'broken',
      async (response, socket) => {
        const body = await success(paid);
        response.writeHead(200, { 'content-length': String(body.length + 10) });
        response.write(body, () => socket.end());
      }
    ],
    ['does not speak HTTP', 'broken', (_response, socket) => void socket.end('220 mail.example ESMTP\r\n')]
  ])('%s: %s', async (_what, fault, reply) => {
    loopback.answerWith(reply);
    expect(await submit()).toMatchObject({ kind: 'fault', fault });
    expect(loopback.received).toHaveLength(1);
    expect(loopback.logged).toHaveLength(1);
    expect(loopback.logged[0]).toMatchObject({ method: 'bscanc.pay.submit', merchantOrderNo: no, fault });
  });

  it('takes a kept connection down while the second request is on it', async () => {
    loopback.answerWith(says(success('{"trans_status":0}')));
    await loopback.gateway.queryPayment({ merchantOrderNo: no });
    loopback.received.length = 0;
    loopback.answerWith((_response, socket) => void socket.destroy());
    expect(await submit()).toMatchObject({ fault: 'broken' });
    expect(loopback.received).toHaveLength(1);
  });
});

describe('an answer that comes whole', () => {
  it('is read when it is zipped', async () => {
    loopback.answerWith(async (response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(await success(paid)));
    });
    expect(await submit()).toMatchObject({ kind: 'answered', value: { status: 'succeeded' } });
  });
});

describe('time', () => {
  it('runs out while the gateway is silent', async () => {
    loopback.answerWith(() => undefined);
    const answer = await submit(loopback.with({ timeoutMs: 150 }));
    expect(answer).toMatchObject({ kind: 'fault', fault: 'timeout', evidence: { httpStatus: null } });
    expect(answer.evidence.durationMs).toBeGreaterThanOrEqual(149);
    expect(loopback.received).toHaveLength(1);
  });

  it('covers the body too: an answer that drips is late', async () => {
    loopback.answerWith((response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await submit(loopback.with({ timeoutMs: 200 }))).toMatchObject({
      fault: 'timeout',
      evidence: { httpStatus: 200 }
    });
  });

  it('runs out while the connection hangs: nobody knows what was written', async () => {
    // a TLS handshake that is never answered
    const held: Socket[] = [];
    const silent = createTcpServer((socket) => void held.push(socket.on('error', () => undefined)));
    const port = await listen(silent);
    expect(await submit(loopback.with({ url: `https://127.0.0.1:${port}`, timeoutMs: 150 }))).toMatchObject({
      fault: 'timeout'
    });
    for (const socket of held) socket.destroy();
    silent.close();
  });

  it("is the caller's to end, which is no answer about the payment", async () => {
    const caller = new AbortController();
    loopback.answerWith(() => caller.abort());
    expect(await submit(loopback.gateway, { signal: caller.signal })).toMatchObject({ fault: 'timeout' });
    expect(loopback.received).toHaveLength(1);
  });

  it('that ended before the call began sends nothing, and says so', async () => {
    expect(await submit(loopback.gateway, { signal: AbortSignal.abort() })).toMatchObject({
      fault: 'not_sent'
    });
    expect(loopback.received).toEqual([]);
  });
});

describe('nothing was sent', () => {
  it('to a port that refuses', async () => {
    const port = await closedPort();
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await submit(loopback.with({ url: `http://${host}:${port}` }))).toMatchObject({
        kind: 'fault',
        fault: 'not_sent',
        evidence: { message: 'ECONNREFUSED', httpStatus: null, rawSha256: null }
      });
    }
  });

  it('to a name that does not exist', async () => {
    expect(await submit(loopback.with({ url: 'http://till-gateway.invalid' }))).toMatchObject({
      fault: 'not_sent'
    });
  });

  it('to a host whose certificate nobody signed', async () => {
    const bodies: string[] = [];
    const server = createTlsServer(selfSigned(), (request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      response.end();
    });
    const port = await listen(server);
    const answer = await submit(loopback.with({ url: `https://127.0.0.1:${port}` }));
    server.close();
    expect(answer).toMatchObject({ fault: 'not_sent' });
    expect(bodies).toEqual([]);
  });
});

describe('a secret', () => {
  it('that the gateway quotes does not come back out', async () => {
    const data = JSON.stringify(
      `{"trans_status":1,"trans_error_msg":"code ${paymentCode} is used","attach":"${paymentCode}"}`
    );
    loopback.answerWith(
      says(signedJson(`{"code":"0","msg":"for ${paymentCode}","psn":"${paymentCode}","data":${data}}`))
    );
    expect(await submit()).toMatchObject({
      value: { errorMessage: 'code [payment code] is used' },
      evidence: { message: 'for [payment code]' }
    });
    loopback.answerWith(says(signedJson(`{"code":"E10007","msg":"Invalid payment code ${paymentCode}"}`)));
    expect(await submit()).toMatchObject({ evidence: { message: 'Invalid payment code [payment code]' } });
    loopback.answerWith(says(JSON.stringify({ code: paymentCode, psn: paymentCode })));
    expect(await submit()).toMatchObject({ fault: 'unsigned' });
  });

  it('is not in the log, which says method, number, code, psn, how long it took and the gateway’s clock only', async () => {
    loopback.answerWith(says(success('{"trans_status":0}')));
    await submit();
    expect(loopback.logged.map((entry) => Object.keys(entry).sort())).toEqual([
      ['code', 'durationMs', 'fault', 'gatewayDate', 'merchantOrderNo', 'method', 'psn']
    ]);
  });
});

async function listen(server: ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
