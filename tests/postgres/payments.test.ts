/** What was written for SQLite's ledger, with PostgreSQL in its place. */
import { vi } from 'vitest';
import { withServer, type LedgerModule } from './on-postgres';

vi.mock('$lib/server/ledger/ledger', async (original) =>
  (await import('./on-postgres')).onPostgres(await original<LedgerModule>())
);

withServer();

await import('../../src/lib/server/payments/payments.test');
