import { createHash } from 'node:crypto';
import { createReadStream, openSync, closeSync, fsyncSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DatabaseSync, backup } from 'node:sqlite';

/**
 * Copies a SQLite database page by page while others write it (SQLite's online backup), proves the copy, and puts it on
 * the disk for good.
 *
 * @param {{ from: string, to: string }} paths  `to` must not exist
 * @returns {Promise<{ sha256: string, rows: Record<string, number>, mode: string | null }>} what the copy holds
 * @throws where it can't be read or written, or where the copy is damaged
 */
export async function copySqlite({ from, to }) {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
  try {
    await backup(source, to, { rate: 1000 });
  } finally {
    source.close();
  }
  const holds = readCopy(to);
  const file = openSync(to, 'r+');
  fsyncSync(file);
  closeSync(file);
  return { sha256: await sha256Of(to), ...holds };
}

/**
 * Looks a copy through, whole.
 *
 * @param {string} path
 * @throws where it is damaged or no database of Till
 */
export function readCopy(path) {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    // One file, no journal beside it: what is copied on later is all there is.
    database.exec('PRAGMA journal_mode = DELETE');
    const [{ integrity_check: found } = {}] = database.prepare('PRAGMA integrity_check').all();
    if (found !== 'ok') throw new Error(`the copy is damaged: ${found}`);
    const known = new Set(
      database
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .all()
        .map(({ name }) => name)
    );
    if (!known.has('stamp') || !known.has('attempts')) throw new Error('it is no database of Till');
    const rows = Object.fromEntries(
      ['orders', 'attempts', 'refunds', 'events', 'products']
        .filter((table) => known.has(table))
        .map((table) => [
          table,
          Number(database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get().count)
        ])
    );
    const mode = database.prepare("SELECT value FROM stamp WHERE key = 'mode'").get()?.value ?? null;
    return { rows, mode };
  } finally {
    database.close();
  }
}

/** @param {string} path */
export async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
