/**
 * Puts PostgreSQL in SQLite's place for tests that were written for either: whatever opens a ledger gets a database of
 * its own on this file's server.
 */
import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import type { Ledger, LedgerPlace } from '$lib/server/ledger/ledger';
import { startTestServer, type TestServer } from './server';

let server: TestServer | null = null;
const databases = new Map<string, string>();

export function testServer(): TestServer {
  if (server === null) throw new Error('the server starts before the first test');
  return server;
}

/** Starts the server before the first test of the file and ends it after the last. */
export function withServer(): void {
  beforeAll(async () => {
    server = await startTestServer();
    // Only now: it stands on the ledger's module, whose replacement is made here.
    (await import('$lib/server/payments/shop.fixture')).copyNoLedger();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(idle.splice(0).map((ledger) => ledger.close()));
    await server?.stop();
    server = null;
  }, 60_000);
}

export type LedgerModule = { openLedger: (place: LedgerPlace) => Promise<Ledger> };

/** The ledger's module with every path a database on PostgreSQL, and with the clock that a test brings. */
export function onPostgres<Module extends LedgerModule>(original: Module): Module {
  return {
    ...original,
    ledgerOver(): never {
      throw new Error('this ledger would lie in SQLite: its test proves nothing about PostgreSQL');
    },
    async openLedger(place: LedgerPlace): Promise<Ledger> {
      if ('url' in place) return original.openLedger(place);
      const keeps = place.path !== ':memory:';
      const ledger = keeps ? await keptLedger(original, place.path) : await emptyLedger(original);
      return {
        ...ledger,
        nowMs: place.now === Date.now ? ledger.nowMs : place.now,
        async close() {
          if (keeps) await ledger.close();
          else idle.push(ledger);
        }
      };
    }
  };
}

async function keptLedger({ openLedger }: LedgerModule, path: string): Promise<Ledger> {
  const url = databases.get(path) ?? (await testServer().createDatabase()).url;
  databases.set(path, url);
  return openLedger({ url });
}

/** Ledgers that an earlier test has done with, still open. */
const idle: Ledger[] = [];

/** One of those, emptied: a database of its own and its connections would cost a test more than all that it does. */
async function emptyLedger({ openLedger }: LedgerModule): Promise<Ledger> {
  const ledger = idle.pop();
  if (ledger === undefined) return openLedger({ url: (await testServer().createDatabase()).url });
  // Neither triggers nor references count in this transaction.
  await sql`
    DO $$ DECLARE one regclass; BEGIN
      SET LOCAL session_replication_role = replica;
      FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname NOT LIKE 'kysely%' LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
      PERFORM setval(oid::regclass, 1, false) FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
    END $$`.execute(ledger.db);
  return ledger;
}
