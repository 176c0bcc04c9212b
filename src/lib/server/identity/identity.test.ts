import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readShop } from '$lib/server/catalogue/shop';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import type { Mode, Role } from '$lib/wire/basics';
import type { ChangePerson } from '$lib/wire/people';
import { firstRunSchema } from './first-run';
import { openIdentity, type Identity } from './identity';
import { quickPasswords } from './passwords.fixture';
import type { ProveOwn } from './people';
import { loadOrCreateSecret } from './secret';

const secret = 'x9Jq3vVt0m1Zy7Lw5Rk2Pb8Nc4Hd6Gf_As-EuQoTiYU';
let folder = '';
let ledger: Ledger;
let now = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'till-identity-'));
  ledger = await openLedger({ path: join(folder, 'till.db'), now: () => 1_700_000_000_000 });
  now = 0;
});
afterEach(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

function open(mode: Mode, origin = 'http://localhost:3000'): Promise<Identity> {
  return openIdentity({
    ledger,
    mode,
    origin,
    secret,
    log: pino({ level: 'silent' }),
    nowMs: () => now,
    passwords: quickPasswords
  });
}

/** The headers of a browser that keeps these cookies. */
function withCookies(setCookies: readonly string[]): Headers {
  return new Headers({ cookie: setCookies.map((cookie) => cookie.split(';')[0] ?? '').join('; ') });
}

async function signedIn(identity: Identity, username: string) {
  const result = await identity.staff.signIn({ username, password: 'training', address: '127.0.0.1' });
  if (!result.ok) throw new Error(result.reason);
  return result;
}

describe('people in training', () => {
  it('are three, one of each role, and made only once', async () => {
    await open('training');
    const identity = await open('training');
    expect(await identity.staff.count()).toBe(3);
    for (const role of ['cashier', 'manager', 'admin']) {
      expect((await signedIn(identity, role)).staff).toMatchObject({ username: role, role });
    }
    expect(identity.firstRun).toBeNull();
  });

  it('are known again by their session until they sign out', async () => {
    const identity = await open('training');
    const { staff, setCookies } = await signedIn(identity, 'Manager ');
    const headers = withCookies(setCookies);
    expect((await identity.staff.session({ headers })).staff).toEqual(staff);
    await identity.staff.signOut({ headers });
    expect((await identity.staff.session({ headers })).staff).toBeNull();
  });

  it('are nobody without a cookie, or with a forged one', async () => {
    const identity = await open('training');
    expect((await identity.staff.session({ headers: new Headers() })).staff).toBeNull();
    const { setCookies } = await signedIn(identity, 'cashier');
    const forged = setCookies.map((cookie) => cookie.replace(/=(....)/, '=abcd'));
    expect((await identity.staff.session({ headers: withCookies(forged) })).staff).toBeNull();
  });

  it('are not let in by another password', async () => {
    const identity = await open('training');
    const tried = await identity.staff.signIn({ username: 'admin', password: 'Training', address: 'a' });
    expect(tried).toEqual({ ok: false, reason: 'wrong_password' });
  });
});

describe('session cookies', () => {
  it('cannot be read by scripts nor sent by other sites', async () => {
    const { setCookies } = await signedIn(await open('training'), 'cashier');
    const cookie = setCookies.find((text) => text.startsWith('till.session_token='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).not.toMatch(/Secure/i);
  });

  it('are for https only where Till is on https', async () => {
    const { setCookies } = await signedIn(await open('training', 'https://till.example'), 'cashier');
    expect(setCookies[0]).toMatch(/; Secure/i);
  });
});

describe('tries of a password', () => {
  it('end after ten a minute for one address and name, and only for these', async () => {
    const { staff } = await open('training');
    const tries = Array.from({ length: 12 }, () =>
      staff.signIn({ username: 'admin', password: 'guess', address: '10.0.0.1' })
    );
    const reasons = (await Promise.all(tries)).map((tried) => (tried.ok ? 'ok' : tried.reason));
    expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(10);
    expect(reasons.filter((reason) => reason === 'too_many_tries')).toHaveLength(2);

    const right = { username: 'admin', password: 'training' };
    expect(await staff.signIn({ ...right, address: '10.0.0.1' })).toMatchObject({ waitMs: 60_000 });
    expect(await staff.signIn({ ...right, address: '10.0.0.2' })).toMatchObject({ ok: true });
    now = 60_000;
    expect(await staff.signIn({ ...right, address: '10.0.0.1' })).toMatchObject({ ok: true });
  });

  it('end for a name that does not exist as well', async () => {
    const { staff } = await open('training');
    const from = { username: 'nobody', password: 'guess', address: '10.0.0.1' };
    for (let at = 0; at < 10; at += 1)
      expect(await staff.signIn(from)).toMatchObject({ reason: 'wrong_password' });
    expect(await staff.signIn(from)).toMatchObject({ reason: 'too_many_tries' });
  });

  it('are counted where the password is asked once more', async () => {
    const identity = await open('training');
    const { staffId } = (await signedIn(identity, 'admin')).staff;
    const { verifyPassword } = identity.staff;
    expect(await verifyPassword({ staffId, password: 'training' })).toEqual({ ok: true });
    for (let at = 0; at < 10; at += 1) {
      expect(await verifyPassword({ staffId, password: 'x' })).toMatchObject({ reason: 'wrong_password' });
    }
    expect(await verifyPassword({ staffId, password: 'training' })).toMatchObject({
      reason: 'too_many_tries'
    });
    expect(await verifyPassword({ staffId: 'nobody', password: 'x' })).toMatchObject({
      reason: 'wrong_password'
    });
  });
});

describe('registers', () => {
  it('know the highest order number of their epoch, for a browser that lost its journal', async () => {
    const { registers } = await open('training');
    const first = await registers.enrol({ name: null, registerId: null, by: 'Max' });
    if (first === null) throw new Error('not enrolled');
    const { register } = first;
    expect(await registers.lastOrderSeq(register)).toBe(0);
    const numbers = ['T1-0002', 'T1-9999', 'T1-10000', 'T1.2-0007', 'T10-20000', 'T2-0003'];
    for (const [index, number] of numbers.entries()) {
      await ledger.db
        .insertInto('orders')
        .values({
          id: String(index),
          number,
          register_id: register.registerId,
          register_code: 'T1',
          epoch: 1,
          staff_id: 's',
          staff_name: 'Rosa',
          business_day: '2026-11-23',
          revision: 1,
          events: '[]',
          total_minor: 0,
          tax_minor: 0,
          currency: 'EUR',
          what: '',
          given_free: 0,
          cleared: 0,
          received_at_ms: 0,
          updated_at_ms: 0
        })
        .execute();
    }
    expect(await registers.lastOrderSeq(register)).toBe(10_000);
    expect(await registers.lastOrderSeq({ ...register, epoch: 2 })).toBe(7);
  });

  it('are found by their token and by nothing else', async () => {
    const { registers } = await open('training');
    const first = await registers.enrol({ name: 'Counter', registerId: null, by: 'Max' });
    const second = await registers.enrol({ name: null, registerId: null, by: 'Max' });
    expect(first?.register).toMatchObject({ code: 'T1', name: 'Counter', epoch: 1 });
    expect(second?.register).toMatchObject({ code: 'T2', name: 'T2', epoch: 1 });
    expect(await registers.findByToken(first?.token ?? '')).toEqual(first?.register);
    expect(await registers.findByToken('')).toBeNull();
    const kept = await ledger.db.selectFrom('registers').select('token_sha256').execute();
    expect(JSON.stringify(kept)).not.toContain(first?.token);
  });

  it('have a higher epoch after every enrolment, and shut the former browser out', async () => {
    const { registers } = await open('training');
    const first = await registers.enrol({ name: null, registerId: null, by: 'Max' });
    const registerId = first?.register.registerId ?? '';
    const again = await registers.enrol({ name: null, registerId, by: 'Max' });
    const third = await registers.enrol({ name: 'Bar', registerId, by: 'Max' });
    expect([again?.register.epoch, third?.register.epoch]).toEqual([2, 3]);
    expect(third?.register).toMatchObject({ code: 'T1', name: 'Bar' });
    expect(await registers.findByToken(again?.token ?? '')).toBeNull();
    expect(await registers.enrol({ name: null, registerId: 'none', by: 'Max' })).toBeNull();
  });
});

describe('the first run of a live shop', () => {
  const form = {
    shopName: 'Corner & Co',
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    taxMode: 'included',
    taxPercent: '7,25',
    locale: 'en-GB',
    adminName: 'Ada Okafor',
    username: 'Ada',
    password: 'long enough'
  };

  it('makes the shop and its admin by the link of the terminal, once', async () => {
    const identity = await open('live');
    const firstRun = identity.firstRun;
    if (firstRun === null) throw new Error('there is no first run');
    const token = new URL(firstRun.url).searchParams.get('token') ?? '';
    expect(firstRun.url).toMatch(/^http:\/\/localhost:3000\/first-run\?token=[\w-]{43}$/);
    const answers = v.parse(firstRunSchema, form);
    expect(await firstRun.complete({ token: `${token}x`, answers })).toBeNull();

    const made = await Promise.all([
      firstRun.complete({ token, answers }),
      firstRun.complete({ token, answers })
    ]);
    expect(made).toEqual([expect.objectContaining({ username: 'ada', role: 'admin' }), null]);
    expect(firstRun.isOpen(token)).toBe(false);
    expect(firstRun.isDone()).toBe(true);
    expect(await readShop({ ledger })).toMatchObject({ currency: 'JPY', oneScanLimitMinor: 100 });
    const rates = await ledger.db.selectFrom('tax_rates').selectAll().execute();
    expect(rates).toEqual([{ id: 'standard', name: 'Standard', rate_ppm: 72_500 }]);
    expect((await open('live')).firstRun).toBeNull();
  });

  it.each([
    ['currency', 'XYZ'],
    ['timeZone', 'Nowhere/Town'],
    ['taxPercent', '-1'],
    ['taxPercent', '101'],
    ['username', 'a b'],
    ['password', 'too short'],
    ['shopName', ' ']
  ])('refuses %s "%s"', (field, value) => {
    const parsed = v.safeParse(firstRunSchema, { ...form, [field]: value });
    expect(parsed.issues?.map((issue) => issue.path?.[0]?.key)).toEqual([field]);
  });
});

describe('the secret', () => {
  it('is made once, for the eyes of its user only', async () => {
    const path = join(folder, 'deep', 'till-secret');
    const [one, two] = await Promise.all([loadOrCreateSecret({ path }), loadOrCreateSecret({ path })]);
    expect(one).toBe(two);
    expect(await loadOrCreateSecret({ path })).toBe(one);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, 'utf8')).trim()).toBe(one);
  });

  it('is refused where it was cut off', async () => {
    const path = join(folder, 'till-secret');
    await writeFile(path, 'short');
    await expect(loadOrCreateSecret({ path })).rejects.toMatchObject({
      safeMessage: expect.stringContaining(path) as string
    });
  });
});

