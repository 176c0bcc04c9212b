import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommitUnknown } from './broken-transaction';
import { isStorageFailure, leavesDoubt } from './storage-failure';

let folder: string;
let db: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'till-storage-'));
  db = new DatabaseSync(join(folder, 'a.db'));
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('SQLite can’t', () => {
  test('where its disk is full', () => {
    db.exec('PRAGMA max_page_count = 2');
    const error = thrownBy(() => db.exec('INSERT INTO t (bytes) VALUES (zeroblob(100000))'));
    expect([isStorageFailure(error), leavesDoubt(error)]).toEqual([true, false]);
  });

  test('where another program holds the file', () => {
    const other = new DatabaseSync(join(folder, 'a.db'));
    other.exec('BEGIN IMMEDIATE');
    const error = thrownBy(() => db.exec('BEGIN IMMEDIATE'));
    other.close();
    expect([isStorageFailure(error), leavesDoubt(error)]).toEqual([true, false]);
  });

  test('where it may only read', () => {
    const reader = new DatabaseSync(join(folder, 'a.db'), { readOnly: true });
    const error = thrownBy(() => reader.exec('INSERT INTO t (id) VALUES (1)'));
    reader.close();
    expect(isStorageFailure(error)).toBe(true);
  });

  test('but where a statement or a row is wrong, it is the statement’s fault', () => {
    db.exec('INSERT INTO t (id) VALUES (1)');
    expect(isStorageFailure(thrownBy(() => db.exec('INSERT INTO t (id) VALUES (1)')))).toBe(false);
    expect(isStorageFailure(thrownBy(() => db.exec('NONSENSE')))).toBe(false);
  });

  test('and a disk that fails while it commits leaves open whether it did', () => {
    const error = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 1034 });
    expect([isStorageFailure(error), leavesDoubt(error)]).toEqual([true, true]);
  });
});

describe('PostgreSQL can’t', () => {
  test.each([
    ['its disk is full', '53100', false],
    ['it has no connection left', '53300', true],
    ['its disk fails', '58030', false],
    ['it may only be read', '25006', false],
    ['a lock was waited for in vain', '55P03', false],
    ['two gave way to each other again and again', '40001', false],
    ['it is being shut down', '57P01', true],
    ['nobody listens there', 'ECONNREFUSED', true]
  ])('where %s (%s)', (_why, code, doubt) => {
    const error = Object.assign(new Error('said by the driver'), { code });
    expect([isStorageFailure(error), leavesDoubt(error)]).toEqual([true, doubt]);
  });

  test.each(['23505', '42601', '22003'])('but %s is the statement’s fault', (code) => {
    expect(isStorageFailure(Object.assign(new Error('said by the server'), { code }))).toBe(false);
  });

  test('and a commit whose answer was lost leaves open whether it happened, under any wrapping', () => {
    const lost = new CommitUnknown({ cause: new Error('Connection terminated') });
    expect([isStorageFailure(lost), leavesDoubt(lost)]).toEqual([true, true]);
    expect(isStorageFailure(new Error('no session', { cause: lost }))).toBe(true);
  });
});

test('anything else is no failure of the storage', () => {
  expect(['text', null, new TypeError('x is not a function')].map(isStorageFailure)).toEqual([
    false,
    false,
    false
  ]);
});
