/**
 * The server's own share of a payment, its webhooks, and a backlog after an outage: the built server over real HTTP with real
 * signatures, against the training gateway, which answers at once. Beside them what the machine itself can do in this run.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../scripts/lib/project.mjs';
import { ApiRegister } from '../support/api.ts';
import { startTestServer, type TestServer } from '../postgres/server.ts';
import { startTill, type Till } from '../support/till-server.ts';
import { postWebhook, signedWebhook } from '../support/webhook.ts';
import { postgresCommitsPerSecond, signaturesPerSecond, sqliteCommitsPerSecond } from './machine.ts';
import { printTable, quantile } from './table.ts';

const payments = 200;
const webhooks = 2_000;
const backlog = 1_000;
const atOnce = 16;

// Each is printed as soon as it is known: the last one takes a minute or two.
const signatures = await signaturesPerSecond();
const sqlite = sqliteCommitsPerSecond();
const server = await startTestServer();
try {
  const postgres = await postgresCommitsPerSecond(server);
  printTable([
    ['RSA-2048 signatures/s', signatures.toFixed(0), 'async crypto.sign'],
    ['SQLite commits/s', sqlite.toFixed(0), 'WAL, synchronous=FULL'],
    [
      'PostgreSQL commits/s',
      postgres.one.toFixed(0),
      `one connection; ${postgres.many.toFixed(0)} with ${atOnce}`
    ]
  ]);
  printTable(ownRows('SQLite', await ownShare(), sqlite));
  printTable(ownRows('PostgreSQL', await ownShareOnPostgres(server), postgres.one));
} finally {
  await server.stop();
}
const received = await webhooksPerSecond();
printTable([
  ['webhooks/s, SQLite', received.toFixed(0), 'each a new one: verified, committed, answered'],
  ['  of the bare commits', share(received, sqlite)],
  ['  of the bare signatures', share(received, signatures)]
]);
const drained = await drainAfterOutage();
printTable([
  ['drained after an outage', `${drained.seconds.toFixed(1)} s`, `${backlog} open payments: ${drained.ends}`],
  ['  of the bare commits', share(backlog / drained.seconds, sqlite)],
  ['  of the bare signatures', share(backlog / drained.seconds, signatures)],
  ['  a sale meanwhile', `${drained.saleMs.toFixed(0)} ms`, 'longest of those sold while it drained']
]);

/** A rate as a part of what the bare machine does in this run. */
function share(perSecond: number, barePerSecond: number): string {
  return `${((100 * perSecond) / barePerSecond).toFixed(1)} %`;
}

type Rows = Parameters<typeof printTable>[0];

/** Milliseconds tell of this machine only; beside one commit of its own they tell of Till. */
function ownRows(database: string, own: readonly number[], commitsPerSecond: number): Rows {
  const bareMs = 1000 / commitsPerSecond + 1000 / signatures;
  const inBare = (ms: number) => `${(ms / bareMs).toFixed(1)} × one bare commit and one bare signature`;
  const [half, most] = [quantile(own, 0.5), quantile(own, 0.95)];
  return [
    [
      `own share of a payment, ${database}`,
      `${half.toFixed(1)} ms`,
      `request until told paid, calls to the gateway taken off: ${inBare(half)}`
    ],
    ['  95 %', `${most.toFixed(1)} ms`, `of ${own.length} payments, one after the other: ${inBare(most)}`]
  ];
}