const proved = async () => ({ ok: true, by: 'password' }) as const;

describe('what lets somebody sign in', () => {
  it('needs the own password of who changes it, and is written down where that was wrong', async () => {
    const { people, staff } = await open('live');
    const ada = await staff.create({
      username: 'ada',
      name: 'Ada',
      role: 'admin',
      password: 'her own secret'
    });
    const rosa = await staff.create({
      username: 'rosa',
      name: 'Rosa',
      role: 'cashier',
      password: 'rosa rosa'
    });
    const wrong = { ok: false, code: 'wrong_password', detail: 'The password is not right.' } as const;
    let asked = 0;
    const refusing = async () => {
      asked += 1;
      return wrong;
    };
    const change = (staffId: string, wanted: ChangePerson, prove: ProveOwn = refusing) =>
      people.change({ staffId, change: wanted, by: ada, prove });
    const refused = { ok: false, reason: 'not_proved', problem: wrong };
    expect(await change(rosa.staffId, { change: 'pin', pin: '4711' })).toEqual(refused);
    expect(await change(ada.staffId, { change: 'pin', pin: '471199' })).toEqual(refused);
    expect(await change(rosa.staffId, { change: 'badge', badge: 'new' })).toEqual(refused);
    expect(await change(rosa.staffId, { change: 'password', password: 'another one' })).toEqual(refused);
    expect(await change(rosa.staffId, { change: 'role', role: 'manager' })).toEqual(refused);
    const person = { username: 'max', name: 'Max', role: 'manager', password: 'first password' } as const;
    expect(await people.add({ person, by: ada, prove: refusing })).toEqual(refused);
    expect(asked).toBe(6);
    expect(await people.list()).toMatchObject([
      { name: 'Ada', pinDigits: null, hasBadge: false },
      { name: 'Rosa', role: 'cashier', pinDigits: null, hasBadge: false }
    ]);
    const noted = await ledger.db
      .selectFrom('events')
      .select(['subject_id', 'actor', 'message'])
      .where('what', '=', 'staff_change_not_confirmed')
      .execute();
    expect(noted).toHaveLength(6);
    expect(noted[0]).toEqual({
      subject_id: rosa.staffId,
      actor: 'Ada',
      message: 'pin of rosa: wrong_password'
    });

    const max = await people.add({ person, by: ada, prove: proved });
    if (!max.ok) throw new Error(max.reason);
    const { staffId } = max.person;
    expect(await change(staffId, { change: 'disable' })).toMatchObject({ ok: true });
    expect(await change(staffId, { change: 'enable' })).toEqual(refused);
    expect(await change(staffId, { change: 'role', role: 'cashier' })).toMatchObject({ ok: true });
    expect(await change(staffId, { change: 'enable' })).toMatchObject({ ok: true });
    expect(await change(rosa.staffId, { change: 'pin', pin: '4711' }, proved)).toMatchObject({ ok: true });
    expect(await change(rosa.staffId, { change: 'pin', pin: null })).toMatchObject({ ok: true });
    const cashier = { ...person, username: 'lee', role: 'cashier' } as const;
    expect(await people.add({ person: cashier, by: ada, prove: refusing })).toMatchObject({ ok: true });
    expect(await change(rosa.staffId, { change: 'badge', badge: null })).toMatchObject({ ok: true });
    expect(asked).toBe(7);
  });
});

