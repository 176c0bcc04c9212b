/**
 * Till's server as the register speaks to it. Every answer is checked; what a cashier can meet is a result. Nothing is
 * ever sent twice from here: a POST has no retry, whoever is in doubt asks (money rule 3).
 */
import * as v from 'valibot';
import type { Catalogue, Product } from '$lib/catalogue/product';
import { contractVersion, contractVersionHeader, minorSchema, sentAtHeader } from '$lib/wire/basics';
import type { MoveCash } from '$lib/wire/cash';
import type { StoreOrder } from '$lib/wire/orders';
import { journalKeysSchema, type EnrolJournalKey, type JournalKeys } from '$lib/wire/journal-keys';
import { attemptViewSchema } from '$lib/wire/attempts';
import type { RequestPayment } from '$lib/wire/payments';
import { writerHeader, writeWriterStamp, type WriterStamp } from '$lib/wire/writer-stamp';
import { addedNowSchema, type AddNow } from '$lib/wire/products';
import { peopleHereSchema, type PersonHere, type TakeOver } from '$lib/wire/people';
import { problemSchema, type Problem } from '$lib/wire/problems';
import type { UseEnrolCode } from '$lib/wire/registers';
import {
  catalogueSchema,
  type productSchema,
  registerSchema,
  sessionSchema,
  type EnrolRegister,
  type Register,
  type Session
} from '$lib/wire/shop';

/** An attempt that was shut before it arrived has no amount, so 0 is let through here. */
const attemptSchema = v.object({ ...attemptViewSchema.entries, amountMinor: minorSchema });
const attemptListSchema = v.object({ attempts: v.array(attemptSchema) });

export type Attempt = v.InferOutput<typeof attemptSchema>;

export type ApiFailure = {
  readonly ok: false;
  /** The server's own words; null when it was not the server that answered, or not in a shape that we know. */
  readonly problem: Problem | null;
  /** Null when there was no answer at all. */
  readonly status: number | null;
  /** No answer came: no network, or it took too long. */
  readonly offline: boolean;
};

/**
 * Till read it and said no. False where no answer came, and where the answer is that Till could not (its database failed, or
 * something broke in it): what was asked for may have been done, or come about by an earlier copy of the same request.
 */
export function saysNo(answer: ApiFailure): answer is ApiFailure & { readonly problem: Problem } {
  return answer.problem !== null && answer.problem.status < 500;
}

/** `added` false: the code had a product by then, with a price of its own. */
export interface AddedProduct {
  readonly product: Product;
  readonly added: boolean;
}

export type ApiResult<Value> = { readonly ok: true; readonly value: Value } | ApiFailure;

export interface Api {
  /** @param options.timeoutMs a till that can start from what it kept does not wait long */
  session(options?: { readonly timeoutMs?: number }): Promise<ApiResult<Session>>;
  catalogue(): Promise<ApiResult<Catalogue>>;
  signIn(credentials: { readonly username: string; readonly password: string }): Promise<ApiResult<null>>;
  signOut(): Promise<ApiResult<null>>;
  /** Who may take over at this register by PIN; `manager`: who may decide about money. */
  peopleHere(leastRole?: 'manager'): Promise<ApiResult<readonly PersonHere[]>>;
  /** The PIN goes in the body only and is in no result. */
  takeOver(person: TakeOver): Promise<ApiResult<null>>;
  /** As a PIN: in the body only. */
  takeOverByBadge(badge: string): Promise<ApiResult<null>>;
  /** A manager lets cash be taken though the payment is not confirmed. */
  setAside(attemptId: string, manager: TakeOver): Promise<ApiResult<Attempt>>;
  enrol(register: EnrolRegister): Promise<ApiResult<Register>>;
  /** By a manager's code, as the register that it was made for. */
  enrolByCode(code: UseEnrolCode): Promise<ApiResult<Register>>;
  /** Sent once. The payment code goes in the body only and is in no result. */
  requestPayment(request: RequestPayment): Promise<ApiResult<Attempt>>;
  /** With `after`, waits on the server until the version is above it, or `waitMs` are over. */
  payment(
    attemptId: string,
    options?: { readonly after?: number; readonly waitMs?: number; readonly signal?: AbortSignal }
  ): Promise<ApiResult<Attempt>>;
  /** This register's open attempts, as the ledger knows them. */
  openPayments(): Promise<ApiResult<readonly Attempt[]>>;
  /** "Stop payment". The answer is the attempt as it stands, or null where the server sends none. */
  cancelPayment(attemptId: string): Promise<ApiResult<Attempt | null>>;
  /** "Ask now". */
  askPayment(attemptId: string): Promise<ApiResult<Attempt | null>>;
  /** Shuts an attempt that may still be on its way; answers with the attempt if it had arrived after all. */
  voidPayment(attempt: { readonly attemptId: string; readonly orderId: string }): Promise<ApiResult<Attempt>>;
  storeOrder(order: StoreOrder): Promise<ApiResult<null>>;
  /** "Add it now": the product that the scanned code has from now on. */
  addNow(product: AddNow): Promise<ApiResult<AddedProduct>>;
  /** Cash into or out of the drawer that is no sale; sent again, it is kept once. */
  moveCash(movement: MoveCash): Promise<ApiResult<null>>;
  /** This register's key for exported journals. */
  enrolJournalKey(key: EnrolJournalKey): Promise<ApiResult<null>>;
  journalKeys(registerId: string): Promise<ApiResult<JournalKeys['keys']>>;
}

