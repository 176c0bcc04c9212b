/**
 * Money of a payment that this ledger shut as one that never arrived. It had arrived, in a ledger that is gone: a backup was
 * restored, or a copy took over that lagged behind. The row stays shut; that there is money is for people.
 */
import { formatMoney } from '$lib/money/money';
import type { PaymentFacts } from '../gateway/port';
import type { LedgerTransaction } from '../ledger/ledger';
import { matchWaiting } from './inbox';
import type { AttemptRow, PaymentParts } from './parts';
import { raiseTask } from './tasks';

/** The task, and a line in the order's record. Nobody can give this money back from here: no payment of ours holds it. */
export async function raiseForgotten(options: {
  trx: LedgerTransaction;
  row: AttemptRow;
  facts: Pick<PaymentFacts, 'orderAmountMinor' | 'currency' | 'transNo'>;
  now: number;
}): Promise<void> {
  const { trx, row, facts, now } = options;
  const { orderAmountMinor: amountMinor, currency, transNo } = facts;
  const amount =
    amountMinor === null || currency === null
      ? 'of an amount that it did not say'
      : `of ${formatMoney({ amountMinor, currency, locale: 'en-US' })}`;
  const order = await trx
    .selectFrom('orders')
    .select('number')
    .where('id', '=', row.order_id)
    .executeTakeFirst();
  const numbers = [row.merchant_order_no, ...(transNo === null ? [] : [transNo])].join(', ');
  const text =
    `The wallet took a payment ${amount} (${numbers}) that this server did not know and told as not paid` +
    `${order === undefined ? '' : `, for order ${order.number}`}: perhaps a backup was restored. ` +
    "It is in no takings. If the order was paid again, give this payment back in the gateway's portal";
  await raiseTask(trx, {
    task: { kind: 'contradiction', text },
    id: row.id,
    // The row holds neither amount nor money: shown as a payment of 0.00, it would mislead.
    attemptId: null,
    orderId: row.order_id,
    now
  });
  await trx
    .insertInto('events')
    .values({
      at_ms: now,
      subject: 'attempt',
      subject_id: row.id,
      order_id: row.order_id,
      what: 'contradiction',
      actor: 'gateway',
      amount_minor: amountMinor,
      message: text
    })
    .execute();
  // Known now: it need not be asked about any more.
  await trx.updateTable('attempts').set({ next_due_at_ms: null }).where('id', '=', row.id).execute();
}

/** Looks for a success that came before the payment was shut; in a commit after that one, as {@link matchWaiting} asks. */
export async function raiseIfForgotten(parts: PaymentParts, row: AttemptRow): Promise<void> {
  await parts.ledger.transaction(
    async (trx) => {
      const waited = await matchWaiting({
        trx,
        merchantOrderNo: row.merchant_order_no,
        with: 'attempt'
      });
      for (const rawBody of waited) {
        const read = parts.gateway.parseNotification({ rawBody, contentType: null });
        if (!read.ok || read.notification.status !== 'succeeded') continue;
        await raiseForgotten({ trx, row, facts: read.notification, now: parts.ledger.nowMs() });
        return;
      }
    },
    { repeatable: true }
  );
}
