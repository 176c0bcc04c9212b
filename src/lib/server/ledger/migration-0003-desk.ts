/**
 * The manager's desk: written resolutions (money rule 13), payments set aside by one, and the days' checks against the
 * wallet. Plain statements, as in the first migration.
 */
import { openAttemptStates } from '$lib/payment/states';

const open = openAttemptStates.map((name) => `'${name}'`).join(', ');

export const deskStatements: readonly string[] = [
  // When a manager wrote that this open attempt's shopper was not charged: it holds its order no longer.
  `ALTER TABLE attempts ADD COLUMN set_aside_at_ms INTEGER`,
  // When the last query began that found late money still there; what a refund of it rests on.
  `ALTER TABLE attempts ADD COLUMN late_confirmed_at_ms INTEGER`,
  // Money rule 2 stays the database's own law: one open attempt on an order, those set aside not counted.
  `DROP INDEX attempts_one_open`,
  `CREATE UNIQUE INDEX attempts_one_open ON attempts (order_id) WHERE state IN (${open}) AND set_aside_at_ms IS NULL`,
  `ALTER TABLE tasks ADD COLUMN done_why TEXT`,
  `CREATE TABLE resolutions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, attempt_id TEXT NOT NULL REFERENCES attempts (id), order_id TEXT NOT NULL,
    resolution TEXT NOT NULL CHECK (resolution IN ('not_charged', 'charged')), why TEXT NOT NULL,
    staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, at_ms INTEGER NOT NULL, UNIQUE (attempt_id, resolution)) STRICT`,
  `CREATE TRIGGER resolutions_are_kept_update BEFORE UPDATE ON resolutions BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END`,
  `CREATE TRIGGER resolutions_are_kept_delete BEFORE DELETE ON resolutions BEGIN SELECT RAISE(ABORT, 'resolutions are append-only'); END`,
  `CREATE TABLE reconciliations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, day TEXT NOT NULL, started_at_ms INTEGER NOT NULL, started_by TEXT NOT NULL,
    scheduled INTEGER NOT NULL, ended_at_ms INTEGER, total INTEGER NOT NULL, lease_owner TEXT, lease_until_ms INTEGER) STRICT`,
  // One check of a day at a time, whoever starts it.
  `CREATE UNIQUE INDEX reconciliations_one_running ON reconciliations (day) WHERE ended_at_ms IS NULL`,
  // What a check has to ask about, written down when it begins: a restart goes on where it stopped.
  `CREATE TABLE reconciliation_items (
    reconciliation_id INTEGER NOT NULL REFERENCES reconciliations (id), subject TEXT NOT NULL, subject_id TEXT NOT NULL,
    due_at_ms INTEGER NOT NULL, tries INTEGER NOT NULL, outcome TEXT, difference TEXT,
    PRIMARY KEY (reconciliation_id, subject, subject_id)) STRICT`,
  `CREATE INDEX reconciliation_items_due ON reconciliation_items (reconciliation_id, due_at_ms) WHERE outcome IS NULL`,
  `CREATE INDEX attempts_by_creation ON attempts (created_at_ms)`,
  `CREATE INDEX refunds_by_creation ON refunds (created_at_ms)`
];
