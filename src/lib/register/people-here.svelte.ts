/** Who sells at this till: signing in, locking it, taking over by PIN or badge, and what a manager allows by theirs. */
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
  /** Who may take over, as the server said last. */
  #listed: readonly PersonHere[] = [];

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
   * order stood on the counter, or it started without a network and knows the last cashier by their PIN. Nothing is
   * scanned into the order meanwhile; payments go on.
   */
  get locked(): boolean {
    const { cashier } = this.#station.shopSession;
    if (cashier.named !== null) return false;
    if (this.sessionEnded) return true;
    const askedForPin = !cashier.confirmed && (cashier.staff === null || this.#knows(cashier.staff.staffId));
    return this.#station.phase === 'ready' && (this.#station.settings.locked || askedForPin);
  }
  /** The session ended while the counter stood: the counter still does. */
  get sessionEnded(): boolean {
    return this.#station.phase === 'signed_out' && this.#station.counter !== null && !this.#leaving;
  }
  /** True where a PIN named the cashier without the server: they take cash and nothing else. */
  get namedOffline(): boolean {
    return this.#station.shopSession.cashier.named !== null;
  }
  /** False: the server does not vouch for who stands here. */
  get proven(): boolean {
    return this.#station.shopSession.cashier.proven;
  }

  async signIn(credentials: Credentials): Promise<SignInResult> {
    void this.#sounds.unlock();
    const signedIn = await this.#station.shopSession.signIn(credentials);
    if (signedIn.ok) await this.#station.openCounter();
    return signedIn;
  }
  /** @returns false where Till can't hear it: the till is locked, and it is done when Till can */
  async signOut(): Promise<boolean> {
    this.#leaving = true;
    const ended = await this.#station.shopSession.signOut();
    if (ended) return true;
    this.#leaving = false;
    const { cashier, session } = this.#station.shopSession;
    cashier.forget();
    this.#station.saveSettings({ locked: true, owesSignOut: session?.sessionId ?? null });
    return false;
  }

  lock(): void {
    if (this.#station.phase !== 'ready') return;
    this.#station.shopSession.cashier.forget();
    this.#station.saveSettings({ locked: true });
  }
  /** Locks unless a shopper is being served with their phone, or nobody here could unlock it again. */
  lockWhenIdle(): void {
    const staffId = this.#station.shopSession.cashier.staff?.staffId ?? null;
    const canReturn = this.#station.canReachTill || (staffId !== null && this.#knows(staffId));
    if (canReturn && this.#station.counter?.isWaiting !== true) this.lock();
  }
  /** Without a network somebody must be known here to unlock it. */
  get mayLock(): boolean {
    return this.#station.canReachTill || this.#station.known.people.length > 0;
  }
  #knows(staffId: string): boolean {
    return this.#station.known.people.some((person) => person.staffId === staffId);
  }

  /**
   * Who may take over here by PIN; null where Till can't be reached. For the counter itself those are named then whom this
   * register knows.
   */
  async whoMayTakeOver(leastRole?: 'manager'): Promise<readonly PersonHere[] | null> {
    if (leastRole === undefined && !this.#station.canReachTill) return this.#knownHere();
    const answer = await this.#api.peopleHere(leastRole);
    if (!answer.ok) return leastRole === undefined ? this.#knownHere() : null;
    if (leastRole === undefined) {
      this.#listed = answer.value;
      void this.#station.known.keepOnly(answer.value);
    }
    return answer.value;
  }
  async #knownHere(): Promise<readonly PersonHere[] | null> {
    const people = await this.#station.known.look();
    return people.length === 0 ? null : people;
  }

  /**
   * The PIN goes to the server and nowhere else; where there is no answer, this register looks at it alone, and it names
   * the cashier for cash sales here. It is not kept, and never sent later.
   */
  async takeOver(person: TakeOver): Promise<SignInResult> {
    if (!this.#station.canReachTill) return this.#nameOffline(person);
    const taken = await this.#station.shopSession.takeOver(person);
    if (taken.ok) {
      await this.#unlocked();
      await this.#remember(person);
      return taken;
    }
    return taken.reason === 'offline' ? this.#nameOffline(person) : taken;
  }
  /** By what stands on a card, as secret as a PIN. Only the server knows badges: without it the PIN is asked for. */
  async takeOverByBadge(badge: string): Promise<SignInResult> {
    const taken = this.#station.canReachTill
      ? await this.#station.shopSession.takeOverByBadge(badge)
      : ({ ok: false, reason: 'offline', detail: null } as const);
    if (taken.ok) await this.#unlocked();
    else this.#sounds.play('unknown');
    return !taken.ok && taken.reason === 'offline'
      ? { ok: false, reason: 'badge_offline', detail: null }
      : taken;
  }
  async unlockByPassword(credentials: Credentials): Promise<SignInResult> {
    const signedIn = await this.#station.shopSession.signIn(credentials);
    if (signedIn.ok) await this.#unlocked();
    return signedIn;
  }

  async #nameOffline(person: TakeOver): Promise<SignInResult> {
    const check = await this.#station.known.check(person);
    if (!check.ok) {
      if (check.reason === 'too_many_tries')
        return { ok: false, reason: 'wait_offline', waitMs: check.waitMs, detail: null };
      return { ok: false, reason: check.reason === 'wrong_pin' ? 'wrong_offline' : 'offline', detail: null };
    }
    // whatever happens to this page: the next one asks again
    this.#station.saveSettings({ locked: true });
    this.#station.shopSession.nameOffline(check.person);
    await this.#station.openCounter();
    return { ok: true };
  }
  async #remember({ staffId, pin }: TakeOver): Promise<void> {
    const name = this.#station.shopSession.cashier.staff?.name;
    const setAtMs = this.#listed.find((one) => one.staffId === staffId)?.pinSetAtMs;
    if (name !== undefined) await this.#station.known.remember({ person: { staffId, name }, pin, setAtMs });
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
    // what a payment code waited for is done: the stage asks for a fresh one
    const { counter } = this.#station;
    if (counter?.screen?.state === 'pin_first') counter.say(null);
  }
}
