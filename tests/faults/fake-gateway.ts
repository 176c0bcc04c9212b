/**
 * A CodePay gateway over real HTTP on the loopback, with a book of its own and a script of faults per call. Written from
 * docs/gateway-contract.md alone: own signing, own keys, own reading of requests.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  Book,
  paymentStatusCode,
  refundStatusCode,
  type BookCode,
  type BookPayment,
  type BookRefund
} from './book';
import { jsonOf, rawField, signFields, textField, verifyFields, type Keys, type WireField } from './signing';

export type Method =
  'bscanc.pay.submit' | 'order.query' | 'order.revoker' | 'order.refund.submit' | 'order.refund.query';

/** What the gateway answers where it says more than "0": codes that the client's table knows. */
export const codeOf: Record<Exclude<BookCode, 'ok'> | 'clock' | 'signature' | 'merchant' | 'system', string> =
  {
    not_created: 'SBX_INVALID_CODE',
    not_found: 'SBX_NOT_FOUND',
    duplicate_number: 'SBX_DUPLICATE_NUMBER',
    busy: 'SBX_BUSY',
    final_refused: 'SBX_FINAL',
    balance: 'SBX_BALANCE',
    clock: 'SBX_CLOCK',
    signature: 'SBX_SIGNATURE',
    merchant: 'SBX_MERCHANT',
    system: 'SBX_SYSTEM'
  };

/** One call going wrong. What is not said is as the contract has it. */
export interface Fault {
  /** Happens when the request arrives, before the book hears of it. */
  readonly first?: () => void | Promise<void>;
  /** False: the book never hears of it. */
  readonly book?: boolean;
  /** The connection is cut: before the book, or instead of an answer. */
  readonly cut?: true;
  /** Never answered. */
  readonly hang?: true;
  /** Answered so much later, in real milliseconds. */
  readonly lateMs?: number;
  readonly http?: {
    readonly status: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  };
  /** The whole body, as it stands: not signed. */
  readonly body?: string;
  /** Of the honest body, only so many characters. */
  readonly cutBodyAt?: number;
  readonly sign?: 'wrong_key' | 'missing' | 'empty' | 'tampered';
  /** A signed refusal, whatever the book did. */
  readonly code?: string;
  /** The signed answer of this other number. */
  readonly answerOf?: () => string;
  /** A query answers what stood so long ago, in real milliseconds. */
  readonly staleMs?: number;
  /** Fields of `data` set (as JSON source) or, with null, left out. Signed. */
  readonly data?: Readonly<Record<string, string | null>>;
  /** `data` as an object, not as a text. */
  readonly asObject?: true;
  readonly dateHeader?: string;
}

export interface ReceivedCall {
  readonly method: Method;
  readonly number: string;
  readonly atMs: number;
  readonly fields: Readonly<Record<string, string>>;
}

export interface FakeGateway {
  readonly url: string;
  readonly book: Book;
  readonly calls: ReceivedCall[];
  /** Requests under way now, and the most there ever were. */
  readonly load: { now: number; most: number };
  /** The gateway's clock against ours. */
  clockOffMs: number;
  /** The next calls of a method go wrong, one fault each; `null`: this one goes well. */
  script(method: Method, ...faults: (Fault | null)[]): void;
  /** Every call of a method goes wrong, after those scripted. */
  always(method: Method | 'all', fault: Fault): void;
  heal(): void;
  /** Calls of a method, about one number where given. */
  count(method: Method, number?: string): number;
  /** Ends when a call of this method has arrived (counted from the start). */
  arrival(method: Method, count?: number): Promise<ReceivedCall>;
  /** A webhook's body about how something stands, signed unless said otherwise. */
  webhookBody(options: WebhookOptions): string;
  /** Stops listening, so that connections are refused; `up` listens on the same port again. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly number: string;
  readonly sign?: 'good' | 'wrong_key' | 'missing';
  /** Instead of how it stands now. */
  readonly data?: Readonly<Record<string, string | null>>;
}

