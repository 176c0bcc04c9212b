/** A gateway on the loopback that says what a test tells it, signed with the vectors' gateway key: for tests only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createGateway, type GatewayConfig, type GatewayLogEntry } from './client';
import { parsePrivateKey, parsePublicKey } from './keys';
import type { Gateway, PaymentToSubmit } from './port';
import { readRawObject } from './raw-json';
import { signText, stringToSign } from './sign';
import { vectors } from './vectors.fixture';

export const gatewayKey = parsePrivateKey({
  text: vectors.keys.gateway_private_pkcs8_base64,
  label: 'gateway key'
});
export const appKey = parsePrivateKey({ text: vectors.keys.app_private_pkcs1_base64, label: 'app key' });
export const appPublic = parsePublicKey({ text: vectors.keys.app_public_base64, label: 'app public key' });
export const gatewayPublic = parsePublicKey({
  text: vectors.keys.gateway_public_base64,
  label: 'gateway public key'
});

export const paymentCode = '284657392018475610';

export const payment: PaymentToSubmit = {
  merchantOrderNo: 'T0123456789ABCDEFGHJKMNPQRST',
  paymentCode,
  amountMinor: 3450,
  currency: 'USD',
  description: '2 x Flat white & 1 x "Crème"',
  attach: 'a1b2',
  expiresSeconds: 120
};

/** A request as the gateway got it. */
export interface Received {
  readonly httpMethod: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Reply = (response: ServerResponse, socket: Socket, received: Received) => void | Promise<void>;

/** Signs raw JSON members (a JSON object without `sign`) the way the gateway does: over the source texts. */
export async function signedJson(unsigned: string, key = gatewayKey): Promise<string> {
  const read = readRawObject(unsigned);
  if (!read.ok) throw new Error(`the test's JSON is wrong: ${read.problem}`);
  const text = stringToSign([...read.members].map(([name, member]) => [name, member.text]));
  const sign = await signText({ text, key });
  return `${unsigned.trimEnd().slice(0, -1)},"sign":${JSON.stringify(sign)}}`;
}

/** A signed success whose `data` is the given JSON text inside a string. */
export function success(data: string): Promise<string> {
  return signedJson(`{"code":"0","msg":"success","psn":"1795437296123001","data":${JSON.stringify(data)}}`);
}

/** Answers with a body, HTTP 200, JSON. */
export function says(body: string | Promise<string>): Reply {
  return async (response) => {
    response.setHeader('content-type', 'application/json');
    response.end(await body);
  };
}

export interface Loopback {
  readonly gateway: Gateway;
  readonly received: Received[];
  readonly logged: GatewayLogEntry[];
  readonly url: string;
  answerWith(reply: Reply): void;
  with(config: Partial<GatewayConfig>): Gateway;
  close(): Promise<void>;
}

export async function startLoopback(): Promise<Loopback> {
  let reply: Reply = (response) => void response.end();
  const received: Received[] = [];
  const logged: GatewayLogEntry[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString('utf8');
      const got: Received = { httpMethod: method, path: url, headers, body };
      received.push(got);
      void reply(response, request.socket, got);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the loopback gateway has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const make = (config: Partial<GatewayConfig>): Gateway =>
    createGateway({
      config: {
        url,
        appId: 'wz6012822ca2f1as78',
        merchantNo: '312100000164',
        privateKey: appKey,
        publicKey: gatewayPublic,
        timeoutMs: 5000,
        ...config
      },
      now: () => 1795437296123,
      log: (entry) => logged.push(entry)
    });
  return {
    gateway: make({}),
    received,
    logged,
    url,
    answerWith: (next) => {
      reply = next;
    },
    with: make,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}
