import type { RefundState } from '$lib/payment/states';
import type { RefundView } from '$lib/wire/refunds';
import { m } from '$lib/i18n/generated/messages.js';
import { withSign } from '../money-format';
import type { Tone } from '../tone';
import { timeText, type ShopClock } from './shop-clock';
import { walletName } from './wallet-name';

/** How a refund speaks to the admin who watches it. */
export interface RefundWords {
  readonly tone: Tone;
  readonly headline: string;
  readonly todo: string;
  /** Steps of the track that are behind it: 1 asked, 2 on its way, 3 back. */
  readonly steps: 1 | 2 | 3;
  readonly action: 'ask' | 'try_now' | 'try_again' | 'done';
}

/** @param options.nextAskInS seconds until Till asks by itself; null: not known */
export function refundWords({
  refund,
  wallet,
  clock,
  nextAskInS
}: {
  readonly refund: RefundView;
  readonly wallet: string | null;
  readonly clock: ShopClock;
  readonly nextAskInS: number | null;
}): RefundWords {
  const amount = withSign(refund.amountMinor, { currency: refund.currency, locale: clock.locale });
  const to = { amount, wallet: walletName(wallet) };
  if (refund.paidInCash) {
    return {
      tone: 'paid',
      headline: m.refund_cash_headline({
        name: refund.paidInCash.by,
        time: timeText(new Date(refund.paidInCash.at), clock)
      }),
      todo: m.refund_cash_do({ amount }),
      steps: 3,
      action: 'done'
    };
  }
  switch (refund.state) {
    case 'intent':
    case 'submitted':
      return {
        tone: 'waiting',
        headline: m.refund_asked_headline(to),
        todo: m.refund_asked_do(to),
        steps: 1,
        action: 'ask'
      };
    case 'refunding':
      return {
        tone: 'waiting',
        headline: m.refund_refunding_headline(),
        todo: m.refund_refunding_do(to),
        steps: 2,
        action: 'ask'
      };
    case 'unknown':
      return {
        tone: 'unknown',
        headline: m.refund_unknown_headline(),
        todo: nextAskInS === null ? m.refund_unknown_do() : m.refund_unknown_do_next({ seconds: nextAskInS }),
        steps: 1,
        action: 'ask'
      };
    case 'waiting_funds':
      return {
        tone: 'unknown',
        headline: m.refund_waiting_headline(),
        todo:
          nextAskInS === null
            ? m.refund_waiting_do(to)
            : m.refund_waiting_do_next({ ...to, seconds: nextAskInS }),
        steps: 1,
        action: 'try_now'
      };
    case 'failed':
      return {
        tone: 'not-paid',
        headline: m.refund_failed_headline(),
        todo: m.refund_failed_do({
          why: refund.errorText ? m.refund_failed_why({ text: refund.errorText }) : m.refund_failed_plain()
        }),
        steps: 1,
        action: 'try_again'
      };
    case 'succeeded':
      return {
        tone: 'paid',
        headline: m.refund_done_headline({
          amount,
          time: timeText(new Date(refund.endedAt ?? refund.createdAt), clock)
        }),
        todo: m.refund_done_do(to),
        steps: 3,
        action: 'done'
      };
  }
}

/** One that failed and was paid in cash instead. */
export const refundInCashWords = {
  tone: 'stopped',
  word: () => m.refund_state_in_cash()
} as const satisfies { readonly tone: Tone; readonly word: () => string };

/** A refund in a list, in one word. */
export const refundStateWords: Record<RefundState, { readonly tone: Tone; readonly word: () => string }> = {
  intent: { tone: 'waiting', word: m.refund_state_asked },
  submitted: { tone: 'waiting', word: m.refund_state_asked },
  refunding: { tone: 'waiting', word: m.refund_state_refunding },
  unknown: { tone: 'unknown', word: m.refund_state_unknown },
  waiting_funds: { tone: 'unknown', word: m.refund_state_waiting_funds },
  failed: { tone: 'not-paid', word: m.refund_state_failed },
  succeeded: { tone: 'stopped', word: m.refund_state_succeeded }
};
