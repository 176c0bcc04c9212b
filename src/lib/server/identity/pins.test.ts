import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, type Ledger } from '../ledger/ledger';
import { createPins, pinDigits, type Pins } from './pins';

let ledger: Ledger;
let pins: Pins;
let now = 1_000_000;
const key = Buffer.alloc(32, 7);
/** Quick, so that thousands of tries can be made; one test uses the real one. */
const quick = async (pin: string, salt: Buffer) => createHash('sha256').update(salt).update(pin).digest();

beforeEach(async () => {
  now = 1_000_000;
  ledger = await openLedger({ path: ':memory:', now: () => now });
  pins = createPins({ ledger, key, digest: quick });
  await pins.set({ staffId: 'rosa', pin: '4711' });
});
afterEach(() => ledger.close());

function attempt(pin: string, staffId = 'rosa', registerId = 'r1', leastDigits = 4) {
  return pins.verify({ staffId, registerId, pin, leastDigits });
}

describe('a PIN', () => {
  test('is kept as Argon2id with the server’s key: another key does not know it', async () => {
    const real = createPins({ ledger, key });
    await real.set({ staffId: 'max', pin: '471199' });
    const of = { staffId: 'max', registerId: 'r1', pin: '471199', leastDigits: 6 };
    expect(await real.verify(of)).toEqual({ ok: true });
    expect(await createPins({ ledger, key: Buffer.alloc(32, 8) }).verify(of)).toMatchObject({
      reason: 'wrong_pin'
    });
    expect(JSON.stringify(await ledger.db.selectFrom('pins').selectAll().execute())).not.toContain('471199');
  });

  test('of four digits sells, and is not enough where the role needs six', async () => {
    expect([pinDigits('cashier'), pinDigits('manager'), pinDigits('admin')]).toEqual([4, 6, 6]);
    expect(await attempt('4711')).toEqual({ ok: true });
    expect(await attempt('4711', 'rosa', 'r1', 6)).toEqual({ ok: false, reason: 'wrong_pin' });
  });

  test('that is wrong is answered like one of nobody', async () => {
    expect(await attempt('0000')).toEqual({ ok: false, reason: 'wrong_pin' });
    expect(await attempt('0000', 'nobody')).toEqual({ ok: false, reason: 'wrong_pin' });
  });

  test('that was taken away is no PIN', async () => {
    await pins.set({ staffId: 'rosa', pin: null });
    expect(await attempt('4711')).toEqual({ ok: false, reason: 'wrong_pin' });
    expect((await pins.lengths()).size).toBe(0);
  });
});

describe('tries', () => {
  test('wait longer and longer, the right PIN too, and a restart forgets nothing', async () => {
    for (let tries = 0; tries < 3; tries += 1) await attempt('0000');
    expect(await attempt('4711')).toEqual({ ok: false, reason: 'too_many_tries', waitMs: 5_000 });
    now += 5_000;
    await attempt('0000');
    const again = createPins({ ledger, key, digest: quick });
    expect(await again.verify({ staffId: 'rosa', registerId: 'r1', pin: '4711', leastDigits: 4 })).toEqual({
      ok: false,
      reason: 'too_many_tries',
      waitMs: 15_000
    });
    now += 15_000;
    expect(await attempt('4711')).toEqual({ ok: true });
    expect(await attempt('0000')).toEqual({ ok: false, reason: 'wrong_pin' });
  });

  test('that run at the same time all count', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt('0000')));
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'wrong_pin')).toHaveLength(3);
  });

  test('on one register leave another one free', async () => {
    for (let tries = 0; tries < 3; tries += 1) await attempt('0000');
    expect(await attempt('4711', 'rosa', 'r2')).toEqual({ ok: true });
  });

  test('of many people on one register are counted together', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `person-${index}`);
    const answers = [];
    for (const name of names) answers.push(await attempt('0000', name));
    expect(answers.filter((answer) => !answer.ok && answer.reason === 'wrong_pin')).toHaveLength(10);
    now += 1_000_000;
    expect(await attempt('0000', 'person-11')).toEqual({ ok: false, reason: 'wrong_pin' });
  });

  test('find none of 10,000 PINs in a month', async () => {
    await pins.set({ staffId: 'rosa', pin: '9999' });
    const until = now + 30 * 24 * 60 * 60 * 1000;
    let tries = 0;
    while (now < until) {
      const answer = await attempt(String(tries).padStart(4, '0'));
      if (!answer.ok && answer.reason === 'too_many_tries') now += answer.waitMs;
      else tries += 1;
    }
    expect(tries).toBeLessThan(3_000);
  });
});
