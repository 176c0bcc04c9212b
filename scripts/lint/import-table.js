/**
 * Who may import what: the table behind the lint rule, one row a folder.
 *
 * Each row has the folders it may import (itself always), what it may take only the types of, the packages
 * it may use, the globals it may not touch, and the reason that is shown when somebody crosses the line.
 * The first row whose pattern matches a file is the file's folder, so narrow patterns stand above wide ones.
 */

const pure = ['money', 'catalogue', 'order', 'payment', 'chain', 'wire'];

const server = [
  'server-config',
  'server-gateway',
  'server-sandbox',
  'server-ledger',
  'server-payments',
  'server-journal',
  'server-identity',
  'server-reports',
  'server-catalogue',
  'server-audit',
  'server-other'
];

/** What only the browser, the network or the clock can give. A rule that needs one gets it as an argument. */
const edges = [
  'fetch',
  'window',
  'document',
  'navigator',
  'location',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'requestAnimationFrame',
  'process',
  'Buffer'
];

const serverOnly = /^(node:|kysely|pg$|pino|better-auth|prom-client|\$env\/)/;
const drawing = /^(bits-ui|~icons\/|chartist|bwip-js|tailwindcss)/;

/**
 * @typedef {object} Row
 * @property {string} folder   name of the row, and of the element in the lint rule
 * @property {string[]} files  patterns from the project's root
 * @property {string[]} may    rows whose modules may be imported
 * @property {string[]} [mayTypes]  rows of which only types may be imported
 * @property {RegExp} [onlyPackages]  packages allowed; none of the others
 * @property {RegExp} [notPackages]  packages refused; all others allowed
 * @property {string[]} [notGlobals]  global names refused
 * @property {boolean} [injectedTime]  Date.now(), new Date() and Math.random() refused
 * @property {string} reason   one sentence, shown with every violation
 */

