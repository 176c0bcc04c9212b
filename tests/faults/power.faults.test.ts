/**
 * A power cut takes what no disk was told to keep. No program can play the cut itself without a file system made for it; what
 * it would lose is seen in the system calls: whatever was written to the ledger must be synced before a request leaves.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ApiRegister } from '../support/api';
import { startTill } from '../support/till-server';
import { addToReport } from './report';

const folder = mkdtempSync(join(tmpdir(), 'till-power-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Null where this machine has no strace, or lets nobody look on. */
function tracer(): string | null {
  const tried = spawnSync('strace', ['-e', 'trace=none', 'true']);
  return tried.status === 0 ? 'strace' : null;
}

addToReport({
  means:
    tracer() === null
      ? 'Power cut: how the connection stood (this machine has no strace, or lets nobody look on)'
      : 'Power cut: seen in the system calls of the built server, and how the connection stood'
});

/** What the server's process asked the system for while it took one payment; null where nobody can look on. */
async function callsOfOnePayment(name: string, nodeOptions: string): Promise<string[] | null> {
  const program = tracer();
  if (program === null) return null;
  const till = await startTill({ timeScale: 1, env: { NODE_OPTIONS: nodeOptions } });
  try {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const out = join(folder, `${name}.txt`);
    const calls = 'trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg';
    const watching = spawn(program, ['-y', '-s', '900', '-e', calls, '-o', out, '-p', String(till.pid)], {
      stdio: ['ignore', 'ignore', 'pipe']
    });
    await once(watching.stderr, 'data');
    await register.sell('paid');
    const over = once(watching, 'close');
    watching.kill('SIGINT');
    await over;
    return readFileSync(out, 'utf8').split('\n');
  } finally {
    await till.stop();
  }
}

/**
 * Where nobody can look on: how the connection stood that wrote the payment down, asked of the built server itself. SQLite
 * promises the rest. 2 is FULL, 1 is NORMAL.
 */
async function synchronousOfOnePayment(name: string, nodeOptions: string): Promise<number> {
  const asking = join(folder, `${name}-asking.mjs`);
  const answer = join(folder, `${name}-answer.txt`);
  writeFileSync(
    asking,
    `import { writeFileSync } from 'node:fs';
     import { DatabaseSync } from 'node:sqlite';
     const prepare = DatabaseSync.prototype.prepare;
     DatabaseSync.prototype.prepare = function (sql) {
       if (/^insert into "attempts"/.test(sql)) {
         const { synchronous } = prepare.call(this, 'PRAGMA synchronous').get();
         writeFileSync(${JSON.stringify(answer)}, String(synchronous));
       }
       return prepare.call(this, sql);
     };`
  );
  const till = await startTill({ timeScale: 1, env: { NODE_OPTIONS: `${nodeOptions} --import ${asking}` } });
  try {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    await register.sell('paid');
    return Number(readFileSync(answer, 'utf8'));
  } finally {
    await till.stop();
  }
}

/** Between the last write to the ledger's journal and the submit: was it synced? */
function syncedBeforeSubmit(calls: readonly string[]): boolean {
  const sent = calls.findIndex((call) => call.includes('bscanc.pay.submit'));
  expect(sent, 'the submit was seen').toBeGreaterThan(0);
  const before = calls.slice(0, sent);
  const written = before.findLastIndex((call) => /^pwrite64\(\d+<[^>]*training\.db-wal>/.test(call));
  expect(written, 'the commit was seen').toBeGreaterThan(-1);
  return before.slice(written).some((call) => /^f(data)?sync\(\d+<[^>]*training\.db-wal>\)\s+= 0/.test(call));
}

describe('a power cut right after the commit', () => {
  test('#36 loses nothing: the ledger is synced to the disk before the submit leaves', async () => {
    const calls = await callsOfOnePayment('full', '');
    if (calls !== null) expect(syncedBeforeSubmit(calls)).toBe(true);
    expect(await synchronousOfOnePayment('full', '')).toBe(2);
  }, 120_000);

  test('#37 would lose the row with synchronous=NORMAL, and this is seen', async () => {
    const hurried = join(folder, 'hurried.mjs');
    writeFileSync(
      hurried,
      `import { DatabaseSync } from 'node:sqlite';
       const exec = DatabaseSync.prototype.exec;
       DatabaseSync.prototype.exec = function (sql) {
         return exec.call(this, sql.replace('synchronous = FULL', 'synchronous = NORMAL'));
       };`
    );
    const calls = await callsOfOnePayment('normal', `--import ${hurried}`);
    if (calls !== null) expect(syncedBeforeSubmit(calls)).toBe(false);
    expect(await synchronousOfOnePayment('normal', `--import ${hurried}`)).toBe(1);
  }, 120_000);
});
