/** A task that was looked at and is done: with a word, and with the name of who says so. */
import { appendEvent } from '../payments/change-attempt';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import type { Ledger } from '../ledger/ledger';
import type { DeskStaff } from './desk-staff';

/**
 * Marks a task done. Its key is given free, so that the same trouble raises a new task when it is seen again. Done twice
 * is done once: the first word stands.
 */
export async function finishTask(options: {
  readonly ledger: Ledger;
  readonly staff: DeskStaff;
  readonly taskId: number;
  readonly why: string;
}): Promise<{ readonly ok: true } | Refusal> {
  const { ledger, staff, taskId, why } = options;
  return allOrNothing(ledger, async (trx): Promise<{ readonly ok: true } | Refusal> => {
    const task = await trx
      .selectFrom('tasks')
      .selectAll()
      .where('id', '=', taskId)
      .forUpdate()
      .executeTakeFirst();
    if (task === undefined) return refuse('not_found', 'There is no such task. Nothing was changed.');
    if (task.done_at_ms !== null) return { ok: true };
    if (task.kind === 'late_money' && task.attempt_id !== null) {
      const attempt = await trx
        .selectFrom('attempts')
        .select('state')
        .where('id', '=', task.attempt_id)
        .executeTakeFirst();
      if (attempt?.state === 'paid_late') {
        return refuse(
          'task_not_done',
          'This money still waits for a decision. Nothing was changed. Attach it to its order, or give it back.'
        );
      }
    }
    const now = ledger.nowMs();
    await trx
      .updateTable('tasks')
      .set({
        key: `${task.key}#${task.id}`,
        done_at_ms: now,
        done_by: staff.staffName,
        done_why: why
      })
      .where('id', '=', taskId)
      .execute();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'staff',
      subject_id: staff.staffId,
      order_id: task.order_id,
      what: 'task_done',
      actor: staff.staffName,
      message: `${task.kind}: ${why}`
    });
    return { ok: true };
  });
}