const acceptsWithinMs = 15 * 60_000;
/** An unpaid order lives longer here than it asks for: on a busy machine no test may hang on which of two clocks is first. */
const lifeStretch = 20;

export async function startFakeGateway(options: {
  gatewayKeys: Keys;
  /** An attacker's, or an old one. */
  otherKeys: Keys;
  appKeys: Keys;
  appId: string;
  merchantNo: string;
  /** Divides the contract's durations. */
  timeScale: number;
}): Promise<FakeGateway> {
  const { gatewayKeys, otherKeys, timeScale } = options;
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const book = new Book({ nowMs: Date.now, after });
  const scripts = new Map<Method, (Fault | null)[]>();
  const standing = new Map<Method | 'all', Fault>();
  const calls: ReceivedCall[] = [];
  const load = { now: 0, most: 0 };
  const waiting: { method: Method; count: number; done: (call: ReceivedCall) => void }[] = [];
  const sockets = new Set<Socket>();

  function faultFor(method: Method): Fault {
    const scripted = scripts.get(method)?.shift();
    if (scripted === null) return {};
    return scripted ?? standing.get(method) ?? standing.get('all') ?? {};
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fields = readRequest(Buffer.concat(chunks).toString('utf8'));
    const method = fields['method'] as Method;
    const call: ReceivedCall = {
      method,
      number: fields['merchant_order_no'] ?? '',
      atMs: Date.now(),
      fields
    };
    calls.push(call);
    const fault = faultFor(method);
    for (const wish of [...waiting]) {
      const seen = calls.filter((one) => one.method === wish.method);
      const wished = seen[wish.count - 1];
      if (wished === undefined) continue;
      waiting.splice(waiting.indexOf(wish), 1);
      wish.done(wished);
    }
    await fault.first?.();
    const answer = fault.book === false ? null : answerOf(call, fault);
    if (fault.hang === true) return;
    const reply = (): void =>
      write(response, fault, answer ?? signed(method, { code: codeOf.system, fault }));
    if (fault.cut === true) response.socket?.resetAndDestroy();
    else if (fault.lateMs === undefined) reply();
    else after(fault.lateMs, reply);
  }

  function answerOf(call: ReceivedCall, fault: Fault): string {
    const { method, fields } = call;
    const refusal = whyNotTaken(fields);
    const { code, data } = refusal === null ? act(call, fault) : { code: refusal, data: null };
    const crossed = fault.answerOf?.();
    if (crossed !== undefined) {
      const other = act({ ...call, method: 'order.query', number: crossed }, {});
      return signed(method, { code: other.code, data: other.data, fault });
    }
    return signed(method, fault.code === undefined ? { code, data, fault } : { code: fault.code, fault });
  }

  /** Our request is not accepted at all. */
  function whyNotTaken(fields: Readonly<Record<string, string>>): string | null {
    const known = fields['app_id'] === options.appId && fields['merchant_no'] === options.merchantNo;
    if (!known) return codeOf.merchant;
    if (!verifyFields(fields, options.appKeys.publicKey)) return codeOf.signature;
    const offMs = Math.abs(Number(fields['timestamp']) - (Date.now() + gateway.clockOffMs));
    return offMs <= acceptsWithinMs ? null : codeOf.clock;
  }

  function act(call: ReceivedCall, fault: Fault): { code: string; data: WireField[] | null } {
    const { method, number, fields } = call;
    switch (method) {
      case 'bscanc.pay.submit': {
        const currency = fields['price_currency'] ?? '';
        const { code, payment } = book.submit({
          number,
          amountMinor: minorOf(fields['order_amount'] ?? '', currency),
          currency,
          attach: fields['attach'] ?? '',
          expiresMs: (Number(fields['expires']) * 1000 * lifeStretch) / timeScale
        });
        return code === 'ok' && payment !== null
          ? { code: '0', data: submitFields(payment) }
          : { code: codeOf[code === 'ok' ? 'not_found' : code], data: null };
      }
      case 'order.query': {
        const payment = book.payments.get(number);
        if (payment === undefined) return { code: codeOf.not_found, data: null };
        const status = book.statusAt(number, Date.now() - (fault.staleMs ?? 0)) ?? 'created';
        return { code: '0', data: queryFields({ ...payment, status }) };
      }
      case 'order.revoker': {
        const code = book.cancel(number);
        return { code: code === 'ok' ? '0' : codeOf[code], data: null };
      }
      case 'order.refund.submit': {
        const { code, refund } = book.submitRefund({
          number,
          origNumber: fields['orig_merchant_order_no'] ?? '',
          amountMinor: minorOf(fields['order_amount'] ?? '', fields['price_currency'] ?? ''),
          currency: fields['price_currency'] ?? ''
        });
        return code === 'ok' && refund !== null
          ? {
              code: '0',
              data: [
                textField('trans_no', refund.transNo),
                textField('trans_amount', majorOf(refund.amountMinor, refund.currency))
              ]
            }
          : { code: codeOf[code === 'ok' ? 'not_found' : code], data: null };
      }
      case 'order.refund.query': {
        const refund = book.refunds.get(number);
        return refund === undefined
          ? { code: codeOf.not_found, data: null }
          : { code: '0', data: refundFields(refund) };
      }
      default:
        throw new Error(`the contract has no method ${String(method)}`);
    }
  }

  /** An answer as the contract writes it, and the signing part of a fault. */
  function signed(method: Method, said: { code: string; data?: WireField[] | null; fault: Fault }): string {
    const { code, fault } = said;
    const fields: WireField[] = [
      textField('code', code),
      textField('msg', code === '0' ? 'success' : `refused: ${code}`),
      textField('psn', `psn${calls.length}`)
    ];
    if (said.data !== undefined && said.data !== null && method !== 'order.revoker') {
      const data = jsonOf(withChanges(said.data, fault.data));
      fields.push(fault.asObject === true ? rawField('data', data) : textField('data', data));
    }
    switch (fault.sign ?? 'good') {
      case 'good':
        return jsonOf(signFields(fields, gatewayKeys.privateKey));
      case 'wrong_key':
        return jsonOf(signFields(fields, otherKeys.privateKey));
      case 'missing':
        return jsonOf(fields);
      case 'empty':
        return jsonOf([...fields, textField('sign', '')]);
      case 'tampered':
        return jsonOf(
          signFields(fields, gatewayKeys.privateKey).map((field) =>
            field.name === 'msg' ? textField('msg', 'changed on the way') : field
          )
        );
    }
  }

  function write(response: ServerResponse, fault: Fault, honest: string): void {
    if (fault.dateHeader !== undefined) response.setHeader('date', fault.dateHeader);
    response.setHeader('content-type', 'application/json;charset=UTF-8');
    if (fault.http !== undefined) {
      response.writeHead(fault.http.status, fault.http.headers).end(fault.http.body ?? '');
    } else response.end(fault.body ?? honest.slice(0, fault.cutBodyAt));
  }

  const server = createServer((request, response) => {
    load.now += 1;
    load.most = Math.max(load.most, load.now);
    response.on('close', () => (load.now -= 1));
    take(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let port = 0;
  const listen = (): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake gateway has no port');
  port = address.port;
  async function stopListening(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  }

  const gateway: FakeGateway = {
    url: `http://127.0.0.1:${port}`,
    book,
    calls,
    load,
    clockOffMs: 0,
    script(method, ...faults) {
      scripts.set(method, [...(scripts.get(method) ?? []), ...faults]);
    },
    always(method, fault) {
      standing.set(method, fault);
    },
    heal() {
      scripts.clear();
      standing.clear();
      gateway.clockOffMs = 0;
      Object.assign(book.rules, { busyWhilePaying: false, balanceMinor: Number.MAX_SAFE_INTEGER });
    },
    count: (method, number) =>
      calls.filter((call) => call.method === method && (number === undefined || call.number === number))
        .length,
    arrival(method, count = 1) {
      const known = calls.filter((call) => call.method === method)[count - 1];
      return known === undefined
        ? new Promise((done) => void waiting.push({ method, count, done }))
        : Promise.resolve(known);
    },
    webhookBody({ number, sign = 'good', data }) {
      const payment = book.payments.get(number);
      const refund = book.refunds.get(number);
      const about =
        payment !== undefined
          ? [...queryFields(payment), textField('trans_type', '1')]
          : refund !== undefined
            ? [...refundFields(refund), textField('trans_type', '3')]
            : [textField('merchant_order_no', number), textField('trans_status', '2')];
      const fields = withChanges(
        [textField('app_id', options.appId), textField('merchant_no', options.merchantNo), ...about],
        data
      );
      if (sign === 'missing') return jsonOf(fields);
      return jsonOf(signFields(fields, (sign === 'good' ? gatewayKeys : otherKeys).privateKey));
    },
    down: stopListening,
    up: listen,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      if (server.listening) await stopListening();
    }
  };
  return gateway;
}

/** Every value must have been sent as a text. */
function readRequest(body: string): Record<string, string> {
  const sent: unknown = JSON.parse(body);
  if (typeof sent !== 'object' || sent === null) throw new Error('the request is no JSON object');
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => {
      if (typeof value !== 'string') throw new Error(`${name} was not sent as a text`);
      return [name, value];
    })
  );
}

