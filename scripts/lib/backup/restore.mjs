import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { readCopy, sha256Of } from './copy-sqlite.mjs';
import { connectionOf } from './make.mjs';

/**
 * Puts a backup in the database's place. What stands there is not deleted: it is moved aside.
 *
 * @param {{
 *   database: ReturnType<typeof import('../database.mjs').databaseOf>,
 *   from: string,
 *   live: boolean,
 *   isRunning: () => Promise<boolean>,
 *   now?: Date,
 *   pgRestore?: string
 * }} of  `from`: one backup's folder; `live`: what the settings say
 * @returns {Promise<{ aside: string | null, facts: { madeAt: string, rows: Record<string, number> } } | { sentence: string }>}
 */
export async function restoreBackup({
  database,
  from,
  live,
  isRunning,
  now = new Date(),
  pgRestore = 'pg_restore'
}) {
  const facts = readFacts(from);
  if (facts === null) return { sentence: `${from} is no backup of Till: there is no backup.json in it.` };
  const copy = join(from, facts.file);
  if (!existsSync(copy) || (await sha256Of(copy)) !== facts.sha256) {
    return {
      sentence: `${copy} is not what was backed up: it is missing, cut off or changed. Take another backup.`
    };
  }
  const engine = 'path' in database ? 'sqlite' : 'postgres';
  if (facts.engine !== engine) {
    return { sentence: `This backup is of ${facts.engine}, and DATABASE_URL names ${engine}.` };
  }
  const mode = live ? 'live' : 'training';
  if (facts.mode !== null && facts.mode !== mode) {
    return { sentence: `This backup is of ${facts.mode} mode, and the settings say ${mode}.` };
  }
  if (await isRunning()) return { sentence: 'Till is running. Stop it first, then restore.' };
  if (engine === 'postgres') return await intoPostgres({ database, copy, from, facts, pgRestore });
  return intoSqlite({ database, copy, from, facts, now });
}

/** True where something answers at the address that Till would listen on. @param {NodeJS.ProcessEnv} environment */
export function answersAt(environment) {
  const asked = environment.HOST?.trim() || '127.0.0.1';
  const host = ['0.0.0.0', '::'].includes(asked) ? '127.0.0.1' : asked;
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(environment.PORT?.trim() || 3000), timeout: 2000 });
    const end = (running) => {
      socket.destroy();
      resolve(running);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function readFacts(from) {
  try {
    const facts = JSON.parse(readFileSync(join(from, 'backup.json'), 'utf8'));
    const whole = typeof facts.file === 'string' && typeof facts.sha256 === 'string';
    return whole && basename(facts.file) === facts.file ? facts : null;
  } catch {
    return null;
  }
}

function intoSqlite({ database, copy, from, facts, now }) {
  const { path, folder } = database;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${path}.restored`;
  copyFileSync(copy, fresh);
  readCopy(fresh);
  // The database with what is not yet in its main file, and its secret: whole, should it be wanted back.
  const secret = join(folder, 'till-secret');
  const bringsSecret = existsSync(join(from, 'till-secret'));
  const standing = [path, `${path}-wal`, `${path}-shm`, ...(bringsSecret ? [secret] : [])].filter((file) =>
    existsSync(file)
  );
  let aside = null;
  if (standing.length > 0) {
    aside = join(folder, `replaced-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    for (const file of standing) renameSync(file, join(aside, basename(file)));
  }
  if (bringsSecret) {
    copyFileSync(join(from, 'till-secret'), secret);
    chmodSync(secret, 0o600);
  }
  renameSync(fresh, path);
  return { aside, facts };
}

async function intoPostgres({ database, copy, from, facts, pgRestore }) {
  const { env, name } = connectionOf(database.url);
  try {
    await promisify(execFile)(
      pgRestore,
      ['--exit-on-error', '--single-transaction', '--no-owner', '--no-privileges', `--dbname=${name}`, copy],
      { env: { ...process.env, ...env } }
    );
  } catch (error) {
    if (error.code === 'ENOENT') {
      return { sentence: `${pgRestore} was not found. Install PostgreSQL's own client programs.` };
    }
    return {
      sentence: `PostgreSQL refused it, and nothing was changed: ${String(error.stderr || error.message).trim()}\nA backup goes into an empty database: make a new one, name it in DATABASE_URL, and try again.`
    };
  }
  const secret = join(database.folder, 'till-secret');
  if (!existsSync(secret) && existsSync(join(from, 'till-secret'))) {
    mkdirSync(database.folder, { recursive: true, mode: 0o700 });
    copyFileSync(join(from, 'till-secret'), secret);
    chmodSync(secret, 0o600);
  }
  return { aside: null, facts };
}
