/** The gateway's notifications: kept first, then answered; they move no state, they make a query due (money rule 8). */
import type { GatewayNotification, NotificationRead } from '../gateway/port';
import { dueNow } from './when-due';
import type { AttemptRow, PaymentParts } from './parts';

export type WebhookResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Exclude<NotificationRead, { ok: true }>['reason'] };

/** Ends with `ok` only after the notification is committed: then, and for every repeat, the answer is `success`. */
export async function receiveWebhook(options: {
  parts: PaymentParts;
  rawBody: string;
  contentType: string | null;
}): Promise<WebhookResult> {
  const { parts, rawBody, contentType } = options;
  const read = parts.gateway.parseNotification({ rawBody, contentType });
  if (!read.ok) return read;
  const { notification } = read;
  const found = await parts.ledger.transaction(
    async (trx) => {
      const now = parts.ledger.nowMs();
      const attempt = await trx
        .selectFrom('attempts')
        .selectAll()
        .where('merchant_order_no', '=', notification.merchantOrderNo)
        .where('state', '!=', 'void')
        .forUpdate()
        .executeTakeFirst();
      if (attempt !== undefined) {
        await trx
          .updateTable('attempts')
          .set({
            ...dueNow(now),
            success_seen_at_ms: attempt.success_seen_at_ms ?? (saysPaid(notification, attempt) ? now : null)
          })
          .where('id', '=', attempt.id)
          .execute();
      }
      const refund =
        attempt === undefined
          ? await trx
              .updateTable('refunds')
              .set(dueNow(now))
              .where('merchant_order_no', '=', notification.merchantOrderNo)
              .where('state', '!=', 'intent')
              .returning('id')
              .executeTakeFirst()
          : undefined;
      const matched = attempt !== undefined ? 'attempt' : refund !== undefined ? 'refund' : null;
      await trx
        .insertInto('inbox')
        .values({
          trans_type: notification.transType ?? '',
          merchant_order_no: notification.merchantOrderNo,
          trans_no: notification.transNo ?? '',
          trans_status: notification.statusText ?? '',
          raw: rawBody,
          received_at_ms: now,
          times_received: 1,
          matched
        })
        .onConflict((conflict) =>
          conflict
            .columns(['trans_type', 'merchant_order_no', 'trans_no', 'trans_status'])
            .doUpdateSet((row) => ({ times_received: row('inbox.times_received', '+', 1), matched }))
        )
        .execute();
      parts.crashPoint('inbox.before_commit');
      return matched;
    },
    { repeatable: true }
  );
  parts.crashPoint('inbox.after_commit');
  if (found !== null) parts.wake();
  return { ok: true };
}

/** A success of this very payment: it moves no state, but a first cancel after it would destroy a sale. */
function saysPaid(notification: GatewayNotification, attempt: AttemptRow): boolean {
  return (
    notification.status === 'succeeded' &&
    notification.orderAmountMinor === attempt.amount_minor &&
    notification.currency === attempt.currency &&
    (notification.attach ?? attempt.id) === attempt.id
  );
}
