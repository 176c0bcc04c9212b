/** The one submit of an attempt's life (money rule 4). After any doubt there is only asking. */
import { afterSubmit } from './decide-attempt';
import { changeAttempt } from './change-attempt';
import { matchWaitingPayment } from './inbox';
import { neverSent } from './never-sent';
import type { AttemptRow, PaymentParts } from './parts';
import { nextAskIn } from './timing';

/**
 * Commits "sending", sends, records what came back. The code is used here and nowhere else.
 * Ends quietly when the row is no longer an intent: somebody else decided, and then nothing may be sent.
 */
export async function submitOnce(options: {
  parts: PaymentParts;
  row: AttemptRow;
  paymentCode: string;
  description: string;
}): Promise<void> {
  const { parts, row, paymentCode, description } = options;
  let mayBeSent = false;
  let sinceCommitMs = parts.stopwatch.begin();
  const sending = await changeAttempt({
    parts,
    id: row.id,
    actor: 'till',
    decide: (current) => {
      mayBeSent = current.state === 'intent';
      if (!mayBeSent) return null;
      sinceCommitMs = parts.stopwatch.begin();
      const committedAtMs = parts.ledger.nowMs();
      return {
        event: { type: 'submit_started' },
        set: { submitted_at_ms: committedAtMs, next_due_at_ms: committedAtMs + nextAskIn(parts.timing, 0) }
      };
    },
    also: (trx, attempt) => matchWaitingPayment({ parts, trx, attempt })
  });
  if (!mayBeSent) return;
  parts.crashPoint('after_submit_commit');
  parts.stopwatch.elapsedMs(row.id);
  parts.wake();
  // A process that slept since may have been given up by another one: then nothing may leave any more.
  const slept = sinceCommitMs() > parts.timing.sendWithinMs;
  const answer = slept
    ? neverSent('bscanc.pay.submit')
    : await parts.gateway.submitPayment({
        merchantOrderNo: sending.merchant_order_no,
        paymentCode,
        amountMinor: sending.amount_minor,
        currency: sending.currency,
        description,
        attach: sending.id,
        expiresSeconds: parts.timing.expiresSeconds
      });
  parts.crashPoint('after_send');
  await changeAttempt({
    parts,
    id: row.id,
    actor: 'gateway',
    decide: (current) => afterSubmit({ row: current, answer, now: parts.ledger.nowMs() })
  });
  parts.crashPoint('after_record');
  parts.wake();
}
