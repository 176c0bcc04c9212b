/** Refunds as they cross the wire. */
import * as v from 'valibot';
import { refundStates } from '$lib/payment/states';
import { currencySchema, idSchema, minorSchema, positiveMinorSchema, shortTextSchema } from './basics';

/** `POST /api/refunds`: the page makes the id; pressing twice makes one refund. Confirmed with the admin's password. */
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
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(200))
});
export type RequestRefund = v.InferOutput<typeof requestRefundSchema>;

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
  givenBackMinor: v.nullable(minorSchema)
});
export type RefundView = v.InferOutput<typeof refundViewSchema>;
