/** Which tests of the ledger run on PostgreSQL too: read off the files that put it in SQLite's place. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { inProject } from './project.mjs';

/** Files that import suites with PostgreSQL in SQLite's place. */
const importers = [
  'tests/postgres/same-suites.test.ts',
  'tests/postgres/payments.test.ts',
  'tests/faults/postgres.faults.test.ts'
];

/**
 * @param {readonly { suite: string, reason: string }[]} named suites that do not run there, each with its reason
 * @returns {string[]} one sentence for each that neither runs there nor is named, and for each name that is not true
 */
export function engineGaps(named) {
  const there = new Set(importers.flatMap(importsOf));
  const suites = [
    ...ledgerSuites(),
    ...filesIn('tests/faults').filter((file) => /\.faults\.test\.ts$/.test(file))
  ];
  const here = suites.filter((file) => !there.has(file) && !/(^|\/)postgres\./.test(file));
  return [
    ...here
      .filter((file) => !named.some(({ suite }) => isMeant(file, suite)))
      .map((file) => `${file} runs on SQLite only, and the catalogue does not say why.`),
    ...named
      .filter(({ suite }) => !here.some((file) => isMeant(file, suite)))
      .map(({ suite }) => `The catalogue says that ${suite} runs on SQLite only; it does not.`)
  ];
}

/** `*` stands for any part of a name. @param {string} file @param {string} pattern */
function isMeant(file, pattern) {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(file);
}

/** Unit tests that open a ledger. */
function ledgerSuites() {
  return filesIn('src/lib/server').filter(
    (file) =>
      file.endsWith('.test.ts') &&
      /\b(?:openLedger|openShopLedger|openEngine)\b/.test(readFileSync(inProject(file), 'utf8'))
  );
}

/** @param {string} file @returns {string[]} */
function importsOf(file) {
  const text = readFileSync(inProject(file), 'utf8');
  return [...text.matchAll(/import\('(\.[^']*\.test)'\)/g)].map(([, path = '']) =>
    posix.normalize(posix.join(dirname(file), `${path}.ts`))
  );
}

/** @param {string} folder @returns {string[]} with slashes, from the project's folder on */
function filesIn(folder) {
  return readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${folder}/${name.replaceAll('\\', '/')}`
  );
}
