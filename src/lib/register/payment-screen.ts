import type { Remedy } from '$lib/payment/remedy';
import { isMoneyIn, isOpen } from '$lib/payment/states';
import type { Problem, ProblemCode } from '$lib/wire/problems';
import type { Attempt } from './api';

/** For "Details": what support asks for. None of it is secret. */
export interface PaymentDetails {
  readonly code: string | null;
  readonly text: string | null;
  readonly psn: string | null;
  readonly merchantOrderNo: string | null;
  readonly attemptId: string | null;
}

/** Where no payment was made yet. */
export const noDetails: PaymentDetails = {
  code: null,
  text: null,
  psn: null,
  merchantOrderNo: null,
  attemptId: null
};

/**
 * What is asked for instead of the first scan: one more, or (`show_again`) the same phone, taken away meanwhile, because a
 * stand or a camera reads what lies there by itself.
 */
export type ReadyNotice = 'once_more' | 'show_again';

/** What every screen of the stage knows. Amounts in minor units of `currency`. */
interface ScreenBase {
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly codeLast4: string | null;
  readonly wallet: string | null;
  readonly details: PaymentDetails;
}

/** The money's own numbers where it came: `paidMinor` is what the shopper paid, less wallet offers. */
interface PaidNumbers {
  readonly paidMinor: number;
  readonly offerByMerchantMinor: number;
  readonly offerByChannelMinor: number;
  /** ISO 8601. */
  readonly paidAt: string;
}

/**
 * What the pay stage shows: the states of the word table, one name each. Durations are milliseconds that count down
 * by themselves (read again on every tick); null where there is nothing to count.
 */
export type PaymentScreen = ScreenBase &
  (
    | {
        readonly state: 'ready';
        /**
         * `once_more`: the code was scanned in a moment that one-scan checkout does not trust. `show_again`: it still lies
         * before the scanner, which reads it by itself. Nothing was sent.
         */
        readonly ask: 'code' | ReadyNotice;
        /** A product scanned in the panel was added: its name, for the quiet line. */
        readonly justAdded: string | null;
      }
    | { readonly state: 'sending' }
    | {
        readonly state: 'paying';
        readonly leftMs: number | null;
        readonly hadMs: number;
        /** After 20 s: "Nothing on the phone? Check that it has internet." */
        readonly slow: boolean;
      }
    | { readonly state: 'stopping'; readonly leftMs: number | null; readonly timeUp: boolean }
    | {
        readonly state: 'unknown';
        readonly nextAskMs: number | null;
        readonly canStop: boolean;
        /** Our own request is not accepted (clock, key, contract): no wallet payment can come about here. */
        readonly shopFault?: true;
      }
    | { readonly state: 'offline' }
    /** Till could not write the request down, so it sent nothing; open until Till can say so for sure. */
    | { readonly state: 'not_saved' }
    /** `savedAgain`: it was Till that could not save, and now it can. */
    | { readonly state: 'not_sent'; readonly savedAgain?: true }
    | ({ readonly state: 'paid' } & PaidNumbers)
    | {
        readonly state: 'declined';
        readonly remedy: Remedy;
        /** Where the shop cannot take the wallet: those that it can. */
        readonly takenHere: readonly string[];
        /**
         * Somebody asked once more: under way, no answer that settles it, or when (ISO 8601) the wallet said no again;
         * null: nobody did.
         */
        readonly askedAgain: 'now' | 'unclear' | { readonly at: string } | null;
      }
    | { readonly state: 'stopped' }
    | ({ readonly state: 'paid_after_all' } & PaidNumbers)
    | { readonly state: 'code_used' }
    | { readonly state: 'merchant_code' }
    | { readonly state: 'already_paid' }
    | { readonly state: 'journal_failed' }
    /** This tablet can't reach Till: the code was not sent, and is forgotten. */
    | { readonly state: 'no_network' }
    /** Till does not know yet who stands here: the code was not sent, and is forgotten. */
    | { readonly state: 'pin_first' }
    /** Money came after the end, or (`paidOtherwise`) after its order had gone on without it: a manager decides. */
    | { readonly state: 'late'; readonly paidOtherwise: boolean }
    /**
     * A manager wrote that the shopper was not charged: the order may be paid another way, or (`paidOtherwise`) has gone on
     * without this payment. Till keeps asking about it.
     */
    | { readonly state: 'set_aside'; readonly paidOtherwise: boolean }
    /** A manager wrote that the shopper was charged: the order is closed, and counts when the wallet says so. */
    | { readonly state: 'written_charged' }
    /** Another payment holds the order: at which till, where the server says it. */
    | { readonly state: 'order_busy'; readonly heldBy: string | null }
    /** The server's prices differ: nothing was sent; charge again at `newTotalMinor`. */
    | { readonly state: 'price_changed'; readonly newTotalMinor: number | null }
    /** The server refused before anything left it; no money moved. `detail` is for people. */
    | { readonly state: 'refused'; readonly problem: ProblemCode; readonly detail: string }
  );

