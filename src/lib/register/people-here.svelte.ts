/** Who sells at this till: signing in, locking it, taking over by PIN, and what a manager allows by theirs. */
import type { PersonHere, TakeOver } from '$lib/wire/people';
import type { Api } from './api';
import type { SignInResult } from './shop-session.svelte';
import type { Sounds } from './sounds';
import type { Station } from './station.svelte';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export class PeopleHere {
  readonly #station: Station;
  readonly #api: Api;
  readonly #sounds: Sounds;
  /** Somebody signs out: no session is missed. */
  #leaving = false;

  constructor({
    station,
    api,
    sounds
  }: {
    readonly station: Station;
    readonly api: Api;
    readonly sounds: Sounds;
  }) {
    this.#station = station;
    this.#api = api;
    this.#sounds = sounds;
  }

  /**
   * True while it asks who is selling: somebody locked it, or nobody touched it for long, or the session ended while an
   * order stood on the counter. Nothing is scanned into the order meanwhile; payments go on.
   */
  get locked(): boolean {
    return this.sessionEnded || (this.#station.phase === 'ready' && this.#station.settings.locked);
  }
  /** The session ended while the counter stood: the counter still does. */
  get sessionEnded(): boolean {
    return this.#station.phase === 'signed_out' && this.#station.counter !== null && !this.#leaving;
  }

  async signIn(credentials: Credentials): Promise<SignInResult> {
    void this.#sounds.unlock();
    const signedIn = await this.#station.shopSession.signIn(credentials);
    if (signedIn.ok) await this.#station.openCounter();
    return signedIn;
  }
  signOut(): Promise<void> {
    this.#leaving = true;
    return this.#station.shopSession.signOut();
  }

  lock(): void {
    if (this.#station.phase === 'ready') this.#station.saveSettings({ locked: true });
  }
  /** Locks unless a shopper is being served with their phone. */
  lockWhenIdle(): void {
    // without a network nobody could unlock it: PINs are checked by the server
    if (this.#station.canReachTill && this.#station.counter?.isWaiting !== true) this.lock();
  }

  /** Who may take over here by PIN; null where Till can't be reached. */
  async whoMayTakeOver(leastRole?: 'manager'): Promise<readonly PersonHere[] | null> {
    const answer = await this.#api.peopleHere(leastRole);
    return answer.ok ? answer.value : null;
  }
  /** The PIN goes to the server and nowhere else. */
  async takeOver(person: TakeOver): Promise<SignInResult> {
    const taken = await this.#station.shopSession.takeOver(person);
    if (taken.ok) await this.#unlocked();
    return taken;
  }
  async unlockByPassword(credentials: Credentials): Promise<SignInResult> {
    const signedIn = await this.#station.shopSession.signIn(credentials);
    if (signedIn.ok) await this.#unlocked();
    return signedIn;
  }

  /** Cash though the wallet has not answered: a manager's decision, by PIN. @returns what to say, or null where it is done */
  async setAside(manager: TakeOver): Promise<{ readonly detail: string | null } | null> {
    const payment = this.#station.counter?.payment ?? null;
    if (payment === null) return { detail: null };
    const answer = await this.#api.setAside(payment.attemptId, manager);
    // the payment itself hears of it and lets its order go
    return answer.ok ? null : { detail: answer.problem?.detail ?? null };
  }

  async #unlocked(): Promise<void> {
    this.#station.saveSettings({ locked: false });
    await this.#station.openCounter();
  }
}
