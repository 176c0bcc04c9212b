/** How an order stands, in the eight words that owners read. */
import { isMoneyIn, isOpen, isRefundOpen, type AttemptState, type RefundState } from '$lib/payment/states';
import type { OrderStanding } from '$lib/wire/orders';

export interface StandingOrder {
  readonly totalMinor: number;
  readonly givenFree: boolean;
  readonly cleared: boolean;
  /** Paid in cash or on another machine. */
  readonly tenderedMinor?: number;
  /** Of it: given back. */
  readonly returnedMinor?: number;
}

export interface StandingAttempt {
  readonly attemptId: string;
  readonly state: AttemptState;
  readonly amountMinor: number;
  /** Open, but a manager wrote that the shopper was not charged: the order does not wait for it. */
  readonly setAside?: boolean;
}

export interface StandingRefund {
  readonly attemptId: string;
  readonly state: RefundState;
  readonly amountMinor: number;
  /** It failed, and was paid in cash instead. */
  readonly inCash?: boolean;
}

/**
 * Derives an order's standing from its money; nothing stores it.
 *
 * What asks for a person comes first (late money, an open task, money on an order that was cleared), then what is still
 * moving, then what is settled.
 *
 * @param attempts oldest first
 * @param openTasks tasks about this order that are not done, late money aside: that is read from the attempts
 */
export function standingOf({
  order,
  attempts,
  refunds,
  openTasks = 0
}: {
  readonly order: StandingOrder;
  readonly attempts: readonly StandingAttempt[];
  readonly refunds: readonly StandingRefund[];
  readonly openTasks?: number;
}): OrderStanding {
  const onTheirWay = refunds.filter((refund) => isRefundOpen(refund.state));
  const lateAlone = attempts.some(
    (attempt) =>
      attempt.state === 'paid_late' && !onTheirWay.some((refund) => refund.attemptId === attempt.attemptId)
  );
  if (lateAlone || openTasks > 0) return 'needs_you';
  if (onTheirWay.length > 0) return 'refund_on_its_way';
  if (attempts.some((attempt) => isOpen(attempt.state) && attempt.setAside !== true)) return 'checking';

  const moneyIn = attempts.filter((attempt) => isMoneyIn(attempt.state));
  const paidMinor = sumOf(moneyIn) + (order.tenderedMinor ?? 0);
  if (paidMinor > 0) {
    const back =
      (order.returnedMinor ?? 0) +
      sumOf(
        refunds.filter(
          (refund) =>
            (refund.state === 'succeeded' || refund.inCash === true) &&
            moneyIn.some((attempt) => attempt.attemptId === refund.attemptId)
        )
      );
    if (back >= paidMinor) return 'refunded';
    if (back > 0) return 'part_refunded';
    // A manager attached late money knowingly; any other money on a cleared order nobody has seen.
    if (order.cleared && moneyIn.some((attempt) => attempt.state === 'succeeded')) return 'needs_you';
    return paidMinor >= order.totalMinor ? 'paid' : 'open';
  }
  return withoutMoney(order, attempts);
}

function withoutMoney(order: StandingOrder, attempts: readonly StandingAttempt[]): OrderStanding {
  if (order.givenFree) return 'paid';
  // An attempt that never arrived says nothing about the order.
  const last = attempts.findLast((attempt) => attempt.state !== 'void');
  switch (last?.state) {
    case 'refunded':
      return 'refunded';
    case 'failed':
      return order.cleared ? 'stopped' : 'not_paid';
    case 'cancelled':
      return 'stopped';
    case 'intent':
    case 'submitted':
    case 'paying':
    case 'unknown':
    case 'cancelling':
      return 'checking';
    default:
      return order.cleared ? 'stopped' : 'open';
  }
}

function sumOf(parts: readonly { readonly amountMinor: number }[]): number {
  return parts.reduce((sum, part) => sum + part.amountMinor, 0);
}
