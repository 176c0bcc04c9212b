import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** The entry around the built application, tried as a process of its own with an application made up for the test. */
const serveModule = pathToFileURL(join(import.meta.dirname, '../../scripts/lib/serve.mjs')).href;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'till-serve-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** `app` is the body of the module that SvelteKit's handler would be. */
function start({ app, env = {} }: { app: string; env?: Record<string, string> }) {
  writeFileSync(join(folder, 'app.mjs'), app);
  writeFileSync(
    join(folder, 'entry.mjs'),
    `import { serve } from ${JSON.stringify(serveModule)};
     await serve({ environment: process.env, loadHandler: () => import('./app.mjs') });`
  );
  const child = spawn(process.execPath, [join(folder, 'entry.mjs')], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  children.push(child);
  let output = '';
  const seen = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const look of seen) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  function says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      seen.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${pattern.source}: ${output}`)));
    });
  }
  return {
    child,
    ended,
    says,
    address: () => says(/listens at (http:\/\/\S+)/).then((match) => match[1] ?? '')
  };
}

const answering = `export const handler = (request, response) => response.end('hello');`;

function appThat({
  ready = 'Promise.resolve({})',
  shutdown = 'async () => {}',
  handler = answering
} = {}): string {
  return `globalThis[Symbol.for('till.app')] = { ready: ${ready}, shutdown: ${shutdown} };\n${handler}`;
}

test('it says its address, its mode and the demo users, and answers', async () => {
  const report = {
    mode: 'training',
    databasePath: 'data/training.db',
    demoUsers: [{ username: 'cashier', password: 'training', role: 'cashier' }],
    firstRunUrl: null
  };
  const { address, says } = start({ app: appThat({ ready: `Promise.resolve(${JSON.stringify(report)})` }) });
  const origin = await address();
  expect(await (await fetch(origin)).text()).toBe('hello');
  await says(/no real money moves/);
  await says(/data\/training\.db/);
  await says(/cashier {2}password training/);
});

test('the application learns its real port and address before it starts', async () => {
  const handler = `const { PORT, ORIGIN, HOST } = process.env;
    export const handler = (request, response) => response.end([HOST, PORT, ORIGIN].join(' '));`;
  const { address } = start({ app: handler });
  const origin = await address();
  const port = new URL(origin).port;
  expect(await (await fetch(origin)).text()).toBe(`127.0.0.1 ${port} http://localhost:${port}`);
});

test('a body of no type reaches the application: it is named as bytes, and a named type stays', async () => {
  const handler = `export const handler = (request, response) => response.end(request.headers['content-type']);`;
  const { address } = start({ app: appThat({ handler }) });
  const origin = await address();
  const body = new TextEncoder().encode('{}');
  const typed = { method: 'POST', body, headers: { 'content-type': 'text/plain' } };
  expect(await (await fetch(origin, { method: 'POST', body })).text()).toBe('application/octet-stream');
  expect(await (await fetch(origin, typed)).text()).toBe('text/plain');
});

test('a request that comes while the application still starts waits for it', async () => {
  const ready = `new Promise((resolve) => process.once('SIGUSR2', () => resolve({})))`;
  const handler = `${answering}\nprocess.stdout.write('waiting on ' + process.env.PORT + ';');`;
  const { child, says } = start({ app: appThat({ ready, handler }) });
  const port = (await says(/waiting on (\d+);/))[1] ?? '';
  const early = fetch(`http://127.0.0.1:${port}/`);
  child.kill('SIGUSR2');
  expect(await (await early).text()).toBe('hello');
});

test('a port in use is one sentence and exit code 1, and the application is never loaded', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? String(address.port) : '';
  const { ended } = start({ app: `process.stdout.write('LOADED');\n${answering}`, env: { PORT: port } });
  const { code, output } = await ended;
  other.close();
  expect(code).toBe(1);
  expect(output).toMatch(/^Port \d+ on 127\.0\.0\.1 is in use: .*\.\n$/);
});

test.for([
  [{ PORT: 'abc' }, /^PORT must be a number/],
  [{ PORT: '70000' }, /^PORT must be a number/],
  [{ ORIGIN: 'till.example.com' }, /^ORIGIN must be the address/],
  [{ ORIGIN: 'https://till.example.com/shop' }, /^ORIGIN must be the address/],
  [{ HOST: '203.0.113.7' }, /^HOST 203\.0\.113\.7 is no address of this machine/]
] as const)('a wrong setting %j is one sentence and exit code 1', async ([env, sentence]) => {
  const { code, output } = await start({ app: answering, env }).ended;
  expect(code).toBe(1);
  expect(output).toMatch(sentence);
  expect(output.trimEnd().split('\n')).toHaveLength(1);
});

test('an application that can’t start says its own sentence and no stack trace', async () => {
  const ready = `Promise.reject(Object.assign(new Error('x'), { safeMessage: 'CODEPAY_APP_ID is missing.' }))`;
  const { code, output } = await start({ app: appThat({ ready }) }).ended;
  expect(code).toBe(1);
  expect(output).toBe('CODEPAY_APP_ID is missing.\n');
});

test('a sentence thrown while the application is loaded is said too', async () => {
  const app = `throw new Error('wrapped', { cause: Object.assign(new Error('x'), { safeMessage: 'The database can’t be read.' }) });
    ${answering}`;
  const { code, output } = await start({ app }).ended;
  expect(code).toBe(1);
  expect(output).toBe('The database can’t be read.\n');
});

test('on SIGTERM the application stops, an open event stream ends, and the exit code is 0', async () => {
  const handler = `let stream;
    export const handler = (request, response) => { stream = response; response.write('data: 1\\n\\n'); };
    globalThis.endStream = () => stream.end('data: bye\\n\\n');`;
  const shutdown = `async () => { process.stdout.write('shut down;'); globalThis.endStream(); }`;
  const { child, address, ended } = start({ app: appThat({ handler, shutdown }) });
  const response = await fetch(await address());
  child.kill('SIGTERM');
  expect(await response.text()).toContain('bye');
  const { code, output } = await ended;
  expect(code).toBe(0);
  expect(output).toContain('shut down;');
});

test('a request that never ends does not keep the process alive', async () => {
  const handler = `export const handler = (request, response) => { response.write('…'); };`;
  const { child, address, ended } = start({ app: appThat({ handler }) });
  const response = await fetch(await address());
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
  await expect(response.text()).rejects.toThrow();
});

test('a shutdown that hangs is given up after the gateway’s timeout, and said', async () => {
  const app = appThat({ shutdown: '() => new Promise(() => {})' });
  const { child, address, ended } = start({ app, env: { CODEPAY_TIMEOUT_MS: '1' } });
  await address();
  child.kill('SIGTERM');
  const { code, output } = await ended;
  expect(code).toBe(1);
  expect(output).toContain('did not stop in time');
});
