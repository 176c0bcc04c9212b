import { ESLint } from 'eslint';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

/**
 * The table of who may import what, tried on source texts that stand nowhere: a file path chooses the row, and
 * the text tries to cross its line. Targets must exist, because the rule resolves what is imported.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const tried = new Set([
  'boundaries/dependencies',
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-globals',
  'no-restricted-syntax',
  'no-console'
]);
let eslint: ESLint;

beforeAll(() => {
  eslint = new ESLint({
    cwd: root,
    // What is tried reads no types, and a file that stands nowhere has none.
    overrideConfig: [{ languageOptions: { parserOptions: { projectService: false, program: null } } }],
    ruleFilter: ({ ruleId }) => tried.has(ruleId)
  });
});

async function complaints({ file, source }: { file: string; source: string }): Promise<string[]> {
  const text = file.endsWith('.svelte') ? `<script lang="ts">\n${source}\n</script>\n` : source;
  const results = await eslint.lintText(text, { filePath: join(root, file) });
  return results.flatMap((result) => result.messages.map((message) => message.message));
}

/** A module that exists in a folder of the library, as `$lib/…`. */
function someModuleIn(folder: string): string {
  if (folder === 'i18n') return '$lib/i18n/generated/messages.js';
  const names = readdirSync(join(root, 'src/lib', folder), { recursive: true, encoding: 'utf8' });
  const found = names.find((name) => /(?<!\.test|\.d)\.ts$/.test(name) && !basename(name).startsWith('.'));
  if (found === undefined) throw new Error(`no module in ${folder} to try the import table with`);
  return `$lib/${folder}/${found.replace(/\.ts$/, '').replaceAll('\\', '/')}`;
}

const forbidden: { from: string; imports: string; reason: string }[] = [
  { from: 'src/lib/money/a.ts', imports: 'order', reason: 'money stands at the bottom' },
  { from: 'src/lib/chain/a.ts', imports: 'money', reason: 'chain stands at the bottom' },
  { from: 'src/lib/catalogue/a.ts', imports: 'order', reason: 'catalogue is pure' },
  { from: 'src/lib/order/a.ts', imports: 'payment', reason: 'order is pure' },
  { from: 'src/lib/payment/a.ts', imports: 'order', reason: 'payment is pure' },
  { from: 'src/lib/wire/a.ts', imports: 'server/gateway', reason: 'wire describes shapes for both sides' },
  { from: 'src/lib/scanning/a.ts', imports: 'order', reason: 'scanning decoders are pure' },
  { from: 'src/lib/scanning/payment-code.ts', imports: 'money', reason: 'it may know catalogue codes' },
  { from: 'src/lib/scanning/adapters/a.ts', imports: 'order', reason: 'turn a device into scans' },
  { from: 'src/lib/journal/a.ts', imports: 'wire', reason: 'what happened at the counter' },
  { from: 'src/lib/register/a.ts', imports: 'server/ledger', reason: 'never reach the server but over HTTP' },
  { from: 'src/lib/ui/a.svelte', imports: 'payment', reason: 'ui draws' },
  { from: 'src/lib/i18n/a.ts', imports: 'money', reason: 'words only' },
  { from: 'src/lib/server/gateway/a.ts', imports: 'server/ledger', reason: 'speaks CodePay' },
  { from: 'src/lib/server/sandbox/a.ts', imports: 'server/gateway', reason: 'repeat our mistakes' },
  { from: 'src/lib/server/config/a.ts', imports: 'i18n', reason: 'never what runs in a browser' },
  { from: 'src/lib/server/ledger/a.ts', imports: 'i18n', reason: 'the truth about money through wallets' },
  { from: 'src/lib/server/payments/a.ts', imports: 'i18n', reason: 'payments decide about money' },
  { from: 'src/lib/server/journal/a.ts', imports: 'i18n', reason: 'what registers wrote' },
  { from: 'src/lib/server/identity/a.ts', imports: 'i18n', reason: 'decided on the server' },
  { from: 'src/lib/server/reports/a.ts', imports: 'i18n', reason: 'computed from the ledger' },
  { from: 'src/lib/server/catalogue/a.ts', imports: 'i18n', reason: 'prices are the server' },
  { from: 'src/lib/server/audit/a.ts', imports: 'i18n', reason: 'the audit trail' },
  { from: 'src/lib/server/anything/a.ts', imports: 'i18n', reason: 'never what runs in a browser' },
  { from: 'src/routes/api/x/+server.ts', imports: 'i18n', reason: 'calls one service' },
  {
    from: 'src/routes/(register)/sell/+page.svelte',
    imports: 'server/ledger',
    reason: 'joins register and ui'
  },
  { from: 'src/service-worker.ts', imports: 'money', reason: 'keeps the shell' }
];

