/** What an admin chose to give back, in money: pure, so that no cent is lost between lines and total. */
import { allocate } from '$lib/money/allocate';
import { openLines, type Order } from '$lib/order/order';
import { computeTotals } from '$lib/order/totals';
import { isMoneyIn, isRefundOpen } from '$lib/payment/states';
import type { OrderDetail } from '$lib/wire/orders';
import type { AttemptView } from '$lib/wire/payments';

/** A line with what each of its pieces was paid with. */
export interface RefundLine {
  readonly lineId: string;
  readonly name: string;
  readonly quantity: number;
  /** Pieces that were given back, or are on their way. */
  readonly given: number;
  /** What the shopper paid for each piece, after all discounts and with all taxes; the first sold first. */
  readonly pieces: readonly number[];
}

/** A payment of which something can still be given back. */
export interface RefundSource {
  readonly attempt: AttemptView;
  readonly leftMinor: number;
}

/**
 * The order's lines at what was paid for them: the total is spread over the lines by their worth, and each line over its
 * pieces, so that all pieces together are the total.
 *
 * @param refunds refunds of this order: pieces named by one that did not fail can't be given back again
 */
export function refundLines({
  order,
  refunds
}: {
  readonly order: Order;
  readonly refunds: OrderDetail['refunds'];
}): readonly RefundLine[] {
  const totals = computeTotals(order);
  const worth = new Map(totals.lines.map((line) => [line.lineId, line.totalMinor]));
  const lines = openLines(order);
  const paid = allocate({
    amountMinor: lines.length === 0 ? 0 : totals.totalMinor,
    weights: lines.map(({ lineId }) => worth.get(lineId) ?? 0)
  });
  const given = new Map<string, number>();
  for (const refund of refunds) {
    if (!countsAsBack(refund)) continue;
    for (const { lineId, quantity } of refund.lines) given.set(lineId, (given.get(lineId) ?? 0) + quantity);
  }
  return lines.map(({ lineId, name, quantity }, index) => ({
    lineId,
    name,
    quantity,
    given: Math.min(quantity, given.get(lineId) ?? 0),
    pieces: allocate({ amountMinor: paid[index] ?? 0, weights: Array.from({ length: quantity }, () => 1) })
  }));
}

/** Pieces of a line that can still be chosen. */
export function piecesLeft(line: RefundLine): number {
  return line.quantity - line.given;
}

/** What the next so many pieces of a line are worth. */
export function worthOf(line: RefundLine, pieces: number): number {
  return line.pieces.slice(line.given, line.given + pieces).reduce((sum, piece) => sum + piece, 0);
}

/** Payments of an order with money to give back, the largest rest first. */
export function refundSources({
  attempts,
  refunds
}: Pick<OrderDetail, 'attempts' | 'refunds'>): readonly RefundSource[] {
  return attempts
    .filter((attempt) => isMoneyIn(attempt.state) || attempt.state === 'paid_late')
    .map((attempt) => ({
      attempt,
      leftMinor:
        attempt.amountMinor -
        refunds
          .filter((refund) => refund.attemptId === attempt.attemptId && countsAsBack(refund))
          .reduce((sum, refund) => sum + refund.amountMinor, 0)
    }))
    .toSorted((a, b) => b.leftMinor - a.leftMinor);
}

/** It went back, is on its way, or was paid in cash instead. */
function countsAsBack({ state, paidInCash }: OrderDetail['refunds'][number]): boolean {
  return state !== 'failed' || Boolean(paidInCash);
}

/**
 * The refund that may be paid out of the drawer: the last one of its payment, where it failed, and nothing gave that money
 * back since. The server decides by the same rule.
 */
export function payableInCash(
  detail: Pick<OrderDetail, 'attempts' | 'refunds'>
): OrderDetail['refunds'][number] | null {
  const last = refundSources(detail).flatMap(({ attempt, leftMinor }) => {
    const refund = detail.refunds.findLast(({ attemptId }) => attemptId === attempt.attemptId);
    return refund !== undefined &&
      !countsAsBack(refund) &&
      refund.givenBackMinor === null &&
      refund.amountMinor <= leftMinor
      ? [refund]
      : [];
  });
  return last[0] ?? null;
}

/** The refund that is still on its way, if any: only one may be, per payment. */
export function openRefund(refunds: OrderDetail['refunds']): OrderDetail['refunds'][number] | null {
  return refunds.findLast((refund) => isRefundOpen(refund.state)) ?? null;
}
