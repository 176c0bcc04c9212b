import { createServer } from 'node:http';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { answering, appThat, start, useEntries } from './entry.ts';

useEntries();

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
