/**
 * What the rest of the server knows of the CodePay gateway: six functions and their typed answers. No field name of the
 * gateway crosses this border.
 *
 * Amounts are whole minor units of the ISO 4217 currency beside them. Nothing that the network or the gateway does is an
 * exception; a rejected promise is a {@link GatewayMisuse}, a bug in the caller, and then nothing was sent.
 */

/**
 * What a code lets the program conclude.
 *
 * Source: the contract's table "Codes other than 0".
 */
export type CodeClass =
  | 'ok'
  | 'not_created'
  | 'not_found'
  | 'duplicate_number'
  | 'busy'
  | 'final_refused'
  | 'balance'
  | 'clock'
  | 'signature'
  | 'merchant'
  | 'system'
  | 'unknown_code';

/** What a call left behind: goes to the event table. Never holds a payment code, a key or a body. */
export interface Evidence {
  /** The contract's `method`, e.g. `order.query`. */
  readonly method: string;
  /** The number that CodePay's support asks for; null where no verified answer gave one. */
  readonly psn: string | null;
  /** The verified answer's code; null for a fault, except for an odd shape, which was signed. */
  readonly code: string | null;
  /** The verified answer's `msg`; for a fault, our own words on what was wrong. */
  readonly message: string | null;
  /** SHA-256 of the bytes received, hex; null where no whole body came. */
  readonly rawSha256: string | null;
  readonly httpStatus: number | null;
  /** The answer's `Date` header as ISO 8601 UTC: a hint for the clock alarm. Not signed. */
  readonly gatewayDate: string | null;
  /** How long the call took, by the monotonic clock. */
  readonly durationMs: number;
}

/** Why a call has no answer. Only `not_sent` says anything about the money: that nothing was asked for. */
export type CallFault =
  /** Nothing of the request was written: connection refused, name not found, certificate refused. */
  | 'not_sent'
  /** No whole answer in time, or the caller gave up waiting. */
  | 'timeout'
  /** Reset, HTTP error, redirect, not JSON, cut off, too large. */
  | 'broken'
  /** An answer without a signature. */
  | 'unsigned'
  /** An answer whose signature is not the gateway's. */
  | 'bad_signature'
  /** Duplicate keys, or a success whose status or amount is missing or new. */
  | 'odd_shape';

/** A verified success of the *call*: what it says of the money is in `value`. */
export interface Answered<T> {
  readonly kind: 'answered';
  readonly codeClass: 'ok';
  readonly value: T;
  readonly evidence: Evidence;
}

/** A verified refusal. */
export interface Refused {
  readonly kind: 'refused';
  readonly codeClass: Exclude<CodeClass, 'ok'>;
  readonly evidence: Evidence;
}

/** No answer: the outcome is unknown, except after `not_sent`. */
export interface Faulted {
  readonly kind: 'fault';
  readonly fault: CallFault;
  readonly evidence: Evidence;
}

export type Answer<T> = Answered<T> | Refused | Faulted;

/** `trans_status` 9, 0, 1, 2, 3. */
export type TransStatus = 'created' | 'paying' | 'closed' | 'succeeded' | 'cancelled';

/**
 * What the gateway says of a payment. A field that the answer does not carry is null: a submit's answer carries neither
 * number, currency, asked amount nor merchant.
 *
 * Source: the contract's "bscanc.pay.submit" and "order.query".
 */
