import type { Remedy } from '$lib/payment/remedy';
import type { ProblemCode } from '$lib/wire/problems';

/** For "Details": what support asks for. None of it is secret. */
export interface PaymentDetails {
  readonly code: string | null;
  readonly text: string | null;
  readonly psn: string | null;
  readonly merchantOrderNo: string | null;
  readonly attemptId: string | null;
}

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
        /** `once_more`: the code was scanned in a moment that one-scan checkout does not trust; nothing was sent. */
        readonly ask: 'code' | 'once_more';
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
    | { readonly state: 'unknown'; readonly nextAskMs: number | null; readonly canStop: boolean }
    | { readonly state: 'offline' }
    | { readonly state: 'not_sent' }
    | ({ readonly state: 'paid' } & PaidNumbers)
    | { readonly state: 'declined'; readonly remedy: Remedy }
    | { readonly state: 'stopped' }
    | ({ readonly state: 'paid_after_all' } & PaidNumbers)
    | { readonly state: 'code_used' }
    | { readonly state: 'merchant_code' }
    | { readonly state: 'already_paid' }
    | { readonly state: 'journal_failed' }
    /** Money came after the end: a manager decides. */
    | { readonly state: 'late' }
    /** The server's prices differ: nothing was sent; charge again at `newTotalMinor`. */
    | { readonly state: 'price_changed'; readonly newTotalMinor: number | null }
    /** The server refused before anything left it; no money moved. `detail` is for people. */
    | { readonly state: 'refused'; readonly problem: ProblemCode; readonly detail: string }
  );

export type PaymentScreenState = PaymentScreen['state'];
