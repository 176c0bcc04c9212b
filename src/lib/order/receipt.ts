import { openLines, type Order, type OrderTender } from './order';
import { leftToPayMinor } from './tenders';
import { computeTotals } from './totals';
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
  /** Cash and other machines' cards, from the order itself. */
  readonly taken: readonly OrderTender[];
  /** What nothing of it has paid yet. */
  readonly leftMinor: number;
  readonly refunds: readonly ReceiptRefund[];
  /** Printed as "Training: no real money". */
  readonly training: boolean;
}

/**
 * What stands on an order's receipt. Wallet tenders and refunds come from the ledger's word as last seen: a receipt never
 * computes money that came.
 */
export function buildReceipt({
  shop,
  order,
  tenders,
  refunds,
  training
}: {
  readonly shop: ReceiptShop;
  readonly order: Order;
  readonly tenders: readonly ReceiptTender[];
  readonly refunds: readonly ReceiptRefund[];
  readonly training: boolean;
}): Receipt {
  const totals = computeTotals(order);
  const tookOff = new Map(totals.discounts.map((discount) => [discount.discountId, discount.amountMinor]));
  const discountsOf = (lineId: string | null) =>
    order.discounts
      .filter((discount) => discount.lineId === lineId)
      .map(({ discountId, why }) => ({ why, amountMinor: tookOff.get(discountId) ?? 0 }));
  const walletMinor = tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const moneyOf = new Map(totals.lines.map((line) => [line.lineId, line]));

  return {
    shop,
    orderId: order.orderId,
    number: order.number,
    openedAt: order.openedAt,
    servedBy: order.openedBy,
    currency: order.currency,
    taxMode: order.taxMode,
    lines: openLines(order).map((line) => ({
      lineId: line.lineId,
      name: line.name,
      quantity: line.quantity,
      unitPriceMinor: line.unitPriceMinor,
      listMinor: moneyOf.get(line.lineId)?.listMinor ?? 0,
      discounts: discountsOf(line.lineId),
      shownMinor: moneyOf.get(line.lineId)?.shownMinor ?? 0
    })),
    orderDiscounts: discountsOf(null),
    subtotalMinor: totals.subtotalMinor,
    taxMinor: totals.taxMinor,
    totalMinor: totals.totalMinor,
    byRate: totals.byRate,
    tenders,
    taken: order.tenders,
    leftMinor: Math.max(0, leftToPayMinor(order) - walletMinor),
    refunds,
    training
  };
}
