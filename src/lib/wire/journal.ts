/** A register's journal on its way to the server, and where it stands there. */
import * as v from 'valibot';
import { attemptStates } from '$lib/payment/states';
import { currencySchema, idSchema, positiveMinorSchema } from './basics';

/** So many entries are handed in at once, at the most. */
export const mostEntriesAtOnce = 200;
/** Entries are put together up to so many bytes of JSON; one alone may be larger. */
export const entryBytesAtOnce = 256 * 1024;
/** The bytes of a whole request with entries, at the most: also one with a large entry and a checkpoint fits. */
export const mostJournalBytes = 2 * 1024 * 1024;

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `POST /api/journal`: entries of one epoch, in order. What the server has already is passed over. */
export const sendJournalSchema = v.object({
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** As they stand in the journal. Each is checked by its hash; one that can't be read stops the chain, not the request. */
  entries: v.pipe(v.array(v.unknown()), v.maxLength(mostEntriesAtOnce)),
  /**
   * The register's newest checkpoint entry, where the server stands at entries that the register let go: how the chain
   * goes on after them. The first of `entries` follows it.
   */
  checkpoint: v.optional(v.unknown()),
  /** How many the register holds that the server has not confirmed, these included: for the manager's list. */
  waiting: v.optional(countSchema, 0),
  /** The register's own time as it sends, since 1970: entries carry that clock's times, which may be years off. */
  sentAtMs: v.optional(v.pipe(v.number(), v.safeInteger()))
});
export type SendJournal = v.InferOutput<typeof sendJournalSchema>;

/**
 * Why an entry can't be believed:
 * - `unreadable`: it has not the shape of an entry.
 * - `wrong_register`: it belongs to another register or epoch.
 * - `wrong_hash`: its content is not what was hashed.
 * - `wrong_prev`: it does not follow the last entry that is kept here.
 * - `fork`: another entry with this number is kept here: two journals were written under one name.
 */
export const deadLetterReasons = [
  'unreadable',
  'wrong_register',
  'wrong_hash',
  'wrong_prev',
  'fork'
] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** The answer to both: what is kept of this epoch. The register goes on from `lastSeq`, wherever it thought it was. */
export const journalStandingSchema = v.object({
  registerId: v.string(),
  epoch: v.number(),
  lastSeq: v.number(),
  /** Hash of that entry; null where there is none. */
  lastHash: v.nullable(v.string()),
  /** Null while the chain goes on. */
  stopped: v.nullable(v.object({ seq: v.number(), reason: v.picklist(deadLetterReasons) })),
  /** The register need not keep entries up to this number any longer: the server has had them for the shop's time. */
  mayLeaveUpTo: v.optional(v.number())
});
export type JournalStanding = v.InferOutput<typeof journalStandingSchema>;

/** The body of an `attempt_requested` entry. */
export const attemptRequestedSchema = v.object({
  attemptId: idSchema,
  orderId: idSchema,
  orderNumber: v.string(),
  revision: countSchema,
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  codeLast4: v.string()
});
export type AttemptRequestedBody = v.InferOutput<typeof attemptRequestedSchema>;

/** What the server needs of the body of an `attempt_seen` entry. */
export const attemptSeenSchema = v.object({
  attemptId: idSchema,
  /** `refused`: the server turned the request down before it made an attempt. */
  state: v.picklist([...attemptStates, 'refused']),
  version: countSchema
});
export type AttemptSeenBody = v.InferOutput<typeof attemptSeenSchema>;

/** What the server needs of the body of a `checkpoint` entry: where chains go on, and what was not over there. */
export const checkpointSchema = v.object({
  cuts: v.array(v.object({ epoch: countSchema, upTo: countSchema, hash: v.string() })),
  orders: v.array(v.object({ orderId: idSchema, events: v.array(v.unknown()) })),
  attempts: v.array(
    v.object({
      orderId: idSchema,
      requestedAtMs: v.pipe(v.number(), v.safeInteger()),
      requested: attemptRequestedSchema,
      seen: v.nullable(v.unknown())
    })
  )
});
export type CheckpointBody = v.InferOutput<typeof checkpointSchema>;