const allowed: { from: string; imports: string }[] = [
  { from: 'src/lib/order/a.ts', imports: 'money' },
  { from: 'src/lib/payment/a.ts', imports: 'money' },
  { from: 'src/lib/catalogue/a.ts', imports: 'money' },
  { from: 'src/lib/wire/a.ts', imports: 'order' },
  { from: 'src/lib/journal/a.ts', imports: 'payment' },
  { from: 'src/lib/register/a.ts', imports: 'wire' },
  { from: 'src/lib/ui/a.svelte', imports: 'money' },
  { from: 'src/lib/server/payments/a.ts', imports: 'server/gateway' },
  { from: 'src/lib/server/gateway/a.ts', imports: 'money' },
  { from: 'src/routes/api/x/+server.ts', imports: 'server/ledger' },
  { from: 'src/routes/(register)/sell/+page.svelte', imports: 'order' }
];

describe('the import table', () => {
  test.for(forbidden)('$from may not import $imports, and the message says why', async (row) => {
    const said = await complaints({ file: row.from, source: `import '${someModuleIn(row.imports)}';` });
    expect(said.join('\n')).toContain(row.reason);
  });

  test.for(allowed)('$from may import $imports', async (row) => {
    expect(await complaints({ file: row.from, source: `import '${someModuleIn(row.imports)}';` })).toEqual(
      []
    );
  });

  test('a relative path crosses the same line as $lib', async () => {
    const target = someModuleIn('order').replace('$lib/', '../');
    const said = await complaints({ file: 'src/lib/money/a.ts', source: `export * from '${target}';` });
    expect(said.join('\n')).toContain('money stands at the bottom');
  });

  test('a dynamic import crosses the same line', async () => {
    const source = `export const later = () => import('${someModuleIn('order')}');`;
    const said = await complaints({ file: 'src/lib/money/a.ts', source });
    expect(said.join('\n')).toContain('money stands at the bottom');
  });

  test('ui may take types, not code, of the order', async () => {
    const target = someModuleIn('order');
    const types = `import type { X } from '${target}';\nexport let x: X;`;
    expect(await complaints({ file: 'src/lib/ui/a.ts', source: types })).toEqual([]);
    const code = await complaints({ file: 'src/lib/ui/a.ts', source: `import { x } from '${target}'; x();` });
    expect(code.join('\n')).toContain('ui draws');
  });

  test('an import inside a type annotation is refused, because no rule looks there', async () => {
    const source = `export let x: import('${someModuleIn('order')}').X;`;
    expect((await complaints({ file: 'src/lib/money/a.ts', source })).join('\n')).toContain('at the top');
  });
});

