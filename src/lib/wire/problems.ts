/**
 * Errors as problem details (RFC 9457), with a stable `code`. Every code says in `docs/problems.md` what happened,
 * whether money moved, and what to do.
 */
import * as v from 'valibot';

export const problemCodes = [
  'bad_request',
  'not_signed_in',
  'not_allowed',
  'not_found',
  'wrong_origin',
  'wrong_password',
  'proof_needed',
  'too_many_tries',
  'contract_changed',
  'register_unknown',
  'register_replaced',
  'tab_replaced',
  'order_busy',
  'already_paid',
  'amount_too_high',
  'attempt_conflict',
  'attempt_void',
  'code_used',
  'price_changed',
  'order_conflict',
  'not_refundable',
  'refund_too_high',
  'order_not_paid',
  'refund_in_flight',
  'refund_conflict',
  'cancel_unanswered',
  'not_confirmed',
  'not_attachable',
  'not_resolvable',
  'task_not_done',
  'barcode_wrong',
  'barcode_taken',
  'name_taken',
  'still_used',
  'setting_fixed',
  'too_large',
  'person_conflict',
  'storage_failed',
  'server_error'
] as const;

export type ProblemCode = (typeof problemCodes)[number];

export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  /** Stable: what programs decide by. */
  code: v.picklist(problemCodes),
  /** For people: what happened, whether money moved, what to do now. */
  detail: v.string(),
  /** What a program needs besides: `heldBy` and `heldByName` for `order_busy`, `totalMinor` for `price_changed`. */
  extra: v.optional(v.record(v.string(), v.unknown()))
});

export type Problem = v.InferOutput<typeof problemSchema>;
