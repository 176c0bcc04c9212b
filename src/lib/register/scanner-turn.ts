/**
 * Which tab of this browser opens the scanners: two that open one share its scans. A tab that sells takes them at once; a
 * page of the office has them while nobody sells. That the till writes is another lock, which only the till's tabs hold.
 */
import type { RegisterLock } from './tabs';

export class ScannerTurn {
  readonly #lock: RegisterLock;
  readonly #onChange: (isOwner: boolean) => void;
  #turn = new AbortController();

  constructor({
    lock,
    onChange
  }: {
    readonly lock: RegisterLock;
    readonly onChange: (isOwner: boolean) => void;
  }) {
    this.#lock = lock;
    this.#onChange = onChange;
  }

  /** Whether this tab sells: then it takes them from whoever has them. */
  sells(isSelling: boolean): void {
    const signal = this.#begin();
    if (isSelling) void this.#hold('steal', signal);
    else this.#onChange(false);
  }
  /** This tab looks for orders: whenever nobody sells. */
  async await(): Promise<void> {
    const signal = this.#begin();
    this.#onChange(false);
    while (await this.#hold('wait', signal));
  }
  /** They are not wanted here any more. Whoever ends it knows; it is not told. */
  end(): void {
    this.#begin();
  }

  #begin(): AbortSignal {
    this.#turn.abort();
    this.#turn = new AbortController();
    return this.#turn.signal;
  }

  /** @returns true where somebody took them away: once they have gone */
  async #hold(how: 'steal' | 'wait', signal: AbortSignal): Promise<boolean> {
    const held = await this.#lock.take(how, signal);
    if (held === null) return false;
    if (!signal.aborted) {
      this.#onChange(true);
      const over = AbortSignal.any([signal, held.lost]);
      await new Promise<void>((resolve) => {
        if (over.aborted) resolve();
        else over.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    held.release();
    if (signal.aborted) return false;
    this.#onChange(false);
    return true;
  }
}
