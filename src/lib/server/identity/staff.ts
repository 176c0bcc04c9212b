/** People: made by the server only, signed in by username and password, checked again before money goes back. */
import * as v from 'valibot';
import type { Ledger } from '$lib/server/ledger/ledger';
import { roleContains, roleSchema, type Role } from '$lib/wire/basics';
import type { Staff } from '$lib/wire/shop';
import { internalEmail, maxPasswordLength, type Auth } from './auth';
import type { BadgeCheck, Badges } from './badges';
import { pinDigits, type PinCheck, type Pins } from './pins';
import type { TryLimit } from './tries';

/** Somebody to make. */
export interface NewStaff {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

export type PasswordCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'wrong_password' }
  | { readonly ok: false; readonly reason: 'too_many_tries'; readonly waitMs: number };

export type SignIn =
  | { readonly ok: true; readonly staff: Staff; readonly setCookies: readonly string[] }
  | Exclude<PasswordCheck, { readonly ok: true }>;

/** What a request's cookies say of the person behind it. */
export interface SessionRead {
  readonly staff: Staff | null;
  /** Which session it is; null where nobody is signed in. */
  readonly sessionId: string | null;
  /** A renewed or an ended session's cookies, to be sent on. */
  readonly setCookies: readonly string[];
}

/** Somebody was let in; their session's cookies, to be sent on. */
interface Entered {
  readonly ok: true;
  readonly staff: Staff;
  readonly setCookies: readonly string[];
}

export type TakeOver = Entered | Exclude<PinCheck, { readonly ok: true }>;

export type TakeOverByBadge = Entered | Exclude<BadgeCheck, { readonly ok: true }>;

export const usernameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.minLength(3),
  v.maxLength(30),
  v.regex(/^[a-z0-9_.]+$/)
);

const userSchema = v.object({ id: v.string(), name: v.string(), username: v.string(), role: roleSchema });

export interface StaffDirectory {
  /** How many people can sign in. */
  count(): Promise<number>;
  /** Makes a person who can sign in. A username that is taken is a bug of the caller: ask {@link isTaken} first. */
  create(person: NewStaff): Promise<Staff>;
  isTaken(username: string): Promise<boolean>;
  /** Tries are counted by address and username together: 10 a minute. */
  signIn(from: {
    readonly username: string;
    readonly password: string;
    readonly address: string;
  }): Promise<SignIn>;
  /**
   * Somebody takes over at an enrolled register by PIN. The session that these headers had ends. Whoever has no PIN, is
   * disabled or unknown is answered as a wrong PIN.
   */
  takeOver(from: {
    readonly staffId: string;
    readonly pin: string;
    readonly registerId: string;
    readonly headers: Headers;
  }): Promise<TakeOver>;
  /** The same by badge. A disabled person's is answered as a wrong one. */
  takeOverByBadge(from: {
    readonly badge: string;
    readonly registerId: string;
    readonly headers: Headers;
  }): Promise<TakeOverByBadge>;
  /** Checks a PIN without a session, for a decision at the register: the person where it is right and the role enough. */
  verifyPin(of: {
    readonly staffId: string;
    readonly pin: string;
    readonly registerId: string;
    readonly leastRole: Role;
  }): Promise<{ readonly ok: true; readonly staff: Staff } | Exclude<PinCheck, { readonly ok: true }>>;
  /** People who may take over by PIN: enabled, with one. */
  withPin(options?: {
    readonly leastRole?: Role;
  }): Promise<readonly (Staff & { readonly pinSetAtMs: number })[]>;
  /** Ends the session of these headers; the cookies to send. */
  signOut(from: { readonly headers: Headers }): Promise<readonly string[]>;
  /** @param from.renew false: only looks, so that a stream that nobody watches keeps no session alive */
  session(from: { readonly headers: Headers; readonly renew?: boolean }): Promise<SessionRead>;
  /** Asks for the password once more, for a refund. 10 tries a minute for each person. */
  verifyPassword(of: { readonly staffId: string; readonly password: string }): Promise<PasswordCheck>;
}

