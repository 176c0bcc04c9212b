import type { Payment } from './payment.svelte';
import type { PaymentScreenState } from './payment-screen';

/** A payment that is not on the stage. Stays until somebody looks at its end. */
export interface TrayChip {
  readonly attemptId: string;
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: PaymentScreenState;
  /** It was set aside, and its order goes on without it. */
  readonly paidOtherwise: boolean;
  /** True when it ended, or was set aside, and nobody has opened it since. */
  readonly news: boolean;
}

/** A tray payment's news, told once across the screen. */
export type TrayBanner = Omit<TrayChip, 'news'>;

/** Payments not at the screen: they go on, and say so when they end. Nobody can dismiss one that is open. */
export class Tray {
  #payments = $state.raw<readonly Payment[]>([]);
  #banner = $state.raw<Payment | null>(null);

  get chips(): readonly TrayChip[] {
    return this.#payments.map((payment) => {
      const banner = bannerOf(payment);
      return { ...banner, news: !payment.isOpen || (banner.state === 'set_aside' && !banner.paidOtherwise) };
    });
  }

  get banner(): TrayBanner | null {
    return this.#banner === null ? null : bannerOf(this.#banner);
  }

  closeBanner(): void {
    this.#banner = null;
  }

  payment(attemptId: string): Payment | null {
    return this.#payments.find((payment) => payment.attemptId === attemptId) ?? null;
  }

  /** Also those that ended. */
  get all(): readonly Payment[] {
    return this.#payments;
  }
  get open(): readonly Payment[] {
    return this.#payments.filter((payment) => payment.isOpen);
  }

  add(payment: Payment): void {
    if (this.payment(payment.attemptId) === null) this.#payments = [...this.#payments, payment];
  }

  /** Takes it out, because it is on the stage again. */
  take(attemptId: string): Payment | null {
    const payment = this.payment(attemptId);
    this.#payments = this.#payments.filter((known) => known !== payment);
    if (this.#banner === payment) this.#banner = null;
    return payment;
  }

  /** @returns true when it stood in the tray: then it is news. */
  tell(payment: Payment): boolean {
    if (this.payment(payment.attemptId) === null) return false;
    this.#banner = payment;
    return true;
  }
}

function bannerOf(payment: Payment): TrayBanner {
  const { attemptId, orderNumber, amountMinor, currency, paidOtherwise, screen } = payment;
  return { attemptId, orderNumber, amountMinor, currency, state: screen.state, paidOtherwise };
}
