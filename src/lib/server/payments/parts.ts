/** What payments are made of: handed in once, so that tests can put a clock, a gateway or a database in its place. */
import type { Selectable } from 'kysely';
import type { Gateway } from '../gateway/port';
import type { Ledger } from '../ledger/ledger';
import type { AttemptsTable, OrdersTable, RefundsTable } from '../ledger/schema';
import type { Changes } from './changes';
import type { Stopwatch } from './stopwatch';
import type { Timing } from './timing';

export type AttemptRow = Selectable<AttemptsTable>;
export type RefundRow = Selectable<RefundsTable>;
export type OrderRow = Selectable<OrdersTable>;

/** Who we are at the gateway: an answer that names somebody else is not about us (money rule 5). */
export interface GatewayIdentity {
  readonly appId: string;
  readonly merchantNo: string;
}

export interface PaymentLog {
  info(facts: Record<string, unknown>, text: string): void;
  warn(facts: Record<string, unknown>, text: string): void;
  error(facts: Record<string, unknown>, text: string): void;
}

export interface PaymentParts {
  readonly ledger: Ledger;
  readonly gateway: Gateway;
  readonly identity: GatewayIdentity;
  readonly timing: Timing;
  readonly changes: Changes;
  readonly stopwatch: Stopwatch;
  readonly log: PaymentLog;
  /** Key of the payment codes' digests. */
  readonly digestKey: Buffer;
  /** Live refuses a code that was used; training only warns. */
  readonly mode: 'training' | 'live';
  /** Wakes the worker in this process. */
  readonly wake: () => void;
  /** Named moments at which tests kill the process. */
  readonly crashPoint: (name: string) => void;
}
