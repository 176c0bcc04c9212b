/**
 * `npm test`: everything that must hold, from a clean clone. Installs what it needs, a browser too, and runs every
 * stage even where an earlier one failed. The last line counts: `N passed, N failed`; formatting, lint, types and the
 * build count as one check each. Plain JavaScript for Node 20 and later, because nothing is installed when it begins.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import {
  documentPath,
  faultDocument,
  gapsOf,
  readCatalogue,
  readTests,
  reports
} from './lib/fault-document.mjs';
import { countedIn, runFaultSuite } from './lib/fault-suite.mjs';
import { ensureGenerated, ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode } from './lib/project.mjs';
import { endToEndResults, unitResults } from './lib/results.mjs';
import { run, say } from './lib/run.mjs';

const startedAt = performance.now();

heading('Preparing');
await ensureInstalled();
await ensureGenerated();
// Where one must be fetched first, that waits for the network, and nothing before end to end needs it.
const browserReady = ensureChromium();
mkdirSync(inProject('test-results'), { recursive: true });
for (const report of Object.values(reports)) rmSync(report, { force: true });

// They need nothing that is built and write nothing that a test reads: they get the time that all the others leave.
const project = ['--tsconfig', './tsconfig.json'];
// It keeps what it made of files that are gone by now, and would complain about them.
rmSync(inProject('.svelte-kit', '.svelte-check'), { recursive: true, force: true });
const checked = (async () => [
  await check('Lint', 'eslint/bin/eslint.js', ['.']),
  await check('Formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  await check('Types', 'svelte-check/bin/svelte-check', [...project, '--tsgo', '--fail-on-warnings']),
  await check('Lint by types', 'oxlint/bin/oxlint', project)
])();
const build = await buildStage();
const stages = [build, await unit(), await faults(build)];
const browser = await browserReady;
say(browser.ok ? `\nBrowser: ${browser.path}` : `\n${browser.sentence}`);
stages.push(await endToEnd(build));
stages.push(await faultDocumentStage());
say('\nWaiting for lint, formatting and types, where they have not ended yet …');
stages.unshift(...(await checked));

heading('Summary');
for (const { name, passed, failed, skipped, seconds } of stages) {
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  say(`${name.padEnd(15)} ${counts.padEnd(32)} ${seconds.toFixed(1)} s`);
}
for (const { name, failures } of stages) {
  for (const { title, error } of failures) say(`\n✗ ${name}: ${title}${error ? `\n${indented(error)}` : ''}`);
}
const passed = stages.reduce((sum, stage) => sum + stage.passed, 0);
const failed = stages.reduce((sum, stage) => sum + stage.failed, 0);
say(`\nTook ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A stage that passes or fails as a whole. */
async function check(name, program, args) {
  const { code, output, seconds } = await runOwn(program, args, { behind: true });
  const ok = code === 0;
  heading(name);
  say(ok ? `Passed in ${seconds.toFixed(1)} s.` : output.trimEnd());
  return stage(name, seconds, {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    failures: ok ? [] : [{ title: 'see above', error: '' }]
  });
}

async function unit() {
  heading('Unit');
  const { code, output, seconds } = await runOwn(
    'vitest/vitest.mjs',
    ['run', '--reporter=json', `--outputFile=${reports.unit}`],
    { waitingFor: 'unit tests' }
  );
  return counted({ name: 'Unit', code, output, seconds, results: unitResults(reports.unit) });
}

async function buildStage() {
  heading('Build');
  const result = await ensureBuilt();
  if (result.ok) {
    if (!result.built) say('Nothing changed since the last build.');
    return stage('Build', result.seconds, { passed: 1, failed: 0, failures: [] });
  }
  return stage('Build', result.seconds, {
    passed: 0,
    failed: 1,
    failures: [{ title: 'the application can’t be built', error: result.output }]
  });
}

/** What goes wrong in a till, played against the built application. */
async function faults(build) {
  heading('Faults');
  if (build.failed > 0) return notRun('Faults', 'not run, because the build failed');
  const { code, output, seconds, results, sum } = await runFaultSuite();
  for (const line of countedIn(sum)) say(line);
  const found = counted({ name: 'Faults', code, output, seconds, results });
  if (sum.differenceMinor === 0) return found;
  const title = `ledger and book differ by ${sum.differenceMinor}`;
  return { ...found, failed: found.failed + 1, failures: [...found.failures, { title, error: '' }] };
}

/** docs/faults.md must say what this very run found: which test plays which row, and how it ended. */
async function faultDocumentStage() {
  heading('Fault catalogue');
  const startedAt = performance.now();
  const tests = readTests();
  if (tests === undefined)
    return notRun('Fault catalogue', 'not compared, because a part of the tests did not run');
  const catalogue = readCatalogue();
  // Prettier is there only now: nothing was installed when this script began.
  const { formatted } = await import('./lib/formatted.mjs');
  const made = await formatted(documentPath, faultDocument({ catalogue, tests }));
  const wrong = gapsOf({ catalogue, tests });
  if (made !== readFileSync(documentPath, 'utf8'))
    wrong.push('docs/faults.md is not what this run found: write it anew with "npm run faults:document".');
  for (const sentence of wrong) say(sentence);
  if (wrong.length === 0) say('docs/faults.md says what this run found.');
  return stage('Fault catalogue', (performance.now() - startedAt) / 1000, {
    passed: wrong.length === 0 ? 1 : 0,
    failed: wrong.length,
    failures: wrong.map((title) => ({ title, error: '' }))
  });
}

function notRun(name, title) {
  say(title);
  return stage(name, 0, { passed: 0, failed: 1, failures: [{ title, error: '' }] });
}

async function endToEnd(build) {
  heading('End to end');
  const missing = build.failed > 0 ? 'not run, because the build failed' : browser.ok ? '' : browser.sentence;
  if (missing) return notRun('End to end', missing);
  const { code, output, seconds } = await runOwn('@playwright/test/cli.js', ['test'], {
    show: true
  });
  return counted({ name: 'End to end', code, output, seconds, results: endToEndResults(reports.endToEnd) });
}

/** A stage of many tests. A runner that failed without a failed test (or ran none) is a failure of its own. */
function counted({ name, code, output, seconds, results }) {
  const found = results ?? { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (code !== 0 && found.failed === 0) {
    found.failed = 1;
    found.failures.push({ title: 'the test runner itself failed', error: output });
  } else if (found.passed + found.failed === 0) {
    found.failed = 1;
    found.failures.push({ title: 'no test ran', error: output });
  }
  say(`${name}: ${found.passed} passed, ${found.failed} failed in ${seconds.toFixed(1)} s.`);
  return stage(name, seconds, found);
}

function stage(name, seconds, { passed, failed, skipped = 0, failures }) {
  return { name, seconds, passed, failed, skipped, failures };
}

function runOwn(program, args, { show = false, ...how }) {
  return run({
    ...how,
    show,
    command: ownNode(),
    args: [inProject('node_modules', ...program.split('/')), ...args],
    // Playwright sets FORCE_COLOR for its workers, and Node complains where both are there.
    env: ownEnvironment(
      show ? { NO_COLOR: undefined, FORCE_COLOR: '0' } : { NO_COLOR: '1', FORCE_COLOR: undefined }
    )
  });
}

function heading(name) {
  say(`\n── ${name} ${'─'.repeat(Math.max(0, 60 - name.length))}`);
}

function indented(text) {
  const lines = text.trimEnd().split('\n');
  const shown = lines.length > 60 ? [...lines.slice(0, 60), `… ${lines.length - 60} more lines`] : lines;
  return shown.map((line) => `    ${line}`).join('\n');
}