test('two modules that import each other are refused, a component among them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'till-cycle-'));
  try {
    writeFileSync(join(folder, 'a.ts'), "import B from '$lib/b.svelte';\nexport const a = () => B;\n");
    writeFileSync(
      join(folder, 'b.svelte'),
      '<script lang="ts">\n  import { a } from "./a";\n</script>\n\n{a()}\n'
    );
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { paths: { '$lib/*': ['./*'] } } })
    );
    const ours = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'));
    // Only what is tried, and nothing that reads the types of the whole project.
    const rules = Object.entries(ours.rules).filter(([name]) => name.startsWith('import/'));
    writeFileSync(
      join(folder, '.oxlintrc.json'),
      JSON.stringify({
        plugins: ours.plugins,
        categories: ours.categories,
        rules: Object.fromEntries(rules)
      })
    );
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '--tsconfig', 'tsconfig.json'],
      { cwd: folder, encoding: 'utf8' }
    );
    expect(stdout).toContain('import(no-cycle)');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('packages and globals', () => {
  test.for([
    ['src/lib/money/a.ts', 'svelte', 'money stands at the bottom'],
    ['src/lib/order/a.ts', 'idb', 'order is pure'],
    ['src/lib/payment/a.ts', 'ky', 'payment is pure'],
    ['src/lib/scanning/a.ts', 'svelte', 'decoders are pure'],
    ['src/lib/journal/a.ts', 'svelte', 'knows no scanner, no screen'],
    ['src/lib/register/a.ts', 'node:fs', 'over HTTP'],
    ['src/lib/register/a.ts', 'bits-ui', 'without a screen'],
    ['src/lib/ui/a.svelte', 'ky', 'ui draws'],
    ['src/lib/server/gateway/a.ts', 'kysely', 'speaks CodePay'],
    ['src/lib/server/sandbox/a.ts', 'ky', 'stands for the gateway'],
    ['src/lib/server/payments/a.ts', 'svelte', 'pure folders and node'],
    ['src/routes/+page.svelte', 'idb', 'through register']
  ] as const)('%s may not use the package %s', async ([file, source, reason]) => {
    expect((await complaints({ file, source: `import '${source}';` })).join('\n')).toContain(reason);
  });

  test.for([
    ['src/lib/wire/a.ts', 'valibot'],
    ['src/lib/journal/a.ts', 'idb'],
    ['src/lib/register/a.svelte.ts', 'ky'],
    ['src/lib/ui/a.svelte', 'bits-ui'],
    ['src/lib/server/gateway/a.ts', 'node:crypto'],
    ['src/lib/server/gateway/a.ts', 'ky'],
    ['src/lib/server/sandbox/a.ts', 'node:http'],
    ['src/lib/server/ledger/a.ts', 'kysely']
  ] as const)('%s may use the package %s', async ([file, source]) => {
    expect(await complaints({ file, source: `import '${source}';` })).toEqual([]);
  });

  test.for([
    ['src/lib/order/a.ts', 'fetch("/")', 'may not touch fetch'],
    ['src/lib/ui/a.ts', 'fetch("/")', 'may not touch fetch'],
    ['src/lib/payment/a.ts', 'setTimeout(f, 1)', 'may not touch setTimeout'],
    ['src/lib/scanning/a.ts', 'document.body', 'may not touch document'],
    ['src/lib/order/a.ts', 'Date.now()', 'gets time and randomness as arguments'],
    ['src/lib/payment/a.ts', 'new Date()', 'gets time and randomness as arguments'],
    ['src/lib/money/a.ts', 'Math.random()', 'gets time and randomness as arguments'],
    ['src/lib/register/a.ts', 'console.log("x")', 'Unexpected console']
  ] as const)('%s may not say %s', async ([file, expression, reason]) => {
    const said = await complaints({ file, source: `export const x = () => ${expression};` });
    expect(said.join('\n')).toContain(reason);
  });

  test('a test beside the code may use what tests need, from anywhere', async () => {
    const source = `import 'fast-check';\nimport '${someModuleIn('order')}';`;
    expect(await complaints({ file: 'src/lib/money/a.test.ts', source })).toEqual([]);
  });
});

test('no folder or file is named after nothing in particular', () => {
  const vague = /(^|\/)(utils?|helpers?|manager|data|info|misc|common)(\.[a-z.]+)?$/;
  const names = ['src', 'scripts', 'tests']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`
      )
    )
    .map((name) => name.replaceAll('\\', '/'))
    // What the benches compare with names its files as it likes.
    .filter((name) => !name.startsWith('tests/bench/node_modules/'))
    // Messages are grouped by screen, and `common` is the group of all of them.
    .filter((name) => !name.startsWith('src/lib/i18n/'));
  expect(names.filter((name) => vague.test(name))).toEqual([]);
});
