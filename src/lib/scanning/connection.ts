/**
 * Keeps one device open: one loop, an abort for each attempt, ever longer pauses between attempts, the last state kept.
 * Knows no browser: a driver finds, opens and closes; timers are injected.
 */
import { createFeed } from './feed';
import { type ConnectResult, type ScannerState, type ScannerTrouble, type Unsubscribe } from './port';
import { type SetTimer } from './timer';
import { remedyOf, ScannerFailure, troubleOf, waysOn } from './trouble';

/** What a connection needs of a road. Failures are {@link ScannerFailure}s; anything else counts as `failed`. */
export interface DeviceDriver<Device> {
  /** Lets the user choose a device. */
  readonly request: () => Promise<Device>;
  /** The device, if it is there and allowed; null otherwise. Asks nobody. */
  readonly find: () => Promise<Device | null>;
  /**
   * Opens a device and reads from it until it is closed.
   *
   * @param onLost  to be told once, when the device goes by itself.
   * @returns closes it.
   */
  readonly open: (asked: {
    readonly device: Device;
    readonly signal: AbortSignal;
    readonly onLost: (trouble: ScannerTrouble) => void;
  }) => Promise<() => Promise<void>>;
  /** A device that was closed can't be opened once more, such as a camera's stream: another one is found then. */
  readonly isOver?: (device: Device) => boolean;
  /** Lets a device go that nobody will open: one that was asked for or found, and is not wanted any more. */
  readonly discard?: (device: Device) => void;
  /** Tells when a device came, so that it is worth another try. */
  readonly watch: (onCame: () => void) => Unsubscribe;
}

/** The first pause after a failed attempt; each next one is twice as long. */
export const firstPauseMs = 250;
export const longestPauseMs = 30_000;
/** An attempt that takes longer hangs. */
export const attemptMs = 15_000;
/** A device that does not close in this time is left alone. */
export const closeWithinMs = 1_000;

/** Holds one device open; see the file's head. */
export class Connection<Device> {
  readonly #driver: DeviceDriver<Device>;
  readonly #now: () => number;
  readonly #setTimer: SetTimer;
  readonly #states = createFeed<ScannerState>();
  readonly #unwatch: Unsubscribe;
  #state: ScannerState = { state: 'off' };
  #wanted = false;
  #destroyed = false;
  /** How often it was let go: what was asked for before is not wanted any more. */
  #lettings = 0;
  #chosen: Device | null = null;
  #opened: Device | null = null;
  #wasReady = false;
  /** Failed attempts in a row, since somebody last did something about it. */
  #failures = 0;
  /** A device came since the attempt began. */
  #came = false;
  #attempt: AbortController | null = null;
  #wake: () => void = () => undefined;
  #loop: Promise<void> | null = null;

