/**
 * docs/faults.md is made from `tests/faults/catalogue.json` and the results of a whole test run: which test plays which row
 * of the catalogue, and how it ended. Nothing in it changes from run to run while tests and results stay the same.
 */
import { readFileSync } from 'node:fs';
import { engineGaps } from './fault-engines.mjs';
import { inProject } from './project.mjs';
import { testsOfEndToEnd, testsOfUnit } from './results.mjs';

/**
 * @typedef {{ title: string, file: string, passed: boolean }} Test
 * @typedef {{ row: number, fault: string, where: string, holds: string,  note?: string, excuse?: string }} Row `excuse`: why nothing plays it, as long as nothing does
 * @typedef {{ guard: string, rows: number[], rules: number[], control: string }} Guard `rules`: the money rules that it keeps
 * @typedef {{ rows: Row[], guards: Guard[], rulesWithoutControl: { rule: number, reason: string }[], onSqliteOnly: { suite: string, reason: string }[] }} Catalogue
 */

export const documentPath = inProject('docs', 'faults.md');

/** Where the three runners write what they found. */
export const reports = {
  unit: inProject('test-results', 'unit.json'),
  faults: inProject('test-results', 'faults.json'),
  endToEnd: inProject('test-results', 'e2e.json')
};

/** @returns {Catalogue} */
export function readCatalogue() {
  return JSON.parse(readFileSync(inProject('tests', 'faults', 'catalogue.json'), 'utf8'));
}

/** The tests of the last whole run. @returns {Test[] | undefined} undefined where a part of it is missing */
export function readTests() {
  const found = [testsOfUnit(reports.unit), testsOfUnit(reports.faults), testsOfEndToEnd(reports.endToEnd)];
  return found.every((tests) => tests !== undefined) ? found.flat() : undefined;
}

