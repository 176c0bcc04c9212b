/**
 * People who were added in training come along into a live shop, with their passwords, PINs and badges. The demo people do not:
 * everybody knows their password. Who may do more than sell comes along disabled and with neither: whoever signed in as
 * a demo admin could have added them, or set what they sign in with.
 */
import { sql } from 'kysely';
import * as v from 'valibot';
import type { Ledger } from '$lib/server/ledger/ledger';
import { roleSchema } from '$lib/wire/basics';
import { internalEmail, type Auth } from './auth';

const rowSchema = v.object({
  id: v.string(),
  name: v.string(),
  username: v.string(),
  role: roleSchema,
  password: v.string()
});

export interface CarriedStaff {
  readonly people: number;
  /** User names of those of them who may not sign in yet: managers and admins. */
  readonly disabled: readonly string[];
  /** User names that stay behind: somebody here has them already. */
  readonly taken: readonly string[];
}

/**
 * Takes everybody over who can sign in there and whose user name is free here; again: nobody twice.
 *
 * @param training the training shop's ledger, a file of SQLite
 * @param notThese user names that never come along
 */
export async function carryStaff({
  training,
  ledger,
  auth,
  by,
  notThese
}: {
  readonly training: Ledger;
  readonly ledger: Ledger;
  readonly auth: Auth;
  readonly by: string;
  readonly notThese: readonly string[];
}): Promise<CarriedStaff> {
  const { internalAdapter, adapter } = await auth.$context;
  const { rows } = await sql<Record<string, unknown>>`
    SELECT u.id, u.name, u.username, u.role, a.password FROM auth_users u
    JOIN auth_accounts a ON a."userId" = u.id AND a."providerId" = 'credential'
    WHERE u.id NOT IN (SELECT staff_id FROM disabled_staff) ORDER BY u.username`.execute(training.db);
  const pins = await training.db.selectFrom('pins').selectAll().execute();
  const badges = await training.db.selectFrom('badges').selectAll().execute();
  const taken: string[] = [];
  const disabled: string[] = [];
  let people = 0;
  for (const row of rows) {
    const { id, name, username, role, password } = v.parse(rowSchema, row);
    if (notThese.includes(username)) continue;
    const where = [{ field: 'username', value: username }];
    if ((await adapter.findOne({ model: 'user', where })) !== null) {
      taken.push(username);
      continue;
    }
    const user = await internalAdapter.createUser(
      { name, username, role, email: internalEmail(username), emailVerified: true },
      { method: 'email-password' }
    );
    const sells = role === 'cashier';
    if (!sells) {
      // Before there is a password to sign in with.
      await ledger.db
        .insertInto('disabled_staff')
        .values({ staff_id: user.id, disabled_at_ms: ledger.nowMs(), disabled_by: by })
        .execute();
      disabled.push(username);
    }
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: 'credential',
      accountId: user.id,
      password
    });
    const pin = pins.find(({ staff_id }) => staff_id === id);
    if (pin !== undefined && sells) {
      await ledger.db
        .insertInto('pins')
        .values({ ...pin, staff_id: user.id })
        .execute();
    }
    const badge = badges.find(({ staff_id }) => staff_id === id);
    if (badge !== undefined && sells) {
      await ledger.db
        .insertInto('badges')
        .values({ ...badge, staff_id: user.id })
        .execute();
    }
    await ledger.db
      .insertInto('events')
      .values({
        at_ms: ledger.nowMs(),
        subject: 'staff',
        subject_id: user.id,
        what: 'staff_added',
        actor: by,
        message: `${username} (${role}), from training${sells ? '' : ', disabled'}`
      })
      .execute();
    people += 1;
  }
  return { people, disabled, taken };
}