describe('people from training', () => {
  it('come along with password, PIN and badge; the demo people, who is disabled and whose name is taken stay behind', async () => {
    const other = await openLedger({ path: join(folder, 'training.db'), now: () => 1 });
    const training = await openIdentity({
      ledger: other,
      mode: 'training',
      origin: 'http://localhost:3000',
      secret,
      log: pino({ level: 'silent' }),
      nowMs: () => now,
      passwords: quickPasswords
    });
    const add = (username: string, role: Role = 'cashier') =>
      training.staff.create({ username, name: username, role, password: 'kept secret' });
    const rosa = await add('rosa');
    const max = await add('max', 'manager');
    const gone = await add('gone');
    await add('ida');
    await training.people.change({
      by: rosa,
      prove: proved,
      staffId: rosa.staffId,
      change: { change: 'pin', pin: '471199' }
    });
    await training.people.change({
      by: rosa,
      prove: proved,
      staffId: max.staffId,
      change: { change: 'pin', pin: '123456' }
    });
    const badges = [];
    for (const { staffId } of [rosa, max]) {
      const change = { change: 'badge', badge: 'new' } as const;
      const made = await training.people.change({ by: rosa, prove: proved, staffId, change });
      badges.push((made.ok && made.person.newBadge) || '');
    }
    await training.people.change({
      by: rosa,
      prove: proved,
      staffId: gone.staffId,
      change: { change: 'disable' }
    });

    const live = await open('live');
    await live.staff.create({ username: 'ida', name: 'Ida', role: 'admin', password: 'her own secret' });
    const carried = await live.carryStaff({ training: other, by: 'Ida' });
    expect(carried).toEqual({ people: 2, disabled: ['max'], taken: ['ida'] });
    expect(await live.carryStaff({ training: other, by: 'Ida' })).toEqual({
      people: 0,
      disabled: [],
      taken: ['ida', 'max', 'rosa']
    });
    await other.close();

    const address = '127.0.0.1';
    const signedIn = await live.staff.signIn({ username: 'rosa', password: 'kept secret', address });
    if (!signedIn.ok) throw new Error(signedIn.reason);
    expect(signedIn.staff).toMatchObject({ name: 'rosa', role: 'cashier' });
    const { staffId } = signedIn.staff;
    const pin = { staffId, registerId: 'r1', leastRole: 'cashier' } as const;
    expect(await live.staff.verifyPin({ ...pin, pin: '471199' })).toMatchObject({ ok: true });
    const entered = [];
    for (const badge of badges) {
      const { ok } = await live.staff.takeOverByBadge({ badge, registerId: 'r1', headers: new Headers() });
      entered.push(ok);
    }
    expect(entered, 'a manager comes along without').toEqual([true, false]);
    for (const username of ['cashier', 'admin', 'gone']) {
      const answer = await live.staff.signIn({ username, password: 'training', address });
      expect(answer, username).toMatchObject({ ok: false });
    }
    expect(await live.staff.count()).toBe(3);

    // everybody who was in training may know what a manager could do there
    const known = { username: 'max', password: 'kept secret', address };
    expect(await live.staff.signIn(known)).toMatchObject({ ok: false });
    const stands = { username: 'max', role: 'manager', disabled: true, pinDigits: null };
    expect(await live.people.list()).toContainEqual(expect.objectContaining(stands));
  });
});
