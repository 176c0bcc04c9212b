/**
 * Payments per second: the built server, real HTTP, real signatures, the training gateway in the same process. Beside it
 * what the machine itself can do in this very run, because only the ratios can be compared between machines.
 */
import { readFileSync } from 'node:fs';
import { ApiRegister } from '../support/api.ts';
import { startTill } from '../support/till-server.ts';
import { signaturesPerSecond, sqliteCommitsPerSecond } from './machine.ts';
import { printTable, quantile } from './table.ts';

const clients = 16;
const warmUpMs = 2_000;
const measuredMs = 12_000;

const till = await startTill({ timeScale: 1 });
try {
  const registers = [];
  for (let count = 0; count < clients; count += 1) {
    registers.push(await ApiRegister.signIn(till.baseURL, 'cashier'));
  }
  const before = { signatures: await signaturesPerSecond(), commits: sqliteCommitsPerSecond() };
  await sellFor(registers, warmUpMs);
  const cpuBefore = cpuSeconds(till.pid);
  const { durations, seconds } = await sellFor(registers, measuredMs);
  const cpu = cpuSeconds(till.pid) - cpuBefore;

  const states = till.ledger('SELECT state, count(*) AS number FROM attempts GROUP BY state');
  const paid = till.book().payments();
  if (states.length !== 1 || states[0]?.['state'] !== 'succeeded')
    throw new Error(`not every payment ended paid: ${JSON.stringify(states)}`);
  if (paid.length !== states[0]['number'] || paid.some(({ charges }) => charges !== 1))
    throw new Error('the gateway charged other than once for each payment');

  const perSecond = durations.length / seconds;
  const signatures = (before.signatures + (await signaturesPerSecond())) / 2;
  const commits = (before.commits + sqliteCommitsPerSecond()) / 2;
  printTable([
    ['payments/s', perSecond.toFixed(1), `${clients} registers, each order to its end`],
    [
      'one payment',
      `${quantile(durations, 0.5).toFixed(0)} ms`,
      `95 %: ${quantile(durations, 0.95).toFixed(0)} ms`
    ],
    [
      'processor time of one',
      Number.isNaN(cpu) ? '?' : `${((cpu * 1000) / durations.length).toFixed(1)} ms`,
      'server and training gateway together'
    ],
    ['RSA-2048 signatures/s', signatures.toFixed(0), 'async crypto.sign'],
    ['SQLite commits/s', commits.toFixed(0), 'WAL, synchronous=FULL'],
    [
      'signatures per payment',
      (signatures / perSecond).toFixed(1),
      'machine ÷ Till; a payment needs 4 or more'
    ],
    ['commits per payment', (commits / perSecond).toFixed(1), 'machine ÷ Till']
  ]);
} finally {
  await till.stop();
}

/** All registers sell one order after the other; the time of each from the request until it is paid. */
async function sellFor(registers: readonly ApiRegister[], ms: number) {
  const durations: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    registers.map(async (register) => {
      while (performance.now() - startedAt < ms) {
        const from = performance.now();
        const { state } = await register.sell();
        if (state !== 'succeeded') throw new Error(`a payment ended ${state}`);
        durations.push(performance.now() - from);
      }
    })
  );
  return { durations, seconds: (performance.now() - startedAt) / 1000 };
}

/** What a process has used of the processors; NaN where the system does not tell. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // User and system time, in ticks of a hundredth of a second.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
