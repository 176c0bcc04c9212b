import type { Actor, TaxMode } from './events';
import type { RateTotal } from './totals';

/** The shop as its receipts name it. */
export interface ReceiptShop {
  readonly name: string;
  readonly address: string;
  readonly taxId: string;
  readonly timeZone: string;
  readonly locale: string;
}

export interface ReceiptLine {
  readonly lineId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly listMinor: number;
  /** What the line's own discounts take off (positive), with their words. */
  readonly discounts: readonly { readonly why: string; readonly amountMinor: number }[];
  readonly shownMinor: number;
}

/** Wallet money that came for this order. */
export interface ReceiptTender {
  readonly kind: 'wallet';
  readonly wallet: string | null;
  readonly amountMinor: number;
  /** What the shopper's wallet took. */
  readonly paidMinor: number;
  readonly offerByMerchantMinor: number;
  readonly offerByChannelMinor: number;
  readonly merchantOrderNo: string;
  readonly codeLast4: string;
  readonly at: string;
}

export interface ReceiptRefund {
  readonly amountMinor: number;
  readonly reason: string;
  readonly at: string;
  /** False while it is on its way. */
  readonly done: boolean;
}

/** Everything a receipt says, on screen and on paper alike. */
export interface Receipt {
  readonly shop: ReceiptShop;
  readonly orderId: string;
  readonly number: string;
  readonly openedAt: string;
  readonly servedBy: Actor;
  readonly currency: string;
  readonly taxMode: TaxMode;
  readonly lines: readonly ReceiptLine[];
  readonly orderDiscounts: readonly { readonly why: string; readonly amountMinor: number }[];
  readonly subtotalMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly byRate: readonly RateTotal[];
  readonly tenders: readonly ReceiptTender[];
  readonly refunds: readonly ReceiptRefund[];
  /** Printed as "Training: no real money". */
  readonly training: boolean;
}
