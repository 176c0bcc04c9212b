/** What an admin does with people. Nobody is deleted: their name stands on what they did. Everything is written down. */
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Role } from '$lib/wire/basics';
import type { AddPerson, ChangedPerson, ChangePerson, Person } from '$lib/wire/people';
import type { Staff } from '$lib/wire/shop';
import * as v from 'valibot';
import { roleContains, roleSchema } from '$lib/wire/basics';
import type { Auth } from './auth';
import type { Badges } from './badges';
import { pinDigits, type Pins } from './pins';
import type { StaffDirectory } from './staff';
import type { StepUpDone } from './step-up';

export type PersonResult =
  | { readonly ok: true; readonly person: ChangedPerson }
  | { readonly ok: false; readonly reason: 'unknown' | 'taken' | 'last_admin' | 'short_pin' }
  | { readonly ok: false; readonly reason: 'not_proved'; readonly problem: NotProved };

type NotProved = Exclude<StepUpDone, { readonly ok: true }>;

/** Has the admin prove that it is they, by their password: called only where a change needs it. */
export type ProveOwn = () => Promise<StepUpDone>;

export interface People {
  list(): Promise<readonly Person[]>;
  /** Whoever may do more than sell is added with the admin's own password only. */
  add(of: {
    readonly person: AddPerson;
    readonly by: Staff;
    readonly prove: ProveOwn;
  }): Promise<PersonResult>;
  change(of: {
    readonly staffId: string;
    readonly change: ChangePerson;
    readonly by: Staff;
    readonly prove: ProveOwn;
  }): Promise<PersonResult>;
}

/**
 * True for what lets somebody sign in as a person, or decide about more than before: who finds an admin's screen open must
 * not make themselves one.
 */
function needsProof(person: Pick<Person, 'role'>, change: ChangePerson): boolean {
  switch (change.change) {
    case 'password':
      return true;
    case 'pin':
      return change.pin !== null;
    case 'badge':
      return change.badge !== null;
    case 'role':
      return change.role !== 'cashier' && !roleContains(person.role, change.role);
    case 'enable':
      return person.role !== 'cashier';
    case 'rename':
    case 'disable':
      return false;
  }
}

const usersSchema = v.array(
  v.object({ id: v.string(), name: v.string(), username: v.string(), role: roleSchema })
);

