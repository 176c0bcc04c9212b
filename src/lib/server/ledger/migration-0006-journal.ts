/**
 * The registers' journals as they arrive, what of them says that money was asked for, and how a browser becomes a
 * register anew: the tokens that registers had before, and a manager's one-time codes.
 */
export const journalStatements: readonly string[] = [
  `ALTER TABLE registers ADD COLUMN last_seen_at_ms INTEGER`,
  `ALTER TABLE registers ADD COLUMN retired_at_ms INTEGER`,
  // A browser that was replaced may still hold entries of its own epoch: it is known by its old token, for those only.
  `CREATE TABLE register_tokens (
    token_sha256 TEXT PRIMARY KEY, register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL,
    replaced_at_ms INTEGER NOT NULL) STRICT`,
  `CREATE TABLE enrol_codes (
    code_sha256 TEXT PRIMARY KEY, register_id TEXT NOT NULL REFERENCES registers (id), made_by TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL, used_at_ms INTEGER, used_by TEXT) STRICT`,
  // Where each chain stands here, and why it stands still.
  `CREATE TABLE journal_heads (
    register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
    waiting INTEGER NOT NULL, received_at_ms INTEGER, stopped_seq INTEGER, stopped_reason TEXT,
    stopped_at_ms INTEGER, PRIMARY KEY (register_id, epoch)) STRICT`,
  // Every entry as it was written at the counter. "question": which rule it breaks; it counts all the same.
  `CREATE TABLE journal_entries (
    register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
    order_id TEXT, business_day TEXT NOT NULL, hash TEXT NOT NULL, raw TEXT NOT NULL, received_at_ms INTEGER NOT NULL,
    question TEXT, PRIMARY KEY (register_id, epoch, seq)) STRICT`,
  `CREATE INDEX journal_entries_by_order ON journal_entries (order_id, epoch, seq)`,
  `CREATE INDEX journal_entries_by_day ON journal_entries (business_day, register_id)`,
  `CREATE TRIGGER journal_entries_are_kept_update BEFORE UPDATE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END`,
  `CREATE TRIGGER journal_entries_are_kept_delete BEFORE DELETE ON journal_entries BEGIN SELECT RAISE(ABORT, 'journal entries are append-only'); END`,
  // What came and could not be believed: kept as it came, for a person to look at.
  `CREATE TABLE journal_dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT, register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL, received_at_ms INTEGER NOT NULL) STRICT`,
  // The journals' own word about wallet payments. It never changes the ledger's; it makes the gateway be asked.
  `CREATE TABLE journal_attempts (
    attempt_id TEXT PRIMARY KEY, register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL,
    order_id TEXT NOT NULL, order_revision INTEGER NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL,
    code_last4 TEXT NOT NULL, requested_at_ms INTEGER NOT NULL, business_day TEXT NOT NULL, seen_state TEXT,
    seen_version INTEGER, learn_after_ms INTEGER, learned_at_ms INTEGER) STRICT`,
  `CREATE INDEX journal_attempts_to_learn ON journal_attempts (learn_after_ms) WHERE learn_after_ms IS NOT NULL`,
  `CREATE INDEX journal_attempts_by_day ON journal_attempts (business_day, register_id)`
];
