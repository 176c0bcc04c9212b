/** Money rule 12: a database is for training or for live money, once and for all. */
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
