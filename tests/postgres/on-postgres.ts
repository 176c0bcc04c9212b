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

type LedgerModule = { openLedger: (place: LedgerPlace) => Promise<Ledger> };

/** The ledger's module with every path a database on PostgreSQL, and with the clock that a test brings. */
export function onPostgres<Module extends LedgerModule>(original: Module): Module {
  let template: Promise<string> | null = null;
  /** The migrations run once; every ledger is a copy of that. */
  async function makeTemplate(): Promise<string> {
    const { name, url } = await testServer().createDatabase();
    await (await original.openLedger({ url })).close();
    return name;
  }
  return {
    ...original,
    async openLedger(place: LedgerPlace): Promise<Ledger> {
      if ('url' in place) return original.openLedger(place);
      const known = databases.get(place.path);
      template ??= makeTemplate();
      const url = known ?? (await testServer().createDatabase(await template)).url;
      if (place.path !== ':memory:') databases.set(place.path, url);
      const ledger = await original.openLedger({ url });
      return { ...ledger, nowMs: place.now === Date.now ? ledger.nowMs : place.now };
    }
  };
}
