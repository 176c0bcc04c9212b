/**
 * What the stage says: one table from a payment's screen to its headline, the one thing to do, the quiet line, the
 * goods, the steps and the buttons. Words stand in `pay.json`; here is which of them, and when.
 */
import type { PaymentScreen } from '$lib/register/payment-screen';
import { m } from '$lib/i18n/generated/messages.js';
import { withSign } from '../money-format';
import { shortOrderNumber } from '../order-number';
import { declined, notSent, stopped } from './declined-words';
import { paidWords } from './paid-words';
import { buttons, plain, secondsLeft, speak, type StageSetting, type StageWords } from './stage-parts';

export type { StageAction, StageButton, StageSetting, StageWords } from './stage-parts';

export function stageWords(screen: PaymentScreen, setting: StageSetting): StageWords {
  const { locale } = setting;
  const amount = withSign(screen.amountMinor, { currency: screen.currency, locale });
  const number = shortOrderNumber(screen.orderNumber);

  switch (screen.state) {
    case 'ready':
      if (screen.ask !== 'code') {
        return speak({
          ...plain,
          headline: m.pay_ready_headline(),
          todo:
            screen.ask === 'once_more'
              ? m.pay_ready_once_more_do({ amount })
              : m.pay_ready_show_again_do({ amount }),
          quiet: m.pay_ready_once_more_quiet(),
          buttons: buttons(['back', 'cash', 'type_code'])
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
        buttons: buttons(['back', 'cash', 'type_code'])
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
        ),
        seldom: 'set_aside'
      });
    }
    case 'offline':
      return speak({
        ...plain,
        headline: m.pay_offline_headline(),
        todo: m.pay_offline_do(),
        buttons: buttons(['serve_next'])
      });
    case 'not_saved':
      return speak({
        ...plain,
        headline: m.pay_not_saved_headline(),
        todo: m.pay_not_saved_do(),
        quiet: m.pay_not_saved_quiet(),
        howToFix: m.pay_not_saved_fix(),
        buttons: buttons(['serve_next'])
      });
    case 'not_sent':
      return notSent(screen);
    case 'declined':
      return declined({ screen, setting });
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
        headline: screen.paidOtherwise
          ? m.pay_late_headline_set_aside({ number })
          : m.pay_late_headline({ number }),
        todo: m.pay_late_do(),
        goods: 'ask',
        buttons: buttons(['leave'], 'leave')
      });
    case 'set_aside':
      return screen.paidOtherwise
        ? speak({
            ...plain,
            headline: m.pay_set_aside_gone_headline({ number }),
            todo: m.pay_set_aside_gone_do(),
            goods: 'ask',
            buttons: buttons(['leave', 'ask_now'], 'leave')
          })
        : speak({
            ...plain,
            headline: m.pay_set_aside_headline(),
            todo: m.pay_set_aside_do(),
            quiet: m.pay_set_aside_quiet(),
            buttons: buttons(['back', 'cash', 'type_code'])
          });
    case 'written_charged':
      return speak({
        ...plain,
        headline: m.pay_written_charged_headline(),
        todo: m.pay_written_charged_do(),
        quiet: m.pay_written_charged_quiet(),
        goods: 'ask',
        buttons: buttons(['serve_next', 'ask_now'], 'serve_next')
      });
    case 'order_busy':
      return speak({
        ...plain,
        headline:
          screen.heldBy === null
            ? m.pay_order_busy_headline()
            : m.pay_order_busy_headline_at({ till: screen.heldBy }),
        todo: m.pay_order_busy_do(),
        quiet: m.pay_nothing_sent(),
        buttons: buttons(['back', 'cash', 'park'])
      });
    case 'code_used':
      return speak({
        ...plain,
        headline: m.pay_code_used_headline(),
        todo: m.pay_code_used_do(),
        quiet: m.pay_nothing_sent(),
        buttons: buttons(['back', 'cash'])
      });
    case 'merchant_code':
      return speak({
        ...plain,
        headline: m.pay_merchant_code_headline(),
        todo: m.pay_merchant_code_do(),
        quiet: m.pay_nothing_sent(),
        buttons: buttons(['back', 'cash'])
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
    case 'no_network':
      return speak({
        ...plain,
        headline: m.sync_no_network_headline(),
        todo: m.sync_no_network_do(),
        quiet: m.sync_no_network_quiet(),
        buttons: buttons(['back', 'cash'])
      });
    case 'pin_first':
      return speak({
        ...plain,
        headline: m.offline_pin_headline(),
        todo: m.offline_pin_do(),
        quiet: m.sync_no_network_quiet(),
        buttons: buttons(['back', 'cash', 'pin'], 'pin')
      });
    case 'refused':
      if (screen.problem === 'contract_changed') {
        return speak({
          ...plain,
          headline: m.pay_old_page_headline(),
          todo: m.pay_old_page_do(),
          quiet: m.pay_nothing_sent(),
          buttons: buttons(['reload', 'back'], 'reload')
        });
      }
      return speak({
        ...plain,
        headline: m.pay_refused_headline(),
        final: true,
        todo: screen.detail,
        quiet: m.pay_no_money_moved(),
        buttons: buttons(['back', 'cash', 'park'])
      });
  }
}
