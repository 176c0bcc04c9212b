import type { Stage } from './counter-parts';
import { noDetails, type PaymentScreen } from './payment-screen';

/** What the pay stage shows of what stands on it. */
export function stageScreen({ order, payment, notice, justAdded }: Stage): PaymentScreen {
  const base = {
    orderNumber: payment?.orderNumber ?? order.order?.number ?? '',
    // a part may have been taken in cash already
    amountMinor: payment?.amountMinor ?? order.leftMinor,
    currency: order.totals.currency,
    codeLast4: payment?.codeLast4 ?? null,
    wallet: payment?.view?.wallet ?? null,
    details: payment?.screen.details ?? noDetails
  };
  if (notice !== null && notice !== 'once_more' && notice !== 'show_again') {
    return { ...base, state: notice };
  }
  if (payment !== null) return payment.screen;
  return { ...base, state: 'ready', ask: notice ?? 'code', justAdded };
}
