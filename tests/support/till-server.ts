/**
 * The real built server in a process of its own, with its own port, data and log. Plain Node runs this file too (benches),
 * so imports name their extension.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inProject, ownNode, root } from '../../scripts/lib/project.mjs';
import { openSandboxBook, type SandboxBook } from '../../src/lib/server/sandbox/index.ts';

/** How a server is started. */
export interface TillSettings {
  /** Divides every duration of the gateway's contract. */
  readonly timeScale: number;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** An empty folder, where others begin with a copy of what a till in training made at its first start. */
  readonly beginsEmpty?: boolean;
}

/** A row of the ledger, as SQLite gives it. */
export type LedgerRow = Record<string, string | number | bigint | null | Uint8Array>;

/** A running server. */
export interface Till {
  /** Its address in the browser, `http://localhost:<port>`. */
  readonly baseURL: string;
  /** The folder of its database, the sandbox's book and keys. */
  readonly folder: string;
  readonly databasePath: string;
  readonly timeScale: number;
  readonly pid: number;
  /** What was really charged and given back, by the gateway itself. */
  book(): SandboxBook;
  /** Reads the ledger; the server goes on writing. */
  ledger(sql: string, ...values: (string | number)[]): LedgerRow[];
  /** Everything that all its processes printed so far. */
  log(): string;
  /** Its port: it stays the same whatever is restarted. */
  readonly port: string;
  /**
   * Kills the process as a power cut would, and starts another on the same port and data.
   *
   * @param meanwhile what happens to its data while nothing runs
   */
  restart(meanwhile?: () => void): Promise<void>;
  /** Ends it by SIGTERM and removes its data, or keeps a copy. @throws when it did not end well */
  stop(options?: { readonly keepIn?: string }): Promise<void>;
}

/** Names the environment variable with the folder that new servers begin with a copy of; without it they begin with nothing. */
export const preparedTill = 'TILL_TESTS_PREPARED';

/** Names the environment variable with the folder where Node keeps what it made of a server's code, for the next one. */
export const compiledTill = 'TILL_TESTS_COMPILED';

const startWithinMs = 30_000;
const stopWithinMs = 20_000;

/** Settings of whoever runs the tests must not reach the server: a blank one counts as missing, and `.env` keeps out. */
const blank = Object.fromEntries(
  [
    'CODEPAY_GATEWAY_URL',
    'CODEPAY_APP_ID',
    'CODEPAY_MERCHANT_NO',
    'CODEPAY_STORE_NO',
    'CODEPAY_TERMINAL_SN',
    'CODEPAY_PAY_METHOD_ID',
    'CODEPAY_APP_PRIVATE_KEY',
    'CODEPAY_APP_PRIVATE_KEY_FILE',
    'CODEPAY_GATEWAY_PUBLIC_KEY',
    'CODEPAY_GATEWAY_PUBLIC_KEY_FILE',
    'CODEPAY_TIMEOUT_MS',
    'CODEPAY_NOTIFY_ORIGIN',
    'ORIGIN'
  ].map((name) => [name, ''])
);

/**
 * Starts a server on a free loopback port, in training mode, with data of its own in a temporary folder.
 *
 * @throws when it does not listen within half a minute, with what it printed
 */
export async function startTill({ timeScale, env = {}, beginsEmpty = false }: TillSettings): Promise<Till> {
  const folder = mkdtempSync(join(tmpdir(), 'till-'));
  const prepared = process.env[preparedTill];
  if (prepared !== undefined && !beginsEmpty) cpSync(prepared, folder, { recursive: true });
  const databasePath = join(folder, 'training.db');
  const printed: string[] = [];
  let port = '0';
  let child: ChildProcess;
  let baseURL: string;
  let book: (SandboxBook & { readonly close: () => void }) | undefined;
  let ledger: DatabaseSync | undefined;

  async function start(): Promise<void> {
    const from = printed.length;
    child = spawn(ownNode(), [inProject('scripts', 'server.mjs')], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        TZ: process.env['TZ'],
        NODE_COMPILE_CACHE: process.env[compiledTill],
        ...blank,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: port,
        DATABASE_URL: `file:${databasePath}`,
        TILL_TIME_SCALE: String(timeScale),
        ...env
      },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    const heard = child;
    baseURL = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        heard.kill('SIGKILL');
        reject(new Error(`The server did not listen in time:\n${printed.slice(from).join('')}`));
      }, startWithinMs);
      for (const stream of [heard.stdout, heard.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          printed.push(chunk.toString('utf8'));
          const address = /^Till listens at (\S+)$/m.exec(printed.slice(from).join(''))?.[1];
          if (address === undefined) return;
          clearTimeout(timer);
          resolve(address);
        });
      }
      heard.once('close', (code) => {
        clearTimeout(timer);
        reject(new Error(`The server ended with ${code}:\n${printed.slice(from).join('')}`));
      });
    });
    port = new URL(baseURL).port;
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const closed = once(child, 'close');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await closed;
    clearTimeout(late);
    return child.exitCode;
  }

  try {
    await start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }

  return {
    get baseURL() {
      return baseURL;
    },
    get pid() {
      return child.pid ?? -1;
    },
    get port() {
      return port;
    },
    folder,
    databasePath,
    timeScale,
    book() {
      return (book ??= openSandboxBook({ bookPath: join(folder, 'sandbox-book.db') }));
    },
    ledger(sql, ...values) {
      ledger ??= new DatabaseSync(databasePath, { readOnly: true, timeout: 5_000 });
      return ledger.prepare(sql).all(...values);
    },
    log: () => printed.join(''),
    async restart(meanwhile = () => undefined) {
      await end('SIGKILL');
      // what stands in the database's place afterwards may be another file
      ledger?.close();
      ledger = undefined;
      meanwhile();
      await start();
    },
    async stop({ keepIn } = {}) {
      book?.close();
      ledger?.close();
      const code = await end('SIGTERM');
      if (keepIn !== undefined) cpSync(folder, keepIn, { recursive: true });
      rmSync(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`The server ended with ${code ?? 'a signal'}:\n${printed.join('')}`);
    }
  };
}
