/**
 * What the stage says: one table from a payment's screen to its headline, the one thing to do, the quiet line, the
 * goods, the steps and the buttons. Words stand in `pay.json`; here is which of them, and when.
 */
import type { PaymentScreen } from '$lib/register/payment-screen';
import type { Remedy } from '$lib/payment/remedy';
import { m } from '$lib/i18n/generated/messages.js';
import { withSign } from '../money-format';
import { shortOrderNumber } from '../order-number';
import { paidWords } from './paid-words';

export type StageAction =
  | 'back'
  | 'type_code'
  | 'stop'
  | 'serve_next'
  | 'ask_now'
  | 'park'
  | 'receipt'
  | 'next'
  | 'keep'
  | 'give_back'
  | 'scan_again'
  | 'leave';

export interface StageButton {
  readonly action: StageAction;
  readonly text: string;
  readonly primary: boolean;
}

export interface StageWords {
  readonly headline: string;
  /** 52 px instead of 36: nothing more will happen by itself. */
  readonly final: boolean;
  readonly todo: string;
  readonly quiet: string | null;
  readonly goods: 'keep' | 'hand_over' | 'ask';
  /** What a screen reader says: without the seconds, or it would never be silent. */
  readonly spoken: string;
  /** The middle step's name and how much of it has passed (0 to 1); null where there is nothing to wait for. */
  readonly track: { readonly middle: string; readonly passed: number } | null;
  /** Under "Why?": what the queue need not read. */
  readonly why: string | null;
  readonly howToFix: string | null;
  readonly buttons: readonly StageButton[];
}

export interface StageSetting {
  readonly locale: string;
  readonly timeZone: string;
  /** Only an admin can give money back here; the others are told whom to call. */
  readonly isAdmin: boolean;
}

const plain = {
  final: false,
  quiet: null,
  goods: 'keep',
  track: null,
  why: null,
  howToFix: null
} as const;

const names: Record<StageAction, () => string> = {
  back: m.pay_action_back,
  type_code: m.pay_action_type,
  stop: m.pay_action_stop,
  serve_next: m.pay_action_serve_next,
  ask_now: m.pay_action_ask_now,
  park: m.pay_action_park,
  receipt: m.pay_action_receipt,
  next: m.pay_action_next,
  keep: m.pay_action_keep,
  give_back: m.pay_action_give_back,
  scan_again: m.pay_action_scan_again,
  leave: m.pay_action_look_done
};

/** The buttons of a state, in their order; the one named `primary` is filled. */
function buttons(actions: readonly StageAction[], primary: StageAction | null = null): StageButton[] {
  return actions.map((action) => ({ action, text: names[action](), primary: action === primary }));
}

/** Whole seconds, never 0 while something is left to wait for. */
export function secondsLeft(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000));
}

function speak(words: Omit<StageWords, 'spoken'> & { readonly spoken?: string }): StageWords {
  return { spoken: m.pay_sentence({ headline: words.headline, todo: words.todo }), ...words };
}

