/** The one line that always shows the last sale. */
import type { CurrentOrder } from './current-order.svelte';
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
export function lastSaleOf(
  payment: Payment,
  { at, tenders }: { readonly at: string; readonly tenders: CurrentOrder['tenders'] }
): LastSale {
  return {
    orderId: payment.orderId,
    number: payment.orderNumber,
    // what was tendered besides belongs to the sale
    totalMinor: tenders.reduce((sum, { amountMinor }) => sum + amountMinor, payment.amountMinor),
    currency: payment.currency,
    state: payment.screen.state,
    wallet: payment.view?.wallet ?? null,
    at: payment.view?.endedAt ?? at
  };
}

/** A sale that needed no wallet. @param at ISO 8601 */
export function counterSale(
  order: CurrentOrder,
  { state, at }: { readonly state: 'paid' | 'given_free'; readonly at: string }
): LastSale {
  const { orderId = '', number = '' } = order.order ?? {};
  const { totalMinor, currency } = order.totals;
  return { orderId, number, totalMinor, currency, state, wallet: null, at };
}
