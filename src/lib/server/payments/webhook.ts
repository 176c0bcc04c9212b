/** The gateway's notifications: kept first, then answered; they move no state, they make a query due (money rule 8). */
import type { GatewayNotification, NotificationRead } from '../gateway/port';
import type { LedgerTransaction } from '../ledger/ledger';
import { raiseForgotten } from './forgotten';
import { matchWaiting, saysPaid } from './inbox';
import { dueNow } from './when-due';
import type { PaymentParts } from './parts';

export type WebhookResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Exclude<NotificationRead, { ok: true }>['reason'] };

type Matched = 'attempt' | 'refund' | null;

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
  const kept = await parts.ledger.transaction(
    async (trx) => {
      const now = parts.ledger.nowMs();
      const matched = await makeDue({ trx, notification, now });
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
  const found = kept ?? (await lookAgain(parts, notification));
  if (found !== null) parts.wake();
  return { ok: true };
}

/** What it is about may have been committed between the look for it and this one's own commit. */
function lookAgain(parts: PaymentParts, notification: GatewayNotification): Promise<Matched> {
  return parts.ledger.transaction(
    async (trx) => {
      const found = await makeDue({ trx, notification, now: parts.ledger.nowMs() });
      if (found !== null)
        await matchWaiting({ trx, merchantOrderNo: notification.merchantOrderNo, with: found });
      return found;
    },
    { repeatable: true }
  );
}

/** Looks for what it is about, and makes the query of that due. */
async function makeDue(options: {
  trx: LedgerTransaction;
  notification: GatewayNotification;
  now: number;
}): Promise<Matched> {
  const { trx, notification, now } = options;
  const attempt = await trx
    .selectFrom('attempts')
    .selectAll()
    .where('merchant_order_no', '=', notification.merchantOrderNo)
    .forUpdate()
    .executeTakeFirst();
  if (attempt?.state === 'void') {
    if (notification.status !== 'succeeded') return null;
    await raiseForgotten({ trx, row: attempt, facts: notification, now });
    return 'attempt';
  }
  if (attempt !== undefined) {
    await trx
      .updateTable('attempts')
      .set({
        ...dueNow(now),
        success_seen_at_ms: attempt.success_seen_at_ms ?? (saysPaid(notification, attempt) ? now : null)
      })
      .where('id', '=', attempt.id)
      .execute();
    return 'attempt';
  }
  const refund = await trx
    .updateTable('refunds')
    .set(dueNow(now))
    .where('merchant_order_no', '=', notification.merchantOrderNo)
    .where('state', '!=', 'intent')
    .returning('id')
    .executeTakeFirst();
  return refund === undefined ? null : 'refund';
}