const shortTimeoutMs = 15_000;
/** A shopper waits: after it the goods are sold with the typed price. */
const addWithinMs = 5_000;

/** One request on its way to `/api`: sent once. It fails only where no answer came. */
export type SendRequest = (request: {
  readonly method: 'get' | 'post';
  /** Begins with `/api`. */
  readonly path: string;
  readonly json?: unknown;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}) => Promise<Response>;

interface Where {
  readonly baseUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly writer?: () => WriterStamp | null;
}

/**
 * The platform's own `fetch`, with this contract's version and a time limit: nothing else is needed here, and what the
 * sell screen loads first has a budget that a library for it would overdraw.
 */
export function sendByFetch({
  baseUrl = '',
  fetch = globalThis.fetch,
  writer = () => null
}: Where): SendRequest {
  return ({ method, path, json, timeoutMs = shortTimeoutMs, signal }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const stamp = writer();
    return fetch(baseUrl + path, {
      method: method.toUpperCase(),
      headers: {
        [contractVersionHeader]: String(contractVersion),
        ...(method === 'post' ? { [sentAtHeader]: String(Date.now()) } : {}),
        ...(stamp === null ? {} : { [writerHeader]: writeWriterStamp(stamp) }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' })
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal])
    });
  };
}

/**
 * @param baseUrl where `/api` is; by default the page's own origin
 * @param fetch the browser's by default
 * @param writer which writer of the register this page is: the server refuses one that was replaced
 */
