// Moves a shop from SQLite to PostgreSQL: npm run db:copy -- data/till.db postgres://till:password@localhost/till
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24)
  stop('Copying needs Node 24, which comes with the project: run "npm ci", then "npm run db:copy".');

const [from, to, ...more] = process.argv.slice(2);
if (from === undefined || to === undefined || more.length > 0) {
  stop(
    'Say from where to where: npm run db:copy -- data/till.db postgres://user:password@host:5432/database'
  );
}
const path = resolve(from.replace(/^file:(\/\/(?=\/))?/i, ''));
if (!existsSync(path)) stop(`There is no file ${path}.`);
if (!/^postgres(ql)?:\/\//i.test(to)) stop('The second must be the address of a PostgreSQL database.');

const { readOwnSource } = await import('./lib/own-source.mjs');
readOwnSource();
const source = (name) => import(pathToFileURL(resolve(import.meta.dirname, '../src/lib/server', name)).href);
const { openLedger } = await source('ledger/ledger.ts');
const { copyLedger } = await source('ledger/copy.ts');
const { createAuth, migrateAuth } = await source('identity/auth.ts');

const open = [];
try {
  const file = await openLedger({ path, now: () => Date.now() });
  open.push(file);
  const database = await openLedger({ url: to });
  open.push(database);
  const silent = { error: () => undefined, debug: () => undefined };
  for (const ledger of open) {
    await migrateAuth(
      createAuth({ ledger, secret: 'not used to copy', origin: 'http://localhost', log: silent })
    );
  }
  const tables = await copyLedger({ from: file, to: database });
  for (const { table, rows, sumsMinor } of tables) {
    const sums = Object.entries(sumsMinor)
      .map(([column, sum]) => `${column} ${sum}`)
      .join(', ');
    process.stdout.write(`${table.padEnd(22)} ${String(rows).padStart(9)} rows  ${sums}\n`);
  }
  process.stdout.write(
    `\nCopied to ${database.path}; counts and sums are the same on both sides.\n` +
      'Keep the file till-secret in the folder data of every machine that runs Till on this database.\n'
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  for (const ledger of open) await ledger.close();
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
