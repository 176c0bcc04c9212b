/**
 * Somebody set this machine's clock (money rule 9). Set on, everything is due sooner, and what only time can prove is counted by
 * the stopwatch. Set back, what was due in five seconds is due in an hour: then everything open is asked about at once, and a
 * manager is told.
 */
import { openAttemptStates, openRefundStates } from '$lib/payment/states';
import type { PaymentParts } from './parts';
import { raiseTask } from './tasks';

/** @param options.setMs how far it was set; below zero: back */
export async function afterClockWasSet(options: {
  parts: PaymentParts;
  now: number;
  setMs: number;
}): Promise<void> {
  const { parts, now, setMs } = options;
  parts.log.warn({ setMs }, "this machine's clock was set");
  if (setMs > 0) return;
  const leaseUntil = now + parts.timing.leaseMs;
  await parts.ledger.transaction(async (trx) => {
    await trx
      .updateTable('attempts')
      .set({ next_due_at_ms: now })
      .where('next_due_at_ms', '>', now)
      .where(
        'state',
        'in',
        openAttemptStates.filter((state) => state !== 'intent')
      )
      .execute();
    // Sent or answered "in the future": counted from now, which is later than the truth and so proves nothing sooner.
    for (const moment of ['submitted_at_ms', 'submit_answered_at_ms', 'cancel_answered_at_ms'] as const) {
      await trx
        .updateTable('attempts')
        .set({ [moment]: now })
        .where(moment, '>', now)
        .where('state', 'in', openAttemptStates)
        .execute();
    }
    // A first sight that lies ahead would wait for its second until the clock is there again.
    await trx
      .updateTable('attempts')
      .set({ late_seen_at_ms: null })
      .where('late_seen_at_ms', '>', now)
      .execute();
    await trx
      .updateTable('refunds')
      .set({ next_due_at_ms: now })
      .where('next_due_at_ms', '>', now)
      .where('state', 'in', openRefundStates)
      .execute();
    await trx
      .updateTable('refunds')
      .set({ submitted_at_ms: now })
      .where('submitted_at_ms', '>', now)
      .where('state', 'in', openRefundStates)
      .execute();
    await trx
      .updateTable('refunds')
      .set({ first_not_found_at_ms: null })
      .where('first_not_found_at_ms', '>', now)
      .execute();
    // No process holds a row for longer than a lease; one that died would hold it until the clock is there again.
    await trx
      .updateTable('attempts')
      .set({ lease_until_ms: leaseUntil })
      .where('lease_until_ms', '>', leaseUntil)
      .execute();
    await trx
      .updateTable('refunds')
      .set({ lease_until_ms: leaseUntil })
      .where('lease_until_ms', '>', leaseUntil)
      .execute();
    const minutes = Math.max(1, Math.round(-setMs / 60_000));
    await raiseTask(trx, {
      task: {
        kind: 'alarm',
        about: 'clock_set_back',
        text: `This machine's clock was set back by ${minutes} min. Open payments were asked about at once. Let the system keep its clock by itself`
      },
      id: 'clock',
      attemptId: null,
      orderId: null,
      now
    });
  });
}
