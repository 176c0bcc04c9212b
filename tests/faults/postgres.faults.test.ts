/** The rows in which the database itself could tell another story, with PostgreSQL in SQLite's place. */
import { describe, vi } from 'vitest';
import { withServer, type LedgerModule } from '../postgres/on-postgres';

vi.mock('$lib/server/ledger/ledger', async (original) =>
  (await import('../postgres/on-postgres')).onPostgres(await original<LedgerModule>())
);
// Each shop has connections of its own: as many as one server has room for.
vi.setConfig({ maxConcurrency: 4 });

withServer();

describe('on PostgreSQL', async () => {
  await import('./cancel.faults.test');
  await import('./orders.faults.test');
  await import('./refund.faults.test');
  await import('./restart.faults.test');
});
