/**
 * The ledger's tables: the truth about money through wallets. Times are milliseconds since 1970 by the ledger's clock,
 * amounts integer minor units, ids text. Nothing that tells of money is ever deleted or rewritten without an event.
 */
import type { Generated } from 'kysely';
import type { CashMovementsTable, TendersTable, TenderReturnsTable } from './schema-cash';
import type {
  BadgesTable,
  DisabledStaffTable,
  PinsTable,
  PinTriesTable,
  StepUpsTable
} from './schema-people';
import type { AttemptState, FailReason, RefundState } from '$lib/payment/states';
import type {
  JournalKeysTable,
  RegisterTokensTable,
  EnrolCodesTable,
  JournalHeadsTable,
  JournalEntriesTable,
  JournalHolesTable,
  JournalDeadLettersTable,
  JournalAttemptsTable
} from './schema-journal';

/** Facts about the database itself: `mode` (money rule 12), `created_at_ms`. */
export interface StampTable {
  key: string;
  value: string;
}

/** One row. */
export interface ShopTable {
  id: 1;
  name: string;
  address: string;
  tax_id: string;
  currency: string;
  time_zone: string;
  day_starts_at_minute: number;
  tax_mode: 'included' | 'added';
  locale: string;
  one_scan_limit_minor: number;
  /** Up to it a refund is confirmed by PIN; 0: always by the password. */
  refund_pin_limit_minor: Generated<number>;
  /** JSON: a list of patterns. */
  embedded_patterns: Generated<string>;
  /** How long tills keep entries of their journals that the server has. */
  journal_keep_days: Generated<number>;
}

export interface CategoriesTable {
  id: string;
  name: string;
  colour: string;
  position: number;
}

export interface TaxRatesTable {
  id: string;
  name: string;
  rate_ppm: number;
}

export interface ProductsTable {
  id: string;
  name: string;
  category_id: string;
  tax_rate_id: string;
  position: number;
  active: number;
  pinned: number;
  sold_out: number;
  minimum_age: number | null;
  /** 1: added at the counter; nobody who knows the catalogue has looked at it yet. */
  needs_tidying: Generated<number>;
  updated_at_ms: Generated<number>;
  /** The name as `foldForSearch` gives it. */
  search_text: Generated<string>;
}

/** Prices are never changed: a new price is a new version. */
export interface PriceVersionsTable {
  id: string;
  product_id: string;
  price_minor: number;
  valid_from_ms: number;
  /** Counts within a product; the highest is the current price. */
  version: number;
  /** Name of the person; null for prices from before this was kept. */
  set_by: string | null;
  set_why: string | null;
}

export interface BarcodesTable {
  code: string;
  product_id: string;
}

/** One row, with an opaque version that is new after every change of products, prices, categories and tax rates. */
export interface CatalogueStateTable {
  id: 1;
  version: string;
}

export interface RegistersTable {
  id: string;
  code: string;
  name: string;
  epoch: number;
  token_sha256: string;
  enrolled_at_ms: number;
  enrolled_by: string;
  last_seen_at_ms: number | null;
  /** A register that is no more: no browser can be it, its orders and its journal stay. */
  retired_at_ms: number | null;
  /** The newest writer of this epoch: of several tabs only it may move money. */
  writer_term: Generated<number>;
}

export interface OrdersTable {
  id: string;
  number: string;
  register_id: string;
  register_code: string;
  epoch: number;
  staff_id: string;
  staff_name: string;
  business_day: string;
  revision: number;
  /** The events as the register sent them, as JSON. */
  events: string;
  total_minor: number;
  tax_minor: number;
  currency: string;
  /** "Americano, 2 croissants, +1" */
  what: string;
  given_free: number;
  cleared: number;
  /** What its tenders pay of the total: cash and other machines' cards, as the register wrote it down. */
  tendered_minor: Generated<number>;
  /** 1 where a cashier did something of it whom the server did not know to be there. */
  named_offline: Generated<number>;
  received_at_ms: number;
  updated_at_ms: number;
}

