/**
 * A manager's written word about an open payment (money rule 13). It never changes the payment: asking goes on, and only
 * a query ends it.
 */
import { isOpen } from '$lib/payment/states';
import type { ResolveAttempt } from '$lib/wire/desk';
import { appendEvent, lockAttempt } from '../payments/change-attempt';
import type { AttemptRow, PaymentParts } from '../payments/parts';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import { isOnDesk } from '../payments/when-due';
import type { DeskStaff } from './desk-staff';

export type ResolveResult = { readonly ok: true; readonly row: AttemptRow } | Refusal;

/**
 * Writes down that the shopper was not charged (the order is free for another payment from then on), or was (the order
 * is closed as awaiting confirmation). The same word twice is kept once: the first one stands.
 */
export async function writeResolution(options: {
  readonly parts: PaymentParts;
  readonly staff: DeskStaff;
  readonly attemptId: string;
  readonly request: ResolveAttempt;
}): Promise<ResolveResult> {
  const { parts, staff, attemptId, request } = options;
  const result = await allOrNothing(parts.ledger, async (trx): Promise<ResolveResult> => {
    const known = await trx
      .selectFrom('attempts')
      .select('id')
      .where('id', '=', attemptId)
      .executeTakeFirst();
    if (known === undefined) return refuse('not_found', 'There is no such payment. Nothing was changed.');
    const row = await lockAttempt(trx, attemptId);
    const now = parts.ledger.nowMs();
    const written = await trx
      .selectFrom('resolutions')
      .select('resolution')
      .where('attempt_id', '=', attemptId)
      .execute();
    if (written.some(({ resolution }) => resolution === request.resolution)) return { ok: true, row };
    if (!isOpen(row.state)) {
      return refuse(
        'not_resolvable',
        'This payment has ended meanwhile: the wallet has said how. Nothing was written. Look at the order.'
      );
    }
    if (!isOnDesk({ row, now, timing: parts.timing })) {
      return refuse(
        'not_resolvable',
        'This payment is still at the counter. Nothing was written. Wait until its minute is over.'
      );
    }
    if (row.set_aside_at_ms !== null) {
      return refuse(
        'not_resolvable',
        'It is already written that this shopper was not charged, and the order may have been paid otherwise since. Nothing was written. Leave it to the wallet.'
      );
    }
    await trx
      .insertInto('resolutions')
      .values({
        attempt_id: attemptId,
        order_id: row.order_id,
        resolution: request.resolution,
        why: request.why,
        staff_id: staff.staffId,
        staff_name: staff.staffName,
        at_ms: now
      })
      .execute();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'attempt',
      subject_id: attemptId,
      order_id: row.order_id,
      what: request.resolution === 'charged' ? 'written_charged' : 'written_not_charged',
      actor: staff.staffName,
      from_state: row.state,
      to_state: row.state,
      amount_minor: row.amount_minor,
      message: request.why
    });
    // The state stays; only the hold on the order is let go. The version tells waiting registers that there is news.
    const after = await trx
      .updateTable('attempts')
      .set({
        version: row.version + 1,
        ...(request.resolution === 'not_charged' ? { set_aside_at_ms: now } : {})
      })
      .where('id', '=', attemptId)
      .returningAll()
      .executeTakeFirstOrThrow();
    return { ok: true, row: after };
  });
  if (result.ok) tell(parts, result.row);
  return result;
}

function tell(parts: PaymentParts, row: AttemptRow): void {
  parts.changes.happened({ kind: 'attempt', id: row.id, version: row.version });
  parts.changes.happened({ kind: 'order', id: row.order_id, version: null });
}
