/**
 * `npm run test:faults`: the fault suite of `tests/faults`, which plays the rows of docs/faults.md. Prints what it covered.
 * `-- --seeds N` simulates N seeds (2,000 by default), `-- --first N` begins at another one, `-- --runs N` sets the runs of
 * the model; anything else is handed to Vitest, e.g. a part of a file's name. Plain JavaScript for Node 20 and later.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { readCatalogue, rowsOf } from './lib/fault-document.mjs';
import { countedIn, rowsPlayed, runFaultSuite } from './lib/fault-suite.mjs';
import { ensureGenerated, ensureInstalled } from './lib/install.mjs';
import { inProject } from './lib/project.mjs';
import { giveUp, say } from './lib/run.mjs';

const asked = readArguments(process.argv.slice(2));
await ensureInstalled();
await ensureGenerated();
// Some tests kill the built server.
const build = await ensureBuilt();
if (!build.ok) giveUp(`The application could not be built:\n${build.output}`);

const { code, output, seconds, results, sum } = await runFaultSuite(asked);
const found = results ?? { passed: 0, failed: 1, failures: [{ title: 'Vitest', error: output }] };
for (const { title, error } of found.failures) say(`\n✗ ${title}\n${error}`);

const { rows } = readCatalogue();
const played = rowsPlayed();
const covered = new Set([...played, ...rowsWrittenElsewhere()]);
say(
  `\nRows covered: ${covered.size} of ${rows.length} (${played.size} played here, the others by unit and end-to-end tests)`
);
const without = rows.filter(({ row }) => !covered.has(row)).map(({ row }) => row);
say(`Rows without a test: ${without.length === 0 ? 'none' : without.join(', ')}`);
for (const line of countedIn(sum)) say(line);
say(`Took ${seconds.toFixed(0)} s.`);
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

/** Rows in front of the titles in other test files: `npm test` runs those. */
function rowsWrittenElsewhere() {
  return ['src', 'tests/e2e', 'tests/shell', 'tests/postgres'].flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test|spec)\.ts$/.test(name))
      .flatMap((name) => {
        const text = readFileSync(join(inProject(folder), name), 'utf8');
        return [...text.matchAll(/['"`]((?:#\d+ )+)/g)].flatMap(([, front = '']) => rowsOf(front));
      })
  );
}
