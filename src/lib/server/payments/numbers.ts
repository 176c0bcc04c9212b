/** What the ledger keeps of an answer's facts. A field that one answer leaves out, another may have given. */
import type { PaymentFacts } from '../gateway/port';
import type { AttemptChange } from './change-attempt';
import type { AttemptRow } from './parts';

/** The numbers that a shopper can show later, and what was really paid. */
export function numbersOf(facts: PaymentFacts, row: AttemptRow): AttemptChange['set'] {
  return {
    trans_no: facts.transNo ?? row.trans_no,
    pay_channel_trans_no: facts.payChannelTransNo ?? row.pay_channel_trans_no,
    pay_platform_trans_no: facts.payPlatformTransNo ?? row.pay_platform_trans_no,
    ref_no: facts.refNo ?? row.ref_no,
    wallet: facts.payMethodId ?? row.wallet,
    paid_minor: facts.paidAmountMinor ?? row.paid_minor,
    offer_by_merchant_minor: facts.discountByMerchantMinor ?? row.offer_by_merchant_minor,
    offer_by_channel_minor: facts.discountByChannelMinor ?? row.offer_by_channel_minor
  };
}
