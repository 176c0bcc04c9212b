/** Honest twins of the register's ports, for tests: a server with a book of its own, a clock that is turned by hand. */
import type { Scanner } from '$lib/scanning/port';
import type { ScannerRoads } from './scanner-roads';
import type { Catalogue, Product } from '$lib/catalogue/product';
import type { MoveCash } from '$lib/wire/cash';
import type { StoreOrder } from '$lib/wire/orders';
import type { RequestPayment } from '$lib/wire/payments';
import type { AddNow } from '$lib/wire/products';
import type { Problem, ProblemCode } from '$lib/wire/problems';
import type { Session } from '$lib/wire/shop';
import type { Api, ApiFailure, ApiResult, Attempt } from './api';
import type { Clock } from './ports';
import type { SoundName, Sounds } from './sounds';

export { fakeBrowser, type FakeBrowser } from './fake-browser';

export const silence: ApiFailure = { ok: false, problem: null, status: null, offline: true };

export function refusal(code: ProblemCode, status = 409, extra?: Record<string, unknown>): ApiFailure {
  const problem: Problem = {
    type: `about:${code}`,
    title: code,
    status,
    code,
    detail: `${code}. No money moved.`,
    ...(extra === undefined ? {} : { extra })
  };
  return { ok: false, problem, status, offline: false };
}

export function attempt(change: Partial<Attempt> & Pick<Attempt, 'attemptId'>): Attempt {
  return {
    orderId: 'order',
    merchantOrderNo: 'T0000',
    state: 'paying',
    version: 1,
    failReason: null,
    remedy: null,
    errorCode: null,
    errorText: null,
    amountMinor: 100,
    currency: 'EUR',
    codeLast4: '0000',
    wallet: null,
    paidMinor: null,
    offerByMerchantMinor: 0,
    offerByChannelMinor: 0,
    createdAt: '2026-11-23T09:00:00.000Z',
    endedAt: null,
    ageMs: 0,
    shopperHasMs: 60_000,
    shopperHadMs: 60_000,
    stopInMs: null,
    nextAskInMs: 5000,
    lastAskedAt: null,
    gatewayReachable: true,
    place: 'counter',
    psn: null,
    codeSeenBefore: false,
    ...change
  };
}

/** Timers run only when the test turns the clock; between two of them everything that waits is let through. */
export interface HandClock extends Clock {
  turn(ms: number): Promise<void>;
}

export function handClock(startMs = Date.parse('2026-11-23T09:00:00.000Z')): HandClock {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    now: () => startMs + nowMs,
    monotonic: () => nowMs,
    after(ms, run) {
      const timer = { atMs: nowMs + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((known) => known !== timer);
      };
    },
    async turn(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        await settle();
        const [due] = timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (due === undefined) break;
        timers = timers.filter((known) => known !== due);
        nowMs = Math.max(nowMs, due.atMs);
        due.run();
      }
      nowMs = untilMs;
      await settle();
    }
  };
}

/** Lets the database and all promises that are ready come through. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 60; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function fakeSounds(): Sounds & { readonly played: SoundName[] } {
  const played: SoundName[] = [];
  return { unlocked: true, unlock: () => Promise.resolve(true), play: (name) => played.push(name), played };
}

/** What stands on Lee's card. */
export const leesBadge = 'STAFF-0123456789ABCDEFGH';

export function product(id: string, priceMinor: number, barcodes: readonly string[] = []): Product {
  return {
    id,
    name: id,
    category: 'all',
    taxRateId: 'full',
    prices: [{ id: `${id}-v1`, priceMinor, validFrom: '2026-01-01T00:00:00Z' }],
    barcodes,
    active: true,
    pinned: false,
    soldOut: false,
    minimumAge: null
  };
}

export const catalogue: Catalogue = {
  version: '1',
  currency: 'EUR',
  products: [
    product('cola', 250, ['04006381333931']),
    product('gum', 100, ['05449000000996']),
    product('water', 0)
  ],
  categories: [{ id: 'all', name: 'All', colour: '#888888' }],
  taxRates: [{ id: 'full', name: 'Full', ratePpm: 190_000 }]
};

export const session: Session = {
  contractVersion: 1,
  mode: 'training',
  shop: {
    name: 'Corner',
    address: '',
    taxId: '',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    dayStartsAtMinute: 240,
    taxMode: 'included',
    locale: 'en-IE',
    oneScanLimitMinor: 10_000,
    embeddedPatterns: []
  },
  staff: { staffId: 's1', name: 'Rosa', username: 'cashier', role: 'cashier' },
  register: { registerId: 'r1', code: 'T1', name: 'Till 1', epoch: 1 },
  timeScale: 1
};

export interface FakeServer extends Api {
  /** Every request for money that reached it. */
  readonly requests: RequestPayment[];
  readonly orders: StoreOrder[];
  readonly movements: MoveCash[];
  readonly voided: string[];
  readonly addedNow: AddNow[];
  readonly stopped: string[];
  /** How the next request for money is answered; by default it is taken in as paying. */
  onRequest: (request: RequestPayment) => ApiResult<Attempt> | Promise<ApiResult<Attempt>>;
  /** No network to Till. */
  offline: boolean;
  /** Who is signed in there; null: the session has ended. */
  staff: Session['staff'];
  /** Writes an attempt into its book and wakes who waits for it. */
  put(view: Attempt): Attempt;
  move(attemptId: string, change: Partial<Attempt>): void;
}

