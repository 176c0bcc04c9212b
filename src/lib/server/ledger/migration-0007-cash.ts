/**
 * Money that registers took themselves: tenders of orders, what went into and out of drawers besides, and what was given
 * back. Written from the registers' own events; wallet money stands in `attempts` and never here.
 */
export const cashStatements: readonly string[] = [
  `ALTER TABLE orders ADD COLUMN tendered_minor INTEGER NOT NULL DEFAULT 0`,
  `CREATE TABLE tenders (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders (id), register_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('cash', 'card')), name TEXT,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), rounding_minor INTEGER NOT NULL, given_minor INTEGER NOT NULL,
    staff_id TEXT NOT NULL, staff_name TEXT NOT NULL, at_ms INTEGER NOT NULL, business_day TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL, removed_at_ms INTEGER, removed_by TEXT, removed_why TEXT) STRICT`,
  `CREATE INDEX tenders_by_order ON tenders (order_id)`,
  `CREATE INDEX tenders_by_day ON tenders (business_day)`,
  `CREATE INDEX tenders_by_time ON tenders (at_ms)`,
  `CREATE TABLE cash_movements (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('pay_in', 'pay_out', 'no_sale')), register_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0), why TEXT NOT NULL, staff_id TEXT NOT NULL,
    staff_name TEXT NOT NULL, at_ms INTEGER NOT NULL, business_day TEXT NOT NULL, received_at_ms INTEGER NOT NULL) STRICT`,
  `CREATE INDEX cash_movements_by_day ON cash_movements (business_day)`,
  `CREATE TABLE tender_returns (
    id TEXT PRIMARY KEY, tender_id TEXT NOT NULL REFERENCES tenders (id), order_id TEXT NOT NULL, register_id TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), reason TEXT NOT NULL, staff_id TEXT NOT NULL,
    staff_name TEXT NOT NULL, at_ms INTEGER NOT NULL, business_day TEXT NOT NULL) STRICT`,
  `CREATE INDEX tender_returns_by_order ON tender_returns (order_id)`,
  `CREATE INDEX tender_returns_by_day ON tender_returns (business_day)`,
  ...['cash_movements', 'tender_returns'].flatMap((table) => [
    `CREATE TRIGGER ${table}_are_kept_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END`,
    `CREATE TRIGGER ${table}_are_kept_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END`
  ]),
  `CREATE TRIGGER tenders_are_kept_delete BEFORE DELETE ON tenders BEGIN SELECT RAISE(ABORT, 'tenders are kept'); END`
];