export interface AttemptsTable {
  /** Made by the register: 128 random bits, hex. */
  id: string;
  order_id: string;
  order_revision: number;
  merchant_order_no: string;
  register_id: string;
  staff_id: string;
  amount_minor: number;
  currency: string;
  state: AttemptState;
  fail_reason: FailReason | null;
  /** Raised by every change: what writers and waiting clients compare. */
  version: number;
  /** Keyed digest of the whole request: the same id with another body is refused. */
  request_digest: string;
  code_digest: string;
  code_last4: string;
  code_seen_before: number;
  created_at_ms: number;
  /** When the row that says "sending" was committed; the contract's clock starts here. */
  submitted_at_ms: number | null;
  submit_answered_at_ms: number | null;
  /** Class of the submit's signed refusal (`not_created` …), or null. */
  submit_refusal: string | null;
  stop_requested_at_ms: number | null;
  stop_requested_by: string | null;
  /** `none`, `unanswered`, `accepted`, `refused`, `busy`, `not_found`: where the cancel stands, beside the state. */
  cancel_standing: 'none' | 'unanswered' | 'accepted' | 'refused' | 'busy' | 'not_found';
  cancel_answered_at_ms: number | null;
  /**
   * When a signed message that proves no payment, but knows better than silence, first said "succeeded": the submit's
   * own answer, or a webhook. No first cancel after it.
   */
  success_seen_at_ms: number | null;
  /**
   * When a manager wrote that the shopper was not charged (money rule 13): the attempt stays open and is asked about, but
   * it holds its order no longer.
   */
  set_aside_at_ms: number | null;
  /** When the last query began that found late money still there: a refund or an attachment rests on it. */
  late_confirmed_at_ms: number | null;
  /** "Not found" answers after the order's life ended. */
  not_found_late: number;
  /** First of the reads that say an ended attempt was paid after all. */
  late_seen_at_ms: number | null;
  next_due_at_ms: number | null;
  /** When somebody last wanted a query at once (an answer, a webhook, a person): never lost to one under way. */
  ask_wanted_at_ms: number | null;
  lease_owner: string | null;
  lease_until_ms: number | null;
  last_asked_at_ms: number | null;
  gateway_reachable: number;
  ended_at_ms: number | null;
  trans_no: string | null;
  pay_channel_trans_no: string | null;
  pay_platform_trans_no: string | null;
  ref_no: string | null;
  wallet: string | null;
  paid_minor: number | null;
  offer_by_merchant_minor: number;
  offer_by_channel_minor: number;
  error_code: string | null;
  error_text: string | null;
  psn: string | null;
}

export interface CancelsTable {
  id: Generated<number>;
  attempt_id: string;
  committed_at_ms: number;
  sent_at_ms: number | null;
  answered_at_ms: number | null;
  answer: string | null;
  psn: string | null;
}

export interface RefundsTable {
  id: string;
  attempt_id: string;
  order_id: string;
  merchant_order_no: string;
  amount_minor: number;
  currency: string;
  reason: string;
  lines: string;
  state: RefundState;
  version: number;
  staff_id: string;
  staff_name: string;
  created_at_ms: number;
  submitted_at_ms: number | null;
  /** Class of the last signed refusal, or null. */
  refusal: string | null;
  first_not_found_at_ms: number | null;
  next_due_at_ms: number | null;
  ask_wanted_at_ms: number | null;
  lease_owner: string | null;
  lease_until_ms: number | null;
  last_asked_at_ms: number | null;
  ended_at_ms: number | null;
  business_day: string | null;
  trans_no: string | null;
  given_back_minor: number | null;
  error_code: string | null;
  error_text: string | null;
  psn: string | null;
  /** It failed, and was paid out of a drawer instead: the payout's own id, made by the page. Null: not so. */
  cash_id: string | null;
  cash_at_ms: number | null;
  cash_day: string | null;
  cash_register_id: string | null;
  cash_staff_id: string | null;
  cash_by: string | null;
}

