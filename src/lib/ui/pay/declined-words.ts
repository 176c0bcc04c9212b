/** What the stage says where no money came, by what the cashier can do about it. */
import type { PaymentScreen } from '$lib/register/payment-screen';
import { m } from '$lib/i18n/generated/messages.js';
import { walletName } from '../manage/wallet-name';
import { buttons, plain, speak, type StageSetting, type StageWords } from './stage-parts';

/** Nothing of it left the shop. */
export function notSent({ savedAgain = false }: { readonly savedAgain?: boolean } = {}): StageWords {
  return speak({
    ...plain,
    headline: m.pay_not_sent_headline(),
    final: true,
    todo: savedAgain ? m.pay_not_saved_over_do() : m.pay_not_sent_do(),
    buttons: buttons(['back', 'cash', 'park'])
  });
}

export function stopped(): StageWords {
  return speak({
    ...plain,
    headline: m.pay_stopped_headline(),
    final: true,
    todo: m.pay_stopped_do(),
    buttons: buttons(['back', 'cash', 'type_code'])
  });
}

/** The screen is seen by the queue: no headline ever says that somebody has no money. */
export function declined({
  screen,
  setting
}: {
  readonly screen: Extract<PaymentScreen, { readonly state: 'declined' }>;
  readonly setting: StageSetting;
}): StageWords {
  const { remedy } = screen;
  const no = {
    ...plain,
    headline: m.pay_declined_headline(),
    final: true,
    quiet: m.pay_no_money_moved(),
    buttons: buttons(['back', 'cash', 'type_code'])
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
      return speak({
        ...no,
        todo:
          screen.takenHere.length === 0
            ? m.pay_declined_wallet_not_taken()
            : m.pay_declined_wallet_taken_here({ wallets: walletNames(screen.takenHere, setting) })
      });
    case 'look_first':
      return speak({
        ...no,
        final: false,
        headline: m.pay_look_first_headline(),
        todo: m.pay_look_first_do(),
        quiet: askedAgain(screen, setting),
        // what may be paid after all is not charged again
        buttons: buttons(
          screen.askedAgain === 'unclear' ? ['ask_now', 'back'] : ['scan_again', 'ask_now', 'back']
        )
      });
    case 'shop_fault':
      return speak({
        ...no,
        final: false,
        headline: m.pay_shop_fault_headline(),
        todo: m.pay_shop_fault_do({ code: code ?? screen.details.psn ?? '?' }),
        buttons: buttons(['back', 'cash', 'park'])
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

/** What "Ask now" came to. Whatever it finds later is a manager's. */
function askedAgain(
  { askedAgain: asked }: Extract<PaymentScreen, { readonly state: 'declined' }>,
  { locale, timeZone }: StageSetting
): string | null {
  if (asked === null) return null;
  if (asked === 'now') return m.pay_look_first_asking();
  if (asked === 'unclear') return m.pay_look_first_unclear();
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(new Date(asked.at));
  return m.pay_look_first_asked({ time });
}

/** "Alipay, WeChat Pay": as people of the place write several names. */
export function walletNames(wallets: readonly string[], { locale }: Pick<StageSetting, 'locale'>): string {
  return new Intl.ListFormat(locale, { style: 'short', type: 'unit' }).format(wallets.map(walletName));
}