export function createPeople({
  auth,
  ledger,
  pins,
  badges,
  directory
}: {
  readonly auth: Auth;
  readonly ledger: Ledger;
  readonly pins: Pins;
  readonly badges: Pick<Badges, 'holders' | 'make' | 'takeAway'>;
  readonly directory: StaffDirectory;
}): People {
  // One change at a time: two admins who demote each other must not leave none.
  let line: Promise<unknown> = Promise.resolve();
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = line.then(() => ledger.alone(work));
    line = turn.catch(() => undefined);
    return turn;
  }

  async function list(): Promise<Person[]> {
    const { internalAdapter } = await auth.$context;
    const users = v.parse(usersSchema, await internalAdapter.listUsers(10_000));
    const lengths = await pins.lengths();
    const holders = await badges.holders();
    const disabled = new Set(
      (await ledger.db.selectFrom('disabled_staff').select('staff_id').execute()).map((row) => row.staff_id)
    );
    return users
      .map((user) => ({
        staffId: user.id,
        name: user.name,
        username: user.username,
        role: user.role,
        disabled: disabled.has(user.id),
        pinDigits: lengths.get(user.id) ?? null,
        hasBadge: holders.has(user.id)
      }))
      .toSorted((one, other) => one.name.localeCompare(other.name));
  }

  async function note(of: { by: Staff; staffId: string; what: string; message: string }): Promise<void> {
    await ledger.db
      .insertInto('events')
      .values({
        at_ms: ledger.nowMs(),
        subject: 'staff',
        subject_id: of.staffId,
        what: of.what,
        actor: of.by.name,
        message: of.message
      })
      .execute();
  }

  async function find(staffId: string): Promise<Person | undefined> {
    return (await list()).find((person) => person.staffId === staffId);
  }

  async function isLastAdmin(person: Person): Promise<boolean> {
    if (person.role !== 'admin' || person.disabled) return false;
    const others = (await list()).filter(
      ({ staffId, role, disabled }) => role === 'admin' && !disabled && staffId !== person.staffId
    );
    return others.length === 0;
  }

  async function endSessions(staffId: string): Promise<void> {
    const { internalAdapter } = await auth.$context;
    await internalAdapter.deleteUserSessions(staffId);
  }

  async function setRole(person: Person, role: Role): Promise<void> {
    const { internalAdapter } = await auth.$context;
    await internalAdapter.updateUser(person.staffId, { role });
    // A PIN that was long enough to sell is none for who may give money back.
    if (person.pinDigits !== null && person.pinDigits < pinDigits(role)) {
      await pins.set({ staffId: person.staffId, pin: null });
    }
  }

  /** @returns what is told of it once: a new badge */
  async function apply(
    person: Person,
    change: ChangePerson,
    by: Staff
  ): Promise<Pick<ChangedPerson, 'newBadge'> | 'last_admin'> {
    const { internalAdapter, password: hasher } = await auth.$context;
    const { staffId } = person;
    switch (change.change) {
      case 'rename':
        await internalAdapter.updateUser(staffId, { name: change.name });
        await note({ by, staffId, what: 'staff_renamed', message: `${person.name} → ${change.name}` });
        return {};
      case 'role':
        if (change.role !== 'admin' && (await isLastAdmin(person))) return 'last_admin';
        await setRole(person, change.role);
        await note({ by, staffId, what: 'staff_role_changed', message: `${person.role} → ${change.role}` });
        return {};
      case 'disable':
        if (await isLastAdmin(person)) return 'last_admin';
        await ledger.db
          .insertInto('disabled_staff')
          .values({ staff_id: staffId, disabled_at_ms: ledger.nowMs(), disabled_by: by.name })
          .onConflict((conflict) => conflict.column('staff_id').doNothing())
          .execute();
        await endSessions(staffId);
        await note({ by, staffId, what: 'staff_disabled', message: person.username });
        return {};
      case 'enable':
        await ledger.db.deleteFrom('disabled_staff').where('staff_id', '=', staffId).execute();
        await note({ by, staffId, what: 'staff_enabled', message: person.username });
        return {};
      case 'password':
        await internalAdapter.updatePassword(staffId, await hasher.hash(change.password));
        await endSessions(staffId);
        await note({ by, staffId, what: 'staff_password_reset', message: person.username });
        return {};
      case 'pin':
        await pins.set({ staffId, pin: change.pin });
        await note({
          by,
          staffId,
          what: change.pin === null ? 'staff_pin_taken_away' : 'staff_pin_set',
          message: person.username
        });
        return {};
      case 'badge': {
        const newBadge = change.badge === null ? undefined : await badges.make({ staffId });
        if (newBadge === undefined) await badges.takeAway({ staffId });
        const what = newBadge === undefined ? 'staff_badge_taken_away' : 'staff_badge_made';
        await note({ by, staffId, what, message: person.username });
        return newBadge === undefined ? {} : { newBadge };
      }
    }
  }

  /** A wrong password is written down; a page that did not ask has tried nothing. */
  async function notProved(of: {
    prove: ProveOwn;
    by: Staff;
    staffId: string;
    what: string;
  }): Promise<PersonResult | null> {
    const proved = await of.prove();
    if (proved.ok) return null;
    if (proved.code !== 'proof_needed') {
      const message = `${of.what}: ${proved.code}`;
      await note({ by: of.by, staffId: of.staffId, what: 'staff_change_not_confirmed', message });
    }
    return { ok: false, reason: 'not_proved', problem: proved };
  }

  return {
    list,
    add: ({ person, by, prove }) =>
      inLine(async (): Promise<PersonResult> => {
        if (await directory.isTaken(person.username)) return { ok: false, reason: 'taken' };
        if (person.role !== 'cashier') {
          const refused = await notProved({ prove, by, staffId: by.staffId, what: `add ${person.username}` });
          if (refused !== null) return refused;
        }
        const made = await directory.create(person);
        await note({
          by,
          staffId: made.staffId,
          what: 'staff_added_by',
          message: `${made.username} (${made.role})`
        });
        return { ok: true, person: { ...made, disabled: false, pinDigits: null, hasBadge: false } };
      }),
    change: ({ staffId, change, by, prove }) =>
      inLine(async (): Promise<PersonResult> => {
        const person = await find(staffId);
        if (person === undefined) return { ok: false, reason: 'unknown' };
        if (change.change === 'pin' && isShort(change.pin, person.role))
          return { ok: false, reason: 'short_pin' };
        if (needsProof(person, change)) {
          const what = `${change.change} of ${person.username}`;
          const refused = await notProved({ prove, by, staffId, what });
          if (refused !== null) return refused;
        }
        const applied = await apply(person, change, by);
        if (applied === 'last_admin') return { ok: false, reason: applied };
        return { ok: true, person: { ...((await find(staffId)) ?? person), ...applied } };
      })
  };
}

function isShort(pin: string | null, role: Role): boolean {
  return pin !== null && pin.length < pinDigits(role);
}