export type PaymentScreenState = PaymentScreen['state'];

/** Most payments end within it: nothing but "Charging" is shown, so that nothing flickers. */
export const sendingMs = 1500;
/** After it the shopper's phone may be offline. */
export const slowMs = 20_000;
/** Without any word from the server for so long it is "not confirmed", not "charging". */
export const silentMs = 5000;

/** How an attempt ended on the register without the ledger's own end. */
export type LocalEnd =
  /** It could not be journaled: nothing was sent. */
  | { readonly kind: 'journal_failed' }
  /** The server turned it down before it was made. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** It never arrived and was shut. */
  | { readonly kind: 'void' };

/** What the register knows of an attempt at one moment; all times monotonic milliseconds. */
export interface PaymentFacts {
  readonly attemptId: string;
  readonly orderNumber: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly codeLast4: string;
  /** Null for an attempt that was found again after a reload. */
  readonly startedAtMs: number | null;
  readonly nowMs: number;
  readonly view: Attempt | null;
  /** When `view` arrived. */
  readonly viewAtMs: number;
  readonly localEnd: LocalEnd | null;
  /** The last question to Till had no answer. */
  readonly offline: boolean;
  /** Till's answer to the last question was that it can't. */
  readonly failing: boolean;
  /** Till's answer to the request itself was that it could not write it down. */
  readonly unsaved: boolean;
  readonly stopAsked: boolean;
  /** Nobody asked for the stop: the shopper's time was up. */
  readonly timeUp: boolean;
  /** "Paid after all" was answered with Keep. */
  readonly kept: boolean;
  /** It was set aside, and its order goes on without it. */
  readonly paidOtherwise: boolean;
  /** "Ask now" after a "no" is under way. */
  readonly lookingAgain: boolean;
  /** ISO 8601: where the server's own time is missing. */
  readonly endedAt: string;
}

type ScreenBody = PaymentScreen extends infer Screen
  ? Screen extends ScreenBase
    ? Omit<Screen, keyof ScreenBase>
    : never
  : never;

/** The state of the word table that the facts say. */
export function screenOf(facts: PaymentFacts): PaymentScreen {
  const { view } = facts;
  const base: ScreenBase = {
    orderNumber: facts.orderNumber,
    amountMinor: facts.amountMinor,
    currency: facts.currency,
    codeLast4: facts.codeLast4,
    wallet: view?.wallet ?? null,
    details: {
      code: view?.errorCode ?? (facts.localEnd?.kind === 'refused' ? facts.localEnd.problem.code : null),
      text: view?.errorText ?? null,
      psn: view?.psn ?? null,
      merchantOrderNo: view?.merchantOrderNo ?? null,
      attemptId: facts.attemptId
    }
  };
  return { ...base, ...bodyOf(facts) };
}

function bodyOf(facts: PaymentFacts): ScreenBody {
  const { view, localEnd } = facts;
  if (localEnd !== null) return localEndBody(localEnd);
  if (view !== null && !isOpen(view.state)) return endBody(facts, view);
  return openBody(facts);
}

function localEndBody(end: LocalEnd): ScreenBody {
  switch (end.kind) {
    case 'journal_failed':
      return { state: 'journal_failed' };
    case 'void':
      return { state: 'not_sent' };
    case 'refused':
      return refusedBody(end.problem);
  }
}

function refusedBody(problem: Problem): ScreenBody {
  switch (problem.code) {
    case 'code_used':
      return { state: 'code_used' };
    case 'already_paid':
      return { state: 'already_paid' };
    case 'attempt_void':
      return { state: 'not_sent' };
    case 'order_busy': {
      const name = problem.extra?.['heldByName'];
      return { state: 'order_busy', heldBy: typeof name === 'string' ? name : null };
    }
    case 'price_changed': {
      const total = problem.extra?.['totalMinor'];
      return { state: 'price_changed', newTotalMinor: typeof total === 'number' ? total : null };
    }
    default:
      return { state: 'refused', problem: problem.code, detail: problem.detail };
  }
}

