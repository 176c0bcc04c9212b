import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copySqlite, sha256Of } from './copy-sqlite.mjs';

/** The name of one backup's folder; a half-made one has another. */
const nameForm = /^till-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(-\d+)?$/;

/**
 * @typedef {object} Backup
 * @property {string} folder  where it stands
 * @property {'sqlite' | 'postgres'} engine
 * @property {string} madeAt  ISO 8601, UTC
 * @property {string} file  the database's copy, in the folder
 * @property {string} sha256  of that file
 * @property {string | null} mode  `training` or `live`; null for PostgreSQL
 * @property {Record<string, number>} rows  how much it holds; empty for PostgreSQL
 */

/**
 * Makes a backup while Till runs: the database, and the secret that belongs to it.
 *
 * @param {{
 *   database: ReturnType<typeof import('../database.mjs').databaseOf>,
 *   into: string,
 *   now?: Date,
 *   pgDump?: string
 * }} of  `into`: the folder of all backups
 * @returns {Promise<{ backup: Backup } | { sentence: string }>}
 */
export async function makeBackup({ database, into, now = new Date(), pgDump = 'pg_dump' }) {
  if ('path' in database && !existsSync(database.path)) {
    return { sentence: `There is no database ${database.path}: nothing to back up.` };
  }
  const folder = freeFolder(into, now);
  const unfinished = `${folder}.unfinished`;
  try {
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    const made =
      'path' in database
        ? await fromSqlite(database.path, unfinished)
        : await fromPostgres(database.url, unfinished, pgDump);
    const secret = join(database.folder, 'till-secret');
    if (existsSync(secret)) {
      copyFileSync(secret, join(unfinished, 'till-secret'));
      chmodSync(join(unfinished, 'till-secret'), 0o600);
    }
    const facts = { ...made, madeAt: now.toISOString() };
    writeFileSync(join(unfinished, 'backup.json'), `${JSON.stringify(facts, null, 2)}\n`);
    renameSync(unfinished, folder);
    return { backup: { folder, ...facts } };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    return { sentence: `The backup failed, and nothing of it was kept: ${wordsOf(error, pgDump)}` };
  }
}

/**
 * Removes all but the newest backups; what else lies in the folder stays.
 *
 * @param {{ into: string, keep: number }} of
 * @returns {string[]} the names of those removed
 */
export function dropOldBackups({ into, keep }) {
  const names = readdirSync(into)
    .filter((name) => nameForm.test(name) && statSync(join(into, name)).isDirectory())
    .sort()
    .reverse();
  const old = names.slice(Math.max(1, keep));
  for (const name of old) rmSync(join(into, name), { recursive: true });
  return old;
}

/** @param {string} path @param {string} folder */
async function fromSqlite(path, folder) {
  const file = 'till.db';
  return { engine: 'sqlite', file, ...(await copySqlite({ from: path, to: join(folder, file) })) };
}

/** @param {string} url @param {string} folder @param {string} pgDump */
async function fromPostgres(url, folder, pgDump) {
  const file = 'till.dump';
  // The address holds a password: by the environment, where no other user of the machine can read it.
  const { env, name } = connectionOf(url);
  await promisify(execFile)(
    pgDump,
    ['--format=custom', '--no-owner', '--no-privileges', '--file', join(folder, file), `--dbname=${name}`],
    { env: { ...process.env, ...env } }
  );
  return { engine: 'postgres', file, sha256: await sha256Of(join(folder, file)), mode: null, rows: {} };
}

/** How PostgreSQL's own programs are told where to go. @param {string} url */
export function connectionOf(url) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const sslmode = searchParams.get('sslmode');
  return {
    name: decodeURIComponent(pathname.slice(1)),
    env: {
      PGHOST: hostname.replace(/^\[|\]$/g, ''),
      ...(port === '' ? {} : { PGPORT: port }),
      ...(username === '' ? {} : { PGUSER: decodeURIComponent(username) }),
      ...(password === '' ? {} : { PGPASSWORD: decodeURIComponent(password) }),
      ...(sslmode === null ? {} : { PGSSLMODE: sslmode })
    }
  };
}

/** @param {string} into @param {Date} now */
function freeFolder(into, now) {
  const name = `till-${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
  for (let count = 1; ; count += 1) {
    const folder = join(into, count === 1 ? name : `${name}-${count}`);
    if (!existsSync(folder)) return folder;
  }
}

function wordsOf(error, pgDump) {
  if (error.code === 'ENOENT' && error.path === pgDump) {
    return `${pgDump} was not found. Install PostgreSQL's own client programs, of the server's version or a later one.`;
  }
  if (error.code === 'ENOSPC') return 'the disk is full. Name another folder, or make room.';
  if (error.code === 'EACCES') return `${error.path} can't be written to. Name another folder, or allow it.`;
  return String(error.stderr || error.message).trim();
}