  constructor({
    driver,
    time: { now, setTimer }
  }: {
    readonly driver: DeviceDriver<Device>;
    readonly time: { readonly now: () => number; readonly setTimer: SetTimer };
  }) {
    this.#driver = driver;
    this.#now = now;
    this.#setTimer = setTimer;
    this.#unwatch = driver.watch(() => {
      this.#came = true;
      this.#wake();
    });
  }

  get state(): ScannerState {
    return this.#state;
  }

  onState(listener: (state: ScannerState) => void): Unsubscribe {
    listener(this.#state);
    return this.#states.listen(listener);
  }

  /** Lets the user choose, then opens. Whoever closes the list without a choice loses nothing that works. */
  async connect(): Promise<ConnectResult> {
    const lettings = this.#lettings;
    let device: Device;
    try {
      device = await this.#driver.request();
    } catch (error) {
      const trouble = troubleOf(error);
      if (!this.#wanted && lettings === this.#lettings) {
        this.#set({ state: 'needs_you', trouble, remedy: remedyOf(trouble) });
      }
      return { ok: false, trouble, remedy: remedyOf(trouble) };
    }
    if (lettings !== this.#lettings) {
      this.#driver.discard?.(device);
      return { ok: false, trouble: 'failed', remedy: 'retry' };
    }
    this.#choose(device);
    const tried = this.#nextOutcome();
    this.restart();
    this.reopen();
    return tried;
  }

  /** Opens it without asking, and again each time it comes back. */
  reopen(): void {
    if (this.#destroyed) return;
    this.#wanted = true;
    this.#wake();
    this.#loop ??= this.#run().finally(() => {
      this.#loop = null;
    });
  }

  /** Closes and opens it anew, for other settings. Does nothing while it is not wanted. */
  restart(): void {
    this.#failures = 0;
    this.#attempt?.abort();
    this.#wake();
  }

  /** Lets the device go. Never throws, and waits a second at most. */
  async disconnect(): Promise<void> {
    this.#wanted = false;
    this.#lettings += 1;
    this.#choose(null);
    this.restart();
    if (this.#loop !== null) await this.#within(this.#loop, closeWithinMs * 2);
    if (!this.#wanted) this.#set({ state: 'off' });
  }

  /** Lets the device go for good; nothing is told any more. */
  destroy(): void {
    this.#destroyed = true;
    this.#wanted = false;
    this.#lettings += 1;
    this.#unwatch();
    this.#choose(null);
    this.restart();
    this.#states.close();
    this.#state = { state: 'off' };
  }

  #choose(device: Device | null): void {
    const before = this.#chosen;
    this.#chosen = device;
    // what was opened is closed by its attempt
    if (before !== null && before !== device && before !== this.#opened) this.#driver.discard?.(before);
  }

  async #run(): Promise<void> {
    let trouble: ScannerTrouble | null = null;
    while (this.#wanted) {
      const attempt = new AbortController();
      this.#attempt = attempt;
      this.#came = false;
      this.#set({ state: 'connecting', attempt: this.#failures + 1, trouble });
      let readyAt = Number.POSITIVE_INFINITY;
      const met = await this.#try(attempt, () => {
        readyAt = this.#now();
        trouble = null;
      });
      const restarted = attempt.signal.aborted;
      attempt.abort();
      if (!this.#wanted || restarted) continue;
      this.#choose(null);
      trouble = met;
      // One that opens and fails soon after works no better than one that does not open.
      if (this.#now() - readyAt >= longestPauseMs) this.#failures = 0;
      this.#failures = waysOn(met) === 'retries' ? this.#failures + 1 : 0;
      // It came back while the old one was still being closed: there will be no other sign of it.
      if (!this.#came) await this.#pause(met);
    }
    if (!this.#destroyed) this.#set({ state: 'off' });
  }

  /** Finds, opens and holds the device. @returns why it ended. */
  async #try(attempt: AbortController, onReady: () => void): Promise<ScannerTrouble> {
    const { signal } = attempt;
    const aborted = new Promise<null>((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    let close: (() => Promise<void>) | null = null;
    const lost = new Promise<ScannerTrouble>((onLost) => {
      const opening = this.#open({ signal, onLost }).then((opened) => {
        // The attempt was given up meanwhile: nobody else will close it.
        if (signal.aborted) void this.#close(opened);
        else {
          close = opened;
          onReady();
          this.#wasReady = true;
          this.#set({ state: 'ready' });
        }
      });
      opening.catch((error: unknown) => onLost(troubleOf(error)));
      const tooLong = this.#setTimer(() => onLost('failed'), attemptMs);
      void Promise.allSettled([Promise.race([opening, aborted])]).then(tooLong);
    });
    const trouble = (await Promise.race([lost, aborted])) ?? 'failed';
    if (close !== null) await this.#close(close);
    return trouble;
  }

  async #open(asked: {
    readonly signal: AbortSignal;
    readonly onLost: (trouble: ScannerTrouble) => void;
  }): Promise<() => Promise<void>> {
    if (this.#chosen !== null && this.#driver.isOver?.(this.#chosen) === true) this.#chosen = null;
    const device = this.#chosen ?? (await this.#driver.find());
    // A browser does not say whether a device is away or not allowed; one that was open in this page was allowed.
    if (device === null) throw new ScannerFailure(this.#wasReady ? 'unplugged' : 'permission_lost');
    if (asked.signal.aborted) this.#driver.discard?.(device);
    asked.signal.throwIfAborted();
    this.#opened = device;
    return this.#driver.open({ ...asked, device });
  }

  async #close(close: () => Promise<void>): Promise<void> {
    await this.#within(
      close().catch(() => undefined),
      closeWithinMs
    );
  }

  #pause(trouble: ScannerTrouble): Promise<void> {
    const remedy = remedyOf(trouble);
    const on = waysOn(trouble);
    return new Promise((resolve) => {
      let stop: () => void = () => undefined;
      this.#wake = () => {
        stop();
        this.#wake = () => undefined;
        resolve();
      };
      if (on === 'retries') {
        const retryInMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
        stop = this.#setTimer(() => this.#wake(), retryInMs);
        this.#set({ state: 'waiting', trouble, remedy, retryInMs });
      } else if (on === 'returns') {
        this.#set({ state: 'waiting', trouble, remedy, retryInMs: null });
      } else {
        this.#set({ state: 'needs_you', trouble, remedy });
      }
    });
  }

  /** What the next attempt comes to. */
  #nextOutcome(): Promise<ConnectResult> {
    return new Promise((resolve) => {
      const stop = this.#states.listen((state) => {
        if (state.state === 'connecting') return;
        stop();
        if (state.state === 'ready') resolve({ ok: true });
        else if ('trouble' in state) {
          resolve({ ok: false, trouble: state.trouble, remedy: state.remedy });
        } else resolve({ ok: false, trouble: 'failed', remedy: 'retry' });
      });
    });
  }

  async #within(work: Promise<unknown>, ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.#setTimer(resolve, ms);
      void Promise.allSettled([work]).then(() => {
        stop();
        resolve();
      });
    });
  }

  #set(state: ScannerState): void {
    this.#state = state;
    this.#states.tell(state);
  }
}
