/**
 * `npm test`: everything that must hold, from a clean clone. Installs what it needs, a browser too, and runs every
 * stage even where an earlier one failed. The last line counts: `N passed, N failed`; formatting, lint, types and the
 * build count as one check each. Plain JavaScript for Node 20 and later, because nothing is installed when it begins.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureGenerated, ensureInstalled } from './lib/install.mjs';
import { inProject, ownEnvironment, ownNode } from './lib/project.mjs';
import { endToEndResults, unitResults } from './lib/results.mjs';
import { run, say } from './lib/run.mjs';

const startedAt = performance.now();
const unitReport = inProject('test-results', 'unit.json');
const endToEndReport = inProject('test-results', 'e2e.json');

heading('Preparing');
await ensureInstalled();
await ensureGenerated();
const browser = await ensureChromium();
say(browser.ok ? `Browser: ${browser.path}` : browser.sentence);
mkdirSync(inProject('test-results'), { recursive: true });
for (const report of [unitReport, endToEndReport]) rmSync(report, { force: true });

const stages = [
  await check('Formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  await check('Lint', 'eslint/bin/eslint.js', ['.']),
  await check('Types', 'svelte-check/bin/svelte-check', [
    '--tsconfig',
    './tsconfig.json',
    '--fail-on-warnings'
  ]),
  await unit()
];
const build = await buildStage();
stages.push(build, await endToEnd(build));

heading('Summary');
for (const { name, passed, failed, skipped, seconds } of stages) {
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  say(`${name.padEnd(12)} ${counts.padEnd(32)} ${seconds.toFixed(1)} s`);
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
  heading(name);
  const { code, output, seconds } = await runOwn(program, args, name);
  const ok = code === 0;
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
    ['run', '--reporter=json', `--outputFile=${unitReport}`],
    'unit tests'
  );
  return counted({ name: 'Unit', code, output, seconds, results: unitResults(unitReport) });
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

async function endToEnd(build) {
  heading('End to end');
  const missing = build.failed > 0 ? 'not run, because the build failed' : browser.ok ? '' : browser.sentence;
  if (missing) {
    say(missing);
    return stage('End to end', 0, { passed: 0, failed: 1, failures: [{ title: missing, error: '' }] });
  }
  const { code, output, seconds } = await runOwn('@playwright/test/cli.js', ['test'], undefined, true);
  return counted({ name: 'End to end', code, output, seconds, results: endToEndResults(endToEndReport) });
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
  say(`${found.passed} passed, ${found.failed} failed in ${seconds.toFixed(1)} s.`);
  return stage(name, seconds, found);
}

function stage(name, seconds, { passed, failed, skipped = 0, failures }) {
  return { name, seconds, passed, failed, skipped, failures };
}

function runOwn(program, args, waitingFor, show = false) {
  return run({
    command: ownNode(),
    args: [inProject('node_modules', ...program.split('/')), ...args],
    env: ownEnvironment({ NO_COLOR: '1', FORCE_COLOR: undefined }),
    waitingFor,
    show
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