/** What an attempt's end means at the counter. */
export type EndState = 'paid' | 'not_sent' | 'late' | 'stopped' | 'declined';

/** @param end an attempt at its end, as the server said it */
export function endState({
  state,
  failReason,
  remedy
}: Pick<Attempt, 'state' | 'failReason' | 'remedy'>): EndState {
  if (isMoneyIn(state)) return 'paid';
  if (state === 'void') return 'not_sent';
  if (state === 'paid_late' || state === 'refunded') return 'late';
  if (state === 'cancelled') return 'stopped';
  // failed
  if (failReason === 'not_sent' || remedy === 'check_internet') return 'not_sent';
  if (failReason === 'not_received' || remedy === 'try_again') return 'stopped';
  return 'declined';
}

function endBody(facts: PaymentFacts, view: Attempt): ScreenBody {
  const state = endState(view);
  switch (state) {
    case 'paid':
      if (facts.paidOtherwise) return { state: 'late', paidOtherwise: true };
      return {
        // asked for back only where somebody had pressed "Stop payment"
        state:
          facts.stopAsked && !facts.timeUp && !facts.kept && view.state === 'succeeded'
            ? 'paid_after_all'
            : 'paid',
        paidMinor: view.paidMinor ?? view.amountMinor,
        offerByMerchantMinor: view.offerByMerchantMinor,
        offerByChannelMinor: view.offerByChannelMinor,
        paidAt: view.endedAt ?? facts.endedAt
      };
    case 'declined':
      return {
        state,
        remedy: view.remedy ?? 'other',
        takenHere: view.takenHere ?? [],
        askedAgain: facts.lookingAgain ? 'now' : askedAfterEnd(view)
      };
    case 'late':
      return { state, paidOtherwise: facts.paidOtherwise };
    case 'not_sent':
      return facts.unsaved && view.state === 'void' ? { state, savedAgain: true } : { state };
    default:
      return { state };
  }
}

/** A question that failed is no "no", and neither is a first sight of the money: both are asked about again. */
function askedAfterEnd({
  lastAskedAt,
  endedAt,
  nextAskInMs
}: Attempt): 'unclear' | { readonly at: string } | null {
  if (lastAskedAt === null || endedAt === null || Date.parse(lastAskedAt) <= Date.parse(endedAt)) return null;
  return nextAskInMs === null ? { at: lastAskedAt } : 'unclear';
}

function openBody(facts: PaymentFacts): ScreenBody {
  const { view, nowMs, viewAtMs, startedAtMs } = facts;
  const ageMs = startedAtMs === null ? (view?.ageMs ?? slowMs) + nowMs - viewAtMs : nowMs - startedAtMs;
  const left = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined ? null : Math.max(0, ms - (nowMs - viewAtMs));

  // written words stay, whatever can be reached now
  if (view?.setAside === true) return { state: 'set_aside', paidOtherwise: facts.paidOtherwise };
  if (view?.writtenCharged === true) return { state: 'written_charged' };
  if (facts.offline) return { state: 'offline' };
  if (facts.unsaved && view === null) return { state: 'not_saved' };
  if (facts.failing) return { state: 'unknown', nextAskMs: null, canStop: false };
  // one that is on the desk was not stopped in time: it is as open as any other there
  if (facts.stopAsked && view?.place !== 'desk')
    return { state: 'stopping', leftMs: left(view?.stopInMs), timeUp: facts.timeUp };
  if (view === null) {
    return ageMs < silentMs && startedAtMs !== null
      ? { state: 'sending' }
      : { state: 'unknown', nextAskMs: null, canStop: false };
  }
  const unknown: ScreenBody = {
    state: 'unknown',
    nextAskMs: left(view.nextAskInMs),
    canStop: !facts.stopAsked
  };
  if (view.remedy === 'shop_fault') return { ...unknown, canStop: false, shopFault: true };
  if (view.place === 'desk' || view.state === 'unknown') return unknown;
  if (view.state === 'cancelling') {
    return view.gatewayReachable ? { state: 'stopping', leftMs: left(view.stopInMs), timeUp: true } : unknown;
  }
  if (startedAtMs !== null && ageMs < sendingMs) return { state: 'sending' };
  const leftMs = left(view.shopperHasMs);
  if (leftMs === 0) return { state: 'stopping', leftMs: null, timeUp: true };
  return { state: 'paying', leftMs, hadMs: view.shopperHadMs, slow: ageMs >= slowMs };
}
