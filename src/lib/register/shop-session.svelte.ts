/**
 * Who is signed in, on which register, in which shop, with which catalogue. Asked of the server, kept for a start without
 * a network, asked again from time to time: that is also how the register knows whether Till can be reached.
 */
import { createLookup, type Lookup } from '$lib/catalogue/lookup';
import type { Catalogue } from '$lib/catalogue/product';
import type { Kept } from '$lib/journal/kept';
import { contractVersion } from '$lib/wire/basics';
import type { UseEnrolCode } from '$lib/wire/registers';
import { untouchedCatalogue, type Register, type Session } from '$lib/wire/shop';
import { readSession, saysNo, type Api, type ApiFailure, type ApiResult } from './api';
import { Cashier, type NamedPerson } from './cashier.svelte';
import { keepCatalogue, readKeptCatalogue } from './kept-catalogue';
import type { KnownPeople } from './known-people.svelte';
import type { CatalogueProduct } from './ports';
import type { TakeOver } from '$lib/wire/people';

/** What is still missing before anything can be sold. */
export type SessionPhase =
  'starting' | 'signed_out' | 'not_enrolled' | 'ready' | 'offline' | 'contract_changed';

export type SignInResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'wrong' | 'too_many_tries' | 'offline' | 'failed' | 'wrong_offline' | 'badge_offline';
      readonly detail: string | null;
    }
  /** This register alone looked at a PIN, and waits after wrong ones. */
  | { readonly ok: false; readonly reason: 'wait_offline'; readonly waitMs: number; readonly detail: null };

export type ActionResult = { readonly ok: true } | { readonly ok: false; readonly detail: string | null };

export interface SessionParts {
  readonly api: Pick<
    Api,
    'session' | 'catalogue' | 'signIn' | 'signOut' | 'takeOver' | 'takeOverByBadge' | 'enrol' | 'enrolByCode'
  >;
  /** Null where this browser keeps nothing. */
  readonly kept: () => Pick<Kept, 'read' | 'write'> | null;
  /** Who can be named here without a network. */
  readonly known: KnownPeople;
  /** The session of who signed out while the server could not hear it; null: none. */
  readonly owesSignOut: () => string | null;
  /** It is done, or somebody signed in since. */
  readonly onSignOutDone: () => void;
  readonly onHeard: (heard: { readonly till: boolean }) => void;
}

/** A network that neither carries nor refuses must not hold up a till that can start without it. */
const startWithinMs = 4000;