/** The same on a PostgreSQL of its own; what else the server keeps goes to a folder of its own. */
async function ownShareOnPostgres(postgres: TestServer): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'till-bench-'));
  const orders = join(folder, 'orders.json');
  writeFileSync(orders, JSON.stringify({ at: null, gatewayUrl: null, folder }));
  try {
    const { url } = await postgres.createDatabase();
    return await ownShare({ ...ordered(orders), DATABASE_URL: url });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ordered(orders: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${inProject('tests', 'faults', 'kill', 'die-here.ts')}`,
    NODE_NO_WARNINGS: '1',
    TILL_KILL_ORDERS: orders
  };
}

async function ownShare(env: Record<string, string> = {}): Promise<number[]> {
  const till = await startTill({ timeScale: 1, env });
  try {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    for (let count = 0; count < 20; count += 1) await register.sell();
    const sold: { readonly number: string; readonly ms: number }[] = [];
    for (let count = 0; count < payments; count += 1) {
      const from = performance.now();
      const { merchantOrderNo, state } = await register.sell();
      if (state !== 'succeeded') throw new Error(`a payment ended ${state}`);
      sold.push({ number: merchantOrderNo, ms: performance.now() - from });
    }
    const called = callsByNumber(till);
    return sold.map(({ number, ms }) => Math.max(0, ms - (called.get(number) ?? 0)));
  } finally {
    await till.stop();
  }
}

/** What the calls about each number took, as the server logged them. */
function callsByNumber(till: Till): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of till.log().split('\n')) {
    if (!line.includes('"gateway call"')) continue;
    const { merchantOrderNo, durationMs } = JSON.parse(line) as {
      merchantOrderNo: string;
      durationMs: number;
    };
    sums.set(merchantOrderNo, (sums.get(merchantOrderNo) ?? 0) + durationMs);
  }
  if (sums.size === 0) throw new Error('the server logged no call to the gateway');
  return sums;
}

async function webhooksPerSecond(): Promise<number> {
  const till = await startTill({ timeScale: 1 });
  try {
    const register = await ApiRegister.signIn(till.baseURL, 'cashier');
    const { merchantOrderNo } = await register.sell();
    while (till.ledger('SELECT id FROM inbox').length === 0) await pause(20);
    const bodies = Array.from({ length: webhooks }, (_, at) =>
      JSON.stringify(signedWebhook(till, merchantOrderNo, { trans_no: `7${String(at).padStart(12, '0')}` }))
    );
    const from = performance.now();
    await inParallel(bodies, async (body) => {
      const answer = await postWebhook(till, body, 'application/json');
      if ((await answer.text()) !== 'success')
        throw new Error(`a webhook was answered with ${answer.status}`);
    });
    const seconds = (performance.now() - from) / 1000;
    const [kept] = till.ledger('SELECT count(*) AS number FROM inbox');
    if (Number(kept?.['number']) < webhooks) throw new Error('not every webhook was kept');
    return webhooks / seconds;
  } finally {
    await till.stop();
  }
}

/** Every submit is charged and its answer lost, no other call gets through; then the gateway is there again. */
async function drainAfterOutage(): Promise<{ seconds: number; ends: string; saleMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'till-bench-'));
  const orders = join(folder, 'orders.json');
  const line = await startLine();
  writeFileSync(orders, JSON.stringify({ at: null, gatewayUrl: line.url, folder: null }));
  const till = await startTill({ timeScale: 1, env: ordered(orders) });
  try {
    const registers: ApiRegister[] = [];
    for (let count = 0; count < atOnce; count += 1)
      registers.push(await ApiRegister.signIn(till.baseURL, 'cashier'));
    line.out = true;
    const left = Array.from({ length: backlog }, (_, at) => at);
    await inParallel(left, async (at) => {
      const register = registers[at % atOnce];
      const answer = await register?.post('/api/payments', register.newPayment('paid').request);
      if (answer?.status !== 202) throw new Error(`paying was answered with ${answer?.status}`);
    });
    const open = "state IN ('intent', 'submitted', 'paying', 'unknown', 'cancelling')";
    const stillOpen = (): number =>
      Number(till.ledger(`SELECT count(*) AS number FROM attempts WHERE ${open}`)[0]?.['number']);
    if (stillOpen() !== backlog) throw new Error(`${stillOpen()} of ${backlog} payments are open`);
    line.out = false;
    const from = performance.now();
    let saleMs = 0;
    const [cashier] = registers;
    while (stillOpen() > 0) {
      const began = performance.now();
      await cashier?.sell();
      saleMs = Math.max(saleMs, performance.now() - began);
      await pause(200);
    }
    const seconds = (performance.now() - from) / 1000;
    const ends = till
      .ledger('SELECT state, count(*) AS number FROM attempts GROUP BY state ORDER BY state')
      .map(({ state, number }) => `${String(number)} ${String(state)}`);
    for (const { charges } of till.book().payments())
      if (charges > 1) throw new Error('a shopper was charged twice');
    return { seconds, ends: `${ends.join(', ')}, sales included`, saleMs };
  } finally {
    await till.stop();
    await line.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The line to the gateway, which can go out: what is submitted then still arrives, and nothing else does. */
async function startLine(): Promise<{ url: string; out: boolean; close: () => Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const submits = body.includes('"bscanc.pay.submit"');
      if (line.out && !submits) return void outgoing.socket?.destroy();
      const { 'till-asked': asked, host: _host, ...headers } = incoming.headers;
      const lost = line.out;
      const forwarded = httpRequest(new URL(incoming.url ?? '/', String(asked)), {
        method: 'POST',
        headers
      });
      forwarded.on('response', (answer) => {
        if (lost) {
          answer.resume();
          return void outgoing.socket?.destroy();
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on('error', () => outgoing.socket?.destroy());
      forwarded.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  const line = {
    url: `http://127.0.0.1:${address.port}`,
    out: false,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
  return line;
}

async function inParallel<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const rest = [...things];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
    })
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
