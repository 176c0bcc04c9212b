/** What the machine itself can do in this very run: only the ratios can be compared between machines. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import type { TestServer } from '../postgres/server.ts';

const clients = 16;
const machineMs = 2_000;
const row = 'x'.repeat(400);

/** RSA-2048 signatures per second, by the thread pool. */
export async function signaturesPerSecond(): Promise<number> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = Buffer.alloc(400, 'a');
  return perSecond(clients, () => signed(text, privateKey));
}

function signed(text: Buffer, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign('sha256', text, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}

/** Commits per second on SQLite: WAL, synchronous=FULL. */
export function sqliteCommitsPerSecond(): number {
  const folder = mkdtempSync(join(tmpdir(), 'till-bench-'));
  const database = new DatabaseSync(join(folder, 'bench.db'));
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (text TEXT)');
    const insert = database.prepare('INSERT INTO rows VALUES (?)');
    const startedAt = performance.now();
    let count = 0;
    while (performance.now() - startedAt < machineMs) {
      insert.run(row);
      count += 1;
    }
    return count / ((performance.now() - startedAt) / 1000);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Commits per second on PostgreSQL, synchronous_commit=on: of one connection, and of sixteen together. */
export async function postgresCommitsPerSecond(server: TestServer): Promise<{ one: number; many: number }> {
  const open: Client[] = [];
  try {
    const { name, url } = await server.createDatabase();
    await server.query(name, 'CREATE TABLE rows (text TEXT)');
    for (let count = 0; count < clients; count += 1) {
      const client = new Client({ connectionString: url });
      await client.connect();
      open.push(client);
    }
    const free = [...open];
    const insert = async (): Promise<void> => {
      const client = free.pop();
      if (client === undefined) throw new Error('more at once than there are connections');
      await client.query('INSERT INTO rows VALUES ($1)', [row]);
      free.push(client);
    };
    return { one: await perSecond(1, insert), many: await perSecond(clients, insert) };
  } finally {
    for (const client of open) await client.end();
  }
}

async function perSecond(atOnce: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() - startedAt < machineMs) {
        await work();
        count += 1;
      }
    })
  );
  return count / ((performance.now() - startedAt) / 1000);
}
