/** `npm run backup` and `npm run restore`, as they are typed, on a database that somebody is writing to. */
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { connectionOf, dropOldBackups } from '../../scripts/lib/backup/make.mjs';

let folder = '';
let database = '';
let backups = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'till-backup-'));
  database = join(folder, 'data', 'training.db');
  backups = join(folder, 'backups');
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'till-secret'), 'the secret', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(
  script: 'backup' | 'restore',
  args: readonly string[],
  env: Record<string, string> = {}
): Promise<{ code: number; said: string }> {
  const settings = {
    CODEPAY_GATEWAY_URL: '',
    HOST: '127.0.0.1',
    PORT: '1',
    DATABASE_URL: `file:${database}`
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [`scripts/${script}.mjs`, ...args],
      { env: { PATH: process.env['PATH'], ...settings, ...env } },
      (error, stdout, stderr) =>
        resolve({
          code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
          said: stdout + stderr
        })
    );
  });
}

async function openShop(): Promise<Ledger> {
  const ledger = await openLedger({ path: database, now: () => Date.now() });
  await ledger.db
    .insertInto('stamp')
    .values({ key: 'mode', value: 'training' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return ledger;
}

function addEvent(ledger: Ledger, what: string): Promise<unknown> {
  return ledger.db
    .insertInto('events')
    .values({ at_ms: 1, subject: 'order', subject_id: what, what, actor: 'test', message: null })
    .execute();
}

async function eventsIn(path: string): Promise<string[]> {
  const ledger = await openLedger({ path, now: () => 0 });
  const rows = await ledger.db.selectFrom('events').select('what').orderBy('id').execute();
  await ledger.close();
  return rows.map(({ what }) => what);
}

/** @returns the folder of the one backup */
function onlyBackup(): string {
  const names = readdirSync(backups);
  expect(names).toHaveLength(1);
  return join(backups, names[0] ?? '');
}

describe('a shop that lost its disk', () => {
  it('has again all that was committed before the backup, while Till went on selling', async () => {
    const ledger = await openShop();
    await addEvent(ledger, 'before');
    const writing = (async () => {
      for (let count = 0; count < 200; count += 1) await addEvent(ledger, `while ${count}`);
    })();
    const { code, said } = await run('backup', [backups]);
    expect({ code, said }).toMatchObject({ code: 0 });
    await writing;
    await addEvent(ledger, 'after');
    await ledger.close();
    expect(said).toContain('is whole');

    rmSync(join(folder, 'data'), { recursive: true });
    const restored = await run('restore', [onlyBackup()]);
    expect(restored, restored.said).toMatchObject({ code: 0 });
    const events = await eventsIn(database);
    expect(events[0]).toBe('before');
    expect(events).not.toContain('after');
    expect(events.slice(1)).toEqual(events.slice(1).map((_, at) => `while ${at}`));
    const secret = join(folder, 'data', 'till-secret');
    expect(readFileSync(secret, 'utf8')).toBe('the secret');
    expect(statSync(secret).mode & 0o077).toBe(0);
  });

  it('finds what stood there before moved aside, whole, with what was only in its log', async () => {
    const ledger = await openShop();
    await addEvent(ledger, 'old');
    expect((await run('backup', [backups])).code).toBe(0);
    await addEvent(ledger, 'new');
    // as after a power cut: the last commits stand in the log beside the file
    const aside = join(folder, 'cut');
    mkdirSync(aside);
    for (const name of readdirSync(join(folder, 'data'))) {
      writeFileSync(join(aside, name), readFileSync(join(folder, 'data', name)));
    }
    await ledger.close();
    for (const name of readdirSync(aside)) {
      writeFileSync(join(folder, 'data', name), readFileSync(join(aside, name)));
    }
    const { code, said } = await run('restore', [onlyBackup()]);
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(await eventsIn(database)).toEqual(['old']);
    const kept = /is kept in (\S+)\./.exec(said)?.[1] ?? '';
    expect(await eventsIn(join(kept, 'training.db'))).toEqual(['old', 'new']);
  });
});

describe('a backup is refused', () => {
  it('where it was cut off, changed, or is none at all, and the database stays as it was', async () => {
    const ledger = await openShop();
    await addEvent(ledger, 'kept');
    await run('backup', [backups]);
    await ledger.close();
    const backup = onlyBackup();
    appendFileSync(join(backup, 'till.db'), 'x');
    const changed = await run('restore', [backup]);
    expect(changed.code).toBe(1);
    expect(changed.said).toMatch(/is not what was backed up/);
    rmSync(join(backup, 'backup.json'));
    expect((await run('restore', [backup])).said).toMatch(/is no backup of Till/);
    expect(await eventsIn(database)).toEqual(['kept']);
  });

  it('while something answers at the address of Till, and by settings of the other mode', async () => {
    const ledger = await openShop();
    await run('backup', [backups]);
    await ledger.close();
    const till = createServer().listen(0, '127.0.0.1');
    await once(till, 'listening');
    const address = till.address();
    const port = address !== null && typeof address === 'object' ? String(address.port) : '';
    const running = await run('restore', [onlyBackup()], { PORT: port });
    till.close();
    expect(running).toMatchObject({ code: 1, said: expect.stringMatching(/^Till is running/) as string });
    const other = await run('restore', [onlyBackup()], { CODEPAY_GATEWAY_URL: 'https://gw.example' });
    expect(other.said).toMatch(/of training mode, and the settings say live/);
  });

  it('where there is no database, or no room to write, with nothing half-made left', async () => {
    expect((await run('backup', [backups])).said).toMatch(/nothing to back up/);
    const ledger = await openShop();
    await ledger.close();
    writeFileSync(backups, 'a file stands where the folder should be');
    expect(await run('backup', [backups])).toMatchObject({ code: 1 });
    rmSync(backups);
    expect((await run('backup', [backups, '--keep', '0'])).said).toMatch(/--keep takes/);
    expect(existsSync(backups)).toBe(false);
  });
});

describe('old backups', () => {
  it('are removed, the newest stay, and so does whatever else lies there', () => {
    for (const name of [
      'till-2026-11-23T21-00-00Z',
      'till-2026-11-24T21-00-00Z',
      'till-2026-11-25T21-00-00Z',
      'photos'
    ]) {
      mkdirSync(join(backups, name), { recursive: true });
    }
    expect(dropOldBackups({ into: backups, keep: 2 })).toEqual(['till-2026-11-23T21-00-00Z']);
    expect(readdirSync(backups).sort()).toEqual([
      'photos',
      'till-2026-11-24T21-00-00Z',
      'till-2026-11-25T21-00-00Z'
    ]);
  });
});

describe('PostgreSQL', () => {
  const url = 'postgres://till:s%40cret@db.example:5433/shop';

  it('is backed up by its own program, which gets the password where no other user reads it', async () => {
    const program = join(folder, 'pg_dump');
    writeFileSync(
      program,
      '#!/bin/sh\nfor arg; do case "$last" in --file) echo "$PGHOST $PGPORT $PGUSER $PGPASSWORD" > "$arg";; esac; last="$arg"; done\necho "$@" > "$(dirname "$0")/arguments"\n'
    );
    chmodSync(program, 0o755);
    const { code, said } = await run('backup', [backups], {
      DATABASE_URL: url,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`
    });
    expect({ code, said }).toMatchObject({ code: 0 });
    expect(readFileSync(join(onlyBackup(), 'till.dump'), 'utf8')).toBe('db.example 5433 till s@cret\n');
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).not.toContain('cret');
  });

  it('without its programs is one sentence that says what to install', async () => {
    const { code, said } = await run('backup', [backups], { DATABASE_URL: url, PATH: folder });
    expect(code).toBe(1);
    expect(said).toMatch(/pg_dump was not found\. Install PostgreSQL/);
    expect(readdirSync(backups)).toEqual([]);
  });

  it('is told where to go by the parts of the address', () => {
    expect(connectionOf('postgres://[::1]/till?sslmode=require')).toEqual({
      name: 'till',
      env: { PGHOST: '::1', PGSSLMODE: 'require' }
    });
  });
});
