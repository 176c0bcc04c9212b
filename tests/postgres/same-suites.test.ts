/** The suites that were written for either database, with PostgreSQL in SQLite's place. */
import { describe, vi } from 'vitest';
import { withServer, type LedgerModule } from './on-postgres';

vi.mock('$lib/server/ledger/ledger', async (original) =>
  (await import('./on-postgres')).onPostgres(await original<LedgerModule>())
);

withServer();

// Each in a group of its own: what a suite does before its tests is for its tests only.
describe('order-rules', async () => void (await import('../../src/lib/server/payments/order-rules.test')));
describe('refund-rules', async () => void (await import('../../src/lib/server/payments/refund-rules.test')));
describe('refund-in-cash', async () =>
  void (await import('../../src/lib/server/payments/pay-refund-in-cash.test')));
describe('late-money', async () => void (await import('../../src/lib/server/payments/late-money.test')));
describe('reconcile', async () => void (await import('../../src/lib/server/payments/reconcile.test')));
describe('webhook', async () => void (await import('../../src/lib/server/payments/webhook.test')));
describe('forgotten', async () => void (await import('../../src/lib/server/payments/forgotten.test')));
describe('clock-at-start', async () =>
  void (await import('../../src/lib/server/payments/clock-at-start.test')));
describe('crash', async () => void (await import('../../src/lib/server/payments/crash.test')));
describe('race', async () => void (await import('../../src/lib/server/payments/race.test')));
describe('desk', async () => void (await import('../../src/lib/server/desk/desk.test')));
describe('today', async () => void (await import('../../src/lib/server/reports/today.test')));
describe('money-reports', async () => void (await import('../../src/lib/server/reports/money-reports.test')));
describe('compare-registers', async () =>
  void (await import('../../src/lib/server/reports/compare-registers.test')));
describe('give-back', async () => void (await import('../../src/lib/server/reports/give-back.test')));
describe('cash', async () => void (await import('../../src/lib/server/cash/cash.test')));
describe('pin-race', async () => void (await import('../../src/lib/server/identity/pin-race.test')));
describe('badges', async () => void (await import('../../src/lib/server/identity/badges.test')));
describe('journal', async () => void (await import('../../src/lib/server/journal/receive.test')));
describe('cash-entries', async () => void (await import('../../src/lib/server/journal/cash-entries.test')));
describe('offline-entries', async () =>
  void (await import('../../src/lib/server/journal/offline-entries.test')));
describe('retention', async () => void (await import('../../src/lib/server/journal/retention.test')));
describe('stamp', async () => void (await import('../../src/lib/server/config/stamp.test')));
