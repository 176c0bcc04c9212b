/**
 * The state machines of wallet money: one list of names for code, screens, tests and documents.
 *
 * An attempt to take a payment:
 *
 *   intent ──> submitted ──> paying ──> succeeded            open: intent, submitted, paying, unknown, cancelling
 *     │            │  ╲      ╱ │ ╲                           ends: succeeded, failed, cancelled, void
 *     │            │   unknown │  ╲
 *     │            │     │     │   ╲                         the only way out of an end:
 *     │            └─────┴─> cancelling ──> cancelled          failed | cancelled ──> paid_late ──> attached | refunded
 *     └──> failed  <── any open state
 *
 *   (nothing) ──> void: an attempt that never arrived, shut so that it never can (money rule 3)
 *
 * A refund:
 *
 *   intent ──> submitted ──> refunding ──> succeeded | failed          on the way: unknown, waiting_funds
 *
 * An event names evidence, not a wish. One that cannot happen in a state throws: that is a bug, never a payment's end.
 */

export const openAttemptStates = ['intent', 'submitted', 'paying', 'unknown', 'cancelling'] as const;
export const endedAttemptStates = ['succeeded', 'failed', 'cancelled', 'void'] as const;
export const lateAttemptStates = ['paid_late', 'attached', 'refunded'] as const;
export const attemptStates = [...openAttemptStates, ...endedAttemptStates, ...lateAttemptStates] as const;

export type OpenAttemptState = (typeof openAttemptStates)[number];
export type AttemptState = (typeof attemptStates)[number];

/** Why an attempt is `failed`. */
export type FailReason =
  /** Nothing of the request was ever written to the network. */
  | 'not_sent'
  /** The gateway never got it: not found twice after its life, and shut by a cancel. */
  | 'not_received'
  /** The gateway refused the request itself in a way that creates nothing (a bad code, an amount limit). */
  | 'refused'
  /** The payment was made and closed: declined, or its time was up. */
  | 'declined';

export type AttemptEvent =
  /** The row that says "sending" is committed; the one submit leaves now. */
  | { readonly type: 'submit_started' }
  /** Provably nothing was written: connection refused, or the row never left `intent`. */
  | { readonly type: 'nothing_sent' }
  /** Any doubt: time-out, reset, bad or missing signature, odd shape, unknown code, a success not yet proven by a query. */
  | { readonly type: 'doubt_arose' }
  /** A signed answer says that the shopper is still to act. */
  | { readonly type: 'seen_paying' }
  /** A signed query that matches number, currency and amount says 2. */
  | { readonly type: 'proven_paid' }
  /** A signed query says 1, or a creating-nothing refusal was confirmed by a query. */
  | { readonly type: 'proven_failed'; readonly reason: FailReason }
  /** A signed query says 3 (or 1) after a cancel of ours, or 3 at any time. */
  | { readonly type: 'proven_cancelled' }
  /** A cancel's row is committed: from here success is provisional (money rule 6). */
  | { readonly type: 'cancel_committed' }
  /** A manager attached late money to its order. */
  | { readonly type: 'late_money_attached' }
  /** Late money was given back in full: its refund succeeded, or two queries apart say that the gateway sent it back. */
  | { readonly type: 'late_money_returned' };

/** A state machine was given an event that its state does not know: a bug in the caller. */
export class ImpossibleEvent extends Error {
  constructor(machine: string, state: string, event: string) {
    super(`${machine} in state "${state}" cannot take "${event}"`);
    this.name = 'ImpossibleEvent';
  }
}

const openAttempts: ReadonlySet<AttemptState> = new Set(openAttemptStates);

/** True while the gateway must be asked: the attempt's end is not known. */
export function isOpen(state: AttemptState): state is OpenAttemptState {
  return openAttempts.has(state);
}

/** True where the money is the shop's: it counts as takings. */
export function isMoneyIn(state: AttemptState): boolean {
  return state === 'succeeded' || state === 'attached';
}

/**
 * The attempt's next state.
 *
 * @throws {@link ImpossibleEvent} when the event cannot happen in this state
 */
