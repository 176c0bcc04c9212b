import type { PaymentScreenState } from './payment-screen';
import type { Clock } from './ports';
import type { Sounds } from './sounds';

/** "Not confirmed" is said again this often. */
const remindMs = 15_000;

/** Says again and again that a payment is not confirmed, as long as the counter waits for one. */
export class Reminder {
  readonly #parts;
  #cancel: () => void = () => undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly sounds: () => Sounds;
    readonly counter: {
      readonly isWaiting: boolean;
      readonly screen: { readonly state: PaymentScreenState } | null;
    };
  }) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, counter, sounds } = this.#parts;
    this.stop();
    this.#cancel = clock.after(remindMs, () => {
      const { state } = counter.screen ?? {};
      if (state === 'unknown' || state === 'offline' || state === 'not_saved') sounds().play('not_confirmed');
      if (counter.isWaiting) this.start();
    });
  }
  stop(): void {
    this.#cancel();
  }
}
