/**
 * Somebody set this machine's clock (money rule 9). Set on, everything is due sooner, and what only time can prove is counted by
 * the stopwatch. Set back, what was due in five seconds is due in an hour: then everything open is asked about at once, and a
 * manager is told. The same where it was set back while Till was off.
 */
import { sql } from 'kysely';
import { openAttemptStates, openRefundStates } from '$lib/payment/states';
import type { PaymentParts } from './parts';
import { leastJumpMs } from './stopwatch';
import { raiseTask } from './tasks';

/** @param options.setMs how far it was set; below zero: back */
export async function afterClockWasSet(options: {
  parts: PaymentParts;
  now: number;
  setMs: number;
}): Promise<void> {
  const { parts, now, setMs } = options;
  parts.log.warn({ setMs }, "this machine's clock was set");
  if (setMs < 0) await putRight({ parts, now, how: `${minutesOf(-setMs)} min` });
}

/**
 * To be called at a process's first claim: what an earlier process wrote and no clock can have shown yet was written before
 * the clock was set back. Where nothing of the kind is found, as ever, nothing is changed.
 */
export async function lookBack({ parts, now }: { parts: PaymentParts; now: number }): Promise<void> {
  const aheadMs = (await latestWrittenMs(parts)) - now;
  if (aheadMs < leastJumpMs) return;
  parts.log.warn({ aheadMs }, "this machine's clock was set back while Till was off");
  await putRight({ parts, now, how: `${minutesOf(aheadMs)} min or more while Till was off` });
}

const minutesOf = (ms: number): number => Math.max(1, Math.round(ms / 60_000));

/** The latest moment at which anything open was written, by the clock of that moment; 0 where nothing is open. */
async function latestWrittenMs({ ledger, timing }: PaymentParts): Promise<number> {
  let latest = 0;
  for (const [table, states] of [
    ['attempts', openAttemptStates],
    ['refunds', openRefundStates]
  ] as const) {
    // Whatever is open is due some time: the index of the due ones is short.
    const row = await ledger.db
      .selectFrom(table)
      .select(({ fn }) => [
        sql<number | null>`max(case when state = 'intent' then created_at_ms end)`.as('created'),
        fn.max<number | null>('submitted_at_ms').as('submitted'),
        fn.max<number | null>('last_asked_at_ms').as('asked'),
        fn.max<number | null>('lease_until_ms').as('leased')
      ])
      .where('next_due_at_ms', 'is not', null)
      .where(sql<boolean>`state in (${sql.join(states)})`)
      .executeTakeFirstOrThrow();
    const { created, submitted, asked, leased } = row;
    latest = Math.max(latest, created ?? 0, submitted ?? 0, asked ?? 0, (leased ?? 0) - timing.leaseMs);
  }
  return latest;
}

async function putRight({
  parts,
  now,
  how
}: {
  parts: PaymentParts;
  now: number;
  how: string;
}): Promise<void> {
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
    // One that was never sent is given up by its age.
    await trx
      .updateTable('attempts')
      .set({ created_at_ms: now, next_due_at_ms: now + parts.timing.intentLifeMs })
      .where('created_at_ms', '>', now)
      .where('state', '=', 'intent')
      .execute();
    // Sent or answered "in the future": counted from now, which is later than the truth and so proves nothing sooner.
    for (const moment of [
      'submitted_at_ms',
      'submit_answered_at_ms',
      'cancel_answered_at_ms',
      'last_asked_at_ms'
    ] as const) {
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
    for (const moment of ['submitted_at_ms', 'last_asked_at_ms'] as const) {
      await trx
        .updateTable('refunds')
        .set({ [moment]: now })
        .where(moment, '>', now)
        .where('state', 'in', openRefundStates)
        .execute();
    }
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
    await raiseTask(trx, {
      task: {
        kind: 'alarm',
        about: 'clock_set_back',
        text: `This machine's clock was set back by ${how}. Open payments were asked about at once. Let the system keep its clock by itself`
      },
      id: 'clock',
      attemptId: null,
      orderId: null,
      now
    });
  });
}
