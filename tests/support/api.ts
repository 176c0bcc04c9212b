/** Till's API without its pages: for what only the server decides, and to make orders that a test needs but is not about. */
import { randomBytes } from 'node:crypto';
import { paymentCode, type outcomes } from './codes.ts';

/** Who and where a session is, as far as tests need it. */
interface SessionFacts {
  readonly contractVersion: number;
  readonly staff: { readonly staffId: string; readonly name: string };
  readonly register: { readonly registerId: string; readonly code: string; readonly epoch: number };
}

/** A product's line as a register writes it. */
export interface SaleLine {
  readonly productId: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly taxRateId: string;
  readonly taxRatePpm: number;
}

export const croissant: SaleLine = {
  productId: 'butter-croissant',
  name: 'Butter croissant',
  priceMinor: 290,
  taxRateId: 'standard',
  taxRatePpm: 100_000
};

export const americano: SaleLine = {
  productId: 'americano',
  name: 'Americano',
  priceMinor: 320,
  taxRateId: 'standard',
  taxRatePpm: 100_000
};

/** A payment as the API shows it. */
export interface PaymentFacts {
  readonly attemptId: string;
  readonly orderId: string;
  readonly state: string;
  readonly version: number;
  readonly merchantOrderNo: string;
}

/** 128 random bits as 32 hex digits. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** A signed-in register that speaks HTTP: cookies, Origin and the contract's version as a page sends them. */
export class ApiRegister {
  readonly #baseURL: string;
  readonly #cookies = new Map<string, string>();
  #session: SessionFacts | undefined;
  #sequence = 0;

  private constructor(baseURL: string) {
    this.#baseURL = baseURL;
  }

  /** Signs a person of the demo shop in, on a register of its own. */
  static async signIn(baseURL: string, username: string): Promise<ApiRegister> {
    const register = new ApiRegister(baseURL);
    const signedIn = await register.post('/api/auth/sign-in/username', { username, password: 'training' });
    if (!signedIn.ok) throw new Error(`signing in was answered with ${signedIn.status}`);
    register.#session = (await (await register.get('/api/session')).json()) as SessionFacts;
    return register;
  }

  get registerCode(): string {
    return this.#known.register.code;
  }

  /** What each of its requests says of itself. */
  get headers(): Readonly<Record<string, string>> {
    return {
      origin: this.#baseURL,
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      'till-contract': '1'
    };
  }

  get(path: string): Promise<Response> {
    return this.#fetch(path, { method: 'GET' });
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#fetch(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers }
    });
  }

  /** A new order, one piece of each line, and the request for its payment. */
  newPayment(outcome: keyof typeof outcomes, lines: readonly SaleLine[] = [americano]) {
    const { staff, register } = this.#known;
    const happened = { at: new Date().toISOString(), by: { staffId: staff.staffId, name: staff.name } };
    this.#sequence += 1;
    const orderId = newId();
    const prefix = register.epoch === 1 ? register.code : `${register.code}.${register.epoch}`;
    const number = `${prefix}-${String(this.#sequence).padStart(4, '0')}`;
    const events = [
      {
        ...happened,
        kind: 'order_opened',
        orderId,
        number,
        registerId: register.registerId,
        epoch: register.epoch,
        currency: 'USD',
        taxMode: 'included'
      },
      ...lines.map((line) => ({
        ...happened,
        kind: 'line_added',
        lineId: newId(),
        productId: line.productId,
        priceVersionId: `${line.productId}-1`,
        name: line.name,
        unitPriceMinor: line.priceMinor,
        taxRateId: line.taxRateId,
        taxRatePpm: line.taxRatePpm,
        quantity: 1
      }))
    ];
    return {
      number,
      request: {
        attemptId: newId(),
        orderId,
        revision: events.length,
        amountMinor: lines.reduce((sum, { priceMinor }) => sum + priceMinor, 0),
        currency: 'USD',
        paymentCode: paymentCode(outcome),
        events
      }
    };
  }

  /** Sells one piece of each line and waits for the payment's end. @throws when it does not end within half a minute */
  async sell(
    outcome: keyof typeof outcomes = 'paid',
    lines: readonly SaleLine[] = [americano]
  ): Promise<PaymentFacts & { readonly number: string }> {
    const { number, request } = this.newPayment(outcome, lines);
    const answer = await this.post('/api/payments', request);
    if (answer.status !== 202) throw new Error(`paying was answered with ${await answer.text()}`);
    const facts = await this.ended((await answer.json()) as PaymentFacts);
    return { ...facts, number };
  }

  /** Waits, as a register does, until a payment has ended. */
  async ended(payment: PaymentFacts): Promise<PaymentFacts> {
    const open = ['intent', 'submitted', 'paying', 'unknown', 'cancelling'];
    const until = performance.now() + 30_000;
    let facts = payment;
    while (open.includes(facts.state)) {
      if (performance.now() > until) throw new Error(`a payment is still ${facts.state}`);
      const answer = await this.get(`/api/payments/${facts.attemptId}?after=${facts.version}&waitMs=5000`);
      if (!answer.ok) throw new Error(`asking was answered with ${await answer.text()}`);
      facts = (await answer.json()) as PaymentFacts;
    }
    return facts;
  }

  get #known(): SessionFacts {
    if (this.#session === undefined) throw new Error('Sign in first.');
    return this.#session;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(this.#baseURL + path, {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers, ...init.headers }
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
