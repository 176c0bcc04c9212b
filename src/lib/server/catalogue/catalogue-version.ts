/** The catalogue's version: one row that everything which changes the catalogue writes first. */
import { randomBytes } from 'node:crypto';
import { untouchedCatalogue } from '$lib/wire/shop';
import type { LedgerConnection, LedgerTransaction } from '$lib/server/ledger/ledger';

/**
 * Gives the catalogue a new version and keeps other writers out until the transaction ends. Random, not counted: after a
 * backup came back, a register must not take an older catalogue for the one that it has.
 */
export async function beginCatalogueChange(trx: LedgerTransaction): Promise<void> {
  const version = randomBytes(8).toString('hex');
  await trx
    .insertInto('catalogue_state')
    .values({ id: 1, version })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ version }))
    .execute();
}

/** What registers compare. */
export async function readCatalogueVersion(db: LedgerConnection): Promise<string> {
  const row = await db.selectFrom('catalogue_state').select('version').executeTakeFirst();
  return row?.version ?? untouchedCatalogue;
}
