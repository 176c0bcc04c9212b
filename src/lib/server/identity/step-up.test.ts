import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Proof } from '$lib/wire/refunds';
import type { Staff } from '$lib/wire/shop';
import { storeShop } from '../catalogue/shop';
import { openLedger, type Ledger } from '../ledger/ledger';
import { createPins, pinDigits, type Pins } from './pins';
import { createStepUps, stepUpMs, type StepUps } from './step-up';

const admin: Staff = { staffId: 'ada', name: 'Ada', username: 'ada', role: 'admin' };
const register = { registerId: 'r1' };
const limitMinor = 5_000;
let ledger: Ledger;
let pins: Pins;
let stepUps: StepUps;
let now = 1_000_000;

beforeEach(async () => {
  now = 1_000_000;
  ledger = await openLedger({ path: ':memory:', now: () => now });
  await storeShop({
    db: ledger.db,
    shop: {
      name: 'Shop',
      address: '',
      taxId: '',
      currency: 'EUR',
      timeZone: 'UTC',
      dayStartsAtMinute: 0,
      taxMode: 'included',
      locale: 'en',
      oneScanLimitMinor: 0,
      embeddedPatterns: []
    }
  });
  pins = createPins({
    ledger,
    key: Buffer.alloc(32, 7),
    digest: async (pin, salt) => createHash('sha256').update(salt).update(pin).digest()
  });
  await pins.set({ staffId: 'ada', pin: '471199' });
  stepUps = createStepUps({
    ledger,
    pins,
    directory: {
      verifyPassword: async ({ password }) =>
        password === 'right one' ? { ok: true } : { ok: false, reason: 'wrong_password' },
      async verifyPin({ staffId, pin, registerId }) {
        const check = await pins.verify({ staffId, pin, registerId, leastDigits: pinDigits('admin') });
        return check.ok ? { ok: true, staff: admin } : check;
      }
    }
  });
});
afterEach(() => ledger.close());

function asked(
  amountMinor: number | null,
  change: { sessionId?: string; staff?: Staff; register?: null } = {}
) {
  return { staff: admin, sessionId: 's1', register, amountMinor, leastRole: 'admin' as const, ...change };
}
function prove(amountMinor: number | null, proof: Proof, change: Parameters<typeof asked>[1] = {}) {
  return stepUps.prove({ ...asked(amountMinor, change), proof });
}

describe('before money goes back', () => {
  test('a PIN is asked for up to the shop’s limit, the password above it', async () => {
    expect(await stepUps.needs(asked(limitMinor))).toBe('pin');
    expect(await stepUps.needs(asked(limitMinor + 1))).toBe('password');
    expect(await prove(limitMinor, { pin: '471199' })).toEqual({ ok: true, by: 'pin' });
  });

  test('the password is asked for where the browser is no register, where there is no PIN, and where the limit is 0', async () => {
    expect(await stepUps.needs(asked(100, { register: null }))).toBe('password');
    expect(await prove(100, { pin: '471199' }, { register: null })).toMatchObject({ code: 'proof_needed' });
    await ledger.db.updateTable('shop').set({ refund_pin_limit_minor: 0 }).execute();
    expect(await stepUps.needs(asked(1))).toBe('password');
    await ledger.db.updateTable('shop').set({ refund_pin_limit_minor: limitMinor }).execute();
    await pins.set({ staffId: 'ada', pin: null });
    expect(await stepUps.needs(asked(1))).toBe('password');
  });

  test('nothing is believed without a proof, and a PIN never opens what needs the password', async () => {
    expect(await prove(100, {})).toMatchObject({ ok: false, code: 'proof_needed', extra: { needs: 'pin' } });
    expect(await prove(limitMinor + 1, { pin: '471199' })).toMatchObject({
      ok: false,
      code: 'proof_needed',
      extra: { needs: 'password' }
    });
    expect(await prove(100, { pin: '471199' })).toMatchObject({ ok: true });
    expect(await stepUps.needs(asked(limitMinor + 1))).toBe('password');
    expect(await prove(limitMinor + 1, {})).toMatchObject({ code: 'proof_needed' });
  });

  test('what moves no money, such as setting a PIN, needs the password whatever the limit is', async () => {
    expect(await stepUps.needs(asked(null))).toBe('password');
    expect(await prove(100, { pin: '471199' })).toMatchObject({ ok: true });
    expect(await prove(null, { pin: '471199' })).toMatchObject({
      code: 'proof_needed',
      detail: expect.stringContaining('Nothing was changed yet')
    });
    expect(await prove(null, { password: 'wrong one' })).toMatchObject({
      code: 'wrong_password',
      detail: expect.stringContaining('Nothing was changed')
    });
    expect(await prove(null, { password: 'right one' })).toEqual({ ok: true, by: 'password' });
    expect(await prove(null, {})).toEqual({ ok: true, by: 'remembered' });
  });

  test('a proof is good for five minutes in its session, and what it lets through does not prolong it', async () => {
    expect(await prove(90_000, { password: 'right one' })).toEqual({ ok: true, by: 'password' });
    now += stepUpMs - 1;
    expect(await stepUps.needs(asked(90_000))).toBe('nothing');
    expect(await prove(90_000, {})).toEqual({ ok: true, by: 'remembered' });
    now += 1;
    expect(await stepUps.needs(asked(90_000))).toBe('password');
    expect(await prove(90_000, {})).toMatchObject({ code: 'proof_needed' });
  });

  test('another session, another person and a clock that was set back know nothing of it', async () => {
    await prove(90_000, { password: 'right one' });
    expect(await stepUps.needs(asked(90_000, { sessionId: 's2' }))).toBe('password');
    const other = { ...admin, staffId: 'max' };
    expect(await stepUps.needs(asked(90_000, { staff: other }))).toBe('password');
    now -= 1;
    expect(await stepUps.needs(asked(90_000))).toBe('password');
  });

  test('a PIN typed after the password does not take its place', async () => {
    await prove(90_000, { password: 'right one' });
    now += 60_000;
    await prove(100, { pin: '471199' });
    expect(await stepUps.needs(asked(90_000))).toBe('nothing');
    now += stepUpMs - 60_000;
    expect(await stepUps.needs(asked(100))).toBe('pin');
  });

  test('a wrong PIN is counted and nothing is remembered, whatever was right before', async () => {
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await prove(100, { pin: '000000' })).toMatchObject({ ok: false, code: 'wrong_password' });
    }
    expect(await prove(100, { pin: '471199' })).toMatchObject({
      code: 'too_many_tries',
      extra: { seconds: 5 }
    });
    expect(await prove(100, { password: 'wrong one' })).toMatchObject({ code: 'wrong_password' });
    expect(await stepUps.needs(asked(100))).toBe('pin');
  });
});
