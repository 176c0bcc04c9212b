/** What a database is told at its first start: its mode (money rule 12), and who may share it. */
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Mode } from '$lib/wire/basics';
import { StartRefused } from './start-refused';

/**
 * Writes the mode into a new database, and refuses one that was stamped with the other mode.
 *
 * @throws {@link StartRefused} where the database is of the other mode
 */
export async function stampMode({
  ledger,
  mode
}: {
  readonly ledger: Ledger;
  readonly mode: Mode;
}): Promise<void> {
  const stamped = await ledger.transaction(async (trx) => {
    const row = await trx.selectFrom('stamp').select('value').where('key', '=', 'mode').executeTakeFirst();
    if (row !== undefined) return row.value;
    await trx
      .insertInto('stamp')
      .values([
        { key: 'mode', value: mode },
        { key: 'created_at_ms', value: String(ledger.nowMs()) }
      ])
      .execute();
    return mode;
  });
  if (stamped === mode) return;
  throw new StartRefused(
    `The database ${ledger.path} belongs to ${stamped} mode, but the settings say ${mode}; use another DATABASE_URL, or the settings that it was made with.`
  );
}

/**
 * Instances that share a PostgreSQL database must share their secret too: it signs the sessions and keys the digests of
 * payment codes. The database remembers a fingerprint of it, from which nothing can be learnt, and refuses another one.
 * A SQLite file has its secret beside it.
 *
 * @throws {@link StartRefused} where the database belongs to another secret
 */
export async function stampSecret({
  ledger,
  fingerprint,
  path
}: {
  readonly ledger: Ledger;
  readonly fingerprint: string;
  readonly path: string;
}): Promise<void> {
  if (ledger.engine === 'sqlite') return;
  const key = 'secret_fingerprint';
  await ledger.db
    .insertInto('stamp')
    .values({ key, value: fingerprint })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await ledger.db.selectFrom('stamp').select('value').where('key', '=', key).executeTakeFirst();
  if (row?.value === fingerprint) return;
  throw new StartRefused(
    `The database ${ledger.path} is used with another secret than the one in ${path}; copy that file from the machine where Till ran on this database before.`
  );
}
