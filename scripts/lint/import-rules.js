/**
 * Turns the import table into lint rules: folder to folder by eslint-plugin-boundaries (which resolves `$lib`
 * and relative paths alike), packages and globals by ESLint's own rules. Every message ends with the row's reason.
 */

/** @typedef {import('./import-table.js').Row} Row */

/** The rows as file categories, in the table's order: the first pattern that matches a file names it.
 * @param {Row[]} table */
export function boundaryFiles(table) {
  return table.flatMap(({ folder, files }) => files.map((pattern) => ({ category: folder, pattern })));
}

/** The last policy that matches decides: refuse every folder first, then allow the row's own.
 * @param {Row[]} table */
export function boundaryPolicies(table) {
  return table.flatMap(({ folder, may, mayTypes = [], reason }) => {
    const from = { file: { categories: folder } };
    const allowed = [...new Set([folder, ...may])];
    const policies = [
      {
        from,
        disallow: { to: { file: { categories: '*' } } },
        message: `${folder} may not import {{to.file.categories}}: ${reason}`
      },
      { from, allow: { to: { file: { categories: { anyOf: allowed } } } } }
    ];
    if (mayTypes.length > 0) {
      policies.push({
        from,
        allow: { to: { file: { categories: { anyOf: mayTypes } } }, dependency: { kind: 'type' } }
      });
    }
    return policies;
  });
}

/** One config block a row for the packages and globals it may not use.
 * @param {Row[]} table
 * @param {{ exceptFiles: string[], alwaysSyntax: object[] }} options tests may use what they like; rules that a block would override */
export function packageAndGlobalRules(table, { exceptFiles, alwaysSyntax }) {
  // Later blocks win in ESLint, the first row wins in the table: hence the order turned round.
  return [...table].reverse().map((row) => ({
    name: `till/imports/${row.folder}`,
    files: row.files,
    ignores: exceptFiles,
    rules: {
      '@typescript-eslint/no-restricted-imports': restrictedPackages(row),
      'no-restricted-globals': restrictedGlobals(row),
      'no-restricted-syntax': ['error', ...alwaysSyntax, ...(row.injectedTime ? injectedOnly(row) : [])]
    }
  }));
}

/** @param {Row} row */
function restrictedPackages({ folder, onlyPackages, notPackages, reason }) {
  const patterns = [];
  const own = '\\.|\\$lib(/|$)';
  if (onlyPackages) {
    patterns.push({
      regex: `^(?!${own}|${unanchored(onlyPackages)}).*`,
      message: `${folder} may not use this package: ${reason}`
    });
  }
  if (notPackages) {
    patterns.push({ regex: notPackages.source, message: `${folder} may not use this package: ${reason}` });
  }
  return patterns.length > 0 ? ['error', { patterns }] : 'off';
}

/** A pattern without its leading `^`, to stand inside a look-ahead. @param {RegExp} pattern */
function unanchored(pattern) {
  return pattern.source.replace(/^\^/, '');
}

/** @param {Row} row */
function restrictedGlobals({ folder, notGlobals, reason }) {
  if (!notGlobals) return 'off';
  return [
    'error',
    ...notGlobals.map((name) => ({ name, message: `${folder} may not touch ${name}: ${reason}` }))
  ];
}

/** @param {Row} row */
function injectedOnly({ folder, reason }) {
  const message = `${folder} gets time and randomness as arguments: ${reason}`;
  return [
    { selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"]', message },
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message },
    { selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]', message },
    {
      selector:
        'CallExpression[callee.object.name="crypto"][callee.property.name=/^(randomUUID|getRandomValues)$/]',
      message
    }
  ];
}
