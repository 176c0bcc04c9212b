import { readFileSync } from 'node:fs';

/**
 * @typedef {{ title: string, error: string }} Failure
 * @typedef {{ passed: number, failed: number, skipped: number, failures: Failure[] }} Results
 */

/** Reads what Vitest's JSON reporter wrote. A file that could not even be loaded counts as one failure.
 * @param {string} file @returns {Results | undefined} undefined where there is no report */
export function unitResults(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({
        title: `${shortPath(name)} › ${test.fullName}`,
        error: test.failureMessages.join('\n')
      }));
    if (failed.length > 0 || status !== 'failed') return failed;
    return [{ title: shortPath(name), error: message }];
  });
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    failures
  };
}

/** Reads what Playwright's JSON reporter wrote.
 * @param {string} file @returns {Results | undefined} undefined where there is no report */
export function endToEndResults(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  const results = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const error of report.errors) {
    results.failed += 1;
    results.failures.push({ title: 'Playwright', error: error.message ?? String(error.value) });
  }
  for (const { spec, path } of specs(report.suites, [])) {
    for (const test of spec.tests) {
      if (test.status === 'skipped') results.skipped += 1;
      else if (test.status === 'expected') results.passed += 1;
      else {
        const last = test.results.at(-1);
        const error =
          (last?.errors ?? []).map(({ message }) => message).join('\n') || `ended ${last?.status}`;
        results.failed += 1;
        results.failures.push({ title: [...path, spec.title].join(' › '), error });
      }
    }
  }
  return results;
}

/**
 * Every test that Vitest ran, by its own title.
 * @param {string} file @returns {{ title: string, file: string, passed: boolean }[] | undefined} undefined: no report
 */
export function testsOfUnit(file) {
  return readJson(file)?.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, ancestorTitles, status }) => ({
      // A group may name the rows for all its tests.
      title: [...ancestorTitles.filter((above) => above.startsWith('#')), title].join(' '),
      file: shortPath(name),
      passed: status === 'passed'
    }))
  );
}

/**
 * Every test that Playwright ran, by its own title.
 * @param {string} file @returns {{ title: string, file: string, passed: boolean }[] | undefined} undefined: no report
 */
export function testsOfEndToEnd(file) {
  const report = readJson(file);
  return report === undefined
    ? undefined
    : [...specs(report.suites, [])].map(({ spec, path }) => ({
        title: [...path.filter((above) => above.startsWith('#')), spec.title].join(' '),
        file: `tests/e2e/${spec.file}`,
        passed: spec.ok
      }));
}

function* specs(suites, above) {
  for (const suite of suites) {
    const path = [...above, suite.title];
    for (const spec of suite.specs ?? []) yield { spec, path };
    yield* specs(suite.suites ?? [], path);
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function shortPath(path) {
  return path.replaceAll('\\', '/').replace(/^.*\/(?=(src|tests)\/)/, '');
}
