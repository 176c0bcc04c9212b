import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { isOpen } from '$lib/payment/states';
import { createHealthDesk } from '$lib/server/health/health';
import { traced } from '$lib/server/ledger/trace';
import { paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import { addToReport } from './report';
import { easy, openWorld, type World, type WorldOptions } from './world';

const folder = mkdtempSync(join(tmpdir(), 'till-faults-'));
/** A disk of 8 MB, where this machine lets us have one; else SQLite is given no more pages than it has. */
const disk = join(folder, 'disk');
mkdirSync(disk);
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status === 0;
addToReport({
  means: mounted
    ? 'Full disk: a disk of 8 MB was filled'
    : "Full disk: SQLite's own limit of pages (this machine lets nobody mount a disk)"
});
const ballast = join(disk, 'ballast');
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(folder, { recursive: true });
});
let files = 0;

/** One after the other: a lock stops the whole process while it is waited for. */
function diskTest(
  title: string,
  body: (world: World, path: string) => Promise<void>,
  options: WorldOptions = {}
): void {
  test(title, async () => {
    files += 1;
    const path = join(disk, `ledger-${files}.db`);
    const world = await openWorld({ ...easy, ...options, path });
    try {
      await body(world, path);
      await world.settle();
    } finally {
      await world.close();
    }
  });
}

/** To the last byte of the disk; the log of the database is emptied first, or it would have room of its own. */
async function fill(world: World): Promise<void> {
  if (!mounted) return fillPages(world);
  await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(world.ledger.db);
  const file = openSync(ballast, 'a');
  try {
    for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2)) {
      const bytes = Buffer.alloc(size);
      for (let full = false; !full;) {
        try {
          if (writeSync(file, bytes) < size) full = true;
        } catch {
          full = true;
        }
      }
    }
  } finally {
    closeSync(file);
  }
}

/** SQLite then says what it says on a full disk: no page more than there are, and those of the events are full. */
async function fillPages(world: World): Promise<void> {
  const { db } = world.ledger;
  await sql`CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)`.execute(db);
  const pages = await sql<{ page_count: number }>`PRAGMA page_count`.execute(db);
  await sql.raw(`PRAGMA max_page_count = ${pages.rows[0]?.page_count ?? 0}`).execute(db);
  for (let size = 2048; size >= 1; size = Math.floor(size / 2)) {
    const filler = 'x'.repeat(size);
    for (let full = false; !full;) {
      await sql`INSERT INTO ballast VALUES (zeroblob(${size}))`.execute(db).catch(() => (full = true));
    }
    for (let full = false; !full;) {
      await db
        .insertInto('events')
        .values({ at_ms: 0, subject: 'register', subject_id: filler, what: '', actor: '' })
        .execute()
        .catch(() => (full = true));
    }
  }
}

function healthOf({ ledger }: World): Promise<string> {
  const gateway = { last: null, heard: () => undefined };
  return createHealthDesk({ ledger, gateway })
    .read()
    .then(({ status }) => status);
}

/** What `/healthz` would say. SQLite's own limit leaves room in the pages that there are: it is no full disk to it. */
async function expectRed(world: World): Promise<void> {
  if (mounted) expect(await healthOf(world)).toBe('down');
}

async function makeRoom(world: World): Promise<void> {
  if (existsSync(ballast)) rmSync(ballast);
  await sql`PRAGMA max_page_count = 1073741823`.execute(world.ledger.db);
}

/** Another program's lock on the file, from a thread of its own; ends after `ms`, which nobody here can wait out earlier. */
async function lockFor(path: string, ms: number): Promise<{ readonly released: Promise<void> }> {
  const worker = new Worker(
    `const { DatabaseSync } = require('node:sqlite');
     const { workerData, parentPort } = require('node:worker_threads');
     const db = new DatabaseSync(workerData.path);
     db.exec('BEGIN IMMEDIATE');
     parentPort.postMessage('locked');
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, workerData.ms);
     db.exec('COMMIT');
     db.close();`,
    { eval: true, workerData: { path, ms } }
  );
  const released = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve) => worker.once('message', () => resolve()));
  return { released };
}

describe('the disk', () => {
  diskTest('#38 that is full at the intent: nothing is sent, and the request is told', async (world) => {
    await fill(world);
    const request = paymentRequest({ ends: '00' });
    const trace = await traced(async (seen) => {
      await expect(world.request(request)).rejects.toThrow(/full/);
      return seen;
    });
    // What the answer to the register is made of: `storage_failed`, and not one word more than is certain.
    expect(trace).toEqual({ mayHaveKept: false, storageFailed: true });
    await expectRed(world);
    await makeRoom(world);
    expect(world.fake.calls).toEqual([]);
    // The register sends the very same request again, and it goes through.
    expect(await world.request(request)).toMatchObject({ ok: true });
    expect((await world.ended(request.attemptId)).state).toBe('succeeded');
    expect(world.fake.count('bscanc.pay.submit')).toBe(1);
  });

  diskTest(
    '#39 that is full when the answer comes: the payment stays open, no webhook is acknowledged, a query finds it',
    async (world) => {
      world.fake.script('bscanc.pay.submit', { first: () => fill(world) });
      const { id } = await world.pay();
      const { number } = await world.fake.arrival('bscanc.pay.submit');
      await world.until('the charge', () => world.fake.book.payments.has(number));
      const long = { note: JSON.stringify('x'.repeat(9000)) };
      const told = await world.webhook(world.fake.webhookBody({ number, data: long }));
      expect(told.status).toBe(500);
      expect(isOpen((await world.attempt(id)).state)).toBe(true);
      await expectRed(world);
      await makeRoom(world);
      expect(await healthOf(world)).toBe('ok');
      expect(await world.webhook(world.fake.webhookBody({ number }))).toEqual({
        status: 200,
        text: 'success'
      });
      expect((await world.ended(id)).state).toBe('succeeded');
    }
  );

  diskTest('#40 that another program holds for a moment is waited for', async (world, path) => {
    const { released } = await lockFor(path, 300);
    const from = performance.now();
    const row = await world.pay();
    // The lock was there, and was waited for.
    expect(performance.now() - from).toBeGreaterThan(100);
    await released;
    expect((await world.ended(row.id)).state).toBe('succeeded');
  });

  diskTest('with this guard off, a moment is too long: the time to wait (#40)', async (world, path) => {
    await sql`PRAGMA busy_timeout = 0`.execute(world.ledger.db);
    const { released } = await lockFor(path, 300);
    await expect(world.request(paymentRequest({ ends: '00' }))).rejects.toThrow(/locked|busy/);
    await released;
  });

  test('#40 that another program holds for long is waited for in bounds; without a row nothing is sent', async () => {
    const path = join(folder, 'held.db');
    const world = await openWorld({ ...easy, path });
    const other = new DatabaseSync(path);
    try {
      other.exec('BEGIN IMMEDIATE');
      const from = performance.now();
      const request = paymentRequest({ ends: '00' });
      await expect(world.payments.request({ sender, request })).rejects.toThrow(/locked|busy/);
      expect(performance.now() - from).toBeLessThan(20_000);
      expect(world.fake.calls).toEqual([]);
      other.exec('COMMIT');
      expect(await world.request(request)).toMatchObject({ ok: true });
      expect((await world.ended(request.attemptId)).state).toBe('succeeded');
      await world.settle();
    } finally {
      other.close();
      await world.close();
    }
  });
});
