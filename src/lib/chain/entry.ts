/**
 * The shape of what is written down and never changed: a numbered entry that carries the hash of the one before it.
 * The register's journal is made of them; the audit trail and the closings use the same chain with kinds of their own.
 */
import type { JsonObject } from './canonical-json';

/** What a register writes into its journal. */
export type EntryKind =
  | 'register_enrolled'
  | 'order_event'
  | 'attempt_requested'
  | 'attempt_seen'
  | 'refund_seen'
  | 'shift'
  | 'cash_moved'
  | 'drawer_kicked'
  | 'checkpoint';

/**
 * An entry of a chain. A chain belongs to one register (or another writer with an id) in one epoch: every enrolment
 * raises the epoch and begins a new chain at 1.
 */
export interface ChainEntry<Kind extends string = string> {
  readonly registerId: string;
  readonly epoch: number;
  /** From 1, without gaps within the epoch. */
  readonly seq: number;
  /** ISO 8601, UTC, by the writer's clock: shown to people, never used to order things. */
  readonly at: string;
  /** Milliseconds on the writer's monotonic clock, which a change of the wall clock does not move. */
  readonly monotonicMs: number;
  readonly kind: Kind;
  readonly orderId: string | null;
  readonly body: JsonObject;
  /** `hash` of the entry before, 64 zeros for the first. */
  readonly prevHash: string;
  /** SHA-256 over the canonical JSON of all other fields: 64 lower-case hex digits. */
  readonly hash: string;
}

/** An entry of a register's journal. */
export type JournalEntry = ChainEntry<EntryKind>;

/** An entry before it has its own hash. */
export type UnhashedEntry<Kind extends string = string> = Omit<ChainEntry<Kind>, 'hash'>;

/** What the writer says; number and hashes come from the chain. */
export type EntryDraft<Kind extends string = string> = Omit<ChainEntry<Kind>, 'seq' | 'prevHash' | 'hash'>;

/** The last entry of a chain, as far as the next one needs it. A whole entry will do. */
export interface ChainHead {
  readonly registerId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly hash: string;
}

/** `prevHash` of the first entry. */
export const firstPrevHash = '0'.repeat(64);

const entryFields = [
  'registerId',
  'epoch',
  'seq',
  'at',
  'monotonicMs',
  'kind',
  'orderId',
  'body',
  'prevHash',
  'hash'
] as const;

/**
 * Says whether a value that came from a disk or a network has the shape of an entry: all fields, no others. What its
 * kind and body mean is the reader's business, and whether it is genuine is `verifyChain`'s.
 */
export function isChainEntry(value: unknown): value is ChainEntry {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  if (fields.size !== entryFields.length || !entryFields.every((name) => fields.has(name))) return false;

  const body = fields.get('body');
  const monotonicMs = fields.get('monotonicMs');
  return (
    isCount(fields.get('epoch'), 0) &&
    isCount(fields.get('seq'), 1) &&
    typeof monotonicMs === 'number' &&
    Number.isFinite(monotonicMs) &&
    isText(fields.get('registerId')) &&
    isText(fields.get('at')) &&
    isText(fields.get('kind')) &&
    (fields.get('orderId') === null || isText(fields.get('orderId'))) &&
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    isHash(fields.get('prevHash')) &&
    isHash(fields.get('hash'))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown, from: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= from;
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
