/** What the server knows of a register's journal in the browser: who writes it, and the keys that sign its exports. */
export const writerStatements: readonly string[] = [
  `ALTER TABLE registers ADD COLUMN writer_term INTEGER NOT NULL DEFAULT 0`,
  `CREATE TABLE journal_keys (
    register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL, public_key TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL, PRIMARY KEY (register_id, epoch, public_key)) STRICT`
];
