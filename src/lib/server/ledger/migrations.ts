/** The ledger's numbered migrations. One that landed is never changed: a new one follows. */
import type { Kysely } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import { openAttemptStates, openRefundStates } from '$lib/payment/states';
import { runDdl } from './ddl';
import { deskStatements } from './migration-0003-desk';
import { addShopColumns } from './migration-0004-shop';
import { journalStatements } from './migration-0006-journal';
import { cancelsOfStatements } from './migration-0009-cancels-of';
import { writerStatements } from './migration-0010-writer';
import { embeddedCodesStatements } from './migration-0012-embedded-codes';
import { retentionStatements } from './migration-0015-retention';
import { namedOfflineStatements } from './migration-0014-named-offline';
import { peopleStatements } from './migration-0005-people';
import { cashStatements } from './migration-0007-cash';
import { removedDayStatements } from './migration-0016-removed-day';
import { refundInCashStatements } from './migration-0017-refund-in-cash';
import { stepUpStatements } from './migration-0013-step-up';
import { badgeStatements } from './migration-0018-badges';

function states(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of firstStatements) await runDdl(db, statement);
  }
};

const firstStatements = [
  `CREATE TABLE stamp (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`,
  `CREATE TABLE shop (
    id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, address TEXT NOT NULL, tax_id TEXT NOT NULL,
    currency TEXT NOT NULL, time_zone TEXT NOT NULL, day_starts_at_minute INTEGER NOT NULL,
    tax_mode TEXT NOT NULL CHECK (tax_mode IN ('included', 'added')), locale TEXT NOT NULL,
    one_scan_limit_minor INTEGER NOT NULL) STRICT`,
  `CREATE TABLE categories (id TEXT PRIMARY KEY, name TEXT NOT NULL, colour TEXT NOT NULL, position INTEGER NOT NULL) STRICT`,
  `CREATE TABLE tax_rates (id TEXT PRIMARY KEY, name TEXT NOT NULL, rate_ppm INTEGER NOT NULL) STRICT`,
  `CREATE TABLE products (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, category_id TEXT NOT NULL REFERENCES categories (id),
    tax_rate_id TEXT NOT NULL REFERENCES tax_rates (id), position INTEGER NOT NULL, active INTEGER NOT NULL,
    pinned INTEGER NOT NULL, sold_out INTEGER NOT NULL, minimum_age INTEGER) STRICT`,
  `CREATE TABLE price_versions (
    id TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id), price_minor INTEGER NOT NULL,
    valid_from_ms INTEGER NOT NULL, version INTEGER NOT NULL, UNIQUE (product_id, version)) STRICT`,
  `CREATE TABLE barcodes (code TEXT PRIMARY KEY, product_id TEXT NOT NULL REFERENCES products (id)) STRICT`,
  `CREATE TABLE registers (
    id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, epoch INTEGER NOT NULL,
    token_sha256 TEXT NOT NULL UNIQUE, enrolled_at_ms INTEGER NOT NULL, enrolled_by TEXT NOT NULL) STRICT`,
  `CREATE TABLE orders (
    id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, register_id TEXT NOT NULL, register_code TEXT NOT NULL,
    epoch INTEGER NOT NULL, staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, business_day TEXT NOT NULL,
    revision INTEGER NOT NULL, events TEXT NOT NULL, total_minor INTEGER NOT NULL, tax_minor INTEGER NOT NULL,
    currency TEXT NOT NULL, what TEXT NOT NULL, given_free INTEGER NOT NULL, cleared INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL) STRICT`,
  `CREATE INDEX orders_by_day ON orders (business_day, received_at_ms)`,
  `CREATE TABLE attempts (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, order_revision INTEGER NOT NULL, merchant_order_no TEXT NOT NULL UNIQUE,
    register_id TEXT NOT NULL, staff_id TEXT NOT NULL, amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    currency TEXT NOT NULL, state TEXT NOT NULL, fail_reason TEXT, version INTEGER NOT NULL,
    request_digest TEXT NOT NULL, code_digest TEXT NOT NULL, code_last4 TEXT NOT NULL, code_seen_before INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL, submitted_at_ms INTEGER, submit_answered_at_ms INTEGER, submit_refusal TEXT,
    stop_requested_at_ms INTEGER, stop_requested_by TEXT, cancel_standing TEXT NOT NULL, cancel_answered_at_ms INTEGER,
    not_found_late INTEGER NOT NULL, late_seen_at_ms INTEGER, next_due_at_ms INTEGER, ask_wanted_at_ms INTEGER, lease_owner TEXT,
    lease_until_ms INTEGER, last_asked_at_ms INTEGER, gateway_reachable INTEGER NOT NULL, ended_at_ms INTEGER,
    trans_no TEXT, pay_channel_trans_no TEXT, pay_platform_trans_no TEXT, ref_no TEXT, wallet TEXT, paid_minor INTEGER,
    offer_by_merchant_minor INTEGER NOT NULL, offer_by_channel_minor INTEGER NOT NULL, error_code TEXT, error_text TEXT,
    psn TEXT) STRICT`,
  // Money rule 2 as the database's own law: whatever the code does, a second open attempt on an order cannot be stored.
  `CREATE UNIQUE INDEX attempts_one_open ON attempts (order_id) WHERE state IN (${states(openAttemptStates)})`,
  `CREATE INDEX attempts_by_order ON attempts (order_id)`,
  `CREATE INDEX attempts_due ON attempts (next_due_at_ms) WHERE next_due_at_ms IS NOT NULL`,
  `CREATE INDEX attempts_by_code ON attempts (code_digest, created_at_ms)`,
  `CREATE INDEX attempts_by_end ON attempts (ended_at_ms)`,
  // Every number that a shopper can show later.
  `CREATE INDEX attempts_by_trans_no ON attempts (trans_no)`,
  `CREATE INDEX attempts_by_channel_no ON attempts (pay_channel_trans_no)`,
  `CREATE INDEX attempts_by_platform_no ON attempts (pay_platform_trans_no)`,
  `CREATE INDEX attempts_by_ref_no ON attempts (ref_no)`,
  `CREATE TABLE cancels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, attempt_id TEXT NOT NULL REFERENCES attempts (id),
    committed_at_ms INTEGER NOT NULL, sent_at_ms INTEGER, answered_at_ms INTEGER, answer TEXT, psn TEXT) STRICT`,
  `CREATE TABLE refunds (
    id TEXT PRIMARY KEY, attempt_id TEXT NOT NULL REFERENCES attempts (id), order_id TEXT NOT NULL,
    merchant_order_no TEXT NOT NULL UNIQUE, amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), currency TEXT NOT NULL,
    reason TEXT NOT NULL, lines TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, staff_id TEXT NOT NULL,
    staff_name TEXT NOT NULL, created_at_ms INTEGER NOT NULL, submitted_at_ms INTEGER, refusal TEXT,
    first_not_found_at_ms INTEGER, next_due_at_ms INTEGER, ask_wanted_at_ms INTEGER, lease_owner TEXT, lease_until_ms INTEGER,
    last_asked_at_ms INTEGER, ended_at_ms INTEGER, business_day TEXT, trans_no TEXT, given_back_minor INTEGER,
    error_code TEXT, error_text TEXT, psn TEXT) STRICT`,
  // Money rule 7: one refund in flight per attempt.
  `CREATE UNIQUE INDEX refunds_one_open ON refunds (attempt_id) WHERE state IN (${states(openRefundStates)})`,
  `CREATE INDEX refunds_by_attempt ON refunds (attempt_id)`,
  `CREATE INDEX refunds_by_order ON refunds (order_id)`,
  `CREATE INDEX refunds_by_trans_no ON refunds (trans_no)`,
  `CREATE INDEX refunds_due ON refunds (next_due_at_ms) WHERE next_due_at_ms IS NOT NULL`,
  `CREATE INDEX refunds_by_day ON refunds (business_day)`,
  `CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trans_type TEXT NOT NULL, merchant_order_no TEXT NOT NULL,
    trans_no TEXT NOT NULL, trans_status TEXT NOT NULL, raw TEXT NOT NULL, received_at_ms INTEGER NOT NULL,
    times_received INTEGER NOT NULL, matched TEXT,
    UNIQUE (trans_type, merchant_order_no, trans_no, trans_status)) STRICT`,
  `CREATE INDEX inbox_by_number ON inbox (merchant_order_no)`,
  `CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, attempt_id TEXT, order_id TEXT,
    text TEXT NOT NULL, created_at_ms INTEGER NOT NULL, done_at_ms INTEGER, done_by TEXT) STRICT`,
  `CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, subject TEXT NOT NULL, subject_id TEXT NOT NULL,
    order_id TEXT, what TEXT NOT NULL, actor TEXT NOT NULL, from_state TEXT, to_state TEXT, amount_minor INTEGER,
    method TEXT, psn TEXT, code TEXT, message TEXT, raw_sha256 TEXT) STRICT`,
  `CREATE INDEX events_by_order ON events (order_id, id)`,
  `CREATE TRIGGER events_are_kept_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END`,
  `CREATE TRIGGER events_are_kept_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END`
];

