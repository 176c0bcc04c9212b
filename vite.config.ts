import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './src/lib/i18n/project.inlang',
      outdir: './src/lib/i18n/generated',
      strategy: ['baseLocale']
    }),
    tailwindcss(),
    sveltekit()
  ],
  test: {
    include: ['src/**/*.test.ts', 'tests/{contract,lint,postgres,shell}/**/*.test.ts'],
    environment: 'node',
    // By itself it would leave a core free, and take twice as long on two of them.
    maxWorkers: '100%',
    testTimeout: 20_000
  }
});
