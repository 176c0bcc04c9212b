/** What a payment is made of, and who is told what became of it. */
import type { Journal } from '$lib/journal/journal';
import type { Api } from './api';
import type { Changes } from './change-stream';
import type { Payment } from './payment.svelte';
import type { Clock, NewId } from './ports';

export interface PaymentParts {
  readonly api: Pick<Api, 'requestPayment' | 'payment' | 'cancelPayment' | 'askPayment' | 'voidPayment'>;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Says what changed at the server. */
  readonly changes: Changes;
  /** Told after every answer or silence of the server. */
  readonly onHeard: (heard: { readonly till: boolean; readonly wallet: boolean | null }) => void;
}

/** Who is told what became of a payment. */
export interface PaymentListener {
  /** Once, at the end. */
  readonly onEnded: (payment: Payment) => void;
  /** A manager wrote that the shopper was not charged: the order is free, asking goes on (money rule 13). */
  readonly onSetAside: (payment: Payment) => void;
  /** Its money came after it had ended without. */
  readonly onLate: (payment: Payment) => void;
}
