import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import icons from 'unplugin-icons/vite';
import { type Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

const allTests = ['src/**/*.test.ts', 'tests/{contract,lint,postgres,shell}/**/*.test.ts'];
/** They play a browser, and leave its database behind. */
const playsBrowser = ['src/lib/{journal,register}/**/*.test.ts', 'src/routes/**/*.test.ts'];
/** They put something in a module's place, for themselves and for the suites that they import. */
const changesModules = [
  'src/lib/register/cash.svelte.test.ts',
  'tests/postgres/{payments,same-suites}.test.ts'
];

/**
 * What is loaded together, by the files of `src/routes` that import it, the first match first. Left alone, each set of pages
 * that share something is a file of its own: 65 of them for the sell screen. A page loads hardly anything that only others
 * need.
 */
const partsOfPages: readonly (readonly [name: string, ...allOf: RegExp[]])[] = [
  ['core', /^\(register\)\/(sell\/)?\+/, /^sign-in\//],
  ['shared', /^\(register\)\/(sell\/)?\+/, /^\((manage|admin)\)\/(?!refunds\/\+page)/],
  ['finding', /^\(register\)\/(sell\/)?\+/, /^\(admin\)\/refunds\//],
  ['till', /^\(register\)\/(sell\/)?\+/],
  ['opening-shared', /opening-check/, /^\((manage|admin)\)\//],
  ['opening', /opening-check/],
  ['office', /^\(manage\)\/\+layout/],
  ['dialogs', /ui\/dialog/],
  ['sale-shared', /sale-parts/, /^\((manage|admin)\)\/|^\(register\)\/(orders|practice)\//],
  ['sale', /sale-parts/]
];

/** Such a file names what is fetched as soon as its page has nothing to do. */
const fetchedAhead = /-parts\.ts$/;

/** Names the part that a module belongs to. */
function partsByImports(): (id: string, modules: Rolldown.ChunkingContext) => string | null {
  const routes = fileURLToPath(new URL('src/routes/', import.meta.url));
  const pages = globSync(['**/*.{svelte,ts}', '../lib/ui/dialog.svelte'], { cwd: routes });
  const known = new Map<RegExp, ReadonlySet<string>>();
  function importedBy(which: RegExp, modules: Rolldown.ChunkingContext): ReadonlySet<string> {
    const starts = pages.filter((page) => which.test(page)).map((page) => join(routes, page));
    const found = new Set(
      starts.flatMap((start) =>
        fetchedAhead.test(start) ? (modules.getModuleInfo(start)?.dynamicallyImportedIds ?? []) : [start]
      )
    );
    // A set's loop goes on to what is added meanwhile.
    for (const id of found) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
    known.set(which, found);
    return found;
  }
  return (id, modules) =>
    partsOfPages.find(([, ...allOf]) =>
      allOf.every((which) => (known.get(which) ?? importedBy(which, modules)).has(id))
    )?.[0] ?? null;
}

function pageParts(): Rolldown.CodeSplittingGroup[] {
  const partOf = partsByImports();
  const groups: Rolldown.CodeSplittingGroup[] = [
    // One module a sentence, and one that names them all: who imports that needs a few of them.
    { name: 'words', test: /i18n.generated/, entriesAware: true, entriesAwareMergeThreshold: 30_000 },
    ...partsOfPages.map(([part]) => ({
      name: (id: string, modules: Rolldown.ChunkingContext) => (partOf(id, modules) === part ? part : null)
    }))
  ];
  return groups.map((group, at) => ({ ...group, priority: groups.length - at }));
}

/** Makes a drawing of Lucide's set a component (src/icons.d.ts). Who uses it says how thick its lines are, so no shape may. */
function drawingAsComponent(svg: string): string {
  const shapes = svg.slice(svg.indexOf('>') + 1).replaceAll(' stroke-width="2"', '');
  return `<script>const { size = 24, ...rest } = $props()</script>
<svg width={size} height={size} viewBox="0 0 24 24" stroke-width="2" aria-hidden="true" {...rest}>${shapes}`;
}

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
    icons({ compiler: { extension: 'svelte', compiler: drawingAsComponent } }),
    sveltekit()
  ],
  environments: {
    client: { build: { rollupOptions: { output: { codeSplitting: { groups: pageParts() } } } } }
  },
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
