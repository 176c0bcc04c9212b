import boundaries from 'eslint-plugin-boundaries';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import { boundaryFiles, boundaryPolicies, packageAndGlobalRules } from './scripts/lint/import-rules.js';
import { importTable } from './scripts/lint/import-table.js';
import svelteConfig from './svelte.config.js';

const ours = ['src/**/*.ts', 'src/**/*.svelte'];
/** Tests and what they stand on: never shipped, so they may look across the lines that code may not cross. */
const tests = ['**/*.test.ts', '**/*.fixture.ts', 'tests/**'];
const plainJs = ['**/*.js', '**/*.mjs'];

/** Core rules that matter here; formatting is Prettier's. */
const core = {
  'array-callback-return': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
  'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
  'no-async-promise-executor': 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-debugger': 'error',
  'no-dupe-else-if': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-irregular-whitespace': 'error',
  'no-loss-of-precision': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-unreachable': 'error',
  'no-unreachable-loop': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error'
};

export default ts.config(
  {
    ignores: [
      'build/**',
      '.svelte-kit/**',
      'node_modules/**',
      'src/lib/i18n/generated/**',
      'src/lib/i18n/project.inlang/**',
      'static/**',
      'test-results/**',
      'playwright-report/**',
      'data/**'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  // Rules that need types or the whole graph of imports are Oxlint's (.oxlintrc.json): it knows both in seconds.
  ts.configs.strict,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node }
    },
    rules: {
      ...core,
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }
      ],
      // Type imports inside annotations would slip past the import table.
      'no-restricted-syntax': ['error', ...noInlineTypeImport()]
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } }
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // `let { x } = $props()` and `let y = $state()` are assigned by the template.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // The shop stands at the root of its address; resolve() would only add noise.
      'svelte/no-navigation-without-resolve': 'off',
      // It takes the words of a reason for codes; svelte-check complains about real leftovers.
      'svelte/no-unused-svelte-ignore': 'off'
    }
  },
  {
    files: ours,
    ignores: tests,
    rules: {
      // A log line goes through the logger, which knows what may never be written down.
      'no-console': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }]
    }
  },
  {
    files: ours,
    ignores: tests,
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': import.meta.dirname,
      'boundaries/files': boundaryFiles(importTable),
      'boundaries/files-single-match': true,
      'boundaries/legacy-templates': false,
      'import/resolver': { typescript: { project: './tsconfig.json' } }
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'allow', policies: boundaryPolicies(importTable) }]
    }
  },
  ...packageAndGlobalRules(importTable, { exceptFiles: tests, alwaysSyntax: noInlineTypeImport() }),
  {
    files: tests,
    rules: {
      // Tests look at fakes and at answers from outside; a wrong assumption there fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.object.name=/^(test|it|describe)$/][callee.property.name=/^(only|skip|fixme)$/]',
          message:
            'Every test runs. One that may not run here belongs behind a condition that says so in its title.'
        },
        {
          selector: 'CallExpression[callee.property.name="waitForTimeout"]',
          message: 'Wait for what should be seen, not for time to pass.'
        }
      ]
    }
  },
  {
    // Plain JavaScript and the files that configure tools are outside the type-checked project.
    files: [...plainJs, '*.ts'],
    rules: { '@typescript-eslint/explicit-function-return-type': 'off', 'no-undef': 'off' }
  },
  {
    files: plainJs,
    rules: { 'no-undef': 'error' }
  }
);

function noInlineTypeImport() {
  return [
    {
      selector: 'TSImportType',
      message:
        'Import the type at the top of the file: an import inside an annotation is not checked against the import table.'
    }
  ];
}
