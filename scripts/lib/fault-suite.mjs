/** The fault suite of `tests/faults`: how it is run, and what it counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { reports, rowsOf } from './fault-document.mjs';
import { inProject, ownEnvironment, ownNode } from './project.mjs';
import { testsOfUnit, unitResults } from './results.mjs';
import { run } from './run.mjs';

const counts = inProject('test-results', 'faults.jsonl');

/**
 * Runs it on the built application.
 *
 * @param {{ seeds?: string, first?: string, runs?: string, rest?: string[] }} [options] `rest` is handed to Vitest
 */
export async function runFaultSuite({ seeds, first, runs, rest = [] } = {}) {
  mkdirSync(inProject('test-results'), { recursive: true });
  for (const file of [reports.faults, counts]) rmSync(file, { force: true });
  const { code, output, seconds } = await run({
    command: ownNode(),
    args: [
      inProject('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--config',
      inProject('tests', 'faults', 'vitest.config.ts'),
      '--reporter=json',
      `--outputFile=${reports.faults}`,
      ...rest
    ],
    env: ownEnvironment({
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      TILL_FAULTS_REPORT: counts,
      ...(seeds === undefined ? {} : { TILL_FAULT_SEEDS: seeds }),
      ...(first === undefined ? {} : { TILL_FAULT_FIRST_SEED: first }),
      ...(runs === undefined ? {} : { TILL_FAULT_MODEL_RUNS: runs })
    }),
    waitingFor: 'fault tests'
  });
  return { code, output, seconds, results: unitResults(reports.faults), sum: addUp() };
}

/** Rows that a passing test of the last run played. @returns {Set<number>} */
export function rowsPlayed() {
  const tests = testsOfUnit(reports.faults) ?? [];
  return new Set(tests.filter(({ passed }) => passed).flatMap(({ title }) => rowsOf(title)));
}

/**
 * What was counted, in words.
 * @param {ReturnType<typeof addUp>} sum @returns {string[]}
 */
export function countedIn(sum) {
  return [
    `Seeds run: ${sum.seeds}, interleavings tried: ${sum.interleavings}, runs of the model: ${sum.modelRuns}`,
    `Crashes survived: ${sum.crashes} in the simulation, ${sum.kills} of the built server; shops driven over HTTP: ${sum.worlds}`,
    ...sum.means.toSorted(),
    `Difference between ledger and book: ${sum.differenceMinor}`
  ];
}

function addUp() {
  const sum = {
    worlds: 0,
    seeds: 0,
    interleavings: 0,
    crashes: 0,
    kills: 0,
    modelRuns: 0,
    differenceMinor: 0,
    /** @type {string[]} */
    means: []
  };
  const lines = existsSync(counts) ? readFileSync(counts, 'utf8').trim().split('\n') : [];
  for (const line of lines.filter((text) => text !== '')) {
    const { means, ...numbers } = JSON.parse(line);
    if (means !== undefined) sum.means.push(means);
    for (const [name, value] of Object.entries(numbers)) sum[name] += value;
  }
  return sum;
}
