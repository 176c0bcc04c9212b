/** What a counter is made of, and what stands on it. */
import type { ScanMatch } from '$lib/catalogue/lookup';
import type { OrderEvent } from '$lib/order/events';
import type { CashDesk } from './cash-desk.svelte';
import type { CurrentOrder } from './current-order.svelte';
import type { OrderParts } from './order-parts';
import type { Payment } from './payment.svelte';
import type { PaymentParts } from './payment-parts';
import type { ReadyNotice } from './payment-screen';
import type { Clock } from './ports';
import type { Sounds } from './sounds';

/** Said beside what the stage shows, until something else happens. */
export type StageNotice = ReadyNotice | 'merchant_code' | 'already_paid' | 'journal_failed' | WalletBlock;

/**
 * Why no payment code may be taken now: Till can't be reached, or it does not know yet who stands here. The code would
 * have to wait somewhere.
 */
export type WalletBlock = 'no_network' | 'pin_first';

/** Scanned while a shopper paid: it belongs to nobody yet. */
export type Held =
  | ({ readonly kind: 'product' } & ScanMatch)
  /** A product's code that nobody knows: it becomes a red row. */
  | { readonly kind: 'unknown_code'; readonly text: string };

/** What stands on the stage. */
export interface Stage {
  readonly order: CurrentOrder;
  readonly payment: Payment | null;
  readonly notice: StageNotice | null;
  readonly justAdded: string | null;
}

export interface CounterParts {
  readonly clock: Clock;
  readonly order: OrderParts;
  readonly payment: PaymentParts;
  /** Money that the register takes itself. */
  readonly cash: CashDesk;
  readonly sounds: () => Sounds;
  /** Tells the server of an order that needs no payment: given away or cleared. Until it has heard it. */
  readonly tellOrder: (events: readonly OrderEvent[]) => void;
  /** Orders moved between counter and journal: the parked list is to be read again. */
  readonly onWaitingChanged: () => void;
  /** Writes down what is scanned and in no order yet, to come back after a reload. @returns false where it can't be written */
  readonly keepLoose: () => Promise<boolean>;
  /** A payment code is turned away; null where it may be taken. */
  readonly walletBlock: () => WalletBlock | null;
  /** False: only cash is taken, no word about money elsewhere. */
  readonly isProven: () => boolean;
  /** The server's prices differ: fetches the catalogue. */
  readonly refreshCatalogue: () => Promise<void>;
}