export class ShopSession {
  /** Who stands here, and how that is known. */
  readonly cashier = new Cashier(() => this.#session);
  readonly #parts: SessionParts;
  /** Questions are numbered: a late answer to an older one must not win. */
  #asked = 0;
  #heard = 0;
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

  /**
   * Asks who is signed in; without a network the last answer counts.
   *
   * @returns false where nothing was heard
   */
  async load(): Promise<boolean> {
    const kept = this.#session === null ? readSession(await this.#read('session')) : undefined;
    const question = this.#ask();
    const answer = await this.#parts.api.session(kept === undefined ? {} : { timeoutMs: startWithinMs });
    this.#parts.onHeard({ till: answer.ok || saysNo(answer) });
    if (this.#isLate(question)) return true;
    if (answer.ok) {
      this.#heard = question;
      const staff = (await this.#endsOwed(answer.value)) ? null : answer.value.staff;
      if (this.#isLate(question)) return true;
      this.cashier.confirm(staff !== null);
      await this.#take({ ...answer.value, staff }, question);
      return true;
    }
    if (answer.problem?.code === 'not_signed_in') {
      this.#heard = question;
      this.cashier.confirm(false);
      if (this.cashier.named === null) this.#phase = 'signed_out';
      return true;
    }
    if (this.#session === null) await this.#takeKept(kept, question);
    return false;
  }

  #ask(): number {
    this.#asked += 1;
    return this.#asked;
  }
  /** A newer question was answered, or somebody came or went since this one left. */
  #isLate(question: number): boolean {
    return question < this.#heard;
  }

  /** Who signed out without a network: done now, for the session that it was, and no other. */
  async #endsOwed({ staff, sessionId }: Session): Promise<boolean> {
    const owed = this.#parts.owesSignOut();
    return staff !== null && owed !== null && sessionId === owed && (await this.#endSession());
  }
  async #endSession(): Promise<boolean> {
    const answer = await this.#parts.api.signOut();
    const ended = answer.ok || answer.status === 401;
    if (ended) this.#parts.onSignOutDone();
    return ended;
  }

  /** Without a network: as it stood last. Whoever is known here says by PIN that it is them. */
  async #takeKept(kept: Session | undefined, question: number): Promise<void> {
    const registerId = kept?.register?.registerId ?? null;
    const known = registerId === null ? [] : await this.#parts.known.look(registerId);
    if (this.#isLate(question)) return;
    if (kept === undefined || (kept.staff === null && known.length === 0)) this.#phase = 'offline';
    else await this.#take(kept, question, { isKept: true });
  }

  /** Their PIN was right as far as this register can tell: they sell for cash. */
  nameOffline(person: NamedPerson): void {
    this.cashier.name(person);
    if (this.#phase === 'signed_out' && this.#lookup !== null && this.#session?.register != null)
      this.#phase = 'ready';
  }

  async signIn(credentials: { readonly username: string; readonly password: string }): Promise<SignInResult> {
    const answer = await this.#parts.api.signIn(credentials);
    if (answer.ok) return this.#enter();
    const detail = answer.problem?.detail ?? null;
    if (answer.offline) return { ok: false, reason: 'offline', detail };
    if (answer.status === 429) return { ok: false, reason: 'too_many_tries', detail };
    if (answer.status === 401 || answer.status === 403) return { ok: false, reason: 'wrong', detail };
    return { ok: false, reason: 'failed', detail };
  }

  /** Another person at this register, by PIN: the counter stays as it is. */
  async takeOver(person: TakeOver): Promise<SignInResult> {
    const answer = await this.#parts.api.takeOver(person);
    return answer.ok ? this.#enter(person.staffId) : takeOverRefused(answer);
  }
  /** The same by badge: whose it is, only the server knows. */
  async takeOverByBadge(badge: string): Promise<SignInResult> {
    const answer = await this.#parts.api.takeOverByBadge(badge);
    return answer.ok ? this.#enter() : takeOverRefused(answer);
  }

  /** Somebody was let in; whom, only the session says. Nothing opens before that was heard. */
  async #enter(staffId?: string): Promise<SignInResult> {
    this.cashier.forget();
    this.#parts.onSignOutDone();
    this.#heard = this.#ask();
    const heard = await this.load();
    const staff = this.#session?.staff ?? null;
    if (heard && staff !== null && (staffId ?? staff.staffId) === staff.staffId) return { ok: true };
    return { ok: false, reason: heard ? 'failed' : 'offline', detail: null };
  }

  /** @returns false without an answer: the person is still signed in there, and saying otherwise would be a lie */
  async signOut(): Promise<boolean> {
    const ended = await this.#endSession();
    if (ended) {
      this.#heard = this.#ask();
      this.cashier.confirm(false);
      this.cashier.forget();
      this.#phase = 'signed_out';
      if (this.#session !== null) this.#session = { ...this.#session, staff: null };
      // shop and register stay: without a network a known cashier opens the till with them
      await this.#write('session', this.#session);
    }
    return ended;
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
      await this.#write('catalogue', keepCatalogue(answer.value));
    } else if (this.#lookup === null) {
      await this.#takeKeptCatalogue();
    }
  }
  async #takeKeptCatalogue(): Promise<void> {
    const kept = readKeptCatalogue(await this.#read('catalogue'));
    if (kept !== undefined) this.#setCatalogue(kept);
  }

  /** A product that was added at this counter a moment ago: it is sold before the whole catalogue is fetched again. */
  takeProduct(product: CatalogueProduct): void {
    const known = this.#lookup?.catalogue;
    if (known === undefined || known.products.some(({ id }) => id === product.id)) return;
    const catalogue = { ...known, products: [...known.products, product] };
    this.#lookup = this.#lookupOf(catalogue);
  }

  /** @param isKept the server said nothing: it is what was kept of its last word */
  async #take(session: Session, question: number, { isKept = false } = {}): Promise<void> {
    const patternsChanged =
      this.#lookup !== null &&
      JSON.stringify(session.shop.embeddedPatterns) !== JSON.stringify(this.#session?.shop.embeddedPatterns);
    this.#session = session;
    if (session.contractVersion !== contractVersion) {
      this.#phase = 'contract_changed';
      return;
    }
    if (!isKept) await this.#write('session', session);
    if (this.#isLate(question)) return;
    // somebody whom the server does not know stands here and sells for cash: that goes on
    if (session.staff === null && !isKept && this.cashier.named === null) {
      this.#phase = 'signed_out';
      return;
    }
    if (session.register === null) {
      this.#phase = session.staff === null ? 'signed_out' : 'not_enrolled';
      return;
    }
    await this.#ensureCatalogue(session, isKept);
    if (this.#isLate(question)) return;
    if (patternsChanged && this.#lookup !== null) this.#lookup = this.#lookupOf(this.#lookup.catalogue);
    this.#phase = this.#lookup === null ? 'offline' : 'ready';
  }

  /** What was kept is read first: where it is the shop's newest, nothing is fetched. */
  async #ensureCatalogue({ catalogueVersion, staff }: Session, isKept: boolean): Promise<void> {
    const isStart = this.#lookup === null;
    if (isStart) await this.#takeKeptCatalogue();
    if (isKept || staff === null) return;
    const known = this.#lookup?.catalogue.version;
    // a server that names no version, or one that says nothing, is believed to have what was fetched in this page's life
    const saysNothing = catalogueVersion === undefined || catalogueVersion === untouchedCatalogue;
    const isNewest = saysNothing ? !isStart : catalogueVersion === known;
    if (known === undefined || !isNewest) await this.refreshCatalogue();
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

function takeOverRefused(answer: ApiFailure): SignInResult {
  const detail = answer.problem?.detail ?? null;
  // a Till that can't look at a PIN or a badge is as good as none
  if (!saysNo(answer)) return { ok: false, reason: 'offline', detail };
  return { ok: false, reason: answer.status === 429 ? 'too_many_tries' : 'wrong', detail };
}