export interface PaymentFacts {
  readonly status: TransStatus;
  readonly merchantOrderNo: string | null;
  readonly currency: string | null;
  /** What was asked for: the amount to compare. */
  readonly orderAmountMinor: number | null;
  readonly merchantNo: string | null;
  readonly appId: string | null;
  readonly attach: string | null;
  readonly transNo: string | null;
  readonly payChannelTransNo: string | null;
  readonly payPlatformTransNo: string | null;
  readonly refNo: string | null;
  readonly payMethodId: string | null;
  readonly payUserAccountId: string | null;
  /** What the shopper paid, after discounts. */
  readonly paidAmountMinor: number | null;
  readonly transAmountMinor: number | null;
  /** `discount_bmopc`: paid by the merchant's offer, not settled. */
  readonly discountByMerchantMinor: number | null;
  /** `discount_bpc`: paid by the channel, settled. */
  readonly discountByChannelMinor: number | null;
  /** ISO 8601 UTC. */
  readonly transEndTime: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/**
 * What the gateway says of a refund; a field that the answer does not carry is null.
 *
 * Source: the contract's "order.refund.query".
 */
export interface RefundFacts {
  readonly status: TransStatus;
  readonly merchantOrderNo: string | null;
  readonly transNo: string | null;
  readonly origTransNo: string | null;
  readonly currency: string | null;
  readonly orderAmountMinor: number | null;
  readonly transAmountMinor: number | null;
  /** ISO 8601 UTC. */
  readonly transEndTime: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** The answer to a refund's submit: taken on, not done. */
export interface RefundTaken {
  readonly transNo: string | null;
  readonly transAmountMinor: number | null;
}

/**
 * A verified webhook, of a payment or of a refund: it only says that a query is due. `status` is null where the text is
 * one that we do not know, which makes a query no less due.
 *
 * Source: the contract's "Webhook".
 */
export interface GatewayNotification extends Omit<PaymentFacts, 'status' | 'merchantOrderNo'> {
  readonly merchantOrderNo: string;
  readonly status: TransStatus | null;
  /** `trans_status` as sent, known or not. */
  readonly statusText: string | null;
  readonly transType: string | null;
  /** Given for a refund. */
  readonly origTransNo: string | null;
  /** SHA-256 of the body, hex. */
  readonly rawSha256: string;
}

export type NotificationRead =
  | { readonly ok: true; readonly notification: GatewayNotification }
  | { readonly ok: false; readonly reason: 'unsigned' | 'bad_signature' | 'unreadable' | 'wrong_merchant' };

/** A wallet payment to ask for. */
export interface PaymentToSubmit {
  /** Ours, unique, at most 32 characters; one number asks for payment only once. */
  readonly merchantOrderNo: string;
  /** The shopper's secret, as scanned. It goes into the request and nowhere else. */
  readonly paymentCode: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly description: string;
  readonly attach: string;
  /** Whole seconds until an unpaid order closes by itself. */
  readonly expiresSeconds: number;
  /** Stops the waiting, not the payment. */
  readonly signal?: AbortSignal;
}

/** A refund to ask for, of one payment. */
export interface RefundToSubmit {
  readonly originalMerchantOrderNo: string;
  /** The refund's own number. */
  readonly merchantOrderNo: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
}

/** The gateway, as payments see it. Each call is sent at most once; nothing here repeats by itself. */
export interface Gateway {
  /** Asks for the money (`bscanc.pay.submit`). */
  submitPayment(payment: PaymentToSubmit): Promise<Answer<PaymentFacts>>;
  /** The state of a payment (`order.query`). */
  queryPayment(of: { readonly merchantOrderNo: string }): Promise<Answer<PaymentFacts>>;
  /** Closes an unpaid order, or gives the money back (`order.revoker`). Success says only that it was taken on. */
  cancelPayment(of: { readonly merchantOrderNo: string }): Promise<Answer<null>>;
  /** Asks for a refund (`order.refund.submit`). */
  submitRefund(refund: RefundToSubmit): Promise<Answer<RefundTaken>>;
  /**
   * The state of a refund (`order.refund.query`).
   *
   * @param of `currency`: the refund's own. The answer has none, and without one its amounts are null.
   */
  queryRefund(of: {
    readonly merchantOrderNo: string;
    readonly currency?: string;
  }): Promise<Answer<RefundFacts>>;
  /** Reads and verifies a webhook's body; the content type is only a hint, because gateways send it wrong. */
  parseNotification(sent: {
    readonly rawBody: string;
    readonly contentType: string | null;
  }): NotificationRead;
}
