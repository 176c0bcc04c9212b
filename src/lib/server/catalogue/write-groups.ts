/** Categories and tax rates: added, changed, and taken away while no product needs them. */
import type { LedgerTransaction } from '$lib/server/ledger/ledger';
import type { SaveCategory, SaveTaxRate } from '$lib/wire/products';
import { appendEvent } from '../payments/change-attempt';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import { beginCatalogueChange } from './catalogue-version';
import type { CatalogueWriter } from './write-product';

export type GroupWritten = { readonly ok: true };

/** Adds a category at the end of the tiles' groups, or changes its name and colour. */
export async function saveCategory({
  ledger,
  by,
  request
}: CatalogueWriter & { readonly request: SaveCategory }): Promise<GroupWritten | Refusal> {
  return allOrNothing(ledger, async (trx) => {
    await beginCatalogueChange(trx);
    const { id, name, colour } = request;
    const same = await trx
      .selectFrom('categories')
      .select('id')
      .where('name', '=', name)
      .where('id', '!=', id)
      .executeTakeFirst();
    if (same !== undefined) return refuseSameName('category', name);
    const before = await trx.selectFrom('categories').selectAll().where('id', '=', id).executeTakeFirst();
    if (before === undefined) {
      const last = await trx
        .selectFrom('categories')
        .select((eb) => eb.fn.max('position').as('position'))
        .executeTakeFirst();
      await trx
        .insertInto('categories')
        .values({ id, name, colour, position: (last?.position ?? -1) + 1 })
        .execute();
    } else {
      await trx.updateTable('categories').set({ name, colour }).where('id', '=', id).execute();
    }
    await appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: 'category',
      subject_id: id,
      what: before === undefined ? 'category_added' : 'category_changed',
      actor: by,
      message:
        before === undefined ? `${name} ${colour}` : `${before.name} ${before.colour} → ${name} ${colour}`
    });
    return { ok: true };
  });
}

/** Adds a tax rate or changes it. Orders that are paid keep the rate that they were paid with. */
export async function saveTaxRate({
  ledger,
  by,
  request
}: CatalogueWriter & { readonly request: SaveTaxRate }): Promise<GroupWritten | Refusal> {
  return allOrNothing(ledger, async (trx) => {
    await beginCatalogueChange(trx);
    const { id, name, ratePpm } = request;
    const same = await trx
      .selectFrom('tax_rates')
      .select('id')
      .where('name', '=', name)
      .where('id', '!=', id)
      .executeTakeFirst();
    if (same !== undefined) return refuseSameName('tax rate', name);
    const before = await trx.selectFrom('tax_rates').selectAll().where('id', '=', id).executeTakeFirst();
    if (before === undefined) {
      await trx.insertInto('tax_rates').values({ id, name, rate_ppm: ratePpm }).execute();
    } else {
      await trx.updateTable('tax_rates').set({ name, rate_ppm: ratePpm }).where('id', '=', id).execute();
    }
    await appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: 'tax_rate',
      subject_id: id,
      what: before === undefined ? 'tax_rate_added' : 'tax_rate_changed',
      actor: by,
      message:
        before === undefined
          ? `${name} ${ratePpm} ppm`
          : `${before.name} ${before.rate_ppm} ppm → ${name} ${ratePpm} ppm`
    });
    return { ok: true };
  });
}

/** Takes a category or a tax rate away that no product has, not even one that is no longer sold. */
export async function removeGroup({
  ledger,
  by,
  kind,
  id
}: CatalogueWriter & { readonly kind: 'category' | 'tax_rate'; readonly id: string }): Promise<
  GroupWritten | Refusal
> {
  return allOrNothing(ledger, async (trx) => {
    await beginCatalogueChange(trx);
    const used = await trx
      .selectFrom('products')
      .select('name')
      .where(kind === 'category' ? 'category_id' : 'tax_rate_id', '=', id)
      .executeTakeFirst();
    const word = kind === 'category' ? 'category' : 'tax rate';
    if (used !== undefined) {
      return refuse(
        'still_used',
        `Products such as “${used.name}” still have this ${word}. Nothing was removed. Give them another one first.`
      );
    }
    if (kind === 'tax_rate' && (await countRates(trx)) === 1) {
      return refuse('still_used', 'A shop needs one tax rate. Nothing was removed. Change it instead.');
    }
    const table = kind === 'category' ? 'categories' : 'tax_rates';
    const gone = await trx.deleteFrom(table).where('id', '=', id).returning('name').executeTakeFirst();
    if (gone === undefined) return { ok: true };
    await appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: kind,
      subject_id: id,
      what: `${kind}_removed`,
      actor: by,
      message: gone.name
    });
    return { ok: true };
  });
}

async function countRates(trx: LedgerTransaction): Promise<number> {
  const { count } = await trx
    .selectFrom('tax_rates')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

function refuseSameName(what: string, name: string): Refusal {
  return refuse(
    'name_taken',
    `There is a ${what} called “${name}” already. Nothing was saved. Choose another name.`
  );
}
