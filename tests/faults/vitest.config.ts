import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The fault suite runs by itself (`npm run test:faults`): it takes longer than unit tests may. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { alias: { $lib: fileURLToPath(new URL('../../src/lib', import.meta.url)) } },
  test: {
    include: ['tests/faults/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'tests/support/prepared-till.ts',
    // A test of a shop waits for most of its time: many may wait at once, in more processes than there are cores.
    maxWorkers: 4,
    maxConcurrency: 16,
    testTimeout: 60_000
  }
});
