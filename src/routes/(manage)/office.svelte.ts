/** Who sits in the back office: the session, whether Till can be reached, the server's API and its changes. */
import { createContext } from 'svelte';
import type { ChangeStream } from '$lib/register/change-stream';
import { createChangeStream } from '$lib/register/change-stream-browser';
import { saysNo } from '$lib/register/api';
import { createOfficeApi, isSignedOut, type ApiResult, type OfficeApi } from '$lib/register/office-api';
import type { Session } from '$lib/wire/shop';
import type { MoneyFormat } from '$lib/ui/money-format';
import type { ShopClock } from '$lib/ui/manage/shop-clock';

/** After this without an answer the session is asked for again. */
const againMs = 3000;

export class Office {
  readonly api: OfficeApi;
  /** What changes at the server, while the office is open. */
  readonly changes: ChangeStream;
  readonly #onSignedOut: () => void;
  readonly #ended = new AbortController();
  #session = $state.raw<Session | null>(null);
  #canReachTill = $state(true);
  #failure = $state<string | null>(null);

  constructor({
    api,
    changes,
    onSignedOut
  }: {
    readonly api: OfficeApi;
    readonly changes: ChangeStream;
    readonly onSignedOut: () => void;
  }) {
    this.api = api;
    this.changes = changes;
    this.#onSignedOut = onSignedOut;
  }

  get session(): Session | null {
    return this.#session;
  }
  get canReachTill(): boolean {
    return this.#canReachTill;
  }
  /** What Till says where it answers and can't, like with a full disk; null where nothing answers, or all is well. */
  get failure(): string | null {
    return this.#failure;
  }
  get isAdmin(): boolean {
    return this.#session?.staff?.role === 'admin';
  }
  /** Only beneath the layout, which shows pages once there is a session. */
  get format(): MoneyFormat {
    const { currency, locale } = this.#shop;
    return { currency, locale };
  }
  get clock(): ShopClock {
    const { locale, timeZone } = this.#shop;
    return { locale, timeZone };
  }
  get #shop(): Session['shop'] {
    if (this.#session === null) throw new Error('the back office has no session yet');
    return this.#session.shop;
  }

  /** Asks who is signed in until there is an answer. */
  async start(): Promise<void> {
    while (!this.#ended.signal.aborted && this.#session === null) {
      const answer = this.heard(await this.api.session());
      if (!answer.ok) {
        await new Promise((resolve) => setTimeout(resolve, againMs));
      } else if (answer.value.staff === null) {
        this.#onSignedOut();
        return;
      } else {
        this.#session = answer.value;
        if (!this.#ended.signal.aborted) this.changes.start();
      }
    }
  }

  stop(): void {
    this.#ended.abort();
    void this.changes.stop();
  }

  /** Asks anew who is signed in, and in which shop: its settings were changed. */
  async askAgain(): Promise<void> {
    const answer = this.heard(await this.api.session());
    if (answer.ok && answer.value.staff !== null) this.#session = answer.value;
  }

  /** Notes what an answer says about the connection and the session; gives it back. */
  heard<Value>(answer: ApiResult<Value>): ApiResult<Value> {
    this.#canReachTill = answer.ok || saysNo(answer);
    this.#failure = this.#canReachTill || answer.ok ? null : (answer.problem?.detail ?? null);
    if (!answer.ok && isSignedOut(answer)) this.#onSignedOut();
    return answer;
  }
}

/** The office that the layout built. */
export const [getOffice, setOffice] = createContext<Office>();

/** The page's own office. */
export function createOffice(options: { readonly onSignedOut: () => void }): Office {
  return new Office({ api: createOfficeApi(), changes: createChangeStream(), ...options });
}
