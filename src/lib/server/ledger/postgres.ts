/** Opens PostgreSQL with the guarantees that the ledger rests on (docs/decisions/0008). */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dialect } from 'kysely';
import { Client, Pool, types, type ClientBase, type ClientConfig, type PoolConfig } from 'pg';
import { runAgain } from './broken-transaction';
import { createDatabaseClock, type ClockSample } from './database-clock';
import { openNotices, type OpenNotices } from './notices';
import { postgresDialect, wholeNumberTypes } from './postgres-dialect';
import { LedgerUnavailable, reasonOf } from './unavailable';

/** An open database. */
export interface Postgres {
  readonly dialect: Dialect;
  /** The same on one connection without limits of time: to bring many rows up to date. */
  unhurried(): Dialect;
  /** Its address without the password. */
  readonly shownAs: string;
  readonly notices: OpenNotices;
  /** By the database's clock. */
  nowMs(): number;
  /** Runs work again where its transaction broke by no fault of its own. */
  again<T>(run: () => Promise<T>, options: { repeatable: boolean }): Promise<T>;
  /** Runs this while no other instance is inside of the same. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** @param destroyDb ends the dialect, between what uses the pool and the pool itself */
  close(destroyDb: () => Promise<void>): Promise<void>;
}

const mostConnections = 10;
const connectWithinMs = 5000;
const clockEveryMs = 5000;
/** Any number, as long as every instance has the same. */
const aloneLock = 7_461_636_906;

/**
 * No statement of ours takes long, and a process that was put to sleep inside a transaction must not hold its locks
 * while the others wait.
 */
const limits = {
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000
};

/**
 * @param options.url `postgres://user:password@host:port/database`
 * @throws {@link LedgerUnavailable} with one sentence where it can't be reached, or gives up commits at a power cut
 */
export async function openPostgres(options: { url: string }): Promise<Postgres> {
  const shownAs = shownAddress(options.url);
  const wire: ClientConfig = {
    connectionString: options.url,
    keepAlive: true,
    connectionTimeoutMillis: connectWithinMs,
    application_name: 'till'
  };
  const poolOf = (own: PoolConfig): Pool => {
    const made = new Pool({
      ...wire,
      ...own,
      types: wholeNumberTypes(types),
      // The pool waits for it, and hands out no connection that it refuses.
      // oxlint-disable-next-line typescript/no-misused-promises -- its types do not say so yet
      onConnect: (client: ClientBase) => refuseForgetful(client, shownAs)
    });
    // A connection that dies is replaced at its next use; without an ear here its end would be the end of the process.
    made.on('error', () => undefined);
    made.on('connect', (client) => void client.on('error', () => undefined));
    return made;
  };
  const pool = poolOf({ ...limits, max: mostConnections });

  const sample = async (): Promise<ClockSample> => {
    const askedMs = performance.now();
    const { rows } = await pool.query<{ now: number }>(
      'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::int8 AS now'
    );
    return { databaseMs: rows[0]?.now ?? Number.NaN, askedMs, answeredMs: performance.now() };
  };
  const open = async (): Promise<Client> => {
    const client = new Client(wire);
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  let clock;
  try {
    clock = createDatabaseClock({
      first: [await sample(), await sample(), await sample()],
      monotonicNow: () => performance.now()
    });
  } catch (cause) {
    await pool.end();
    if (cause instanceof LedgerUnavailable) throw cause;
    throw new LedgerUnavailable(
      `The database ${shownAs} can't be reached (${reasonOf(cause)}). Check DATABASE_URL, and that PostgreSQL runs there and lets this user in.`,
      { cause }
    );
  }
  // Asked of the database again and again: neither clock is perfect, and a machine may sleep.
  const ticking = setInterval(() => {
    sample().then(
      (seen) => clock.add(seen),
      () => undefined
    );
  }, clockEveryMs);
  ticking.unref();

  const notices = openNotices({
    self: randomBytes(8).toString('hex'),
    connect: open,
    send: async (channel, payload) => {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    }
  });

  return {
    dialect: postgresDialect(pool),
    unhurried: () => postgresDialect(poolOf({ max: 1 })),
    shownAs,
    notices,
    nowMs: () => clock.nowMs(),
    again: (run, { repeatable }) => runAgain({ run, repeatable, wait: (ms) => pause(ms) }),
    async alone(work) {
      // On a connection of its own: the lock is the session's, and goes with it whatever happens.
      const client = await open();
      try {
        await client.query('SELECT pg_advisory_lock($1)', [aloneLock]);
        return await work();
      } finally {
        await client.end();
      }
    },
    async close(destroyDb) {
      clearInterval(ticking);
      // First what still wants to be sent: a pool that ends lets whoever waits for a connection wait in vain.
      await notices.close();
      await destroyDb();
      // Kysely ends it only where it was used.
      if (!pool.ending) await pool.end();
    }
  };
}

/** Looked at on every connection: a setting can be changed while Till runs. */
async function refuseForgetful(client: ClientBase, shownAs: string): Promise<void> {
  const { rows } = await client.query<Record<'commits' | 'fsync' | 'standby' | 'encoding', string>>(
    `SELECT current_setting('synchronous_commit') AS commits, current_setting('fsync') AS fsync,
       pg_is_in_recovery()::text AS standby, current_setting('server_encoding') AS encoding`
  );
  const [settings] = rows;
  const wrong =
    settings === undefined
      ? 'it answers nothing'
      : settings.commits !== 'on' && settings.commits !== 'remote_apply'
        ? `its synchronous_commit is ${settings.commits} and must be on, or a power cut loses payments`
        : settings.fsync !== 'on'
          ? 'its fsync is off and must be on, or a power cut loses payments'
          : settings.standby === 'true'
            ? 'it is a standby that can only be read; name the primary'
            : settings.encoding !== 'UTF8'
              ? `its encoding is ${settings.encoding} and must be UTF8`
              : null;
  if (wrong !== null) throw new LedgerUnavailable(`The database ${shownAs} can't be used: ${wrong}.`);
}

/** The address for people: never with its password. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'in DATABASE_URL';
  const { host, pathname, username } = new URL(url);
  return `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`;
}
