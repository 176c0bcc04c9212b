import type { OrderEvent } from '$lib/order/events';

/** What is to be paid, frozen at this revision. */
export interface PaymentOrder {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly revision: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly events: readonly OrderEvent[];
}
