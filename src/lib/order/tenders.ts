/** Money that the register itself took for an order: cash in its drawer, a card on another machine. */
import type { Order, OrderTender } from './model';
import { computeTotals } from './totals';

/** How much of the total is paid by tenders. */
export function tenderedMinor(order: Pick<Order, 'tenders'>): number {
  return order.tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
}

/** What is left to pay after the tenders; wallet money is the ledger's and not counted here. */
export function leftToPayMinor(order: Order): number {
  return computeTotals(order).totalMinor - tenderedMinor(order);
}

/** True where tenders alone pay for all of it: the order is closed, and nothing follows. */
export function isCovered(order: Order): boolean {
  return order.tenders.length > 0 && leftToPayMinor(order) <= 0;
}

/** What went back to the shopper at once. */
export function changeMinor({ amountMinor, roundingMinor, givenMinor }: OrderTender): number {
  return givenMinor - amountMinor - roundingMinor;
}

/** What stays in the drawer of a tender: 0 for a card. */
export function keptInDrawerMinor({ kind, amountMinor, roundingMinor }: OrderTender): number {
  return kind === 'cash' ? amountMinor + roundingMinor : 0;
}