/** The people of the shop. */
export function createStaffDirectory({
  auth,
  ledger,
  pins,
  badges,
  signInLimit,
  verifyLimit
}: {
  readonly auth: Auth;
  readonly ledger: Ledger;
  readonly pins: Pins;
  readonly badges: Pick<Badges, 'verify'>;
  readonly signInLimit: TryLimit;
  readonly verifyLimit: TryLimit;
}): StaffDirectory {
  async function checkPassword({
    passwordHash,
    password
  }: {
    readonly passwordHash: string | null;
    readonly password: string;
  }): Promise<boolean> {
    const { password: hasher } = await auth.$context;
    if (password.length > maxPasswordLength) return false;
    if (passwordHash === null) {
      // As much work as a real check: the time must not tell whether somebody exists.
      await hasher.hash(password);
      return false;
    }
    return hasher.verify({ hash: passwordHash, password });
  }

  async function isDisabled(staffId: string): Promise<boolean> {
    const row = await ledger.db
      .selectFrom('disabled_staff')
      .select('staff_id')
      .where('staff_id', '=', staffId)
      .executeTakeFirst();
    return row !== undefined;
  }

  async function findPerson(staffId: string): Promise<Staff | null> {
    const { internalAdapter } = await auth.$context;
    const user = v.safeParse(userSchema, await internalAdapter.findUserById(staffId));
    return user.success && !(await isDisabled(staffId)) ? staffOf(user.output) : null;
  }

  /** The session of these headers ends, and one of the person begins. */
  async function enter({
    staff,
    registerId,
    headers,
    how
  }: {
    readonly staff: Staff;
    readonly registerId: string;
    readonly headers: Headers;
    readonly how: 'by PIN' | 'by badge';
  }): Promise<Entered> {
    await auth.api.signOut({ headers });
    const response = await auth.api.sessionForPerson({ body: { userId: staff.staffId }, asResponse: true });
    if (!response.ok) throw new Error(`a session was answered with ${response.status}`);
    await ledger.db
      .insertInto('events')
      .values({
        at_ms: ledger.nowMs(),
        subject: 'register',
        subject_id: registerId,
        what: 'taken_over',
        actor: staff.name,
        message: how
      })
      .execute();
    return { ok: true, staff, setCookies: response.headers.getSetCookie() };
  }

  return {
    async verifyPin({ staffId, pin, registerId, leastRole }) {
      const person = await findPerson(staffId);
      const enough = person !== null && roleContains(person.role, leastRole);
      // Looked at all the same: neither the time nor the count tells whether somebody is there.
      const check = await pins.verify({
        staffId,
        registerId,
        pin,
        leastDigits: enough ? pinDigits(person.role) : Infinity
      });
      if (!check.ok) return check;
      return person === null ? { ok: false, reason: 'wrong_pin' } : { ok: true, staff: person };
    },
    async takeOver({ staffId, pin, registerId, headers }) {
      const check = await this.verifyPin({ staffId, pin, registerId, leastRole: 'cashier' });
      return check.ok ? enter({ staff: check.staff, registerId, headers, how: 'by PIN' }) : check;
    },
    async takeOverByBadge({ badge, registerId, headers }) {
      const check = await badges.verify({ badge, registerId, find: findPerson });
      return check.ok ? enter({ staff: check.staff, registerId, headers, how: 'by badge' }) : check;
    },
    async withPin({ leastRole = 'cashier' } = {}) {
      const people = await Promise.all(
        [...(await pins.known())].map(async ([staffId, { digits, setAtMs }]) => {
          const person = await findPerson(staffId);
          return person !== null && digits >= pinDigits(person.role)
            ? { ...person, pinSetAtMs: setAtMs }
            : null;
        })
      );
      return people
        .filter((person) => person !== null && roleContains(person.role, leastRole))
        .filter((person) => person !== null)
        .toSorted((one, other) => one.name.localeCompare(other.name));
    },
    async count() {
      const { internalAdapter } = await auth.$context;
      return internalAdapter.countTotalUsers();
    },
    async create({ username, name, role, password }) {
      const { internalAdapter, password: hasher } = await auth.$context;
      const hash = await hasher.hash(password);
      const user = await internalAdapter.createUser(
        { name, username, role, email: internalEmail(username), emailVerified: true },
        { method: 'email-password' }
      );
      await internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: hash
      });
      await ledger.db
        .insertInto('events')
        .values({
          at_ms: ledger.nowMs(),
          subject: 'staff',
          subject_id: user.id,
          what: 'staff_added',
          actor: 'till',
          message: `${username} (${role})`
        })
        .execute();
      return { staffId: user.id, name, username, role };
    },
    async isTaken(username) {
      const { adapter } = await auth.$context;
      return (
        (await adapter.findOne({ model: 'user', where: [{ field: 'username', value: username }] })) !== null
      );
    },
    async signIn({ username, password, address }) {
      const named = v.safeParse(usernameSchema, username);
      const key = `${address}\n${named.success ? named.output : ''}`;
      const waitMs = signInLimit.take(key);
      if (waitMs > 0) return { ok: false, reason: 'too_many_tries', waitMs };
      if (!named.success || password.length > maxPasswordLength) {
        await checkPassword({ passwordHash: null, password });
        return { ok: false, reason: 'wrong_password' };
      }
      const response = await auth.api.signInUsername({
        body: { username: named.output, password },
        asResponse: true
      });
      if (response.status === 401) return { ok: false, reason: 'wrong_password' };
      if (!response.ok) throw new Error(`signing in was answered with ${response.status}`);
      const body = v.parse(v.object({ user: userSchema }), await response.json());
      if (await isDisabled(body.user.id)) {
        const { internalAdapter } = await auth.$context;
        await internalAdapter.deleteUserSessions(body.user.id);
        return { ok: false, reason: 'wrong_password' };
      }
      signInLimit.forgive(key);
      return { ok: true, staff: staffOf(body.user), setCookies: response.headers.getSetCookie() };
    },
    async signOut({ headers }) {
      const response = await auth.api.signOut({ headers, asResponse: true });
      return response.headers.getSetCookie();
    },
    async session({ headers, renew = true }) {
      const { response, headers: answered } = await auth.api.getSession({
        headers,
        query: { disableRefresh: !renew },
        returnHeaders: true
      });
      const setCookies = answered.getSetCookie();
      if (response === null) return { staff: null, sessionId: null, setCookies };
      const user = v.safeParse(userSchema, response.user);
      const staff = user.success && !(await isDisabled(user.output.id)) ? staffOf(user.output) : null;
      return { staff, sessionId: staff === null ? null : response.session.id, setCookies };
    },
    async verifyPassword({ staffId, password }) {
      const waitMs = verifyLimit.take(staffId);
      if (waitMs > 0) return { ok: false, reason: 'too_many_tries', waitMs };
      const { internalAdapter } = await auth.$context;
      const account = await internalAdapter.findCredentialAccount(staffId);
      const right = await checkPassword({ passwordHash: account?.password ?? null, password });
      if (!right) return { ok: false, reason: 'wrong_password' };
      verifyLimit.forgive(staffId);
      return { ok: true };
    }
  };
}

function staffOf(user: v.InferOutput<typeof userSchema>): Staff {
  return { staffId: user.id, name: user.name, username: user.username, role: user.role };
}
