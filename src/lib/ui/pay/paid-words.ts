import { m } from '$lib/i18n/generated/messages.js';
import { withSign } from '../money-format';
import { shortOrderNumber } from '../order-number';

/** What is known of money that came. Amounts in minor units. */
export interface PaidFacts {
  readonly orderNumber: string;
  readonly currency: string;
  readonly wallet: string | null;
  readonly paidMinor: number;
  readonly offerByMerchantMinor: number;
  readonly offerByChannelMinor: number;
  /** ISO 8601. */
  readonly paidAt: string;
}

/** "Alipay, 10:42. Order 42." and, where the wallet or the shop gave something, who paid which part. */
export function paidWords(
  paid: PaidFacts,
  { locale, timeZone }: { readonly locale: string; readonly timeZone: string }
): { readonly todo: string; readonly quiet: string | null } {
  const format = { currency: paid.currency, locale };
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(
    new Date(paid.paidAt)
  );
  const number = shortOrderNumber(paid.orderNumber);
  const offers: string[] = [];
  if (paid.offerByChannelMinor > 0) {
    offers.push(
      m.pay_paid_offer({
        paid: withSign(paid.paidMinor, format),
        offer: withSign(paid.offerByChannelMinor, format)
      })
    );
  }
  if (paid.offerByMerchantMinor > 0) {
    offers.push(
      m.pay_paid_offer_merchant({
        paid: withSign(paid.paidMinor, format),
        offer: withSign(paid.offerByMerchantMinor, format)
      })
    );
  }
  return {
    todo:
      paid.wallet === null
        ? m.pay_paid_do_plain({ time, number })
        : m.pay_paid_do({ wallet: paid.wallet, time, number }),
    quiet: offers.length > 0 ? offers.join('. ') : null
  };
}