const successSeen: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await runDdl(db, `ALTER TABLE attempts ADD COLUMN success_seen_at_ms INTEGER`);
  }
};

const refundInCash: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of refundInCashStatements) await runDdl(db, statement);
  }
};

const desk: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of deskStatements) await runDdl(db, statement);
  }
};

const journal: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of journalStatements) await runDdl(db, statement);
  }
};

const writer: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of writerStatements) await runDdl(db, statement);
  }
};

const cancelsOf: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of cancelsOfStatements) await runDdl(db, statement);
  }
};

const retention: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of retentionStatements) await runDdl(db, statement);
  }
};

const shop: Migration = { up: addShopColumns };

const people: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of peopleStatements) await runDdl(db, statement);
  }
};

const cash: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of cashStatements) await runDdl(db, statement);
  }
};

const stepUp: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of stepUpStatements) await runDdl(db, statement);
  }
};

const embeddedCodes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of embeddedCodesStatements) await runDdl(db, statement);
  }
};

const namedOffline: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of namedOfflineStatements) await runDdl(db, statement);
  }
};

const removedDay: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of removedDayStatements) await runDdl(db, statement);
  }
};

const badges: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of badgeStatements) await runDdl(db, statement);
  }
};

/** All migrations by number, in order. */
export const ledgerMigrations: MigrationProvider = {
  async getMigrations(): Promise<Record<string, Migration>> {
    return {
      '0001_first': first,
      '0002_success_seen': successSeen,
      '0003_desk': desk,
      '0004_shop': shop,
      '0005_people': people,
      '0006_journal': journal,
      '0007_cash': cash,
      '0009_cancels_of': cancelsOf,
      '0010_writer': writer,
      '0012_embedded_codes': embeddedCodes,
      '0013_step_up': stepUp,
      '0014_named_offline': namedOffline,
      '0015_retention': retention,
      '0016_removed_day': removedDay,
      '0017_refund_in_cash': refundInCash,
      '0018_badges': badges
    };
  }
};
