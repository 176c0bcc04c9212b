/**
 * An attempt that this ledger does not know, learned from a register's journal: after a restored backup, or where its
 * request never arrived. It enters as `unknown` and is asked about; what the journal says of its end proves nothing.
 */
import { isMoneyIn, openAttemptStates, type AttemptState } from '$lib/payment/states';
import { lockNames } from '../ledger/locks';
import { appendEvent } from './change-attempt';
import { matchWaitingPayment } from './inbox';
import { merchantOrderNoOf } from './merchant-order-no';
import type { PaymentParts } from './parts';

/** What the journal tells of it. */
export interface LearnedAttempt {
  readonly attemptId: string;
  readonly orderId: string;
  readonly orderRevision: number;
  readonly registerId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly codeLast4: string;
  /** By the register's clock, not later than now. */
  readonly requestedAtMs: number;
  /** What the register saw last. It only keeps a first cancel from being sent where the goods may be gone. */
  readonly seenState: AttemptState | null;
}

/** `busy`: another attempt on its order is still open; one after the other. */
export type LearnResult = 'learned' | 'known' | 'busy';

/** Writes it down and makes its query due. Nothing is ever submitted from here. */
export async function learnAttempt(options: {
  parts: PaymentParts;
  learned: LearnedAttempt;
}): Promise<LearnResult> {
  const { parts, learned } = options;
  const result = await parts.ledger.transaction(
    async (trx): Promise<LearnResult> => {
      await lockNames(trx, [`number ${learned.attemptId}`]);
      const known = await trx
        .selectFrom('attempts')
        .select('id')
        .where('id', '=', learned.attemptId)
        .executeTakeFirst();
      if (known !== undefined) return 'known';
      await trx
        .selectFrom('orders')
        .select('id')
        .where('id', '=', learned.orderId)
        .forUpdate()
        .executeTakeFirst();
      const open = await trx
        .selectFrom('attempts')
        .select('id')
        .where('order_id', '=', learned.orderId)
        .where('state', 'in', openAttemptStates)
        .where('set_aside_at_ms', 'is', null)
        .executeTakeFirst();
      if (open !== undefined) return 'busy';
      const now = parts.ledger.nowMs();
      const seenPaid = learned.seenState !== null && isMoneyIn(learned.seenState);
      await trx
        .insertInto('attempts')
        .values({
          id: learned.attemptId,
          order_id: learned.orderId,
          order_revision: learned.orderRevision,
          merchant_order_no: merchantOrderNoOf(learned.attemptId),
          register_id: learned.registerId,
          staff_id: '',
          amount_minor: learned.amountMinor,
          currency: learned.currency,
          state: 'unknown',
          version: 1,
          request_digest: '',
          code_digest: '',
          code_last4: learned.codeLast4,
          code_seen_before: 0,
          created_at_ms: learned.requestedAtMs,
          // The contract's clock begins now: a register's clock that runs behind must not shorten an order's life.
          submitted_at_ms: now,
          success_seen_at_ms: seenPaid ? now : null,
          cancel_standing: 'none',
          not_found_late: 0,
          next_due_at_ms: now,
          ask_wanted_at_ms: now,
          gateway_reachable: 1,
          offer_by_merchant_minor: 0,
          offer_by_channel_minor: 0
        })
        .execute();
      await appendEvent(trx, {
        at_ms: now,
        subject: 'attempt',
        subject_id: learned.attemptId,
        order_id: learned.orderId,
        what: 'attempt_learned',
        actor: 'journal',
        to_state: 'unknown',
        amount_minor: learned.amountMinor
      });
      return 'learned';
    },
    { repeatable: true }
  );
  if (result === 'busy') return result;
  // Also where it was known: whoever wrote it down may have died, or not have heard that it was, before it looked.
  await matchWhatWaited(parts, learned.attemptId);
  if (result === 'learned') {
    parts.changes.happened({ kind: 'attempt', id: learned.attemptId, version: 1 });
    parts.changes.happened({ kind: 'order', id: learned.orderId, version: null });
    parts.wake();
  }
  return result;
}

/** A commit of its own, after the one in which the payment was written down. */
function matchWhatWaited(parts: PaymentParts, attemptId: string): Promise<void> {
  return parts.ledger.transaction(
    async (trx) => {
      const attempt = await trx
        .selectFrom('attempts')
        .selectAll()
        .where('id', '=', attemptId)
        .where('state', '!=', 'void')
        .forUpdate()
        .executeTakeFirst();
      if (attempt !== undefined) await matchWaitingPayment({ parts, trx, attempt });
    },
    { repeatable: true }
  );
}
