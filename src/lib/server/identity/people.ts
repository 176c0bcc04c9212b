/** What an admin does with people. Nobody is deleted: their name stands on what they did. Everything is written down. */
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Role } from '$lib/wire/basics';
import type { AddPerson, ChangePerson, Person } from '$lib/wire/people';
import type { Staff } from '$lib/wire/shop';
import * as v from 'valibot';
import { roleSchema } from '$lib/wire/basics';
import type { Auth } from './auth';
import { pinDigits, type Pins } from './pins';
import type { StaffDirectory } from './staff';

export type PersonResult =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly reason: 'unknown' | 'taken' | 'last_admin' | 'short_pin' };

export interface People {
  list(): Promise<readonly Person[]>;
  add(of: { readonly person: AddPerson; readonly by: Staff }): Promise<PersonResult>;
  change(of: {
    readonly staffId: string;
    readonly change: ChangePerson;
    readonly by: Staff;
  }): Promise<PersonResult>;
}

const usersSchema = v.array(
  v.object({ id: v.string(), name: v.string(), username: v.string(), role: roleSchema })
);

export function createPeople({
  auth,
  ledger,
  pins,
  directory
}: {
  readonly auth: Auth;
  readonly ledger: Ledger;
  readonly pins: Pins;
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
        pinDigits: lengths.get(user.id) ?? null
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

  async function apply(
    person: Person,
    change: ChangePerson,
    by: Staff
  ): Promise<PersonResult['ok'] | 'last_admin' | 'short_pin'> {
    const { internalAdapter, password: hasher } = await auth.$context;
    const { staffId } = person;
    switch (change.change) {
      case 'rename':
        await internalAdapter.updateUser(staffId, { name: change.name });
        await note({ by, staffId, what: 'staff_renamed', message: `${person.name} → ${change.name}` });
        return true;
      case 'role':
        if (change.role !== 'admin' && (await isLastAdmin(person))) return 'last_admin';
        await setRole(person, change.role);
        await note({ by, staffId, what: 'staff_role_changed', message: `${person.role} → ${change.role}` });
        return true;
      case 'disable':
        if (await isLastAdmin(person)) return 'last_admin';
        await ledger.db
          .insertInto('disabled_staff')
          .values({ staff_id: staffId, disabled_at_ms: ledger.nowMs(), disabled_by: by.name })
          .onConflict((conflict) => conflict.column('staff_id').doNothing())
          .execute();
        await endSessions(staffId);
        await note({ by, staffId, what: 'staff_disabled', message: person.username });
        return true;
      case 'enable':
        await ledger.db.deleteFrom('disabled_staff').where('staff_id', '=', staffId).execute();
        await note({ by, staffId, what: 'staff_enabled', message: person.username });
        return true;
      case 'password':
        await internalAdapter.updatePassword(staffId, await hasher.hash(change.password));
        await endSessions(staffId);
        await note({ by, staffId, what: 'staff_password_reset', message: person.username });
        return true;
      case 'pin':
        if (change.pin !== null && change.pin.length < pinDigits(person.role)) return 'short_pin';
        await pins.set({ staffId, pin: change.pin });
        await note({
          by,
          staffId,
          what: change.pin === null ? 'staff_pin_taken_away' : 'staff_pin_set',
          message: person.username
        });
        return true;
    }
  }

  return {
    list,
    add: ({ person, by }) =>
      inLine(async () => {
        if (await directory.isTaken(person.username)) return { ok: false, reason: 'taken' };
        const made = await directory.create(person);
        await note({
          by,
          staffId: made.staffId,
          what: 'staff_added_by',
          message: `${made.username} (${made.role})`
        });
        return { ok: true, person: { ...made, disabled: false, pinDigits: null } };
      }),
    change: ({ staffId, change, by }) =>
      inLine(async (): Promise<PersonResult> => {
        const person = await find(staffId);
        if (person === undefined) return { ok: false, reason: 'unknown' };
        const applied = await apply(person, change, by);
        if (applied !== true) return { ok: false, reason: applied === false ? 'unknown' : applied };
        return { ok: true, person: (await find(staffId)) ?? person };
      })
  };
}
