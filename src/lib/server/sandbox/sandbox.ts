import { randomInt, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import { BookFile } from './book-file.ts';
import { bookOf, type SandboxBook } from './book.ts';
import { Clerk } from './clerk.ts';
import { Courier } from './courier.ts';
import { GatewayDoor, readBody } from './gateway-door.ts';
import type { SandboxOutcome } from './outcomes.ts';
import { settleDue, type Counter } from './settle.ts';
import { jsonText, privateKeyOf, publicKeyOf, signText, stringToSign } from './signing.ts';

export const sandboxAppId = 'till-sandbox';
export const sandboxMerchantNo = '999000000001';

export interface SandboxOptions {
  /** The book's own SQLite file, made when missing; `:memory:` for one that ends with the process. */
  readonly bookPath: string;
  /** Loopback only: training money needs no other listener. */
  readonly host?: '127.0.0.1';
  /** 0 or missing: any free port. */
  readonly port?: number;
  readonly appId?: string;
  readonly merchantNo?: string;
  /** Checks requests. PEM, or a parsed key. */
  readonly appPublicKey: KeyObject | string;
  /** Signs answers and notifications. PEM, or a parsed key. */
  readonly gatewayPrivateKey: KeyObject | string;
  /** Divides every duration: slow answers, passwords, refunds, expiry, notification retries. Not the clock's tolerance. */
  readonly timeScale?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Told about what broke outside a request, such as a full disk; by default a process warning. */
  readonly onProblem?: (problem: unknown) => void;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>`; the door is `POST {url}/api/entry`. */
  readonly url: string;
  readonly book: SandboxBook;
  /** The next payment that is asked plays this, whatever its code's ending says. Once. */
  pretend(o: { readonly outcome: SandboxOutcome }): void;
  /** Cuts what is open, ends every timer, closes the book. A new start with the same file goes on from there. */
  close(): Promise<void>;
}

/** `psn`: the number of one answer. */
function newPsn(now: number): string {
  return `${now}${String(randomInt(1_000_000)).padStart(6, '0')}`;
}

/**
 * Starts the gateway of the training mode: real HTTP, real signatures, its own book, play money.
 *
 * @throws when the port is taken, a key is no key, or the book cannot be opened
 */
export async function startSandbox(o: SandboxOptions): Promise<Sandbox> {
  const timeScale = o.timeScale ?? 1;
  if (!(timeScale > 0)) throw new RangeError('timeScale must be above 0');
  const appKey = publicKeyOf(o.appPublicKey);
  const gatewayKey = privateKeyOf(o.gatewayPrivateKey);
  const onProblem = o.onProblem ?? ((problem) => process.emitWarning(`Sandbox gateway: ${String(problem)}`));
  const file = new BookFile({ path: o.bookPath, readOnly: false });
  const counter: Counter = {
    file,
    appId: o.appId ?? sandboxAppId,
    merchantNo: o.merchantNo ?? sandboxMerchantNo,
    now: o.now ?? Date.now,
    scaled: (ms) => Math.max(1, Math.round(ms / timeScale))
  };
  const closing = new AbortController();
  const door = new GatewayDoor({ counter, appKey });
  const courier: Courier = new Courier({ counter, gatewayKey, onDone: () => clerk.look(), onProblem });
  const clerk = new Clerk({ counter, courier, onProblem });

  async function bodyOf(answer: Answer, wellSigned: boolean): Promise<string> {
    const fields = { ...answer, psn: newPsn(counter.now()) };
    const text = stringToSign(fields);
    const sign = await signText(wellSigned ? text : `${text}&forged=1`, gatewayKey);
    return jsonText({ ...fields, sign });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url !== '/api/entry' || request.method !== 'POST') {
      end(response, 404, 'Not found. The gateway is POST /api/entry');
      return;
    }
    const body = await readBody(request);
    if (body === undefined) {
      end(response, 413, 'Too long');
      return;
    }
    const reply = door.answer(body);
    clerk.look();
    if (reply.how === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    let answer = reply.answer;
    if (typeof answer === 'function') {
      // A timer may fire a millisecond before the clock says so.
      if (reply.how === 'late') await wait(reply.afterMs + 2, undefined, { signal: closing.signal });
      settleDue(counter);
      answer = answer();
    }
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(await bodyOf(answer, reply.how !== 'badly_signed'));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((problem: unknown) => {
      if (!closing.signal.aborted) onProblem(problem);
      if (response.headersSent || closing.signal.aborted) request.socket.destroy();
      else end(response, 500, 'The sandbox gateway broke');
    });
  });
  // Longer than any client keeps a connection: a request must not meet the end of an idle one.
  server.keepAliveTimeout = 120_000;

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(o.port ?? 0, o.host ?? '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    file.close();
    throw error;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sandbox gateway has no port');
  clerk.look();

  let closed: Promise<void> | undefined;
  async function close(): Promise<void> {
    closing.abort();
    clerk.close();
    const gone = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await Promise.all([gone, courier.close()]);
    file.close();
  }

  return {
    url: `http://127.0.0.1:${address.port}`,
    book: bookOf({ file, bringUpToDate: () => settleDue(counter) }),
    pretend: ({ outcome }) => door.pretend(outcome),
    close: () => (closed ??= close())
  };
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
