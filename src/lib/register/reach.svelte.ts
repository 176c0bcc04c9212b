/**
 * Whether Till and the wallet can be reached, as the last answers and silences say it; and the question that is asked from
 * time to time to find out.
 */
import { delay, type Clock } from './ports';

/** The server is asked this often whether it is there, and who is signed in. */
const probeMs = 20_000;
const probeOfflineMs = 3000;

export class Reach {
  readonly #clock: Clock;
  readonly #onBack: () => void;
  #probing = false;
  #now = new AbortController();
  #till = $state(true);
  #wallet = $state(true);

  /** @param onBack Till answers again */
  constructor({ clock, onBack }: { readonly clock: Clock; readonly onBack: () => void }) {
    this.#clock = clock;
    this.#onBack = onBack;
  }

  get till(): boolean {
    return this.#till;
  }
  get wallet(): boolean {
    return this.#wallet;
  }

  heard({ till, wallet }: { readonly till: boolean; readonly wallet: boolean | null }): void {
    if (till && !this.#till) this.#onBack();
    this.#till = till;
    if (wallet !== null) this.#wallet = wallet;
  }

  /** Asks at once. */
  askNow(): void {
    this.#now.abort();
  }

  /** Asks until the signal ends it; runs once at a time. */
  async keepAsking({
    ask,
    signal
  }: {
    readonly ask: () => Promise<void>;
    readonly signal: AbortSignal;
  }): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    while (!signal.aborted) {
      this.#now = new AbortController();
      await delay({
        clock: this.#clock,
        ms: this.#till ? probeMs : probeOfflineMs,
        signal: AbortSignal.any([signal, this.#now.signal])
      });
      if (signal.aborted) break;
      await ask();
    }
    this.#probing = false;
  }
}