export function stageWords(screen: PaymentScreen, setting: StageSetting): StageWords {
  const { locale } = setting;
  const amount = withSign(screen.amountMinor, { currency: screen.currency, locale });
  const number = shortOrderNumber(screen.orderNumber);

  switch (screen.state) {
    case 'ready':
      if (screen.ask === 'once_more') {
        return speak({
          ...plain,
          headline: m.pay_ready_headline(),
          todo: m.pay_ready_once_more_do({ amount }),
          quiet: m.pay_ready_once_more_quiet(),
          buttons: buttons(['back', 'type_code'])
        });
      }
      return speak({
        ...plain,
        headline: m.pay_ready_headline(),
        todo: m.pay_ready_do(),
        quiet:
          screen.justAdded === null
            ? m.pay_ready_quiet()
            : m.pay_ready_added({ name: screen.justAdded, amount }),
        buttons: buttons(['back', 'type_code'])
      });
    case 'sending':
      return speak({
        ...plain,
        headline: m.pay_sending_headline({ amount }),
        todo: '',
        spoken: m.pay_sending_headline({ amount }),
        buttons: []
      });
    case 'paying': {
      const seconds = screen.leftMs === null ? null : secondsLeft(screen.leftMs);
      const left =
        seconds === null ? null : seconds === 0 ? m.pay_paying_time_up() : m.pay_paying_left({ seconds });
      const quiet = [left, screen.slow ? m.pay_paying_slow() : null]
        .filter((part) => part !== null)
        .join(' ');
      return speak({
        ...plain,
        headline: m.pay_paying_headline(),
        todo: m.pay_paying_do(),
        quiet: quiet === '' ? null : quiet,
        track: {
          middle: m.pay_track_confirms(),
          passed: screen.leftMs === null || screen.hadMs <= 0 ? 0 : 1 - screen.leftMs / screen.hadMs
        },
        buttons: buttons(['stop', 'serve_next'])
      });
    }
    case 'stopping': {
      const seconds = screen.leftMs === null ? 0 : secondsLeft(screen.leftMs);
      return speak({
        ...plain,
        headline: m.pay_stopping_headline(),
        todo: seconds > 0 ? m.pay_stopping_do_left({ seconds }) : m.pay_stopping_do(),
        spoken: m.pay_sentence({ headline: m.pay_stopping_headline(), todo: m.pay_stopping_do() }),
        quiet: screen.timeUp ? m.pay_stopping_time_up() : null,
        buttons: buttons(['serve_next'])
      });
    }
    case 'unknown': {
      const seconds = screen.nextAskMs === null ? 0 : secondsLeft(screen.nextAskMs);
      const { code, psn } = screen.details;
      return speak({
        ...plain,
        headline: screen.shopFault ? m.pay_shop_fault_headline() : m.pay_unknown_headline(),
        todo: screen.shopFault ? m.pay_shop_fault_do({ code: code ?? psn ?? '?' }) : m.pay_unknown_do(),
        quiet: seconds > 0 ? m.pay_unknown_quiet_next({ seconds }) : m.pay_unknown_quiet(),
        track: { middle: m.pay_track_asking(), passed: 0.45 },
        buttons: buttons(
          screen.canStop ? ['serve_next', 'ask_now', 'stop'] : ['serve_next', 'ask_now'],
          'serve_next'
        )
      });
    }
    case 'offline':
      return speak({
        ...plain,
        headline: m.pay_offline_headline(),
        todo: m.pay_offline_do(),
        buttons: buttons(['serve_next'])
      });
    case 'not_sent':
      return notSent();
    case 'declined':
      return declined({ screen, remedy: screen.remedy });
    case 'stopped':
      return stopped();
    case 'paid':
      return speak({
        ...plain,
        ...paidWords(screen, setting),
        headline: m.pay_paid_headline(),
        final: true,
        goods: 'hand_over',
        buttons: buttons(['receipt', 'next'], 'next')
      });
    case 'paid_after_all':
      return speak({
        ...plain,
        headline: m.pay_after_all_headline(),
        final: true,
        todo: m.pay_after_all_do(),
        quiet: setting.isAdmin ? paidWords(screen, setting).todo : m.pay_after_all_admin(),
        goods: 'hand_over',
        buttons: buttons([setting.isAdmin ? 'give_back' : 'receipt', 'keep'], 'keep')
      });
    case 'already_paid':
      return speak({
        ...plain,
        headline: m.pay_already_paid_headline(),
        todo: m.pay_already_paid_do({ number }),
        goods: 'hand_over',
        buttons: buttons(['receipt', 'next'], 'next')
      });
    case 'late':
      return speak({
        ...plain,
        headline: m.pay_late_headline({ number }),
        todo: m.pay_late_do(),
        goods: 'ask',
        buttons: buttons(['leave'], 'leave')
      });
    case 'code_used':
      return speak({
        ...plain,
        headline: m.pay_code_used_headline(),
        todo: m.pay_code_used_do(),
        quiet: m.pay_nothing_sent(),
        buttons: buttons(['back'])
      });
    case 'merchant_code':
      return speak({
        ...plain,
        headline: m.pay_merchant_code_headline(),
        todo: m.pay_merchant_code_do(),
        quiet: m.pay_nothing_sent(),
        buttons: buttons(['back'])
      });
    case 'price_changed':
      return speak({
        ...plain,
        headline: m.pay_price_changed_headline(),
        todo:
          screen.newTotalMinor === null
            ? m.pay_price_changed_do_plain()
            : m.pay_price_changed_do({
                amount: withSign(screen.newTotalMinor, { currency: screen.currency, locale })
              }),
        buttons: buttons(['back'])
      });
    case 'journal_failed':
      return speak({
        ...plain,
        headline: m.pay_journal_headline(),
        todo: m.pay_journal_do(),
        howToFix: m.pay_journal_fix(),
        buttons: buttons(['back'])
      });
    case 'refused':
      return speak({
        ...plain,
        headline: m.pay_refused_headline(),
        final: true,
        todo: screen.detail,
        quiet: m.pay_no_money_moved(),
        buttons: buttons(['back', 'park'])
      });
  }
}

function notSent(): StageWords {
  return speak({
    ...plain,
    headline: m.pay_not_sent_headline(),
    final: true,
    todo: m.pay_not_sent_do(),
    buttons: buttons(['back', 'park'])
  });
}

function stopped(): StageWords {
  return speak({
    ...plain,
    headline: m.pay_stopped_headline(),
    final: true,
    todo: m.pay_stopped_do(),
    buttons: buttons(['back', 'type_code'])
  });
}

/** The screen is seen by the queue: no headline ever says that somebody has no money. */
function declined({
  screen,
  remedy
}: {
  readonly screen: PaymentScreen;
  readonly remedy: Remedy;
}): StageWords {
  const no = {
    ...plain,
    headline: m.pay_declined_headline(),
    final: true,
    quiet: m.pay_no_money_moved(),
    buttons: buttons(['back', 'type_code'])
  };
  const { code, text } = screen.details;
  switch (remedy) {
    case 'fresh_code':
      return speak({ ...no, todo: m.pay_declined_fresh_code() });
    case 'other_card':
      return speak({
        ...no,
        todo: m.pay_declined_other_card(),
        why: m.pay_declined_other_card_why()
      });
    case 'shopper_stopped':
      return speak({ ...no, todo: m.pay_declined_shopper_stopped() });
    case 'other_wallet':
      return speak({ ...no, todo: m.pay_declined_other_wallet() });
    case 'wallet_not_taken':
      return speak({ ...no, todo: m.pay_declined_wallet_not_taken() });
    case 'look_first':
      return speak({
        ...no,
        final: false,
        headline: m.pay_look_first_headline(),
        todo: m.pay_look_first_do(),
        quiet: null,
        buttons: buttons(['scan_again', 'back'])
      });
    case 'shop_fault':
      return speak({
        ...no,
        final: false,
        headline: m.pay_shop_fault_headline(),
        todo: m.pay_shop_fault_do({ code: code ?? screen.details.psn ?? '?' }),
        buttons: buttons(['back', 'park'])
      });
    case 'check_internet':
      return notSent();
    case 'try_again':
      return stopped();
    case 'other':
      return speak({
        ...no,
        todo: text === null ? m.pay_declined_other_plain() : m.pay_declined_other({ text })
      });
  }
}
