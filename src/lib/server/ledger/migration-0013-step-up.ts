/** Who confirmed just now that it is really they who give money back, and up to which amount a PIN is enough for it. */
export const stepUpStatements: readonly string[] = [
  // 0 for a shop that is there already: it goes on asking for the password until an admin says otherwise.
  `ALTER TABLE shop ADD COLUMN refund_pin_limit_minor INTEGER NOT NULL DEFAULT 0`,
  `CREATE TABLE step_ups (
    session_id TEXT PRIMARY KEY, staff_id TEXT NOT NULL, how TEXT NOT NULL CHECK (how IN ('pin', 'password')),
    at_ms INTEGER NOT NULL) STRICT`
];
