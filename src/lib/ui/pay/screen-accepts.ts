import type { PaymentScreen, PaymentScreenState } from '$lib/register/payment-screen';

const accepting: readonly PaymentScreenState[] = [
  'ready',
  'declined',
  'not_sent',
  'stopped',
  'code_used',
  'merchant_code',
  'no_network',
  'pin_first',
  'price_changed',
  'refused'
];

/** True where a scan of the shopper's code starts a payment: then, in training, the shopper can be pretended. */
export function screenAccepts(screen: PaymentScreen): boolean {
  return accepting.includes(screen.state) || (screen.state === 'set_aside' && !screen.paidOtherwise);
}
