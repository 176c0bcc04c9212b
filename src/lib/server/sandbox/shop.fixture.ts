import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from './sandbox.ts';

// A small client for the tests, written from the contract and from nothing else: it shares no code with the sandbox.

const app = generateKeyPairSync('rsa', { modulusLength: 2048 });
const gateway = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The gateway's public key of all test shops. */
export const gatewayPublicKey: KeyObject = createPublicKey(gateway.privateKey);

/** The code of an Alipay wallet whose shopper behaves as the ending says. */
export function codeEnding(ending: string): string {
  return `2846573920184756${ending}`;
}

function rawOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function signedText(fields: Readonly<Record<string, unknown>>): string {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== '' && fields[name] != null)
    .sort()
    .map((name) => `${name}=${rawOf(fields[name])}`)
    .join('&');
}

/** True when the gateway signed these fields. */
export function isFromGateway(fields: Readonly<Record<string, unknown>>): boolean {
  const text = Buffer.from(signedText(fields));
  return verify('sha256', text, gatewayPublicKey, Buffer.from(rawOf(fields['sign'] ?? ''), 'base64'));
}

export function recordOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error('Not a JSON object');
  return { ...value };
}

export interface GatewayReply {
  readonly code: unknown;
  readonly msg: unknown;
  readonly psn: unknown;
  /** The answer's signature is the gateway's. */
  readonly verified: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Shop {
  readonly sandbox: Sandbox;
  /** Lets time pass on this shop's clock, which stands still otherwise; unused in a scaled shop. */
  pass(ms: number): void;
  call(method: string, fields: Readonly<Record<string, string>>): Promise<GatewayReply>;
  /** `bscanc.pay.submit` of 34.50 USD. */
  pay(number: string, ending: string, more?: Readonly<Record<string, string>>): Promise<GatewayReply>;
  query(number: string): Promise<GatewayReply>;
  cancel(number: string): Promise<GatewayReply>;
  refund(number: string, of: string, amount: string): Promise<GatewayReply>;
  queryRefund(number: string): Promise<GatewayReply>;
  /** Ends the sandbox and starts another one on the same book. */
  restart(): Promise<void>;
}

const undo: (() => Promise<void> | void)[] = [];

/** Ends all that the test has opened, the last first. Every test file calls it after each test. */
export async function closeShops(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/** A folder that is gone after the test. */
export function testFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'till-sandbox-'));
  undo.push(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
}

/**
 * A shop with a sandbox of its own, closed after the test.
 *
 * @param o.timeScale real time, divided; without it a clock that stands still until told
 */
export async function openShop(
  o: { readonly timeScale?: number; readonly bookPath?: string } = {}
): Promise<Shop> {
  let at = Date.now();
  const clock = o.timeScale === undefined ? { now: () => at } : { timeScale: o.timeScale };
  const begin = (): Promise<Sandbox> =>
    startSandbox({
      bookPath: o.bookPath ?? ':memory:',
      appPublicKey: app.publicKey,
      gatewayPrivateKey: gateway.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ...clock
    });
  let sandbox = await begin();
  undo.push(() => sandbox.close());

  async function call(method: string, fields: Readonly<Record<string, string>>): Promise<GatewayReply> {
    const request: Record<string, string> = {
      app_id: 'till-sandbox',
      method,
      format: 'JSON',
      charset: 'UTF-8',
      sign_type: 'RSA2',
      version: '1.0',
      timestamp: String(o.timeScale === undefined ? at : Date.now()),
      merchant_no: '999000000001',
      ...fields
    };
    request['sign'] ??= sign('sha256', Buffer.from(signedText(request)), app.privateKey).toString('base64');
    const response = await fetch(`${sandbox.url}/api/entry`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(request)
    });
    const answer = recordOf(await response.text());
    const data = answer['data'];
    return {
      code: answer['code'],
      msg: answer['msg'],
      psn: answer['psn'],
      verified: isFromGateway(answer),
      data: typeof data === 'string' ? recordOf(data) : {}
    };
  }

  return {
    get sandbox() {
      return sandbox;
    },
    pass(ms) {
      at += ms;
    },
    call,
    pay: (number, ending, more = {}) =>
      call('bscanc.pay.submit', {
        merchant_order_no: number,
        auth_code: codeEnding(ending),
        price_currency: 'USD',
        order_amount: '34.50',
        expires: '120',
        ...more
      }),
    query: (number) => call('order.query', { merchant_order_no: number }),
    cancel: (number) => call('order.revoker', { merchant_order_no: number }),
    refund: (number, of, amount) =>
      call('order.refund.submit', {
        merchant_order_no: number,
        orig_merchant_order_no: of,
        price_currency: 'USD',
        order_amount: amount,
        description: 'Returned'
      }),
    queryRefund: (number) => call('order.refund.query', { merchant_order_no: number }),
    async restart() {
      await sandbox.close();
      sandbox = await begin();
    }
  };
}

/** A shop's own address for notifications: keeps what arrives and answers what it is told to, by the count of the send. */
export async function openNotifyAddress(
  answer: (send: number) => string
): Promise<{ url: string; received: Record<string, unknown>[] }> {
  const received: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push(recordOf(body));
      response.end(answer(received.length));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  undo.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return { url: `http://127.0.0.1:${address.port}/api/codepay/notify`, received };
}
