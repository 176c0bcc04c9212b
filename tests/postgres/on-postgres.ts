/**
 * Puts PostgreSQL in SQLite's place for tests that were written for either: whatever opens a ledger gets a database of
 * its own on this file's server.
 */
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
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    server = null;
  }, 60_000);
}

export type LedgerModule = { openLedger: (place: LedgerPlace) => Promise<Ledger> };

/** The ledger's module with every path a database on PostgreSQL, and with the clock that a test brings. */
export function onPostgres<Module extends LedgerModule>(original: Module): Module {
  return {
    ...original,
    async openLedger(place: LedgerPlace): Promise<Ledger> {
      if ('url' in place) return original.openLedger(place);
      const keeps = place.path !== ':memory:';
      const url = (keeps ? databases.get(place.path) : undefined) ?? (await emptyDatabase());
      if (keeps) databases.set(place.path, url);
      const ledger = await original.openLedger({ url });
      return {
        ...ledger,
        nowMs: place.now === Date.now ? ledger.nowMs : place.now,
        async close() {
          await ledger.close();
          if (!keeps) free.push(url);
        }
      };
    }
  };
}

const free: string[] = [];

/** One that an earlier test has done with, emptied: to make a new one takes a second on a busy machine. */
async function emptyDatabase(): Promise<string> {
  const url = free.pop();
  if (url === undefined) return (await testServer().createDatabase()).url;
  const name = new URL(url).pathname.slice(1);
  const [tables = []] = await testServer().query(
    name,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname NOT LIKE 'kysely%'`
  );
  await testServer().query(
    name,
    // Neither triggers nor references count for this connection.
    'SET session_replication_role = replica',
    ...tables.map((table) => `DELETE FROM "${String(table['name'])}"`),
    `SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'`
  );
  return url;
}