/** The numbers in front of a title: `#12 #13 whose answer …` plays rows 12 and 13. @param {string} title */
export function rowsOf(title) {
  const front = /^(?:#\d+ ?)+/.exec(title)?.[0] ?? '';
  return [...front.matchAll(/#(\d+)/g)].map(([, row]) => Number(row));
}

/**
 * What is wrong with the catalogue itself: rows that nothing plays and nobody excused, controls that are not there, money
 * rules without a guard, suites that do not run on PostgreSQL and do not say why.
 * @param {{ catalogue: Catalogue, tests: Test[] }} options @returns {string[]} one sentence each
 */
export function gapsOf({ catalogue, tests }) {
  const played = new Set(tests.flatMap(({ title }) => rowsOf(title)));
  const titles = new Set(tests.map(({ title }) => title));
  return [
    ...catalogue.rows
      .filter(({ row, excuse }) => !played.has(row) && excuse === undefined)
      .map(({ row }) => `Row ${row} has no test and no excuse.`),
    ...catalogue.guards
      .filter(({ control }) => !titles.has(control))
      .map(({ guard, control }) => `The guard "${guard}" has no control "${control}".`),
    ...moneyRules()
      .filter((rule) => !catalogue.guards.some(({ rules }) => rules.includes(rule)))
      .filter((rule) => !catalogue.rulesWithoutControl.some((excused) => excused.rule === rule))
      .map((rule) => `Money rule ${rule} has no guard with a control and no excuse.`),
    ...engineGaps(catalogue.onSqliteOnly)
  ];
}

/** The numbers of docs/money-rules.md. @returns {number[]} */
function moneyRules() {
  const text = readFileSync(inProject('docs', 'money-rules.md'), 'utf8');
  return [...text.matchAll(/^(\d+)\. /gm)].map(([, rule]) => Number(rule));
}

/** @param {{ catalogue: Catalogue, tests: Test[] }} options @returns {string} Markdown */
export function faultDocument({ catalogue, tests }) {
  const sorted = tests
    .filter(({ title }) => rowsOf(title).length > 0)
    .toSorted((a, b) => compare(a.file, b.file) || compare(a.title, b.title));
  const played = catalogue.rows.filter(({ row }) => sorted.some(({ title }) => rowsOf(title).includes(row)));
  const excused = catalogue.rows.filter((row) => !played.includes(row));
  return [
    preface,
    `${played.length} of the ${catalogue.rows.length} rows are played by ${sorted.length} tests.`,
    excused.length === 0
      ? ''
      : `Not played: ${excused.map(({ row, excuse }) => `${row} (${excuse ?? 'no test yet'})`).join('; ')}.`,
    '## Rows',
    ...catalogue.rows.map((row) => section(row, sorted)),
    '## Guards and their controls',
    'A check that was never seen to fail proves nothing: for each guard there is a test that switches it off and sees the checks find it.',
    ...catalogue.guards.map(({ guard, rows, control }) => {
      const test = tests.find(({ title }) => title === control);
      const about = rows.length === 0 ? '' : ` (${rows.map((row) => `#${row}`).join(', ')})`;
      return `- **${guard}**${about}: ${resultOf(test)} · ${plain(control)}`;
    }),
    `Money rules without one: ${catalogue.rulesWithoutControl.map(({ rule, reason }) => `${rule} (${reason})`).join('; ')}.`,
    '## On SQLite only',
    'The suites of the ledger run on both databases. These do not run on PostgreSQL:',
    ...catalogue.onSqliteOnly.map(({ suite, reason }) => `- \`${suite}\`: ${reason}.`)
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .replaceAll(/\n\n(?=- )/g, '\n')
    .replaceAll(/([^\n])\n(- \*\*)/g, '$1\n$2');
}

/** @param {Row} row @param {Test[]} tests */
function section({ row, fault, where, holds, note, excuse }, tests) {
  const own = tests.filter(({ title }) => rowsOf(title).includes(row));
  const result =
    own.length === 0
      ? `not played: ${excuse ?? 'no test yet'}`
      : own.every(({ passed }) => passed)
        ? 'passed'
        : 'FAILED';
  const lines = own.map(
    ({ title, file, passed }) => `- \`${file}\`: ${plain(title)}${passed ? '' : ' (FAILED)'}`
  );
  return [
    `### ${row}. ${fault}`,
    `Where: ${where}. Must hold: ${holds}. Last result: **${result}**.${note === undefined ? '' : ` ${note}`}`,
    ...(lines.length === 0 ? [] : [lines.join('\n')])
  ].join('\n\n');
}

/** @param {Test | undefined} test */
function resultOf(test) {
  if (test === undefined) return 'missing';
  return test.passed ? 'passed' : 'FAILED';
}

/** Without the rows in front, and without what Markdown would take for its own. @param {string} title */
function plain(title) {
  return title.replace(/^(?:#\d+ ?)+/, '').replaceAll(/[*_<>[\]`\\]/g, (sign) => `\\${sign}`);
}

/** By code unit: the same on every machine. @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

const preface = `# Fault catalogue

What goes wrong in a till that takes wallet payments, what must hold, and the tests that play it. This page is made by
\`npm run faults:document\` from \`tests/faults/catalogue.json\` and the results of the last \`npm test\`, which fails where
the page is not what they say.

A test names the rows that it plays in front of its title (\`#12 …\`). How they are built: a fake gateway with a book of its own
(what the wallets really paid), written only from the contract; a model-based test with \`fast-check\` over interleavings of
submit, query, webhook, cancel, refund, void and crash; a seeded simulation with a virtual clock (a failure prints its seed; a
found bug leaves its seed as a fixed case); the built server killed with SIGKILL at named points; a real PostgreSQL that is
restarted in mid-transaction; Playwright for tabs, reloads and storage. At the end of each run all faults heal, everything runs
until quiet, and the ledger must equal the book.

State names are those of [the money rules](money-rules.md) (here "not_paid" stands for failed or cancelled).

Invariants: **I1** intent durable before send; **I2** at most one charge per attempt and one open attempt per order; **I3** states
only move on evidence, ends never reopen (except paid to refunded, cancelled to paid_late); **I4** refunds never above what was
paid; **I5** answer, query and webhook commute and are idempotent; **I6** every attempt ends once the gateway is reachable;
**I7** the cashier never sees a false end; **I8** the ledger equals the gateway's own book when all is quiet; **I9** number, amount,
currency and merchant matched; **I10** each change audited.`;
