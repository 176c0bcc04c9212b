import type { Payment } from './payment.svelte';
import type { PaymentScreenState } from './payment-screen';

/** A payment that is not on the stage. Stays until somebody looks at its end. */
export interface TrayChip {
  readonly attemptId: string;
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentScreenState;
  /** True when it ended and nobody has opened it since. */
  readonly news: boolean;
}

/** A tray payment's end, told once across the screen. */
export interface TrayBanner {
  readonly attemptId: string;
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentScreenState;
}

/** Payments not at the screen: they go on, and say so when they end. */
export class Tray {
  get chips(): readonly TrayChip[] {
    return [];
  }
  get banner(): TrayBanner | null {
    return null;
  }
  closeBanner(): void {}
  payment(attemptId: string): Payment | null {
    void attemptId;
    return null;
  }
}
