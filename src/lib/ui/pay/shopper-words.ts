/** What the shopper reads when the tablet is turned: one line for each state, and never why a wallet said no. */
import type { PaymentScreen } from '$lib/register/payment-screen';
import { m } from '$lib/i18n/generated/messages.js';
import { withSign } from '../money-format';
import { walletNames } from './declined-words';
import type { StageSetting } from './stage-parts';

export function shopperWords(screen: PaymentScreen, setting: StageSetting): string {
  const money = (minor: number): string =>
    withSign(minor, { currency: screen.currency, locale: setting.locale });
  switch (screen.state) {
    case 'ready':
      return screen.ask === 'show_again' ? m.shopper_show_again() : m.shopper_ready();
    case 'sending':
      return m.shopper_sending();
    case 'paying':
      return m.shopper_paying();
    case 'stopping':
      return m.shopper_stopping();
    case 'unknown':
      // Not known is not "no": nothing here says that nobody was charged.
      return screen.shopFault === true ? m.shopper_shop_fault_checking() : m.shopper_checking();
    case 'offline':
    case 'written_charged':
      return m.shopper_checking();
    case 'set_aside':
      return screen.paidOtherwise ? m.shopper_checking() : m.shopper_ready();
    case 'not_sent':
    case 'no_network':
    case 'pin_first':
    case 'refused':
      return m.shopper_not_charged();
    case 'paid': {
      const offer = screen.offerByMerchantMinor + screen.offerByChannelMinor;
      const amount = money(screen.paidMinor);
      return offer === 0 ? m.shopper_paid({ amount }) : m.shopper_paid_offer({ amount, offer: money(offer) });
    }
    case 'paid_after_all':
      return m.shopper_paid_after_all({ amount: money(screen.paidMinor) });
    case 'already_paid':
      return m.shopper_paid_before();
    case 'declined':
      return declinedLine(screen, setting);
    case 'stopped':
      return m.shopper_stopped();
    case 'late':
      return m.shopper_late();
    case 'code_used':
      return m.shopper_refresh_code();
    case 'merchant_code':
      return m.shopper_pay_not_scan();
    case 'price_changed':
      return m.shopper_price_changed();
    case 'order_busy':
      return m.shopper_stopping();
    case 'journal_failed':
    case 'not_saved':
      return m.shopper_wait();
  }
}

function declinedLine(
  screen: Extract<PaymentScreen, { readonly state: 'declined' }>,
  setting: StageSetting
): string {
  switch (screen.remedy) {
    case 'fresh_code':
      return m.shopper_fresh_code();
    case 'other_card':
      return m.shopper_other_card();
    case 'shopper_stopped':
      return m.shopper_stopped_it();
    case 'other_wallet':
      return m.shopper_other_wallet();
    case 'wallet_not_taken':
      return screen.takenHere.length === 0
        ? m.shopper_wallet_not_taken()
        : m.shopper_wallets({ wallets: walletNames(screen.takenHere, setting) });
    case 'look_first':
      return m.shopper_look_first();
    case 'shop_fault':
      return m.shopper_shop_fault();
    case 'try_again':
      return m.shopper_stopped();
    case 'check_internet':
    case 'other':
      return m.shopper_not_charged();
  }
}
