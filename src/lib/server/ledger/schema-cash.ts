/** The tables of money that registers took themselves. */

/** Money that a register took itself, from its order's events. One that was taken back stays, with who and why. */
export interface TendersTable {
  id: string;
  order_id: string;
  register_id: string;
  kind: 'cash' | 'card';
  /** What the shop calls the other card machine. */
  name: string | null;
  /** What it pays of the order. */
  amount_minor: number;
  rounding_minor: number;
  given_minor: number;
  staff_id: string;
  staff_name: string;
  /** By the register's clock, where that can be. */
  at_ms: number;
  business_day: string;
  received_at_ms: number;
  /** How the cashier was named where the server did not know; null where it did. */
  named_offline: 'pin' | 'last' | null;
  /** By the register's clock too. */
  removed_at_ms: number | null;
  /** The business day of that: on a later one than its own it is money given back there. */
  removed_day: string | null;
  removed_by: string | null;
  removed_why: string | null;
}

/** Cash into or out of a drawer that is no sale. Append-only. */
export interface CashMovementsTable {
  id: string;
  kind: 'pay_in' | 'pay_out' | 'no_sale';
  register_id: string;
  amount_minor: number;
  why: string;
  staff_id: string;
  staff_name: string;
  at_ms: number;
  business_day: string;
  received_at_ms: number;
}

/** Money of a tender that was given back; `register_id` is the drawer it came from. Append-only. */
export interface TenderReturnsTable {
  id: string;
  tender_id: string;
  order_id: string;
  register_id: string;
  amount_minor: number;
  reason: string;
  staff_id: string;
  staff_name: string;
  at_ms: number;
  business_day: string;
}
