/** An attempt as everybody sees it. Apart from what asks for money: who only looks need not load the orders' events. */
import * as v from 'valibot';
import { attemptStates } from '$lib/payment/states';
import { remedies } from '$lib/payment/remedy';
import { currencySchema, minorSchema } from './basics';

export const failReasons = ['not_sent', 'not_received', 'refused', 'declined'] as const;

/**
 * An attempt as a register and a manager see it. Durations are real milliseconds, counted by the server.
 * `GET /api/payments/{id}?after=<version>&waitMs=` answers when the version is above `after`, or the wait is over.
 */
export const attemptViewSchema = v.object({
  attemptId: v.string(),
  orderId: v.string(),
  merchantOrderNo: v.string(),
  state: v.picklist(attemptStates),
  /** Grows with every change; what a waiting client sends back. */
  version: v.number(),
  failReason: v.nullable(v.picklist(failReasons)),
  remedy: v.nullable(v.picklist(remedies)),
  /** The gateway's own words, for "Details". */
  errorCode: v.nullable(v.string()),
  errorText: v.nullable(v.string()),
  /** 0 for an attempt that was shut before it arrived. */
  amountMinor: v.pipe(minorSchema, v.minValue(0)),
  currency: currencySchema,
  /** The last four characters of the payment code. */
  codeLast4: v.string(),
  wallet: v.nullable(v.string()),
  /** What the shopper paid; less than the amount where the wallet made an offer. */
  paidMinor: v.nullable(minorSchema),
  offerByMerchantMinor: minorSchema,
  offerByChannelMinor: minorSchema,
  createdAt: v.string(),
  endedAt: v.nullable(v.string()),
  /** Milliseconds since the attempt's row was committed. */
  ageMs: v.number(),
  /** Milliseconds until Till stops the payment by itself; null when it no longer waits for the shopper. */
  shopperHasMs: v.nullable(v.number()),
  /** The whole time that the shopper had, for a bar that fills. */
  shopperHadMs: v.number(),
  /** A stop was asked for: milliseconds until the server may carry it out (0: under way); null: none was asked for. */
  stopInMs: v.nullable(v.number()),
  nextAskInMs: v.nullable(v.number()),
  lastAskedAt: v.nullable(v.string()),
  /** False when the gateway could not be reached at the last try. */
  gatewayReachable: v.boolean(),
  /** `counter`: for its first 60 s or while cancelling; `desk`: still open, handed to a manager; `ended`. */
  place: v.picklist(['counter', 'desk', 'ended']),
  psn: v.nullable(v.string()),
  /** In training the code was used before: only a hint. */
  codeSeenBefore: v.boolean(),
  /** A manager wrote that the shopper was not charged: still asked about, but the order may be paid otherwise. */
  setAside: v.optional(v.boolean()),
  /** A manager wrote that the shopper was charged: the order is closed, and counts when the wallet confirms it. */
  writtenCharged: v.optional(v.boolean()),
  /** Where this shop cannot take the wallet: the wallets that it was paid with, the usual one first. */
  takenHere: v.optional(v.array(v.string()))
});
export type AttemptView = v.InferOutput<typeof attemptViewSchema>;