function withChanges(
  fields: readonly WireField[],
  changes: Readonly<Record<string, string | null>> = {}
): WireField[] {
  const kept = fields.filter((field) => !(field.name in changes));
  const set = Object.entries(changes).flatMap(([name, source]) =>
    source === null
      ? []
      : [source.startsWith('"') ? textField(name, JSON.parse(source) as string) : rawField(name, source)]
  );
  return [...kept, ...set];
}

function submitFields(payment: BookPayment): WireField[] {
  return [
    textField('trans_no', payment.transNo),
    textField('trans_status', paymentStatusCode(payment.status)),
    ...moneyFields(payment)
  ];
}

function queryFields(payment: BookPayment): WireField[] {
  return [
    ...submitFields(payment),
    textField('merchant_order_no', payment.number),
    textField('price_currency', payment.currency),
    textField('order_amount', majorOf(payment.amountMinor, payment.currency)),
    textField('attach', payment.attach),
    ...(payment.status === 'closed' ? [textField('trans_error_code', 'D1')] : [])
  ];
}

function moneyFields(payment: BookPayment): WireField[] {
  if (payment.status !== 'paid') return [];
  const { currency } = payment;
  return [
    textField('pay_channel_trans_no', `c${payment.transNo}`),
    textField('trans_amount', majorOf(payment.amountMinor, currency)),
    textField('paid_amount', majorOf(payment.paidMinor, currency)),
    textField('discount_bpc', majorOf(payment.discountByChannelMinor, currency)),
    textField('discount_bmopc', majorOf(payment.discountByMerchantMinor, currency)),
    textField('trans_end_time', '2026-11-23 12:48:51')
  ];
}

function refundFields(refund: BookRefund): WireField[] {
  return [
    textField('trans_no', refund.transNo),
    textField('trans_status', refundStatusCode(refund.status)),
    textField('merchant_order_no', refund.number),
    textField('order_amount', majorOf(refund.amountMinor, refund.currency)),
    ...(refund.status === 'done'
      ? [textField('trans_amount', majorOf(refund.amountMinor, refund.currency))]
      : [])
  ];
}

function decimalsOf(currency: string): number {
  return currency === 'JPY' ? 0 : 2;
}

/** As many decimals as the currency has, or it is refused: the contract's rule for requests. */
function minorOf(major: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const shape = decimals === 0 ? /^\d+$/ : /^\d+\.\d{2}$/;
  if (!shape.test(major)) throw new Error(`an amount of ${currency} was written ${major}`);
  return Number(major.replace('.', ''));
}

function majorOf(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return String(minor);
  const digits = String(minor).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
