import { availableParallelism } from 'node:os';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

const allTests = ['src/**/*.test.ts', 'tests/{contract,lint,postgres,shell}/**/*.test.ts'];
/** Tests that play a browser, set the clock or put something in a module's place. */
const changesGlobals = [
  'src/lib/{journal,register}/**/*.test.ts',
  'src/routes/**/*.test.ts',
  'tests/{postgres,shell}/**/*.test.ts'
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
      {
        extends: true,
        // Nothing here changes what all share: one worker takes file after file, which halves the time.
        test: { name: 'plain', isolate: false, include: allTests, exclude: changesGlobals }
      },
      { extends: true, test: { name: 'apart', include: changesGlobals } }
    ]
  }
}));