/** @type {Row[]} */
export const importTable = [
  {
    folder: 'i18n',
    files: ['src/lib/i18n/**'],
    may: [],
    reason: 'i18n holds words only, so that any screen can use it without pulling in anything else.'
  },
  {
    folder: 'money',
    files: ['src/lib/money/**'],
    may: [],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason: 'money stands at the bottom: arithmetic that depends on nothing can be trusted everywhere.'
  },
  {
    folder: 'chain',
    files: ['src/lib/chain/**'],
    may: [],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason:
      'chain stands at the bottom: a hash that is checked years later may depend on nothing that changes.'
  },
  {
    folder: 'catalogue',
    files: ['src/lib/catalogue/**'],
    may: ['money'],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason: 'catalogue is pure: the register and the server must read a barcode and a price alike.'
  },
  {
    folder: 'order',
    files: ['src/lib/order/**'],
    may: ['money', 'catalogue'],
    onlyPackages: /^(date-fns|@date-fns\/)/,
    notGlobals: edges,
    injectedTime: true,
    reason: 'order is pure: the same events must give the same totals on the register and on the server.'
  },
  {
    folder: 'payment',
    files: ['src/lib/payment/**'],
    may: ['money'],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason:
      'payment is pure: a state machine that asks nobody for the time can be tried in every order of events.'
  },
  {
    folder: 'wire',
    files: ['src/lib/wire/**'],
    may: pure,
    onlyPackages: /^valibot/,
    notGlobals: edges,
    injectedTime: true,
    reason: 'wire describes shapes for both sides: it may know the pure folders only.'
  },
  {
    folder: 'payment-code',
    files: ['src/lib/scanning/**/payment-code*', 'src/lib/scanning/payment-code*/**'],
    may: ['scanning', 'catalogue'],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason:
      'payment-code recognition runs on the register and on the server: it may know catalogue codes and its own folder only.'
  },
  {
    folder: 'scanning-adapters',
    files: ['src/lib/scanning/adapters/**'],
    may: ['scanning', 'payment-code', 'catalogue'],
    notPackages: new RegExp(`${serverOnly.source}|${drawing.source}|^(svelte|ky|idb)`),
    notGlobals: ['fetch', 'localStorage', 'sessionStorage', 'indexedDB'],
    reason:
      'scanning adapters turn a device into scans and nothing else; what a scan means is decided in register.'
  },
  {
    folder: 'scanning',
    files: ['src/lib/scanning/**'],
    may: ['payment-code', 'catalogue'],
    onlyPackages: /^$/,
    notGlobals: edges,
    injectedTime: true,
    reason:
      'scanning decoders are pure and get their time injected: only so can every split of the same bytes be tried.'
  },
  {
    folder: 'journal',
    files: ['src/lib/journal/**'],
    may: ['order', 'payment', 'chain', 'money'],
    onlyPackages: /^idb/,
    reason:
      'journal records what happened at the counter; it knows no scanner, no screen and no network, so nothing can lose an entry for their sake.'
  },
  {
    folder: 'register',
    files: ['src/lib/register/**'],
    may: [...pure, 'payment-code', 'scanning', 'scanning-adapters', 'journal', 'i18n'],
    notPackages: new RegExp(`${serverOnly.source}|${drawing.source}`),
    reason:
      'register is where the browser edges meet; it must run without a screen and can never reach the server but over HTTP.'
  },
  {
    folder: 'ui',
    files: ['src/lib/ui/**'],
    may: ['money', 'i18n'],
    mayTypes: ['catalogue', 'order', 'payment', 'wire', 'register'],
    notPackages: new RegExp(`${serverOnly.source}|^(ky|idb)(/|$)|^\\$app/(navigation|forms|stores|state)`),
    notGlobals: ['fetch', 'indexedDB', 'localStorage', 'sessionStorage'],
    reason: 'ui draws: props in, callbacks out. What it shows comes from register, through a route.'
  },
  {
    folder: 'server-gateway',
    files: ['src/lib/server/gateway/**'],
    may: ['money'],
    onlyPackages: /^(node:|ky$|pino$|valibot$)/,
    reason:
      'server/gateway speaks CodePay and knows nothing else; ledger and payments call it, never the other way.'
  },
  {
    folder: 'server-sandbox',
    files: ['src/lib/server/sandbox/**'],
    may: [],
    onlyPackages: /^node:/,
    reason:
      'server/sandbox stands for the gateway of others: a twin that shared our code would repeat our mistakes.'
  },
  ...[
    ['config', 'the configuration is read once, before everything else'],
    ['ledger', 'the ledger is the truth about money through wallets'],
    ['payments', 'payments decide about money on the server'],
    ['journal', 'the server only receives what registers wrote'],
    ['identity', 'who may do what is decided on the server'],
    ['reports', 'reports are computed from the ledger and the journals'],
    ['catalogue', 'prices are the server’s'],
    ['audit', 'the audit trail is written on the server']
  ].map(([name, why]) => ({
    folder: `server-${name}`,
    files: [`src/lib/server/${name}/**`],
    may: [...pure, 'payment-code', ...server],
    notPackages: new RegExp(`${drawing.source}|^(svelte|idb)(/|$)|^\\$app/(navigation|forms|stores|state)`),
    reason: `server/${name}: ${why}; it uses the pure folders and node, never what runs in a browser (register, ui, journal, scanning).`
  })),
  {
    folder: 'server-other',
    files: ['src/lib/server/**'],
    may: [...pure, 'payment-code', ...server],
    notPackages: new RegExp(`${drawing.source}|^(svelte|idb)(/|$)|^\\$app/(navigation|forms|stores|state)`),
    reason:
      'server uses the pure folders and node, never what runs in a browser (register, ui, journal, scanning).'
  },
  {
    folder: 'routes-server',
    files: [
      'src/routes/**/+server.ts',
      'src/routes/**/+*.server.ts',
      'src/routes/**/*.server.ts',
      'src/hooks.server.ts'
    ],
    may: [...pure, 'payment-code', ...server],
    notPackages: new RegExp(`${drawing.source}|^(svelte|idb)(/|$)`),
    reason: 'a server route parses, calls one service and answers; it uses server, never register or ui.'
  },
  {
    folder: 'service-worker',
    files: ['src/service-worker.ts'],
    may: [],
    onlyPackages: /^\$(service-worker|app\/)/,
    reason: 'the service worker keeps the shell and nothing else; it must never learn about money.'
  },
  {
    folder: 'app-types',
    files: ['src/app.d.ts'],
    may: [],
    mayTypes: [...pure, ...server],
    reason: 'app.d.ts names types only.'
  },
  {
    folder: 'routes',
    files: ['src/routes/**', 'src/hooks.client.ts', 'src/hooks.ts'],
    may: [...pure, 'register', 'ui', 'i18n'],
    notPackages: new RegExp(`${serverOnly.source}|^(ky|idb)(/|$)`),
    reason:
      'a page joins register and ui; the server is reached over HTTP, the journal and the scanners through register.'
  }
];