export function nextAttemptState(state: AttemptState, event: AttemptEvent): AttemptState {
  switch (state) {
    case 'intent':
      switch (event.type) {
        case 'submit_started':
          return 'submitted';
        case 'nothing_sent':
          return 'failed';
        default:
          throw new ImpossibleEvent('attempt', state, event.type);
      }
    case 'submitted':
    case 'paying':
    case 'unknown':
      switch (event.type) {
        case 'nothing_sent':
          if (state === 'submitted') return 'failed';
          throw new ImpossibleEvent('attempt', state, event.type);
        case 'doubt_arose':
          return 'unknown';
        case 'seen_paying':
          return 'paying';
        case 'proven_paid':
          return 'succeeded';
        case 'proven_failed':
          return 'failed';
        case 'proven_cancelled':
          return 'cancelled';
        case 'cancel_committed':
          return 'cancelling';
        default:
          throw new ImpossibleEvent('attempt', state, event.type);
      }
    case 'cancelling':
      switch (event.type) {
        // A cancel is out: doubt and "still paying" change nothing, only proof ends it.
        case 'doubt_arose':
        case 'seen_paying':
        case 'cancel_committed':
          return 'cancelling';
        case 'proven_paid':
          return 'succeeded';
        case 'proven_failed':
          return 'failed';
        case 'proven_cancelled':
          return 'cancelled';
        default:
          throw new ImpossibleEvent('attempt', state, event.type);
      }
    case 'failed':
    case 'cancelled':
      if (event.type === 'proven_paid') return 'paid_late';
      throw new ImpossibleEvent('attempt', state, event.type);
    case 'paid_late':
      if (event.type === 'late_money_attached') return 'attached';
      if (event.type === 'late_money_returned') return 'refunded';
      throw new ImpossibleEvent('attempt', state, event.type);
    case 'succeeded':
    case 'void':
    case 'attached':
    case 'refunded':
      throw new ImpossibleEvent('attempt', state, event.type);
  }
}

export const openRefundStates = ['intent', 'submitted', 'refunding', 'unknown', 'waiting_funds'] as const;
export const refundStates = [...openRefundStates, 'succeeded', 'failed'] as const;

export type OpenRefundState = (typeof openRefundStates)[number];
export type RefundState = (typeof refundStates)[number];

export type RefundEvent =
  | { readonly type: 'submit_started' }
  | { readonly type: 'nothing_sent' }
  | { readonly type: 'doubt_arose' }
  | { readonly type: 'seen_refunding' }
  /** Refused for lack of balance, and a query found nothing: the same number goes again later. */
  | { readonly type: 'funds_lacking' }
  | { readonly type: 'proven_refunded' }
  | { readonly type: 'proven_failed' };

const openRefunds: ReadonlySet<RefundState> = new Set(openRefundStates);

/** True while the refund's end is not known. */
export function isRefundOpen(state: RefundState): state is OpenRefundState {
  return openRefunds.has(state);
}

/**
 * The refund's next state. Only a query ends it.
 *
 * @throws {@link ImpossibleEvent} when the event cannot happen in this state
 */
export function nextRefundState(state: RefundState, event: RefundEvent): RefundState {
  switch (state) {
    case 'intent':
    case 'waiting_funds':
      switch (event.type) {
        case 'submit_started':
          return 'submitted';
        case 'proven_refunded':
          if (state === 'waiting_funds') return 'succeeded';
          throw new ImpossibleEvent('refund', state, event.type);
        case 'proven_failed':
          if (state === 'waiting_funds') return 'failed';
          throw new ImpossibleEvent('refund', state, event.type);
        case 'seen_refunding':
          if (state === 'waiting_funds') return 'refunding';
          throw new ImpossibleEvent('refund', state, event.type);
        case 'doubt_arose':
        case 'funds_lacking':
          if (state === 'waiting_funds') return 'waiting_funds';
          throw new ImpossibleEvent('refund', state, event.type);
        default:
          throw new ImpossibleEvent('refund', state, event.type);
      }
    case 'submitted':
    case 'refunding':
    case 'unknown':
      switch (event.type) {
        case 'nothing_sent':
          // The number is kept and sent again: a request that never left created nothing.
          if (state === 'submitted') return 'intent';
          throw new ImpossibleEvent('refund', state, event.type);
        case 'submit_started':
          // Only after its query answered "not found" twice, 60 s apart (money rule 7).
          if (state === 'unknown') return 'submitted';
          throw new ImpossibleEvent('refund', state, event.type);
        case 'doubt_arose':
          return 'unknown';
        case 'seen_refunding':
          return 'refunding';
        case 'funds_lacking':
          return 'waiting_funds';
        case 'proven_refunded':
          return 'succeeded';
        case 'proven_failed':
          return 'failed';
      }
      break;
    case 'succeeded':
    case 'failed':
      throw new ImpossibleEvent('refund', state, event.type);
  }
}