/** Verified webhooks, kept before they are answered. */
export interface InboxTable {
  id: Generated<number>;
  trans_type: string;
  merchant_order_no: string;
  trans_no: string;
  trans_status: string;
  raw: string;
  received_at_ms: number;
  times_received: number;
  /** `attempt`, `refund`, or null while its number is unknown here. */
  matched: string | null;
}

/** Something a manager must look at. */
export interface TasksTable {
  id: Generated<number>;
  /** The same trouble raises one task: unique among those that are not done. */
  key: string;
  kind: 'late_money' | 'surplus' | 'mismatch' | 'contradiction' | 'alarm' | 'journal';
  attempt_id: string | null;
  order_id: string | null;
  text: string;
  created_at_ms: number;
  done_at_ms: number | null;
  done_by: string | null;
  /** The word that whoever marked it done left. */
  done_why: string | null;
}

/** A manager's written word about an open attempt (money rule 13). Append-only. */
export interface ResolutionsTable {
  id: Generated<number>;
  attempt_id: string;
  order_id: string;
  resolution: 'not_charged' | 'charged';
  why: string;
  staff_id: string;
  staff_name: string;
  at_ms: number;
}

/** A business day's check against the gateway's word. */
export interface ReconciliationsTable {
  id: Generated<number>;
  day: string;
  started_at_ms: number;
  /** A person's name, or `till` for the schedule. */
  started_by: string;
  scheduled: number;
  ended_at_ms: number | null;
  /** How many items it has. */
  total: number;
  lease_owner: string | null;
  lease_until_ms: number | null;
}

/** One attempt or refund of such a check. */
export interface ReconciliationItemsTable {
  reconciliation_id: number;
  subject: 'attempt' | 'refund';
  subject_id: string;
  due_at_ms: number;
  tries: number;
  /** Null while it is still to be asked about. */
  outcome: 'same' | 'open' | 'different' | 'unanswered' | null;
  difference: string | null;
}

/** Append-only: who or what, when, from, to, with which evidence. */
export interface EventsTable {
  id: Generated<number>;
  at_ms: number;
  subject:
    'attempt' | 'refund' | 'order' | 'register' | 'staff' | 'product' | 'category' | 'tax_rate' | 'shop';
  subject_id: string;
  order_id: string | null;
  what: string;
  actor: string;
  from_state: string | null;
  to_state: string | null;
  amount_minor: number | null;
  method: string | null;
  psn: string | null;
  code: string | null;
  message: string | null;
  raw_sha256: string | null;
}

export interface LedgerTables {
  pins: PinsTable;
  badges: BadgesTable;
  pin_tries: PinTriesTable;
  disabled_staff: DisabledStaffTable;
  step_ups: StepUpsTable;
  tenders: TendersTable;
  cash_movements: CashMovementsTable;
  tender_returns: TenderReturnsTable;
  stamp: StampTable;
  shop: ShopTable;
  categories: CategoriesTable;
  tax_rates: TaxRatesTable;
  products: ProductsTable;
  price_versions: PriceVersionsTable;
  barcodes: BarcodesTable;
  catalogue_state: CatalogueStateTable;
  registers: RegistersTable;
  journal_keys: JournalKeysTable;
  register_tokens: RegisterTokensTable;
  enrol_codes: EnrolCodesTable;
  journal_heads: JournalHeadsTable;
  journal_entries: JournalEntriesTable;
  journal_holes: JournalHolesTable;
  journal_dead_letters: JournalDeadLettersTable;
  journal_attempts: JournalAttemptsTable;
  orders: OrdersTable;
  attempts: AttemptsTable;
  cancels: CancelsTable;
  refunds: RefundsTable;
  inbox: InboxTable;
  tasks: TasksTable;
  resolutions: ResolutionsTable;
  reconciliations: ReconciliationsTable;
  reconciliation_items: ReconciliationItemsTable;
  events: EventsTable;
}
