/**
 * `npm run test:faults`: the fault suite of `tests/faults`, which plays the rows of docs/faults.md. Prints what it covered.
 * `-- --seeds N` simulates N seeds (2,000 by default), `-- --first N` begins at another one, `-- --runs N` sets the runs of
 * the model; anything else is handed to Vitest, e.g. a part of a file's name. Plain JavaScript for Node 20 and later.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode } from './lib/project.mjs';
import { unitResults } from './lib/results.mjs';
import { giveUp, run, say } from './lib/run.mjs';

const allRows = 68;
const startedAt = performance.now();
const { seeds, first, runs, rest } = readArguments(process.argv.slice(2));
await ensureInstalled();
// Some tests kill the built server.
const build = await ensureBuilt();
if (!build.ok) giveUp(`The application could not be built:\n${build.output}`);

const results = inProject('test-results', 'faults.json');
const counts = inProject('test-results', 'faults.jsonl');
mkdirSync(inProject('test-results'), { recursive: true });
for (const file of [results, counts]) rmSync(file, { force: true });

const { code, output } = await run({
  command: ownNode(),
  args: [
    inProject('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    inProject('tests', 'faults', 'vitest.config.ts'),
    '--reporter=json',
    `--outputFile=${results}`,
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

const found = unitResults(results) ?? {
  passed: 0,
  failed: 1,
  failures: [{ title: 'Vitest', error: output }]
};
for (const { title, error } of found.failures) say(`\n✗ ${title}\n${error}`);

const played = rowsIn(titlesOf(results));
const elsewhere = rowsIn([...titlesIn('src'), ...titlesIn('tests/e2e'), ...titlesIn('tests/shell')]);
const covered = new Set([...played, ...elsewhere]);
const sum = addUp(counts);
say(
  `\nRows covered: ${covered.size} of ${allRows} (${played.size} played here, the others by unit and end-to-end tests)`
);
say(`Rows without a test: ${list(every(allRows).filter((row) => !covered.has(row)))}`);
say(
  `Seeds run: ${sum.seeds}, interleavings tried: ${sum.interleavings}, runs of the model: ${sum.modelRuns}`
);
say(`Crashes survived: ${sum.crashes}; shops driven over HTTP: ${sum.worlds}`);
say(`Difference between ledger and book: ${sum.differenceMinor}`);
say(`Took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
say(`${found.passed} passed, ${found.failed} failed`);
process.exit(code === 0 && found.failed === 0 && sum.differenceMinor === 0 ? 0 : 1);

/** @param {string[]} args */
function readArguments(args) {
  const rest = [...args];
  /** @param {string} name */
  function take(name) {
    const at = rest.indexOf(name);
    return at === -1 ? undefined : rest.splice(at, 2)[1];
  }
  return { seeds: take('--seeds'), first: take('--first'), runs: take('--runs'), rest };
}

/** Titles of the tests that passed. @param {string} file */
function titlesOf(file) {
  if (!existsSync(file)) return [];
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title)
  );
}

/** Titles as they are written in test files: `npm test` runs those. @param {string} folder */
function titlesIn(folder) {
  const files = readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => /\.(test|spec)\.ts$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(join(inProject(folder), name), 'utf8');
      return [...text.matchAll(/\b(?:test|it)(?:\.\w+)*\(\s*(['"`])(#\d.*?)\1/g)].map(([, , title]) => title);
    });
}

/** The numbers in front of the titles. @param {string[]} titles */
function rowsIn(titles) {
  return new Set(
    titles.flatMap((title) => {
      const front = /^(?:#\d+ ?)+/.exec(title)?.[0] ?? '';
      return [...front.matchAll(/#(\d+)/g)].map(([, row]) => Number(row));
    })
  );
}

/** @param {string} file */
function addUp(file) {
  const sum = { worlds: 0, seeds: 0, interleavings: 0, crashes: 0, modelRuns: 0, differenceMinor: 0 };
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  for (const line of lines.filter((text) => text !== '')) {
    for (const [name, value] of Object.entries(JSON.parse(line))) sum[name] += value;
  }
  return sum;
}

/** @param {number} count */
function every(count) {
  return Array.from({ length: count }, (_, at) => at + 1);
}

/** @param {number[]} rows */
function list(rows) {
  return rows.length === 0 ? 'none' : rows.join(', ');
}
