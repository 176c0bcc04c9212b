import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '$lib/journal/database';
import { createKept, type Kept } from '$lib/journal/kept';
import { handClock, type HandClock } from './fakes';
import { createOfflinePins, type OfflinePins } from './offline-pins';

let kept: Kept;
let clock: HandClock;
/** How far the device's clock was set forward, or back. */
let setMs: number;
let pins: OfflinePins;

const lee = { staffId: 's2', name: 'Lee' };
const open = (registerId = 'r1') => createOfflinePins({ kept, clock, registerId, costRounds: 1000 });

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  kept = createKept(await openDatabase({ name: 'till' }));
  const ticking = handClock();
  setMs = 0;
  clock = { ...ticking, now: () => ticking.now() + setMs };
  pins = open();
  await pins.remember({ person: lee, pin: '2222', setAtMs: 7 });
});

async function wrong(times: number): Promise<string[]> {
  const reasons = [];
  for (let tries = 0; tries < times; tries += 1) {
    const check = await pins.check({ staffId: 's2', pin: '0000' });
    reasons.push(check.ok ? 'ok' : check.reason);
  }
  return reasons;
}

describe('a PIN that this register knows', () => {
  test('names its person after a restart too, and no other PIN does', async () => {
    pins = open();
    expect(await pins.people()).toEqual([lee]);
    expect(await pins.check({ staffId: 's2', pin: '2221' })).toEqual({ ok: false, reason: 'wrong_pin' });
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: true, person: lee });
    expect(await pins.check({ staffId: 's3', pin: '2222' })).toEqual({ ok: false, reason: 'not_known' });
  });

  test('is kept as a digest under a key that cannot be read', async () => {
    const record = (await kept.read('offlinePins')) as { key: CryptoKey; people: { digest: Uint8Array }[] };
    expect(record.people[0]?.digest).toHaveLength(32);
    expect(JSON.stringify(record)).not.toContain('2222');
    await expect(crypto.subtle.exportKey('raw', record.key)).rejects.toThrow();
  });

  test('gives a different digest each time, so that equal PINs do not show', async () => {
    await pins.remember({ person: { staffId: 's3', name: 'Kim' }, pin: '2222', setAtMs: 8 });
    const record = (await kept.read('offlinePins')) as { people: { digest: Uint8Array }[] };
    expect(record.people[0]?.digest).not.toEqual(record.people[1]?.digest);
  });

  test('belongs to this register: as another one the browser knows nobody', async () => {
    expect(await open('r2').people()).toEqual([]);
    expect(await open('r2').check({ staffId: 's2', pin: '2222' })).toEqual({
      ok: false,
      reason: 'not_known'
    });
  });

  test('is forgotten when the server says another time of setting, or does not name its person', async () => {
    await pins.keepOnly([{ ...lee, name: 'Lee Chan', pinSetAtMs: 7 }]);
    expect(await pins.people()).toEqual([{ staffId: 's2', name: 'Lee Chan' }]);
    await pins.keepOnly([{ ...lee, pinSetAtMs: 9 }]);
    expect(await pins.people()).toEqual([]);
    await pins.remember({ person: lee, pin: '2222', setAtMs: 9 });
    await pins.keepOnly([]);
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: false, reason: 'not_known' });
  });

  test('is good for 30 days after the server’s last word', async () => {
    const days = 24 * 60 * 60 * 1000;
    await clock.turn(29 * days);
    await pins.keepOnly([{ ...lee, pinSetAtMs: 7 }]);
    await clock.turn(29 * days);
    expect(await pins.people()).toEqual([lee]);
    await clock.turn(days);
    expect(await pins.people()).toEqual([]);
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: false, reason: 'not_known' });
  });
});

describe('a clock that was set back', () => {
  const day = 24 * 60 * 60 * 1000;

  test('brings nobody back whose time had run out, in this page or after a restart', async () => {
    await clock.turn(30 * day);
    expect(await pins.people()).toEqual([]);
    setMs = -20 * day;
    expect(await pins.people()).toEqual([]);
    pins = open();
    expect(await pins.people()).toEqual([]);
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: false, reason: 'not_known' });
  });

  test('gives nobody more time', async () => {
    await clock.turn(20 * day);
    expect(await pins.people()).toEqual([lee]);
    setMs = -20 * day;
    pins = open();
    expect(await pins.people()).toEqual([lee]);
    await clock.turn(9 * day);
    expect(await pins.people()).toEqual([lee]);
    await clock.turn(day);
    expect(await pins.people()).toEqual([]);
  });

  test('from years ahead makes nobody wait for years, nor be known for years', async () => {
    setMs = 3000 * day;
    await pins.remember({ person: lee, pin: '2222', setAtMs: 7 });
    expect(await wrong(4)).toEqual(['wrong_pin', 'wrong_pin', 'wrong_pin', 'too_many_tries']);
    setMs = 0;
    pins = open();
    expect(await wrong(1)).toEqual(['too_many_tries']);
    await clock.turn(5000);
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: true, person: lee });
    await clock.turn(30 * day);
    expect(await pins.people()).toEqual([]);
  });
});

describe('wrong PINs', () => {
  test('three are free, then it waits longer and longer, the right one too; a restart forgets nothing', async () => {
    expect(await wrong(4)).toEqual(['wrong_pin', 'wrong_pin', 'wrong_pin', 'too_many_tries']);
    pins = open();
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({
      ok: false,
      reason: 'too_many_tries',
      waitMs: 5000
    });
    await clock.turn(5000);
    expect(await wrong(2)).toEqual(['wrong_pin', 'too_many_tries']);
    await clock.turn(15_000);
    expect((await pins.check({ staffId: 's2', pin: '2222' })).ok).toBe(true);
    expect(await wrong(1), 'a right one ends the row').toEqual(['wrong_pin']);
  });

  test('ten in a row and the register knows the person no more, whatever its clock says', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await wrong(1)).toEqual(['wrong_pin']);
      await clock.turn(900_000);
    }
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({ ok: false, reason: 'not_known' });
  });

  test('two at the same time are two', async () => {
    const checks = await Promise.all(
      ['0', '1', '2', '3'].map((digit) => pins.check({ staffId: 's2', pin: `000${digit}` }))
    );
    expect(checks.map((check) => (check.ok ? 'ok' : check.reason))).toEqual([
      'wrong_pin',
      'wrong_pin',
      'wrong_pin',
      'too_many_tries'
    ]);
  });

  test('nobody goes through the whole staff: ten of anybody’s and all wait', async () => {
    const people = Array.from({ length: 5 }, (_, index) => ({ staffId: `p${index}`, name: `P${index}` }));
    for (const person of people) await pins.remember({ person, pin: '9999', setAtMs: 1 });
    for (const { staffId } of people) {
      for (const pin of ['0000', '1111']) {
        expect(await pins.check({ staffId, pin })).toEqual({ ok: false, reason: 'wrong_pin' });
      }
    }
    expect(await pins.check({ staffId: 's2', pin: '2222' })).toEqual({
      ok: false,
      reason: 'too_many_tries',
      waitMs: 300_000
    });
  });
});
