/** Before every request: who is it, may they, does it come from our own page. The order of the checks is the order below. */
import { randomUUID } from 'node:crypto';
import { building, dev } from '$app/environment';
import {
  error,
  redirect,
  type Handle,
  type HandleServerError,
  type RequestEvent,
  type ServerInit
} from '@sveltejs/kit';
import { startApp, type App, type StartReport } from '$lib/server/app';
import { boundBody } from '$lib/server/bounded-body';
import { brokenRequest } from '$lib/server/broken-request';
import {
  isApi,
  movesMoney,
  needForApi,
  needForPage,
  needsContract,
  type Need
} from '$lib/server/identity/access';
import { isOriginAllowed } from '$lib/server/identity/origin-check';
import { readRegisterCookie } from '$lib/server/identity/register-cookie';
import { traced } from '$lib/server/ledger/trace';
import { problem, wordsOf } from '$lib/server/problem';
import { contractVersion, contractVersionHeader, roleContains, sentAtHeader } from '$lib/wire/basics';
import { readWriterStamp, writerHeader } from '$lib/wire/writer-stamp';

/** What the start script waits for and stops; kept across reloads of this module in development. */
interface RunningApp {
  readonly ready: Promise<StartReport>;
  readonly app: Promise<App>;
  shutdown(): Promise<void>;
}

const key = Symbol.for('till.app');

function isRunningApp(value: unknown): value is RunningApp {
  return typeof value === 'object' && value !== null && 'app' in value && 'ready' in value;
}

function runningApp(): RunningApp {
  const known: unknown = Reflect.get(globalThis, key);
  if (isRunningApp(known)) return known;
  const app = startApp({ env: process.env });
  const started: RunningApp = {
    app,
    ready: app.then(({ report }) => report),
    shutdown: async () => (await app).shutdown()
  };
  // Whoever starts the server reports a refusal; a second, nameless report of the same would only hide it.
  started.ready.catch(() => undefined);
  Reflect.set(globalThis, key, started);
  return started;
}

export const init: ServerInit = async () => {
  if (!building) await runningApp().ready;
};

const notifyPath = '/api/codepay/notify';

export const handle: Handle = async ({ event, resolve }) => {
  if (building) return resolve(event);
  const app = await runningApp().app;
  const { locals, url } = event;
  const startedAt = performance.now();
  locals.app = app;
  locals.staff = null;
  locals.sessionId = null;
  locals.register = null;
  locals.aheadMs = undefined;
  locals.broke = null;

  const ownOrigins = dev ? [...app.ownOrigins, url.origin] : app.ownOrigins;
  const { method, headers } = event.request;
  if (!isOriginAllowed({ method, path: url.pathname, headers, ownOrigins })) {
    return withHeaders(problem({ code: 'wrong_origin' }), url.pathname);
  }

  const response = isApi(url.pathname)
    ? await orProblem(event, () =>
        enter(event, async () => (await refuseApi(event)) ?? orProblem(event, () => serve(event, resolve)))
      )
    : await enter(event, async () => refusePage(event) ?? serve(event, resolve));
  app.metrics.requestAnswered({
    method,
    route: event.route.id,
    status: response.status,
    durationMs: performance.now() - startedAt
  });
  return withHeaders(response, url.pathname);
};

/** Knows who it is before anything else is done. */
async function enter(event: RequestEvent, then: () => Promise<Response>): Promise<Response> {
  const setCookies = await whoIsIt(event);
  const response = await then();
  for (const cookie of setCookies) response.headers.append('set-cookie', cookie);
  return response;
}

/** Only who may enter is read at all, and never beyond what the path takes. */
async function serve(event: RequestEvent, resolve: Parameters<Handle>[0]['resolve']): Promise<Response> {
  const bounded = await boundBody({ request: event.request, path: event.url.pathname });
  if (!bounded.ok) return problem({ code: 'too_large' });
  event.request = bounded.request;
  return resolve(event);
}

/**
 * An API that breaks is answered as any other problem. What breaks in a route comes here through {@link handleError}, what
 * breaks before it as it was thrown. The checks before a route have a trace of their own: what they keep, like a session
 * that was renewed, is nothing that was asked for.
 */
async function orProblem(event: RequestEvent, work: () => Promise<Response>): Promise<Response> {
  const { locals } = event;
  return traced(async (trace) => {
    let broke: App.Locals['broke'];
    try {
      const response = await work();
      broke = locals.broke;
      if (broke === null) return response;
    } catch (cause) {
      broke = noteBroken(event, cause);
    }
    locals.broke = null;
    return brokenRequest({ ...broke, trace });
  });
}

