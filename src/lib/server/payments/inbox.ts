/**
 * A notification may be there before what it is about: another instance had not committed that yet, or it is learned from a
 * journal later. Each side writes first and looks for the other afterwards, so one of the two always finds the other.
 */
import type { GatewayNotification } from '../gateway/port';
import type { LedgerTransaction } from '../ledger/ledger';
import type { AttemptRow, PaymentParts } from './parts';
import { dueNow } from './when-due';

/**
 * Matches what waits under this number. To be asked by a commit that comes after the one in which the payment or refund
 * was written down.
 *
 * @returns what was waiting, as it was sent
 */
export async function matchWaiting(options: {
  trx: LedgerTransaction;
  merchantOrderNo: string;
  with: 'attempt' | 'refund';
}): Promise<readonly string[]> {
  const { trx, merchantOrderNo } = options;
  const waited = await trx
    .updateTable('inbox')
    .set({ matched: options.with })
    .where('merchant_order_no', '=', merchantOrderNo)
    .where('matched', 'is', null)
    .returning('raw')
    .execute();
  return waited.map(({ raw }) => raw);
}

/** The same for a payment: what waited makes its query due at once, and a success that it told is remembered. */
export async function matchWaitingPayment(options: {
  parts: PaymentParts;
  trx: LedgerTransaction;
  attempt: AttemptRow;
}): Promise<void> {
  const { parts, trx, attempt } = options;
  const waited = await matchWaiting({
    trx,
    merchantOrderNo: attempt.merchant_order_no,
    with: 'attempt'
  });
  if (waited.length === 0) return;
  const now = parts.ledger.nowMs();
  const paid = waited.some((rawBody) => {
    const read = parts.gateway.parseNotification({ rawBody, contentType: null });
    return read.ok && saysPaid(read.notification, attempt);
  });
  await trx
    .updateTable('attempts')
    .set({ ...dueNow(now), success_seen_at_ms: attempt.success_seen_at_ms ?? (paid ? now : null) })
    .where('id', '=', attempt.id)
    .execute();
}

/** A success of this very payment: it moves no state, but a first cancel after it would destroy a sale. */
export function saysPaid(notification: GatewayNotification, attempt: AttemptRow): boolean {
  return (
    notification.status === 'succeeded' &&
    notification.orderAmountMinor === attempt.amount_minor &&
    notification.currency === attempt.currency &&
    (notification.attach ?? attempt.id) === attempt.id
  );
}
