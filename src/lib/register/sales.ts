/** What the register's journal tells of its own sales: parked orders, today's list, receipts. */
import type { AttemptRecord, OrderRecord } from '$lib/journal/entries';
import type { Journal } from '$lib/journal/journal';
import { businessDayOf, businessDaySpan } from '$lib/order/business-day';
import { foldOrder, openLines, type Order } from '$lib/order/order';
import { buildReceipt, type Receipt, type ReceiptTender } from '$lib/order/receipt';
import { summariseOrder } from '$lib/order/summary';
import { isCovered } from '$lib/order/tenders';
import { computeTotals } from '$lib/order/totals';
import { isMoneyIn, type AttemptState } from '$lib/payment/states';
import type { Shop } from '$lib/wire/shop';
import { isOrderPaid } from './attempt-seen';
import { readOrdersBetween } from './orders-between';

export interface ParkedOrder {
  readonly orderId: string;
  readonly number: string;
  /** "Americano, 2 × Croissant, +1" */
  readonly what: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly openedAt: string;
  /** `parked`, or cleared today and still restorable. */
  readonly kind: 'parked' | 'cleared';
}

/** An order of this register's own day, from the journal. */
export interface JournaledOrder {
  readonly orderId: string;
  readonly number: string;
  readonly what: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly openedAt: string;
  /** The last state seen of its latest attempt (`intent` while none was seen); null when none was asked. */
  readonly attemptState: AttemptState | null;
  /** Paid in cash or on another machine. */
  readonly covered: boolean;
}

/** Orders that can be taken up again: parked at any time, cleared today, no money in. Newest first. */
export async function parkedOrders({
  journal,
  shop,
  nowMs
}: {
  readonly journal: Journal;
  readonly shop: Shop;
  readonly nowMs: number;
}): Promise<readonly ParkedOrder[]> {
  const { startMs } = today(shop, nowMs);
  const waiting = (await journal.waitingOrders()).flatMap((record) => {
    const order = orderOf(record);
    if (order === null || openLines(order).length === 0) return [];
    return order.cleared && record.openedAtMs < startMs ? [] : [{ order, atMs: record.openedAtMs }];
  });
  const attempts = await journal.attemptsOfAll(waiting.map(({ order }) => order.orderId));
  return waiting
    .filter((_, index) => attempts[index]?.some(isOrderPaid) !== true)
    .toSorted((a, b) => b.atMs - a.atMs)
    .map(({ order }) => ({ ...listed(order), kind: order.cleared ? 'cleared' : 'parked' }));
}

/** This register's orders of today, newest first. */
export async function ordersToday({
  journal,
  shop,
  nowMs
}: {
  readonly journal: Journal;
  readonly shop: Shop;
  readonly nowMs: number;
}): Promise<readonly JournaledOrder[]> {
  const known = await readOrdersBetween({ journal, ...today(shop, nowMs) });
  return known
    .map(({ order, attempts }): JournaledOrder => {
      const latest = attempts.at(-1);
      return {
        ...listed(order),
        attemptState: latest === undefined ? null : stateOf(latest),
        covered: isCovered(order)
      };
    })
    .toReversed();
}

/** Null when this register's journal does not know the order. */
export async function receiptOf({
  journal,
  shop,
  orderId,
  training
}: {
  readonly journal: Journal;
  readonly shop: Shop;
  readonly orderId: string;
  readonly training: boolean;
}): Promise<Receipt | null> {
  const record = await journal.order(orderId);
  const order = record === undefined ? null : orderOf(record);
  if (order === null) return null;
  const attempts = await journal.attemptsOf(orderId);
  return buildReceipt({ shop, order, tenders: attempts.flatMap(tenderOf), refunds: [], training });
}

function today(shop: Shop, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  const rule = { timeZone: shop.timeZone, dayStartsAtMinute: shop.dayStartsAtMinute };
  return businessDaySpan({ ...rule, day: businessDayOf({ ...rule, atMs: nowMs }) });
}

function orderOf(record: OrderRecord): Order | null {
  const folded = foldOrder(record.events);
  return folded.ok ? folded.order : null;
}

function listed(order: Order) {
  return {
    orderId: order.orderId,
    number: order.number,
    what: summariseOrder({ order }),
    totalMinor: computeTotals(order).totalMinor,
    currency: order.currency,
    openedAt: order.openedAt
  };
}

/** A request that the server refused made no attempt. */
function stateOf({ seen }: AttemptRecord): AttemptState | null {
  if (seen === null) return 'intent';
  return seen.state === 'refused' ? null : seen.state;
}

function tenderOf({ requested, seen }: AttemptRecord): ReceiptTender[] {
  if (seen === null || seen.state === 'refused' || !isMoneyIn(seen.state)) return [];
  return [
    {
      kind: 'wallet',
      wallet: seen.wallet,
      amountMinor: requested.amountMinor,
      paidMinor: seen.paidMinor ?? requested.amountMinor,
      offerByMerchantMinor: seen.offerByMerchantMinor,
      offerByChannelMinor: seen.offerByChannelMinor,
      merchantOrderNo: seen.merchantOrderNo ?? '',
      codeLast4: requested.codeLast4,
      at: seen.endedAt ?? ''
    }
  ];
}
