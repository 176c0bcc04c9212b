/**
 * Who is signed in, on which register, in which shop, with which catalogue. Asked of the server, kept for a start without
 * a network, asked again from time to time: that is also how the register knows whether Till can be reached.
 */
import { createLookup, type Lookup } from '$lib/catalogue/lookup';
import type { Catalogue } from '$lib/catalogue/product';
import type { Kept } from '$lib/journal/kept';
import { contractVersion } from '$lib/wire/basics';
import type { UseEnrolCode } from '$lib/wire/registers';
import type { Register, Session } from '$lib/wire/shop';
import { readCatalogue, readSession, type Api, type ApiResult } from './api';
import type { CatalogueProduct } from './ports';
import type { TakeOver } from '$lib/wire/people';

/** What is still missing before anything can be sold. */
export type SessionPhase =
  'starting' | 'signed_out' | 'not_enrolled' | 'ready' | 'offline' | 'contract_changed';

export type SignInResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'wrong' | 'too_many_tries' | 'offline' | 'failed';
      readonly detail: string | null;
    };

export type ActionResult = { readonly ok: true } | { readonly ok: false; readonly detail: string | null };

export interface SessionParts {
  readonly api: Pick<
    Api,
    'session' | 'catalogue' | 'signIn' | 'signOut' | 'takeOver' | 'enrol' | 'enrolByCode'
  >;
  /** Null where this browser keeps nothing. */
  readonly kept: () => Kept | null;
  readonly onHeard: (heard: { readonly till: boolean }) => void;
}

export class ShopSession {
  readonly #parts: SessionParts;
  #phase = $state<SessionPhase>('starting');
  #session = $state.raw<Session | null>(null);
  #lookup = $state.raw<{ readonly catalogue: Catalogue; readonly find: Lookup } | null>(null);

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get phase(): SessionPhase {
    return this.#phase;
  }
  get session(): Session | null {
    return this.#session;
  }
  get catalogue(): Catalogue | null {
    return this.#lookup?.catalogue ?? null;
  }
  get find(): Lookup | null {
    return this.#lookup?.find ?? null;
  }

  /** Asks who is signed in; without a network the last answer counts. */
  async load(): Promise<void> {
    const answer = await this.#parts.api.session();
    this.#parts.onHeard({ till: answer.ok || answer.problem !== null });
    if (answer.ok) {
      await this.#take(answer.value);
      return;
    }
    if (answer.problem?.code === 'not_signed_in') {
      this.#phase = 'signed_out';
      return;
    }
    if (this.#session !== null) return;
    const kept = readSession(await this.#read('session'));
    if (kept === undefined) this.#phase = 'offline';
    else await this.#take(kept);
  }

  async signIn(credentials: { readonly username: string; readonly password: string }): Promise<SignInResult> {
    const answer = await this.#parts.api.signIn(credentials);
    if (answer.ok) {
      await this.load();
      return { ok: true };
    }
    const detail = answer.problem?.detail ?? null;
    if (answer.offline) return { ok: false, reason: 'offline', detail };
    if (answer.status === 429) return { ok: false, reason: 'too_many_tries', detail };
    if (answer.status === 401 || answer.status === 403) return { ok: false, reason: 'wrong', detail };
    return { ok: false, reason: 'failed', detail };
  }

  /** Another person at this register, by PIN: the counter stays as it is. */
  async takeOver(person: TakeOver): Promise<SignInResult> {
    const answer = await this.#parts.api.takeOver(person);
    if (answer.ok) {
      await this.load();
      return { ok: true };
    }
    const detail = answer.problem?.detail ?? null;
    if (answer.offline) return { ok: false, reason: 'offline', detail };
    return { ok: false, reason: answer.status === 429 ? 'too_many_tries' : 'wrong', detail };
  }

  async signOut(): Promise<void> {
    const answer = await this.#parts.api.signOut();
    // without an answer the person is still signed in there: saying otherwise would be a lie
    if (answer.ok || answer.status === 401) {
      this.#phase = 'signed_out';
      if (this.#session !== null) this.#session = { ...this.#session, staff: null };
      await this.#write('session', null);
    }
  }

  async enrol(register: {
    readonly name: string;
    readonly registerId: string | null;
    readonly epochAbove: number;
  }): Promise<ActionResult> {
    return this.#enrolled(await this.#parts.api.enrol(register));
  }

  /** By a manager's code. */
  async enrolByCode(code: UseEnrolCode): Promise<ActionResult> {
    return this.#enrolled(await this.#parts.api.enrolByCode(code));
  }

  async #enrolled(answer: ApiResult<Register>): Promise<ActionResult> {
    if (!answer.ok) return { ok: false, detail: answer.problem?.detail ?? null };
    await this.load();
    return { ok: true };
  }

  async refreshCatalogue(): Promise<void> {
    const answer = await this.#parts.api.catalogue();
    if (answer.ok) {
      this.#setCatalogue(answer.value);
      await this.#write('catalogue', answer.value);
      return;
    }
    if (this.#lookup === null) await this.#takeKeptCatalogue();
  }
  async #takeKeptCatalogue(): Promise<void> {
    const kept = readCatalogue(await this.#read('catalogue'));
    if (kept !== undefined) this.#setCatalogue(kept);
  }

  /** A product that was added at this counter a moment ago: it is sold before the whole catalogue is fetched again. */
  takeProduct(product: CatalogueProduct): void {
    const known = this.#lookup?.catalogue;
    if (known === undefined || known.products.some(({ id }) => id === product.id)) return;
    const catalogue = { ...known, products: [...known.products, product] };
    this.#lookup = this.#lookupOf(catalogue);
  }

  async #take(session: Session): Promise<void> {
    const patternsChanged =
      JSON.stringify(session.shop.embeddedPatterns) !== JSON.stringify(this.#session?.shop.embeddedPatterns);
    this.#session = session;
    if (session.contractVersion !== contractVersion) {
      this.#phase = 'contract_changed';
      return;
    }
    if (session.staff === null) {
      this.#phase = 'signed_out';
      return;
    }
    await this.#write('session', session);
    if (session.register === null) {
      this.#phase = 'not_enrolled';
      return;
    }
    // at a start the kept one is as good as the server's, where it is the same: it need not be fetched
    if (this.#lookup === null && session.catalogueVersion !== undefined) await this.#takeKeptCatalogue();
    const known = this.#lookup?.catalogue.version;
    const newer = session.catalogueVersion !== undefined && session.catalogueVersion !== known;
    if (known === undefined || newer) await this.refreshCatalogue();
    else if (patternsChanged && this.#lookup !== null) this.#lookup = this.#lookupOf(this.#lookup.catalogue);
    this.#phase = this.#lookup === null ? 'offline' : 'ready';
  }

  #setCatalogue(catalogue: Catalogue): void {
    if (this.#lookup?.catalogue.version === catalogue.version) return;
    this.#lookup = this.#lookupOf(catalogue);
  }

  #lookupOf(catalogue: Catalogue): { readonly catalogue: Catalogue; readonly find: Lookup } {
    const embeddedPatterns = this.#session?.shop.embeddedPatterns ?? [];
    return { catalogue, find: createLookup(catalogue, { embeddedPatterns }) };
  }

  // what is kept is a convenience: a browser that keeps nothing still sells while it is online
  async #read(name: 'session' | 'catalogue'): Promise<unknown> {
    try {
      return await this.#parts.kept()?.read(name);
    } catch {
      return undefined;
    }
  }
  async #write(name: 'session' | 'catalogue', value: unknown): Promise<void> {
    try {
      await this.#parts.kept()?.write(name, value);
    } catch {
      return;
    }
  }
}
