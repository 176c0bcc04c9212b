/**
 * An order is the fold of its events: register and server run this same code over the same list, so that both
 * always mean the same order by the same revision.
 *
 *   open ──parked──> parked ──resumed──> open
 *   open | parked ──cleared──> cleared ──restored──> as it was
 *   open, total 0, a line ──given free──> given free (nothing follows)
 *   open ──tendered──> open, part paid ──tendered, nothing left──> covered (nothing follows)
 *
 * Lines and discounts change only while it is open, and never to less than what was tendered. An event that cannot be is refused by name, never bent.
 */
import type { DiscountAmount, OrderEvent, OrderOpened } from './events';
import type { ApplyResult, FoldResult, Order, OrderLine, OrderRefusal, OrderTender } from './model';
import { isCovered, tenderedMinor } from './tenders';
import { computeTotals, listTotalMinor } from './totals';

export type {
  ApplyResult,
  FoldResult,
  Order,
  OrderDiscount,
  OrderLine,
  OrderRefusal,
  OrderTender
} from './model';

/** Pieces on one line, as on the wire. */
export const maxQuantity = 9999;

/** No order is worth more: keeps every sum, with any tax on it, a safe integer. */
export const maxOrderMinor = 10_000_000_000_000;

/**
 * Folds a list of events into the order.
 *
 * @returns the order, or which event cannot be and why. Events from a disk or network never make it throw once their
 * shape was checked.
 */
export function foldOrder(events: readonly OrderEvent[]): FoldResult {
  const [first, ...rest] = events;
  if (first === undefined) return { ok: false, at: 0, reason: 'no_events' };
  if (first.kind !== 'order_opened') return { ok: false, at: 0, reason: 'not_opened' };
  let order = openOrder(first);
  for (const [index, event] of rest.entries()) {
    const applied = applyEvent(order, event);
    if (!applied.ok) return { ok: false, at: index + 1, reason: applied.reason };
    order = applied.order;
  }
  return { ok: true, order };
}

/** The order that its first event makes: no lines, revision 1. */
export function openOrder(opened: OrderOpened): Order {
  return {
    orderId: opened.orderId,
    number: opened.number,
    registerId: opened.registerId,
    epoch: opened.epoch,
    currency: opened.currency,
    taxMode: opened.taxMode,
    openedAt: opened.at,
    openedBy: opened.by,
    revision: 1,
    lines: [],
    discounts: [],
    tenders: [],
    confirmedAge: 0,
    parked: false,
    cleared: false,
    givenFree: false
  };
}

/** Lines that are not removed, oldest first. */
export function openLines(order: Order): readonly OrderLine[] {
  return order.lines.filter((line) => !line.removed);
}

/**
 * The order after one more event. The order given is not changed.
 *
 * @returns the next order, one revision higher, or why the event cannot happen to it.
 */
export function applyEvent(order: Order, event: OrderEvent): ApplyResult {
  if (order.givenFree) return refuse('given_free');
  if (isCovered(order)) return refuse('covered');
  if (order.cleared && event.kind !== 'order_restored') return refuse('order_cleared');
  if (order.parked && !aroundParking.has(event.kind)) return refuse('order_parked');

  switch (event.kind) {
    case 'order_opened':
      return refuse('opened_twice');
    case 'line_added':
      return addLine(order, {
        lineId: event.lineId,
        productId: event.productId,
        priceVersionId: event.priceVersionId,
        name: event.name,
        unitPriceMinor: event.unitPriceMinor,
        taxRateId: event.taxRateId,
        taxRatePpm: event.taxRatePpm,
        quantity: event.quantity,
        why: null,
        removed: false
      });
    case 'open_line_added':
      if (event.unitPriceMinor < 1) return refuse('bad_price');
      return addLine(order, {
        lineId: event.lineId,
        productId: null,
        priceVersionId: null,
        name: event.name,
        unitPriceMinor: event.unitPriceMinor,
        taxRateId: event.taxRateId,
        taxRatePpm: event.taxRatePpm,
        quantity: event.quantity,
        why: event.why,
        removed: false
      });
    case 'quantity_set':
      if (!isQuantity(event.quantity)) return refuse('bad_quantity');
      return changeLine(order, event.lineId, { from: 'open', to: { quantity: event.quantity } });
    case 'line_removed':
      return changeLine(order, event.lineId, { from: 'open', to: { removed: true } });
    case 'line_restored':
      return changeLine(order, event.lineId, { from: 'removed', to: { removed: false } });
    case 'discount_added': {
      if (!isDiscount(event.discount)) return refuse('bad_discount');
      if (order.discounts.some((known) => known.discountId === event.discountId))
        return refuse('discount_id_used');
      if (event.lineId !== null) {
        const line = order.lines.find((known) => known.lineId === event.lineId);
        if (line === undefined) return refuse('line_unknown');
        if (line.removed) return refuse('line_removed');
      }
      const { discountId, lineId, discount, why } = event;
      return next(order, { discounts: [...order.discounts, { discountId, lineId, discount, why }] });
    }
    case 'discount_removed': {
      const kept = order.discounts.filter((known) => known.discountId !== event.discountId);
      if (kept.length === order.discounts.length) return refuse('discount_unknown');
      return next(order, { discounts: kept });
    }
    case 'order_parked':
      return order.parked ? refuse('order_parked') : next(order, { parked: true });
    case 'order_resumed':
      return order.parked ? next(order, { parked: false }) : refuse('order_not_parked');
    case 'order_cleared':
      // its cash must first go back to the shopper, by name
      return order.tenders.length > 0 ? refuse('tendered') : next(order, { cleared: true });
    case 'order_restored':
      return order.cleared ? next(order, { cleared: false }) : refuse('order_not_cleared');
    case 'age_confirmed':
      if (!Number.isSafeInteger(event.age) || event.age < 1 || event.age > 99) return refuse('bad_age');
      return next(order, { confirmedAge: Math.max(order.confirmedAge, event.age) });
    case 'order_given_free':
      if (openLines(order).length === 0) return refuse('nothing_to_give');
      if (computeTotals(order).totalMinor !== 0) return refuse('not_free');
      return next(order, { givenFree: true });
    case 'cash_tendered': {
      const { tenderId, amountMinor, roundingMinor, givenMinor, at, by } = event;
      return addTender(order, {
        tenderId,
        kind: 'cash',
        amountMinor,
        roundingMinor,
        givenMinor,
        name: null,
        at,
        by
      });
    }
    case 'card_tendered': {
      const { tenderId, amountMinor, name, at, by } = event;
      return addTender(order, {
        tenderId,
        kind: 'card',
        amountMinor,
        roundingMinor: 0,
        givenMinor: amountMinor,
        name,
        at,
        by
      });
    }
    case 'tender_removed': {
      const kept = order.tenders.filter((tender) => tender.tenderId !== event.tenderId);
      if (kept.length === order.tenders.length) return refuse('tender_unknown');
      return next(order, { tenders: kept });
    }
  }
}

