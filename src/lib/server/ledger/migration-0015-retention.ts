/**
 * How long tills keep what this server has of their journals, and what of a journal is missing here because the server
 * was restored from a time before it and the till had let it go.
 */
export const retentionStatements: readonly string[] = [
  `ALTER TABLE shop ADD COLUMN journal_keep_days INTEGER NOT NULL DEFAULT 90`,
  // What may leave a till is the last entry that came before a moment.
  `CREATE INDEX journal_entries_by_receipt ON journal_entries (register_id, epoch, received_at_ms, seq)`,
  // "checkpoint": the till's own entry that says where its chain goes on, and what was not over at that point.
  `CREATE TABLE journal_holes (
    register_id TEXT NOT NULL REFERENCES registers (id), epoch INTEGER NOT NULL, from_seq INTEGER NOT NULL,
    to_seq INTEGER NOT NULL, checkpoint TEXT NOT NULL, noticed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (register_id, epoch, from_seq)) STRICT`
];