/** A server that keeps attempts in a book and holds questions back like the real one. */
export function fakeServer(): FakeServer {
  const book = new Map<string, Attempt>();
  let sessions = 1;
  let wake: (() => void)[] = [];
  const answer = <Value>(value: Value): ApiResult<Value> => ({ ok: true, value });
  const view = (): Session => ({
    ...session,
    staff: server.staff,
    sessionId: server.staff === null ? null : `session-${sessions}`
  });
  const news = () => {
    const waiting = wake;
    wake = [];
    for (const run of waiting) run();
  };

  const server: FakeServer = {
    requests: [],
    orders: [],
    movements: [],
    voided: [],
    addedNow: [],
    stopped: [],
    offline: false,
    staff: session.staff,
    onRequest: (request) =>
      answer(
        server.put(
          attempt({
            attemptId: request.attemptId,
            orderId: request.orderId,
            amountMinor: request.amountMinor,
            codeLast4: request.paymentCode.slice(-4)
          })
        )
      ),
    put(view) {
      book.set(view.attemptId, view);
      news();
      return view;
    },
    move(attemptId, change) {
      const known = book.get(attemptId);
      if (known === undefined) throw new Error('no such attempt');
      server.put({ ...known, ...change, version: known.version + 1 });
    },
    session: () => Promise.resolve(server.offline ? silence : answer(view())),
    catalogue: () => Promise.resolve(server.offline ? silence : answer(catalogue)),
    signIn: () => Promise.resolve(answer(null)),
    signOut() {
      if (server.offline) return Promise.resolve(silence);
      server.staff = null;
      return Promise.resolve(answer(null));
    },
    peopleHere: () => Promise.resolve(server.offline ? silence : answer([{ staffId: 's2', name: 'Lee' }])),
    takeOver({ staffId, pin }) {
      if (server.offline) return Promise.resolve(silence);
      if (pin !== '2222') return Promise.resolve(refusal('wrong_password', 401));
      server.staff = { staffId, name: 'Lee', username: 'lee', role: 'cashier' };
      sessions += 1;
      return Promise.resolve(answer(null));
    },
    takeOverByBadge(badge) {
      if (server.offline) return Promise.resolve(silence);
      if (badge !== leesBadge) return Promise.resolve(refusal('wrong_password', 401));
      server.staff = { staffId: 's2', name: 'Lee', username: 'lee', role: 'cashier' };
      sessions += 1;
      return Promise.resolve(answer(null));
    },
    setAside(attemptId) {
      if (server.offline) return Promise.resolve(silence);
      server.move(attemptId, { setAside: true });
      const known = book.get(attemptId);
      return Promise.resolve(known === undefined ? refusal('not_found', 404) : answer(known));
    },
    enrol: () => Promise.resolve(refusal('not_allowed', 403)),
    enrolByCode: () => Promise.resolve(refusal('not_found', 404)),
    async requestPayment(request) {
      if (server.offline) return silence;
      server.requests.push(request);
      return server.onRequest(request);
    },
    async payment(attemptId, { after, signal } = {}) {
      while (!server.offline && signal?.aborted !== true) {
        const known = book.get(attemptId);
        if (known === undefined) return refusal('not_found', 404);
        if (after === undefined || known.version > after) return answer(known);
        await new Promise<void>((resolve) => {
          wake.push(resolve);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      return silence;
    },
    openPayments: () =>
      Promise.resolve(
        server.offline
          ? silence
          : answer([...book.values()].filter((known) => known.endedAt === null && known.state === 'paying'))
      ),
    cancelPayment(attemptId) {
      if (server.offline) return Promise.resolve(silence);
      server.stopped.push(attemptId);
      const known = book.get(attemptId);
      return Promise.resolve(known === undefined ? refusal('not_found', 404) : answer(known));
    },
    enrolJournalKey: () => Promise.resolve(server.offline ? silence : answer(null)),
    journalKeys: () => Promise.resolve(server.offline ? silence : answer([])),
    askPayment: () => Promise.resolve(answer(null)),
    voidPayment({ attemptId, orderId }) {
      if (server.offline) return Promise.resolve(silence);
      const known = book.get(attemptId);
      if (known !== undefined) return Promise.resolve(answer(known));
      server.voided.push(attemptId);
      return Promise.resolve(
        answer(server.put(attempt({ attemptId, orderId, state: 'void', amountMinor: 0 })))
      );
    },
    addNow(added) {
      if (server.offline) return Promise.resolve(silence);
      server.addedNow.push(added);
      const { id, name, priceMinor, barcode } = added;
      return Promise.resolve(
        answer({ product: { ...product(id, priceMinor, [barcode]), name }, added: true })
      );
    },
    moveCash(movement) {
      if (server.offline) return Promise.resolve(silence);
      server.movements.push(movement);
      return Promise.resolve(answer(null));
    },
    storeOrder(order) {
      if (server.offline) return Promise.resolve(silence);
      server.orders.push(order);
      return Promise.resolve(answer(null));
    }
  };
  return server;
}

/** A browser without scanners: the keyboard's types nothing. */
export function silentRoads(): ScannerRoads {
  const keyboard: Scanner = {
    road: 'wedge',
    state: { state: 'off' },
    onState: () => () => undefined,
    onScan: () => () => undefined,
    onTrace: () => () => undefined,
    connect: async () => ({ ok: true }),
    reopen: () => undefined,
    disconnect: async () => undefined,
    configure: () => undefined,
    destroy: () => undefined,
    camera: null
  };
  return {
    available: { wedge: true, hid: false, serial: false, camera: false },
    makeWedge: () => keyboard,
    load: () => Promise.reject(new Error('There are no other roads here.'))
  };
}
