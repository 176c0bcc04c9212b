import type { Clock } from './ports';

/** "Not confirmed" is said again this often. */
const remindMs = 15_000;

/** Reminds again and again of what still waits. */
export class Reminder {
  readonly #parts;
  #cancel: () => void = () => undefined;

  constructor(parts: {
    readonly clock: Clock;
    /** False: there is nothing to be reminded of any more. */
    readonly isWaiting: () => boolean;
    readonly remind: () => void;
  }) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, isWaiting, remind } = this.#parts;
    this.stop();
    this.#cancel = clock.after(remindMs, () => {
      remind();
      if (isWaiting()) this.start();
    });
  }
  stop(): void {
    this.#cancel();
  }
}
