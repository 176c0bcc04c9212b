import { availableParallelism } from 'node:os';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

const allTests = ['src/**/*.test.ts', 'tests/{contract,lint,postgres,shell}/**/*.test.ts'];
/** They play a browser, and leave its database behind. */
const playsBrowser = ['src/lib/{journal,register}/**/*.test.ts', 'src/routes/**/*.test.ts'];
/** They put something in a module's place, for themselves and for the suites that they import. */
const changesModules = [
  'src/lib/register/cash.svelte.test.ts',
  'tests/postgres/{payments,same-suites}.test.ts'
];

export default defineConfig(({ command, mode }) => ({
  plugins: [
    // Only the development server compiles messages while it runs: before anything else `npm run prepare` did.
    command === 'serve' &&
      mode !== 'test' &&
      paraglideVitePlugin({
        project: './src/lib/i18n/project.inlang',
        outdir: './src/lib/i18n/generated',
        strategy: ['baseLocale']
      }),
    tailwindcss(),
    sveltekit()
  ],
  test: {
    environment: 'node',
    // Many tests wait, for a database or a server: more may wait at once than there are cores.
    maxWorkers: Math.max(4, availableParallelism()),
    testTimeout: 20_000,
    projects: [
      // One worker takes file after file, which halves the time: what all of them stand on is loaded once.
      {
        extends: true,
        test: {
          name: 'plain',
          isolate: false,
          include: allTests,
          exclude: [...playsBrowser, ...changesModules]
        }
      },
      {
        extends: true,
        test: { name: 'browser', isolate: false, include: playsBrowser, exclude: changesModules }
      },
      { extends: true, test: { name: 'apart', include: changesModules } }
    ]
  }
}));
