/** The one line that always shows the last sale. */
import type { Payment } from './payment.svelte';
import type { PaymentScreen } from './payment-screen';

export interface LastSale {
  readonly orderId: string;
  readonly number: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly state: PaymentScreen['state'] | 'given_free';
  readonly wallet: string | null;
  readonly at: string;
}

/** The sale of a payment as it stands. @param at ISO 8601: where the server's own time is missing */
export function lastSaleOf(payment: Payment, at: string): LastSale {
  return {
    orderId: payment.orderId,
    number: payment.orderNumber,
    totalMinor: payment.amountMinor,
    currency: payment.currency,
    state: payment.screen.state,
    wallet: payment.view?.wallet ?? null,
    at: payment.view?.endedAt ?? at
  };
}
