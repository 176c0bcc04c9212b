import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const allTests = ['tests/faults/**/*.test.ts'];
/** They put something in a module's place, for themselves and for the suites that they import. */
const changesModules = ['tests/faults/{controls-signature,postgres}.faults.test.ts'];

/** The fault suite runs by itself (`npm run test:faults`): it takes longer than unit tests may. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { alias: { $lib: fileURLToPath(new URL('../../src/lib', import.meta.url)) } },
  test: {
    environment: 'node',
    globalSetup: 'tests/support/prepared-till.ts',
    // A test of a shop waits for most of its time: many may wait at once, in more processes than there are cores.
    maxWorkers: 4,
    maxConcurrency: 16,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // One worker takes file after file: what all of them stand on is loaded once, a third of the work.
        test: { name: 'plain', isolate: false, include: allTests, exclude: changesModules }
      },
      { extends: true, test: { name: 'apart', include: changesModules } }
    ]
  }
});
