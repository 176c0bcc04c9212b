/** What a reload or a crash left behind: orders that can still be sold, and the last sale. */
import type { AttemptRecord, AttemptSeen, OrderRecord } from '$lib/journal/entries';
import type { Journal } from '$lib/journal/journal';
import { openLines } from '$lib/order/order';
import { isCovered } from '$lib/order/tenders';
import { computeTotals } from '$lib/order/totals';
import { isOrderPaid } from './attempt-seen';
import type { LastSale } from './last-sale';
import { readOrdersBetween, type KnownOrder } from './orders-between';
import { endState, type EndState } from './payment-screen';

export interface LeftBehind {
  /**
   * Unpaid orders that are neither parked nor cleared, newest first: nobody has put them away, so they must not be lost.
   * One whose payment is open is not among them: it comes back with its payment, unless it went on without it.
   */
  readonly unpaid: readonly OrderRecord[];
  /** The newest sale whose payment ended, or that was given away; null where there was none. */
  readonly lastSale: LastSale | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Reads it from the journal of the last 24 hours.
 *
 * @param nowMs milliseconds since 1970
 * @throws JournalUnavailable
 */
export async function readLeftBehind({
  journal,
  nowMs
}: {
  readonly journal: Pick<Journal, 'ordersBetween' | 'attemptsSince' | 'attemptsOfAll'>;
  readonly nowMs: number;
}): Promise<LeftBehind> {
  const known = (
    await readOrdersBetween({ journal, startMs: nowMs - dayMs, endMs: nowMs + dayMs })
  ).toReversed();
  const sales = known.flatMap((one) => saleOf(one) ?? []).toSorted((a, b) => b.atMs - a.atMs);
  return {
    unpaid: known.filter(isUnpaid).map(({ record }) => record),
    lastSale: sales[0]?.sale ?? null
  };
}

function isUnpaid({ record, order, attempts }: KnownOrder): boolean {
  const closed = order.givenFree || order.cleared || order.parked || isCovered(order);
  if (closed || openLines(order).length === 0) return false;
  return !attempts.some(
    (attempt) =>
      isOrderPaid(attempt) ||
      (attempt.open === 1 && !wentOnWithout(attempt, { events: record.events, attempts }))
  );
}

/**
 * True where another payment or a tender came after this attempt: only one that a manager set aside lets that happen.
 *
 * @param of its order's events and attempts
 */
export function wentOnWithout(
  attempt: AttemptRecord,
  of: { readonly events: OrderRecord['events']; readonly attempts: readonly AttemptRecord[] }
): boolean {
  const since = of.events.slice(attempt.requested.revision);
  return (
    of.attempts.some((other) => other.requestedAtMs > attempt.requestedAtMs) ||
    since.some(({ kind }) => kind === 'cash_tendered' || kind === 'card_tendered')
  );
}

/** `atMs`: by the register's own clock, to be compared. */
function saleOf({
  record,
  order,
  attempts
}: KnownOrder): { readonly sale: LastSale; readonly atMs: number } | null {
  const { orderId, number, currency } = order;
  const given = record.events.at(-1);
  if (given?.kind === 'order_given_free') {
    const { at } = given;
    const sale: LastSale = {
      orderId,
      number,
      currency,
      totalMinor: 0,
      state: 'given_free',
      wallet: null,
      at
    };
    return { sale, atMs: Date.parse(at) };
  }
  const lastTender = order.tenders.at(-1);
  if (lastTender !== undefined && isCovered(order)) {
    const { at } = lastTender;
    const { totalMinor } = computeTotals(order);
    return {
      sale: { orderId, number, currency, totalMinor, state: 'paid', wallet: null, at },
      atMs: Date.parse(at)
    };
  }
  const latest = attempts.at(-1);
  // one whose end was not seen yet comes back by itself
  if (latest === undefined || latest.seen === null) return null;
  const { requested, requestedAtMs, seen } = latest;
  const sale: LastSale = {
    orderId,
    number,
    currency,
    totalMinor: requested.amountMinor,
    state: endOf(seen),
    wallet: seen.wallet,
    at: seen.endedAt ?? new Date(requestedAtMs).toISOString()
  };
  return { sale, atMs: requestedAtMs };
}

function endOf({ state, failReason, remedy }: AttemptSeen): EndState | 'refused' {
  return state === 'refused' ? state : endState({ state, failReason, remedy });
}