export function createApi(where: Where = {}): Api {
  const send = sendByFetch(where);
  const get = <Value>(path: string, read: Reader<Value>, options: CallOptions = {}) =>
    call(send, { method: 'get', path, read, ...options });
  const post = <Value>(path: string, json: unknown, read: Reader<Value>) =>
    call(send, { method: 'post', path, json, read });
  const one = (attemptId: string, act = '') => `/api/payments/${encodeURIComponent(attemptId)}${act}`;

  return {
    session: (options) => get('/api/session', shaped(sessionSchema), options),
    catalogue: () => get('/api/catalogue', readCatalogue),
    signIn: (credentials) => post('/api/auth/sign-in/username', credentials, nothing),
    signOut: () => post('/api/auth/sign-out', {}, nothing),
    peopleHere: (leastRole) =>
      get(
        leastRole === undefined ? '/api/people/here' : `/api/people/here?role=${leastRole}`,
        (json) => shaped(peopleHereSchema)(json)?.people
      ),
    takeOver: (person) => post('/api/auth/pin', person, nothing),
    takeOverByBadge: (badge) => post('/api/auth/badge', { badge }, nothing),
    setAside: (attemptId, manager) => post(one(attemptId, '/set-aside'), manager, shaped(attemptSchema)),
    enrol: (register) => post('/api/registers', register, shaped(registerSchema)),
    enrolByCode: (code) => post('/api/registers/code', code, shaped(registerSchema)),
    requestPayment: (request) => post('/api/payments', request, shaped(attemptSchema)),
    payment(attemptId, { after, waitMs = 0, signal } = {}) {
      const query = after === undefined ? '' : `?after=${after}&waitMs=${waitMs}`;
      return get(one(attemptId, query), shaped(attemptSchema), {
        timeoutMs: shortTimeoutMs + waitMs,
        ...(signal === undefined ? {} : { signal })
      });
    },
    openPayments: () => get('/api/payments?open=1', (json) => shaped(attemptListSchema)(json)?.attempts),
    cancelPayment: (attemptId) => post(one(attemptId, '/cancel'), {}, maybe(attemptSchema)),
    askPayment: (attemptId) => post(one(attemptId, '/ask'), {}, maybe(attemptSchema)),
    voidPayment: ({ attemptId, orderId }) =>
      post(one(attemptId, '/void'), { orderId }, shaped(attemptSchema)),
    storeOrder: (order) => post('/api/orders', order, nothing),
    addNow: (product) =>
      call(send, {
        method: 'post',
        path: '/api/catalogue/products',
        json: product,
        read: readAdded,
        timeoutMs: addWithinMs
      }),
    moveCash: (movement) => post('/api/cash/movements', movement, nothing),
    enrolJournalKey: (key) => post('/api/registers/keys', key, nothing),
    journalKeys: (registerId) =>
      get(
        `/api/registers/keys?register=${encodeURIComponent(registerId)}`,
        (json) => shaped(journalKeysSchema)(json)?.keys
      )
  };
}

/** Undefined: not the shape that was agreed on. */
type Reader<Value> = (json: unknown) => Value | undefined;

interface CallOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Reads an answer by its schema. */
export function shaped<Schema extends v.GenericSchema>(schema: Schema): Reader<v.InferOutput<Schema>> {
  return (json) => {
    const parsed = v.safeParse(schema, json);
    return parsed.success ? parsed.output : undefined;
  };
}

function maybe<Schema extends v.GenericSchema>(schema: Schema): Reader<v.InferOutput<Schema> | null> {
  return (json) => shaped(schema)(json) ?? null;
}

function nothing(): null {
  return null;
}

/** Also for what was kept from an earlier start. */
export function readCatalogue(json: unknown): Catalogue | undefined {
  const catalogue = shaped(catalogueSchema)(json);
  if (catalogue === undefined) return undefined;
  const products = catalogue.products.flatMap(asProducts);
  return { ...catalogue, products };
}

/** None where it has no price. */
function asProducts(product: v.InferOutput<typeof productSchema>): readonly Product[] {
  const [oldest, ...newer] = product.prices;
  return oldest === undefined ? [] : [{ ...product, prices: [oldest, ...newer] }];
}

function readAdded(json: unknown): AddedProduct | undefined {
  const read = shaped(addedNowSchema)(json);
  const [product] = read === undefined ? [] : asProducts(read.product);
  return read === undefined || product === undefined ? undefined : { product, added: read.added };
}

/** Also for what was kept from an earlier start. */
export function readSession(json: unknown): Session | undefined {
  return shaped(sessionSchema)(json);
}

/** One call, checked; for the other APIs that pages speak to. */
export async function call<Value>(
  send: SendRequest,
  {
    method,
    path,
    json,
    read,
    timeoutMs,
    signal
  }: {
    readonly method: 'get' | 'post';
    readonly path: string;
    readonly json?: unknown;
    readonly read: Reader<Value>;
  } & CallOptions
): Promise<ApiResult<Value>> {
  try {
    const response = await send({
      method,
      path,
      ...(json === undefined ? {} : { json }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal })
    });
    const body = parse(await response.text());
    if (response.ok) {
      const value = read(body);
      if (value !== undefined) return { ok: true, value };
    }
    const problem = v.safeParse(problemSchema, body);
    return {
      ok: false,
      problem: !response.ok && problem.success ? problem.output : null,
      status: response.status,
      offline: false
    };
  } catch {
    // no answer. The error is dropped on purpose: it carries the request, and with it a payment code
    return { ok: false, problem: null, status: null, offline: true };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