/** Puts the person and the register into `locals`; gives back the cookies of a renewed or ended session. */
async function whoIsIt(event: RequestEvent): Promise<readonly string[]> {
  const { locals, url, cookies, request } = event;
  // Signing in and out sets these cookies itself, and the gateway has none.
  if (url.pathname.startsWith('/api/auth/') || url.pathname === notifyPath) return [];
  const { staff, registers } = locals.app.identity;
  const session = await staff.session({ headers: request.headers });
  locals.staff = session.staff;
  locals.sessionId = session.sessionId;
  const token = readRegisterCookie({ cookies });
  if (token !== null) locals.register = await registers.findByToken(token);
  const sentAt = request.headers.get(sentAtHeader) ?? '';
  if (/^\d{1,15}$/.test(sentAt)) locals.aheadMs = Number(sentAt) - locals.app.ledger.nowMs();
  return session.setCookies;
}

async function refuseApi(event: RequestEvent): Promise<Response | null> {
  const { locals, url, request } = event;
  const { method, headers } = request;
  const path = url.pathname;
  const need = needForApi({ method, path });
  if (need === null || event.route.id === null) return problem({ code: 'not_found' });
  if (!mayEnter(need, locals)) {
    return problem({ code: locals.staff === null ? 'not_signed_in' : 'not_allowed' });
  }
  if (needsContract({ method, path }) && headers.get(contractVersionHeader) !== String(contractVersion)) {
    return problem({ code: 'contract_changed' });
  }
  return refuseWriter(event);
}

/** A register's page says which of its writers it is: one that was replaced moves nothing any more, but may read. */
async function refuseWriter({ locals, url, request }: RequestEvent): Promise<Response | null> {
  const text = request.headers.get(writerHeader);
  if (text === null || locals.register === null) return null;
  const stamp = readWriterStamp(text);
  if (stamp === null) return problem({ code: 'bad_request' });
  const refused = await locals.app.identity.registers.admitWriter({ register: locals.register, stamp });
  const moves = movesMoney({ method: request.method, path: url.pathname });
  return refused !== null && moves ? problem({ code: refused }) : null;
}

function refusePage({ locals, url, route }: RequestEvent): null {
  // No such page: Kit says so itself.
  if (route.id === null) return null;
  const firstRun = locals.app.identity.firstRun;
  if (firstRun !== null && !firstRun.isDone() && route.id !== '/first-run') {
    error(
      503,
      'This shop is not set up yet. Open the link that Till printed in its terminal when it started.'
    );
  }
  const need = needForPage(route.id);
  if (need !== null && mayEnter(need, locals)) return null;
  if (need !== null && locals.staff === null) {
    redirect(303, `/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  error(403, wordsOf('not_allowed'));
}

function mayEnter(need: Need, { staff }: App.Locals): boolean {
  return need === 'public' || (staff !== null && roleContains(staff.role, need));
}

const fixedHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // Scanners and the camera are for our own pages; nothing else of the device is.
  'permissions-policy':
    'hid=(self), serial=(self), usb=(self), camera=(self), geolocation=(), microphone=(), payment=()'
};

function withHeaders(response: Response, path: string): Response {
  for (const [name, value] of Object.entries(fixedHeaders)) response.headers.set(name, value);
  if (!response.headers.has('content-security-policy')) {
    response.headers.set('content-security-policy', "frame-ancestors 'none'");
  }
  if (isApi(path) && !response.headers.has('cache-control'))
    response.headers.set('cache-control', 'no-store');
  return response;
}

/** What nobody expected: the cause goes to the log, a number for support to the page. */
export const handleError: HandleServerError = async ({ error: cause, event, status, message }) => {
  if (status === 404) return { message };
  const { id } = (event.locals.broke = noteBroken(event, cause));
  return { message: wordsOf('server_error'), id };
};

function noteBroken(event: RequestEvent, cause: unknown): { readonly cause: unknown; readonly id: string } {
  const id = randomUUID().slice(0, 8);
  // The route, not the address: a search for a number of a shopper is nobody's business here.
  event.locals.app?.log.error(
    { id, route: event.route.id, method: event.request.method, error: cause },
    'a request broke'
  );
  return { cause, id };
}
