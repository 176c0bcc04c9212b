/** Refunds as they cross the wire. */
import * as v from 'valibot';
import { refundStates } from '$lib/payment/states';
import { currencySchema, idSchema, minorSchema, positiveMinorSchema, shortTextSchema } from './basics';

/**
 * Who asks for money proves again who they are: by the own password, by the own PIN at a register where the shop's limit
 * lets it, or by nothing where this session did so a moment ago.
 */
export const proofEntries = {
  password: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  pin: v.optional(v.pipe(v.string(), v.regex(/^\d{4,8}$/)))
};
export type Proof = v.InferOutput<v.ObjectSchema<typeof proofEntries, undefined>>;

/** `GET /api/refunds/proof?attemptId=&amountMinor=`: what the page has to ask for. */
export const proofNeededSchema = v.object({ needs: v.picklist(['nothing', 'pin', 'password']) });
export type ProofNeeded = v.InferOutput<typeof proofNeededSchema>['needs'];

/** `POST /api/refunds`: the page makes the id; pressing twice makes one refund. */
export const requestRefundSchema = v.object({
  refundId: idSchema,
  attemptId: idSchema,
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  reason: shortTextSchema,
  /** Which lines it is for, for the receipt; the amount alone decides. */
  lines: v.array(
    v.object({ lineId: idSchema, quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })
  ),
  ...proofEntries
});
export type RequestRefund = v.InferOutput<typeof requestRefundSchema>;
/** The refund itself, without the proof. */
export type WantedRefund = Omit<RequestRefund, keyof Proof>;

/** `POST /api/refunds/{id}/cash`: all of a refund that failed, out of the drawer. The page makes the id; twice is once. */
export const payRefundInCashSchema = v.object({
  cashId: idSchema,
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  ...proofEntries
});
export type PayRefundInCash = v.InferOutput<typeof payRefundInCashSchema>;

export const refundViewSchema = v.object({
  refundId: v.string(),
  attemptId: v.string(),
  orderId: v.string(),
  merchantOrderNo: v.string(),
  state: v.picklist(refundStates),
  version: v.number(),
  amountMinor: positiveMinorSchema,
  currency: currencySchema,
  reason: v.string(),
  lines: v.array(v.object({ lineId: v.string(), quantity: v.number() })),
  requestedBy: v.string(),
  createdAt: v.string(),
  endedAt: v.nullable(v.string()),
  nextAskInMs: v.nullable(v.number()),
  errorCode: v.nullable(v.string()),
  errorText: v.nullable(v.string()),
  psn: v.nullable(v.string()),
  /** What the gateway says it gave back. */
  givenBackMinor: v.nullable(minorSchema),
  /** It failed, and was paid out of a drawer instead. */
  paidInCash: v.optional(v.nullable(v.object({ by: v.string(), at: v.string() })), null)
});
export type RefundView = v.InferOutput<typeof refundViewSchema>;
