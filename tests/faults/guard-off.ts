/** What stands between the engine and its ledger where a negative control switches a guard off. */
import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely';
import { sql } from 'kysely';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { AttemptRow, RefundRow } from '$lib/server/payments/parts';

/** The same ledger, whose transactions run with this plugin. */
export function withPlugin(ledger: Ledger, plugin: KyselyPlugin): Ledger {
  return {
    ...ledger,
    transaction: (work) => ledger.db.withPlugin(plugin).transaction().execute(work)
  };
}

/**
 * A ledger that shows its transactions other rows than it has: what a guard would see is not there to be seen. What is
 * written is written.
 */
export function showing<Table extends 'attempts' | 'refunds'>(
  ledger: Ledger,
  table: Table,
  lie: Partial<Table extends 'attempts' ? AttemptRow : RefundRow>
): Ledger {
  const reads = new WeakSet<QueryId>();
  return withPlugin(ledger, {
    transformQuery({ node, queryId }): RootOperationNode {
      if (node.kind === 'SelectQueryNode' && JSON.stringify(node.from).includes(`"name":"${table}"`))
        reads.add(queryId);
      return node;
    },
    transformResult: ({ result, queryId }) =>
      Promise.resolve(
        reads.has(queryId) ? { ...result, rows: result.rows.map((row) => ({ ...row, ...lie })) } : result
      )
  });
}

/** A ledger whose program does not see some rows: a check that was forgotten. */
export function blindTo(ledger: Ledger, table: 'attempts' | 'refunds'): Ledger {
  const blinded = new WeakSet<QueryId>();
  return withPlugin(ledger, {
    transformQuery({ node, queryId }): RootOperationNode {
      const text = JSON.stringify(node);
      const lists = text.includes(`"${table === 'attempts' ? 'order_id' : 'attempt_id'}"`);
      const reads = node.kind === 'SelectQueryNode' && text.includes(`"name":"${table}"`);
      if (reads && lists) blinded.add(queryId);
      return node;
    },
    transformResult: ({ result, queryId }) =>
      Promise.resolve(blinded.has(queryId) ? { ...result, rows: [] } : result)
  });
}

/** A ledger that says that it has committed before it has, and whose process dies then. */
export function sayingTooSoon(ledger: Ledger): Ledger {
  return {
    ...ledger,
    transaction: (work) =>
      new Promise((resolve) => {
        const lost = ledger.transaction(async (trx) => {
          resolve(await work(trx));
          throw new Error('the process dies here');
        });
        lost.catch(() => undefined);
      })
  };
}

/** Leases are forgotten as soon as they are given. */
export async function forgetLeases({ db }: Ledger): Promise<void> {
  await sql`CREATE TRIGGER no_lease AFTER UPDATE OF lease_until_ms ON attempts WHEN NEW.lease_until_ms IS NOT NULL
    BEGIN UPDATE attempts SET lease_until_ms = NULL WHERE id = NEW.id; END`.execute(db);
}
