import { createServer } from 'node:http';
import { isFromHere, isHttpsWanted } from './https/plain.mjs';
import { listen } from './listen.mjs';
import { startReport } from './start-report.mjs';

/**
 * Our own entry around SvelteKit's handler. The adapter's would listen on every interface, die with a stack trace on
 * a used port, let a slow request hang on, and cut open requests half a minute after SIGTERM.
 *
 * The application tells how it started, and stops, through one object that its server hook sets:
 * `globalThis[Symbol.for('till.app')] = { ready: Promise<StartReport>, shutdown(): Promise<void> }`.
 */
const appKey = Symbol.for('till.app');

/** A whole request must have arrived by then; answers (event streams too) may take longer. */
const requestTimeoutMs = 15_000;
const headersTimeoutMs = 10_000;
/** Longer than a reverse proxy keeps a quiet connection, so that the proxy closes it, not we under a new request. */
const keepAliveTimeoutMs = 65_000;
/** Beyond the gateway's own timeout: a submit in flight is recorded before the process ends. */
const shutdownMarginMs = 2_000;
/** What is still open after the application stopped gets this long to end by itself. */
const lastRequestsMs = 1_000;

/**
 * @param {{
 *   environment: NodeJS.ProcessEnv,
 *   loadHandler: () => Promise<{ handler: Function }>,
 *   onReady?: (report: { address: string }) => void,
 *   print?: (text: string) => void,
 *   complain?: (text: string) => void,
 *   exit?: (code: number) => void
 * }} options `environment` is completed (PORT, ORIGIN) before the handler is loaded, which reads it
 */
export async function serve({
  environment,
  loadHandler,
  onReady = () => undefined,
  print = (text) => process.stdout.write(text),
  complain = (text) => process.stderr.write(text),
  exit = (code) => process.exit(code)
}) {
  let handle;
  let wake = () => {};
  const started = new Promise((resolve) => (wake = resolve));
  const options = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Node looks for late requests every 30 s unless told otherwise.
    connectionsCheckingInterval: 2_000
  };
  const answer = (request, response) => {
    // SvelteKit throws away a body whose type nobody named, and a gateway may send its notification so.
    request.headers['content-type'] ||= 'application/octet-stream';
    // Early requests wait for the application; it is a matter of a second.
    void started.then(() => {
      if (handle) handle(request, response, () => response.writeHead(404).end());
      else response.writeHead(503).end();
    });
  };
  let front;
  const server = createServer(options, (request, response) => {
    if (!https.on || isFromHere(request)) answer(request, response);
    else if (front) front.join(request, response);
    else response.writeHead(503).end();
  });
  const servers = [server];

  const https = isHttpsWanted(environment);
  if ('sentence' in https) return fail(https.sentence);
  // With https on, tablets are to reach it.
  if (https.on && !environment.HOST) environment.HOST = '0.0.0.0';
  const asked = listenAddress(environment);
  if ('sentence' in asked) return fail(asked.sentence);

  let stopping;
  const onSignal = () => {
    if (stopping) return;
    stopping = stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);

  // The port comes first: a second start must not touch a database that a running one works with.
  const problem = await listen(server, { ...asked, setting: 'PORT' });
  if (problem) return fail(problem);
  const { port } = server.address();
  if (https.on) {
    const { openFront } = await import('./https/front.mjs');
    const opened = await openFront({ environment, host: asked.host, plainPort: port, options, answer });
    if ('sentence' in opened) return fail(opened.sentence);
    front = opened;
    servers.push(opened.server);
  }
  const here = `http://localhost:${port}`;
  const origins = environment.ORIGIN ? asked.origins : [...(front?.origins ?? []), here];
  const [origin] = origins;
  environment.HOST = asked.host;
  environment.PORT = String(port);
  // SvelteKit's handler takes one address; the application knows them all.
  environment.ORIGIN = origin;
  environment.TILL_ORIGINS = origins.join(',');
  // The application binds each path's body itself, and tells what is wrong; this is the wall behind it.
  environment.BODY_SIZE_LIMIT ??= '9M';

  try {
    const module = await loadHandler();
    const report = await globalThis[appKey]?.ready;
    handle = module.handler;
    wake();
    if (stopping) return;
    const shown = front ? { host: asked.host, here, joinAddress: front.joinAddress } : { host: asked.host };
    print(startReport({ report: report ?? {}, origin, ...shown }));
    onReady({ address: front ? here : origin });
  } catch (error) {
    wake();
    if (!stopping) fail(safeMessage(error));
  }

  function fail(sentence) {
    complain(`${sentence}\n`);
    for (const each of servers) {
      each.closeAllConnections();
      each.close();
    }
    exit(1);
  }

  /** Takes no new requests, lets the application finish what it began, then closes what is left. */
  async function stop() {
    print('\nStopping …\n');
    const closed = Promise.all(servers.map((each) => new Promise((resolve) => each.close(resolve))));
    for (const each of servers) each.closeIdleConnections();
    const bound = gatewayTimeoutMs(environment) + shutdownMarginMs;
    const outcome = await Promise.race([shutDown(), after(bound)]);
    for (const each of servers) each.closeIdleConnections();
    await Promise.race([closed, after(lastRequestsMs)]);
    for (const each of servers) each.closeAllConnections();
    if (outcome === 'done') return exit(0);
    complain(
      outcome === 'late'
        ? 'Till did not stop in time. Nothing is lost: the next start goes on where it was.\n'
        : `Till stopped with an error: ${outcome}. Nothing is lost: the next start goes on where it was.\n`
    );
    exit(1);
  }

  async function shutDown() {
    const app = globalThis[appKey];
    try {
      await Promise.resolve(app?.ready).catch(() => undefined);
      await app?.shutdown();
      return 'done';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** @param {NodeJS.ProcessEnv} environment */
function listenAddress(environment) {
  const host = environment.HOST || '127.0.0.1';
  const text = environment.PORT || '3000';
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    return { sentence: `PORT must be a number up to 65535, not "${text}".` };
  const origins = [];
  for (const address of (environment.ORIGIN ?? '').split(',').map((part) => part.trim())) {
    if (address === '') continue;
    try {
      const url = new URL(address);
      origins.push(url.origin);
      if (!/^https?:$/.test(url.protocol) || url.pathname !== '/') throw new TypeError('not an origin');
    } catch {
      return {
        sentence: `ORIGIN must be the address in the browser without a path, such as https://till.example.com, not "${address}". Several are separated by commas, the usual one first.`
      };
    }
  }
  return { host, port, origins };
}

/** The application's own sentence where it has one; anything else is a fault of ours and shows where it arose. */
function safeMessage(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (typeof cause.safeMessage === 'string') return cause.safeMessage;
  }
  const trace = error instanceof Error ? error.stack : String(error);
  return `Till could not start because of a fault of its own. Please report this:\n${trace}`;
}

function gatewayTimeoutMs(environment) {
  const asked = Number(environment.CODEPAY_TIMEOUT_MS);
  return Number.isFinite(asked) && asked > 0 ? asked : 10_000;
}

function after(ms) {
  return new Promise((resolve) => {
    setTimeout(() => resolve('late'), ms);
  });
}
