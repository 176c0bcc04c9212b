import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStaffBadge } from '$lib/scanning/known-form';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import type { Staff } from '$lib/wire/shop';
import { createBadges, type Badges } from './badges';
import { openIdentity, type Identity } from './identity';
import { quickPasswords } from './passwords.fixture';
import { createPins } from './pins';

const key = Buffer.alloc(32, 7);
const rosa: Staff = { staffId: 'rosa', name: 'Rosa', username: 'rosa', role: 'cashier' };
const unknownBadge = 'STAFF-0123456789ABCDEF';

let ledger: Ledger;
let now = 1_000_000;

beforeEach(async () => {
  now = 1_000_000;
  ledger = await openLedger({ path: ':memory:', now: () => now });
});
afterEach(() => ledger.close());

describe('a badge', () => {
  let badges: Badges;
  let disabled = false;
  beforeEach(() => {
    badges = createBadges({ ledger, key });
    disabled = false;
  });
  const scanned = (badge: string, registerId = 'r1', of: Badges = badges) =>
    of.verify({ badge, registerId, find: async () => (disabled ? null : rosa) });

  test('has the form that scanners know, is another one each time, and the database does not know it', async () => {
    const made = [];
    for (let count = 0; count < 50; count += 1) made.push(await badges.make({ staffId: 'rosa' }));
    expect(made.filter(isStaffBadge)).toHaveLength(50);
    expect(new Set(made).size).toBe(50);
    const rows = JSON.stringify(await ledger.db.selectFrom('badges').selectAll().execute());
    expect(rows).not.toContain(made.at(-1)?.slice(6));
    const elsewhere = createBadges({ ledger, key: Buffer.alloc(32, 8) });
    expect(await scanned(made.at(-1) ?? '', 'r1', elsewhere), 'with another server’s key').toMatchObject({
      reason: 'wrong_badge'
    });
  });

  test('lets its person in, until a new one is made or it is taken away', async () => {
    const first = await badges.make({ staffId: 'rosa' });
    expect(await scanned(first)).toEqual({ ok: true, staff: rosa });
    const second = await badges.make({ staffId: 'rosa' });
    expect(await scanned(first)).toEqual({ ok: false, reason: 'wrong_badge' });
    expect(await scanned(second)).toMatchObject({ ok: true });
    expect([...(await badges.holders())]).toEqual(['rosa']);
    await badges.takeAway({ staffId: 'rosa' });
    expect(await scanned(second)).toEqual({ ok: false, reason: 'wrong_badge' });
    expect((await badges.holders()).size).toBe(0);
  });

  test('of who may not sign in is answered, and counted, as a wrong one', async () => {
    const badge = await badges.make({ staffId: 'rosa' });
    disabled = true;
    for (let tries = 0; tries < 3; tries += 1)
      expect(await scanned(badge)).toEqual(await scanned(unknownBadge, 'r2'));
    expect(await scanned(badge)).toEqual({ ok: false, reason: 'too_many_tries', waitMs: 5_000 });
  });

  test('that is wrong again and again has the right one wait too, on that register only', async () => {
    const badge = await badges.make({ staffId: 'rosa' });
    for (let tries = 0; tries < 3; tries += 1) await scanned(unknownBadge);
    expect(await scanned(badge)).toMatchObject({ reason: 'too_many_tries' });
    expect(await scanned(badge, 'r2')).toMatchObject({ ok: true });
    now += 5_000;
    expect(await scanned(badge)).toMatchObject({ ok: true });
    expect(await scanned(unknownBadge), 'a right one ends the row').toMatchObject({ reason: 'wrong_badge' });
  });

  test('is counted with the PINs of its register: nobody goes on there with the other', async () => {
    const digest = async () => Buffer.alloc(32, 1);
    const pins = createPins({ ledger, key, digest });
    for (let tries = 0; tries < 10; tries += 1)
      await pins.verify({ staffId: `person-${tries}`, registerId: 'r1', pin: '0000', leastDigits: 4 });
    expect(await scanned(await badges.make({ staffId: 'rosa' }))).toMatchObject({
      reason: 'too_many_tries'
    });
  });
});

describe('who scans a badge at a register', () => {
  let identity: Identity;
  let ada: Staff;
  let lee: Staff;
  beforeEach(async () => {
    identity = await openIdentity({
      ledger,
      mode: 'live',
      origin: 'http://localhost:3000',
      secret: 'x9Jq3vVt0m1Zy7Lw5Rk2Pb8Nc4Hd6Gf_As-EuQoTiYU',
      log: pino({ level: 'silent' }),
      passwords: quickPasswords
    });
    const password = 'kept secret';
    ada = await identity.staff.create({ username: 'ada', name: 'Ada', role: 'admin', password });
    lee = await identity.staff.create({ username: 'lee', name: 'Lee', role: 'admin', password });
  });
  async function make(): Promise<string> {
    const change = { change: 'badge', badge: 'new' } as const;
    const prove = async () => ({ ok: true, by: 'password' }) as const;
    const made = await identity.people.change({ staffId: lee.staffId, change, by: ada, prove });
    if (!made.ok || made.person.newBadge === undefined) throw new Error('no badge');
    expect(made.person).toMatchObject({ name: 'Lee', hasBadge: true });
    return made.person.newBadge;
  }
  const enter = (badge: string, headers = new Headers()) =>
    identity.staff.takeOverByBadge({ badge, registerId: 'r1', headers });
  const headersOf = (setCookies: readonly string[]) =>
    new Headers({ cookie: setCookies.map((cookie) => cookie.split(';')[0] ?? '').join('; ') });

  test('gets a session that proves nothing more; the one before it ends, and it is written down how', async () => {
    const badge = await make();
    const before = await identity.staff.signIn({ username: 'ada', password: 'kept secret', address: '::1' });
    if (!before.ok) throw new Error(before.reason);
    const entered = await enter(badge, headersOf(before.setCookies));
    if (!entered.ok) throw new Error(entered.reason);
    expect((await identity.staff.session({ headers: headersOf(before.setCookies) })).staff).toBeNull();
    const { staff, sessionId } = await identity.staff.session({ headers: headersOf(entered.setCookies) });
    expect(staff).toEqual(lee);
    const asked = {
      staff: lee,
      sessionId: sessionId ?? '',
      register: { registerId: 'r1' },
      leastRole: 'admin',
      amountMinor: 1
    } as const;
    expect(await identity.stepUps.needs(asked)).toBe('password');
    expect(await identity.stepUps.prove({ ...asked, proof: { pin: badge, password: badge } })).toMatchObject({
      ok: false
    });
    const events = await ledger.db.selectFrom('events').selectAll().execute();
    expect(events).toContainEqual(
      expect.objectContaining({ what: 'staff_badge_made', actor: 'Ada', subject_id: lee.staffId })
    );
    expect(events).toContainEqual(
      expect.objectContaining({ what: 'taken_over', actor: 'Lee', message: 'by badge', subject_id: 'r1' })
    );
    expect(JSON.stringify(events)).not.toContain(badge);
  });

  test('and is disabled gets the answer of a wrong badge, and no session', async () => {
    const badge = await make();
    const prove = async () => ({ ok: true, by: 'password' }) as const;
    await identity.people.change({ staffId: lee.staffId, change: { change: 'disable' }, by: ada, prove });
    expect(await enter(badge)).toEqual(await enter(unknownBadge));
    await identity.people.change({ staffId: lee.staffId, change: { change: 'enable' }, by: ada, prove });
    expect(await enter(badge)).toMatchObject({ ok: true });
  });
});
