/** The ledger's tables about registers' journals: keys, tokens, codes, entries as they came, and what is learnt from them. */
import type { Generated } from 'kysely';

/** What the exported journals of a register's epoch are verified with. Its other half never leaves the browser. */
export interface JournalKeysTable {
  register_id: string;
  epoch: number;
  /** SPKI, base64. */
  public_key: string;
  received_at_ms: number;
}

/** What a register's browser was known by before it was enrolled anew: good for handing in that epoch's entries. */
export interface RegisterTokensTable {
  token_sha256: string;
  register_id: string;
  epoch: number;
  replaced_at_ms: number;
}

/** A manager's one-time codes, with which a browser becomes an existing register. */
export interface EnrolCodesTable {
  code_sha256: string;
  register_id: string;
  made_by: string;
  made_at_ms: number;
  expires_at_ms: number;
  used_at_ms: number | null;
  used_by: string | null;
}

/** Where a register's chain of one epoch stands on the server. */
export interface JournalHeadsTable {
  register_id: string;
  epoch: number;
  seq: number;
  hash: string;
  /** Entries that the register still held when it last sent some. */
  waiting: number;
  received_at_ms: number | null;
  /** The entry that could not be believed; null while the chain goes on. */
  stopped_seq: number | null;
  stopped_reason: string | null;
  stopped_at_ms: number | null;
}

/** A register's journal as it was written there. Append-only. */
export interface JournalEntriesTable {
  register_id: string;
  epoch: number;
  seq: number;
  kind: string;
  order_id: string | null;
  /** By the register's clock, never later than the day on which it came. */
  business_day: string;
  hash: string;
  /** The whole entry as canonical JSON. */
  raw: string;
  received_at_ms: number;
  /** Which rule it breaks, for a person to look at; it counts as the counter recorded it. */
  question: string | null;
}

/** Entries that a backup did not have and the register had let go: only their end and what was not over is known. */
export interface JournalHolesTable {
  register_id: string;
  epoch: number;
  from_seq: number;
  to_seq: number;
  /** The register's checkpoint as canonical JSON. */
  checkpoint: string;
  noticed_at_ms: number;
}

export interface JournalDeadLettersTable {
  id: Generated<number>;
  register_id: string;
  epoch: number;
  seq: number;
  reason: string;
  raw: string;
  received_at_ms: number;
}

/** A wallet payment as a journal tells of it. */
export interface JournalAttemptsTable {
  attempt_id: string;
  register_id: string;
  epoch: number;
  order_id: string;
  order_revision: number;
  amount_minor: number;
  currency: string;
  code_last4: string;
  requested_at_ms: number;
  business_day: string;
  /** The newest state that the register saw, or null. */
  seen_state: string | null;
  seen_version: number | null;
  /** When the ledger, not knowing of it, takes it up and asks; null: it knows, or nothing can come of it. */
  learn_after_ms: number | null;
  learned_at_ms: number | null;
}
