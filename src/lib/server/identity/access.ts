/**
 * Who may open what: one table for every page group and every API. What is not in it is refused to everybody, so that a
 * forgotten row shows at the first try and never as a hole.
 */
import type { Role } from '$lib/wire/basics';

/** The least role, or `public`: also for who is not signed in. */
export type Need = Role | 'public';

const pageGroups: readonly (readonly [group: string, need: Need])[] = [
  ['/(register)/', 'cashier'],
  ['/(manage)/', 'manager'],
  ['/(admin)/', 'admin']
];

const publicPages: readonly string[] = ['/', '/sign-in', '/first-run'];

interface ApiRule {
  readonly methods: readonly string[];
  /** `*` stands for one part of the path, `**` at the end for any rest. */
  readonly path: string;
  readonly need: Need;
}

/** The first row that fits decides. */
export const apiRules: readonly ApiRule[] = [
  { methods: ['GET'], path: '/healthz', need: 'public' },
  // Its token is its pass.
  { methods: ['GET'], path: '/metrics', need: 'public' },
  { methods: ['GET'], path: '/api/openapi.json', need: 'public' },
  { methods: ['GET'], path: '/api/docs', need: 'public' },
  { methods: ['GET'], path: '/api/session', need: 'public' },
  { methods: ['POST'], path: '/api/auth/**', need: 'public' },
  // Its signature is its pass.
  { methods: ['POST'], path: '/api/codepay/notify', need: 'public' },

  // The register's token is its pass: what happened at a counter is taken whoever is signed in there.
  { methods: ['GET', 'POST'], path: '/api/journal', need: 'public' },

  // For an enrolled register only: the route asks for its cookie.
  { methods: ['GET'], path: '/api/people/here', need: 'public' },
  { methods: ['GET', 'POST'], path: '/api/people', need: 'admin' },
  { methods: ['POST'], path: '/api/people/*', need: 'admin' },

  { methods: ['GET'], path: '/api/catalogue', need: 'cashier' },
  // "Add it now": what nobody knows yet is sold all the same.
  { methods: ['POST'], path: '/api/catalogue/products', need: 'cashier' },
  { methods: ['POST'], path: '/api/registers/code', need: 'cashier' },
  { methods: ['GET', 'POST'], path: '/api/registers/keys', need: 'cashier' },
  { methods: ['GET', 'POST'], path: '/api/registers', need: 'manager' },
  { methods: ['GET', 'POST'], path: '/api/registers/**', need: 'manager' },

  { methods: ['GET', 'POST'], path: '/api/products', need: 'admin' },
  { methods: ['GET', 'POST'], path: '/api/products/*', need: 'admin' },
  { methods: ['GET', 'POST'], path: '/api/categories', need: 'admin' },
  { methods: ['POST'], path: '/api/categories/*/remove', need: 'admin' },
  { methods: ['POST'], path: '/api/tax-rates', need: 'admin' },
  { methods: ['POST'], path: '/api/tax-rates/*/remove', need: 'admin' },

  { methods: ['GET', 'POST'], path: '/api/shop', need: 'admin' },
  { methods: ['POST'], path: '/api/connection-check', need: 'admin' },
  { methods: ['GET'], path: '/api/opening', need: 'cashier' },

  { methods: ['POST'], path: '/api/orders', need: 'cashier' },
  { methods: ['GET'], path: '/api/orders', need: 'admin' },
  { methods: ['GET'], path: '/api/orders/*', need: 'manager' },

  { methods: ['GET', 'POST'], path: '/api/payments', need: 'cashier' },
  { methods: ['GET', 'POST'], path: '/api/payments/**', need: 'cashier' },

  { methods: ['POST'], path: '/api/cash/movements', need: 'cashier' },
  { methods: ['POST'], path: '/api/cash/returns', need: 'manager' },

  { methods: ['GET'], path: '/api/today', need: 'manager' },
  { methods: ['GET'], path: '/api/desk', need: 'manager' },
  { methods: ['POST'], path: '/api/desk/attempts/*/resolve', need: 'manager' },
  { methods: ['POST'], path: '/api/desk/attempts/*/attach', need: 'manager' },
  { methods: ['POST'], path: '/api/desk/tasks/*/done', need: 'manager' },
  { methods: ['GET', 'POST'], path: '/api/reconciliations', need: 'manager' },
  { methods: ['GET'], path: '/api/changes', need: 'cashier' },

  { methods: ['GET', 'POST'], path: '/api/refunds', need: 'admin' },
  { methods: ['GET', 'POST'], path: '/api/refunds/**', need: 'admin' }
];

/** Requests that move money, or end in doing so: only a register's newest writer may make them. */
const moneyPaths: readonly string[] = [
  '/api/orders',
  '/api/payments',
  '/api/payments/**',
  '/api/refunds',
  '/api/refunds/**',
  '/api/cash/**',
  '/api/desk/**'
];

/** Requests that change something and are taken from a page of any version. */
const anyVersion: readonly string[] = [
  // Whoever signs in is given the newest page; signing out is never refused.
  '/api/auth/**',
  // What happened at a counter has happened: refused, the sales of a page that nobody reloads would stay away for good.
  // Its entries prove themselves by their chain, and those that the server can't believe are stopped there.
  '/api/journal',
  // The gateway has no page.
  '/api/codepay/notify'
];

/**
 * Who may open a page.
 *
 * @param routeId the route's id, groups included: `/(manage)/orders/[id]`
 * @returns null for a page that is in no group: nobody
 */
export function needForPage(routeId: string): Need | null {
  if (publicPages.includes(routeId)) return 'public';
  return pageGroups.find(([group]) => routeId.startsWith(group))?.[1] ?? null;
}

/** Who may call an API; null: nobody. `HEAD` is as `GET`. */
export function needForApi({
  method,
  path
}: {
  readonly method: string;
  readonly path: string;
}): Need | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  const rule = apiRules.find(({ methods, path: pattern }) => methods.includes(asked) && fits(pattern, path));
  return rule?.need ?? null;
}

/** True for what is an API by its address: it is answered with problem documents, never with pages. */
export function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || path === '/healthz' || path === '/metrics';
}

/** True for a request that must carry the contract's version: whatever changes something, but for {@link anyVersion}. */
export function needsContract({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && !anyVersion.some((pattern) => fits(pattern, path));
}

/** True for a request that moves money, or ends in doing so. */
export function movesMoney({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && moneyPaths.some((pattern) => fits(pattern, path));
}

function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const open = wanted.at(-1) === '**';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (open ? given.length <= fixed.length : given.length !== fixed.length) return false;
  return fixed.every((part, at) => (part === '*' ? given[at] !== '' : part === given[at]));
}
