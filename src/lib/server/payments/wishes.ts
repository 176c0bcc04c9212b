/** What people wish of a payment under way: written down here, carried out by the worker by the contract's timing. */
import { isOpen, isRefundOpen } from '$lib/payment/states';
import { changeAttempt } from './change-attempt';
import { wishedRefundDue } from './decide-refund';
import { dueNow } from './when-due';
import type { AttemptRow, PaymentParts, RefundRow } from './parts';

/** A cashier's wish to stop. @returns null: no such attempt */
export async function stopPayment(options: {
  parts: PaymentParts;
  attemptId: string;
  staffName: string;
}): Promise<AttemptRow | null> {
  const { parts, attemptId, staffName } = options;
  if (!(await exists(parts, attemptId))) return null;
  const row = await changeAttempt({
    parts,
    id: attemptId,
    actor: staffName,
    decide: (current) => {
      if (!isOpen(current.state) || current.stop_requested_at_ms !== null) return null;
      const now = parts.ledger.nowMs();
      const from = current.submitted_at_ms ?? current.created_at_ms;
      const due = Math.max(now, from + parts.timing.cancelNotBeforeMs);
      return {
        event: null,
        what: 'stop_requested',
        set: {
          stop_requested_at_ms: now,
          stop_requested_by: staffName,
          // Where it may be carried out at once, a turn under way is followed by another.
          ...(due <= now ? dueNow(now) : { next_due_at_ms: Math.min(current.next_due_at_ms ?? due, due) })
        }
      };
    }
  });
  parts.wake();
  return row;
}

/** Asks the gateway at once, also about one that ended without money. @returns null: no such attempt */
export async function askNow(options: {
  parts: PaymentParts;
  attemptId: string;
}): Promise<AttemptRow | null> {
  const { parts, attemptId } = options;
  if (!(await exists(parts, attemptId))) return null;
  const row = await changeAttempt({
    parts,
    id: attemptId,
    actor: 'staff',
    decide: (current) =>
      (isOpen(current.state) && current.state !== 'intent') ||
      (current.state === 'failed' && current.fail_reason !== 'not_sent')
        ? { event: null, set: dueNow(parts.ledger.nowMs()) }
        : null
  });
  parts.wake();
  return row;
}

/** "Try again now" and "Ask now" of a refund. @returns null: no such refund */
export async function askRefundNow(options: {
  parts: PaymentParts;
  refundId: string;
}): Promise<RefundRow | null> {
  const { parts, refundId } = options;
  const row = await parts.ledger.transaction(
    async (trx) => {
      const current = await trx
        .selectFrom('refunds')
        .selectAll()
        .where('id', '=', refundId)
        .forUpdate()
        .executeTakeFirst();
      if (current === undefined || !isRefundOpen(current.state)) return current;
      const now = parts.ledger.nowMs();
      return trx
        .updateTable('refunds')
        .set({ ask_wanted_at_ms: now, next_due_at_ms: wishedRefundDue(current, now, parts.timing) })
        .where('id', '=', refundId)
        .returningAll()
        .executeTakeFirstOrThrow();
    },
    { repeatable: true }
  );
  if (row === undefined) return null;
  if (isRefundOpen(row.state)) parts.wake();
  return row;
}

async function exists(parts: PaymentParts, attemptId: string): Promise<boolean> {
  const row = await parts.ledger.db
    .selectFrom('attempts')
    .select('id')
    .where('id', '=', attemptId)
    .executeTakeFirst();
  return row !== undefined;
}
