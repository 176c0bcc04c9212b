/**
 * Who stands at the till, and how that is known: by a session that the server confirmed, by a PIN that this register
 * alone looked at, or as the one who was signed in last. Only the first is proof: the others sell for cash, and what they
 * do is marked.
 */
import type { Actor } from '$lib/order/events';
import type { Session, Staff } from '$lib/wire/shop';

/** Somebody whom this register knows by their PIN. */
export interface NamedPerson {
  readonly staffId: string;
  readonly name: string;
}

export class Cashier {
  readonly #session: () => Session | null;
  #named = $state.raw<NamedPerson | null>(null);
  #confirmed = $state(false);

  constructor(session: () => Session | null) {
    this.#session = session;
  }

  /** Named by PIN at this register alone; null where somebody's session counts. */
  get named(): NamedPerson | null {
    return this.#named;
  }
  /** True once the server said in this page's life who is signed in. */
  get confirmed(): boolean {
    return this.#confirmed;
  }
  /** True where the server vouches for who stands here. */
  get proven(): boolean {
    return this.#confirmed && this.#named === null;
  }
  /** Without proof nobody is more than a cashier. */
  get staff(): Staff | null {
    if (this.#named !== null) return { ...this.#named, username: '', role: 'cashier' };
    const staff = this.#session()?.staff ?? null;
    return staff === null || this.#confirmed ? staff : { ...staff, role: 'cashier' };
  }
  /** As it is written down. */
  get actor(): Actor {
    const { staff } = this;
    const who = { staffId: staff?.staffId ?? '', name: staff?.name ?? '' };
    if (this.#named !== null) return { ...who, offline: 'pin' };
    return this.#confirmed ? who : { ...who, offline: 'last' };
  }

  /** The server said who is signed in, or that nobody is. */
  confirm(isSignedIn: boolean): void {
    this.#confirmed = isSignedIn;
  }
  /** Their PIN was right, as far as this register can tell. */
  name(person: NamedPerson): void {
    this.#named = person;
  }
  /** They go, or the server knows them now. */
  forget(): void {
    this.#named = null;
  }
}
