/** What a day's check makes of an answer: the ledger's row and the gateway's word, side by side. Pure. */
import { isMoneyIn, isOpen, isRefundOpen } from '$lib/payment/states';
import type { PaymentVerdict, RefundVerdict } from './belief';
import type { AttemptRow, RefundRow } from './parts';

export type Comparison =
  | { readonly outcome: 'same' | 'open' }
  /** `difference` is for people. `watched`: the usual road raises its own task for it, once it is certain. */
  | { readonly outcome: 'different'; readonly difference: string; readonly watched: boolean }
  /** No answer that says anything: asked again. */
  | { readonly outcome: 'unanswered' };

const paymentWords: Record<Exclude<PaymentVerdict['says'], 'mismatch' | 'nothing'>, string> = {
  paid: 'paid',
  paying: 'still open',
  closed: 'closed without payment',
  cancelled: 'cancelled',
  not_found: 'not known'
};

/**
 * Compares a payment.
 *
 * @param row as it stands after the answer was settled on it
 * @param givenBackMinor what its refunds gave back: a gateway may call a payment closed once all of it went back
 */
export function comparePayment(options: {
  readonly row: AttemptRow;
  readonly verdict: PaymentVerdict;
  readonly givenBackMinor: number;
}): Comparison {
  const { row, verdict, givenBackMinor } = options;
  if (verdict.says === 'nothing') return { outcome: 'unanswered' };
  if (verdict.says === 'mismatch') return different(`the wallet's answer does not fit: ${verdict.what}`);
  if (isOpen(row.state)) return { outcome: 'open' };
  const word = paymentWords[verdict.says];
  if (isMoneyIn(row.state) || row.state === 'paid_late') {
    const allBack = givenBackMinor >= row.amount_minor;
    const gone = verdict.says === 'closed' || verdict.says === 'cancelled';
    return verdict.says === 'paid' || (allBack && gone)
      ? { outcome: 'same' }
      : different(`the ledger says paid, the wallet ${word}`);
  }
  if (row.state === 'refunded') {
    return verdict.says === 'paid' || verdict.says === 'closed' || verdict.says === 'cancelled'
      ? { outcome: 'same' }
      : different(`the ledger says given back, the wallet ${word}`);
  }
  // failed, cancelled: that no money came is what has to agree, not by which word.
  return verdict.says === 'paid' || verdict.says === 'paying'
    ? different(`the ledger says not paid, the wallet ${word}`, true)
    : { outcome: 'same' };
}

const refundWords: Record<Exclude<RefundVerdict['says'], 'mismatch' | 'nothing'>, string> = {
  refunded: 'given back',
  refunding: 'still on its way',
  closed: 'did not go through',
  not_found: 'not known'
};

/** Compares a refund, as it stands after the answer was settled on it. */
export function compareRefund(options: {
  readonly row: RefundRow;
  readonly verdict: RefundVerdict;
}): Comparison {
  const { row, verdict } = options;
  if (verdict.says === 'nothing') return { outcome: 'unanswered' };
  if (verdict.says === 'mismatch') {
    return different(`the wallet's answer about a refund does not fit: ${verdict.what}`);
  }
  if (isRefundOpen(row.state)) return { outcome: 'open' };
  const word = refundWords[verdict.says];
  if (row.state === 'succeeded') {
    return verdict.says === 'refunded'
      ? { outcome: 'same' }
      : different(`the ledger says refunded, the wallet ${word}`);
  }
  return verdict.says === 'closed' || verdict.says === 'not_found'
    ? { outcome: 'same' }
    : different(
        `the ledger says the refund did not go through, the wallet ${word}`,
        verdict.says === 'refunded'
      );
}

function different(difference: string, watched = false): Comparison {
  return { outcome: 'different', difference, watched };
}
