/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
/**
 * Keeps the shell: the pages' code, and the one empty page that all of them begin with. It never sees `/api`, keeps
 * nothing that a person or a register made, and a new one waits until a page says that nothing is at the counter.
 */
import { build, files, version } from '$service-worker';

// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- inside of a worker it is nothing else
const worker = self as unknown as ServiceWorkerGlobalScope;

const prefix = 'till-shell-';
const own = `${prefix}${version}`;
const assets = new Set([...build, ...files]);
/** Served to everybody, signed in or not: every page begins with the same empty one. */
const shell = '/sign-in';
/** A network that neither carries nor refuses must not hold the till up. */
const networkWithinMs = 4000;

worker.addEventListener('install', (event) => {
  passBy(event);
  event.waitUntil(keepShell());
});

/**
 * The server's calls go to the network without waking this worker, where the browser can do that. It saves them the way,
 * and a newer worker waits for no call: Chromium lets it take over only in a moment at which this one has nothing to do,
 * or after five minutes, and a till asks the server all the time.
 */
function passBy(event: Event): void {
  if (!('addRoutes' in event) || typeof event.addRoutes !== 'function') return;
  const rules = ['/api/*', '/healthz'].map((pathname) => ({
    condition: { urlPattern: { pathname } },
    source: 'network'
  }));
  const added: unknown = Reflect.apply(event.addRoutes, event, [rules]);
  // a convenience: without it the calls come by here, and are let through
  Promise.resolve(added).catch(() => undefined);
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(own);
  await cache.addAll([...assets]);
  const page = await fetch(shell, { credentials: 'omit', cache: 'no-store' });
  if (!page.ok || page.redirected) throw new Error('there is no page to keep yet');
  await cache.put(shell, page);
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

/** The version before stays: tabs of it are open, and fetch parts of themselves when they need them. */
async function takeOver(): Promise<void> {
  const shells = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const before = shells.filter((name) => name !== own).at(-1);
  await Promise.all(
    shells.filter((name) => name !== own && name !== before).map((name) => caches.delete(name))
  );
  await worker.clients.claim();
}

worker.addEventListener('message', (event) => {
  if (event.data === 'take_over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (url.pathname === '/api' || url.pathname.startsWith('/api/') || url.pathname === '/healthz') return;
  if (request.mode === 'navigate') event.respondWith(openPage(request));
  else if (assets.has(url.pathname) || url.pathname.startsWith('/_app/immutable/')) {
    event.respondWith(openAsset(request));
  }
});

/** The network first, because only the server knows who may open a page; without it the empty page opens from here. */
async function openPage(request: Request): Promise<Response> {
  const asked = fetch(request).catch(() => null);
  const answer = await Promise.race([asked, tooLong()]);
  // a proxy answers in the place of a server that is down
  if (answer !== null && ![502, 504].includes(answer.status)) return answer;
  return (await keptPage()) ?? answer ?? (await asked) ?? Response.error();
}

function tooLong(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), networkWithinMs));
}

async function keptPage(): Promise<Response | undefined> {
  return (await caches.open(own)).match(shell);
}

/** Its name changes with its content, so what is kept is never old. */
async function openAsset(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}
