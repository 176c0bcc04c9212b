/** The days' checks as managers read them: how many were compared, and what differed. */
import type { Reconciliation } from '$lib/wire/desk';
import type { Ledger } from '../ledger/ledger';
import { isoTime } from '../payments/views';

const mostShown = 10;

/** The newest checks, first the newest; or those of the given ids. */
export async function readReconciliations({
  ledger,
  id
}: {
  readonly ledger: Ledger;
  readonly id?: number;
}): Promise<Reconciliation[]> {
  const { db } = ledger;
  let query = db.selectFrom('reconciliations').selectAll().orderBy('id', 'desc').limit(mostShown);
  if (id !== undefined) query = query.where('id', '=', id);
  const runs = await query.execute();
  if (runs.length === 0) return [];
  const counts = await db
    .selectFrom('reconciliation_items')
    .where(
      'reconciliation_id',
      'in',
      runs.map((run) => run.id)
    )
    .where('outcome', 'is not', null)
    .groupBy(['reconciliation_id', 'outcome'])
    .select(({ fn }) => ['reconciliation_id', 'outcome', fn.countAll<number>().as('count')])
    .execute();
  return runs.map((run) => {
    const count = (outcome: string): number =>
      Number(
        counts.find((row) => Number(row.reconciliation_id) === Number(run.id) && row.outcome === outcome)
          ?.count ?? 0
      );
    const differences = count('different');
    const stillOpen = count('open');
    return {
      reconciliationId: Number(run.id),
      day: run.day,
      startedAt: isoTime(run.started_at_ms),
      endedAt: run.ended_at_ms === null ? null : isoTime(run.ended_at_ms),
      startedBy: run.started_by,
      total: Number(run.total),
      compared: count('same') + stillOpen + differences,
      differences,
      unanswered: count('unanswered'),
      stillOpen
    };
  });
}
