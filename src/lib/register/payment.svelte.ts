import type { AttemptView } from '$lib/wire/payments';
import type { PaymentScreen } from './payment-screen';

function notBuilt(): never {
  throw new Error('not built yet');
}

/** One attempt's life on the register: made, journaled, sent once, waited for, ended. */
export class Payment {
  get attemptId(): string {
    return notBuilt();
  }
  get orderId(): string {
    return notBuilt();
  }
  get orderNumber(): string {
    return notBuilt();
  }
  /** The server's last word; null before its first. */
  get view(): AttemptView | null {
    return notBuilt();
  }
  get screen(): PaymentScreen {
    return notBuilt();
  }
  /** True until an end is proven. While it is, nothing else may be asked for this order. */
  get isOpen(): boolean {
    return notBuilt();
  }
  /** "Stop payment": shown at once, carried out by the server when it may. */
  stop(): void {
    notBuilt();
  }
  /** "Ask now": makes the next question due at once. */
  askNow(): void {
    notBuilt();
  }
}