const aroundParking: ReadonlySet<OrderEvent['kind']> = new Set([
  'order_parked',
  'order_resumed',
  'order_cleared',
  'order_restored'
]);

function refuse(reason: OrderRefusal): ApplyResult {
  return { ok: false, reason };
}

function next(order: Order, change: Partial<Order>): ApplyResult {
  const changed: Order = { ...order, ...change, revision: order.revision + 1 };
  if (listTotalMinor(changed) > maxOrderMinor) return refuse('amount_too_large');
  // an order is closed by a tender, never by a line that went away
  const shrank = change.tenders === undefined && changed.tenders.length > 0;
  if (shrank && computeTotals(changed).totalMinor <= tenderedMinor(changed))
    return refuse('less_than_tendered');
  return { ok: true, order: changed };
}

function addTender(order: Order, tender: OrderTender): ApplyResult {
  const { tenderId, amountMinor, roundingMinor, givenMinor } = tender;
  if (order.tenders.some((known) => known.tenderId === tenderId)) return refuse('tender_id_used');
  const whole = [amountMinor, roundingMinor, givenMinor].every((minor) => Number.isSafeInteger(minor));
  if (!whole || amountMinor < 1 || givenMinor > maxOrderMinor) return refuse('bad_tender');
  // rounding is a matter of coins: never more than the amount itself, nor than what was given covers
  if (Math.abs(roundingMinor) > amountMinor || givenMinor < amountMinor + roundingMinor)
    return refuse('bad_tender');
  const leftMinor = computeTotals(order).totalMinor - tenderedMinor(order);
  if (amountMinor > leftMinor) return refuse('tender_too_high');
  // only what ends the order can be rounded: a part is paid with coins that there are
  if (roundingMinor !== 0 && amountMinor !== leftMinor) return refuse('bad_tender');
  return next(order, { tenders: [...order.tenders, tender] });
}

function addLine(order: Order, line: OrderLine): ApplyResult {
  if (order.lines.some((known) => known.lineId === line.lineId)) return refuse('line_id_used');
  if (!isQuantity(line.quantity)) return refuse('bad_quantity');
  if (!Number.isSafeInteger(line.unitPriceMinor) || line.unitPriceMinor < 0) return refuse('bad_price');
  if (!isRate(line.taxRatePpm)) return refuse('bad_tax_rate');
  return next(order, { lines: [...order.lines, line] });
}

function changeLine(
  order: Order,
  lineId: string,
  { from, to }: { readonly from: 'open' | 'removed'; readonly to: Partial<OrderLine> }
): ApplyResult {
  const line = order.lines.find((known) => known.lineId === lineId);
  if (line === undefined) return refuse('line_unknown');
  if (from === 'open' && line.removed) return refuse('line_removed');
  if (from === 'removed' && !line.removed) return refuse('line_not_removed');
  return next(order, {
    lines: order.lines.map((known) => (known.lineId === lineId ? { ...known, ...to } : known))
  });
}

function isQuantity(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= maxQuantity;
}

function isRate(ratePpm: number): boolean {
  return Number.isSafeInteger(ratePpm) && ratePpm >= 0 && ratePpm <= 1_000_000;
}

function isDiscount(discount: DiscountAmount): boolean {
  return discount.type === 'amount'
    ? Number.isSafeInteger(discount.amountMinor) && discount.amountMinor >= 1
    : isRate(discount.ratePpm) && discount.ratePpm >= 1;
}
