/** Raises what a manager must look at. */
import type { LedgerTransaction } from '../ledger/ledger';
import type { AlarmTask } from './alarms';

export type RaisedTask =
  | AlarmTask
  | {
      readonly kind: 'late_money' | 'surplus' | 'mismatch' | 'contradiction' | 'journal';
      readonly text: string;
    };

/**
 * The same trouble is one task, however often it is seen, until somebody marks it done: the key is then given free, and
 * the same trouble after that is a new task.
 *
 * @param options.id what it is about: with the kind it makes the key. An alarm is about the shop, so its name does.
 */
export async function raiseTask(
  trx: LedgerTransaction,
  options: {
    readonly task: RaisedTask;
    readonly id: string;
    readonly attemptId: string | null;
    readonly orderId: string | null;
    readonly now: number;
  }
): Promise<void> {
  const { task, id, attemptId, orderId, now } = options;
  await trx
    .insertInto('tasks')
    .values({
      key: `${task.kind}:${task.kind === 'alarm' ? task.about : id}`,
      kind: task.kind,
      text: task.text,
      attempt_id: attemptId,
      order_id: orderId,
      created_at_ms: now
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
}
