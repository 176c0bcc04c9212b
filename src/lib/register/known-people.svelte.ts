/**
 * Who can be named at this register without a network. The code that looks at PINs is fetched when it is needed: an
 * ordinary day does without it.
 */
import type { Kept } from '$lib/journal/kept';
import type { PersonHere } from '$lib/wire/people';
import type { Api } from './api';
import type { NamedPerson } from './cashier.svelte';
import type { OfflinePinCheck, OfflinePins } from './offline-pins';
import type { Clock } from './ports';

/** The server is asked this often whose PIN is still good. */
const askEveryMs = 5 * 60_000;

export interface KnownPeopleParts {
  readonly api: Pick<Api, 'peopleHere'>;
  readonly clock: Clock;
  /** Null where this browser keeps nothing. */
  readonly kept: () => Kept | null;
  readonly registerId: () => string | null;
}

export class KnownPeople {
  readonly #parts: KnownPeopleParts;
  #pins: OfflinePins | null = null;
  #of: { readonly kept: Kept; readonly registerId: string } | null = null;
  #people = $state.raw<readonly NamedPerson[]>([]);
  #askedAtMs: number | null = null;

  constructor(parts: KnownPeopleParts) {
    this.#parts = parts;
  }

  /** As they were looked up last. */
  get people(): readonly NamedPerson[] {
    return this.#people;
  }

  /** Looks them up. @param registerId the register that this browser is, where the session does not say it yet */
  async look(registerId = this.#parts.registerId()): Promise<readonly NamedPerson[]> {
    try {
      this.#people = (await (await this.#open(registerId))?.people()) ?? [];
    } catch {
      // a browser that keeps nothing knows nobody
      this.#people = [];
    }
    return this.#people;
  }

  async check(of: { readonly staffId: string; readonly pin: string }): Promise<OfflinePinCheck> {
    try {
      return (await (await this.#open())?.check(of)) ?? { ok: false, reason: 'not_known' };
    } catch {
      return { ok: false, reason: 'not_known' };
    }
  }

  /** The server has just found this PIN right. */
  async remember(of: {
    readonly person: NamedPerson;
    readonly pin: string;
    readonly setAtMs: number | undefined;
  }): Promise<void> {
    const { person, pin, setAtMs } = of;
    if (setAtMs === undefined) return;
    try {
      await (await this.#open())?.remember({ person, pin, setAtMs });
      await this.look();
    } catch {
      // without it this person needs the network next time: nothing else is lost
    }
  }

  /** What the server says of everybody here: whoever it does not name is forgotten. */
  async keepOnly(people: readonly PersonHere[]): Promise<void> {
    this.#askedAtMs = this.#parts.clock.monotonic();
    try {
      await (await this.#open())?.keepOnly(people);
    } catch {
      return;
    }
  }

  /** Asks the server from time to time, where anybody is known here. */
  async askNowAndThen(): Promise<void> {
    const now = this.#parts.clock.monotonic();
    if (this.#askedAtMs !== null && now - this.#askedAtMs < askEveryMs) return;
    const kept = await this.#parts
      .kept()
      ?.read('offlinePins')
      .catch(() => undefined);
    if (kept === undefined) return;
    const answer = await this.#parts.api.peopleHere();
    if (answer.ok) await this.keepOnly(answer.value);
    // so that it is known who may unlock this till when the network goes
    await this.look();
  }

  async #open(registerId = this.#parts.registerId()): Promise<OfflinePins | null> {
    const kept = this.#parts.kept();
    if (kept === null || registerId === null) return null;
    if (this.#pins !== null && this.#of?.kept === kept && this.#of.registerId === registerId)
      return this.#pins;
    const { createOfflinePins } = await import('./offline-pins');
    this.#pins = createOfflinePins({ kept, clock: this.#parts.clock, registerId });
    this.#of = { kept, registerId };
    return this.#pins;
  }
}
