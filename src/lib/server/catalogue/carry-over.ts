/** Takes what was set up in training over into a live shop: categories, tax rates and products. Never a sale. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { exportProducts } from './import/export-products';
import { importProducts } from './import/import-products';
import { readShop } from './shop';

/** The training database beside the live one, or null. */
export function trainingBeside(folder: string): string | null {
  const path = join(folder, 'training.db');
  return existsSync(path) ? path : null;
}

export type CarriedOver =
  | { readonly ok: true; readonly products: number }
  /** `currency`: the training shop's prices are in another one. */
  | { readonly ok: false; readonly reason: 'currency' | 'unreadable' };

/** @param from the training database's file */
export async function carryOver({
  from,
  ledger,
  by,
  currency
}: {
  readonly from: string;
  readonly ledger: Ledger;
  readonly by: string;
  readonly currency: string;
}): Promise<CarriedOver> {
  const training = await openLedger({ path: from, now: () => Date.now() });
  try {
    const shop = await readShop({ ledger: training });
    if (shop?.currency !== currency) return { ok: false, reason: 'currency' };
    const categories = await training.db.selectFrom('categories').selectAll().execute();
    const rates = await training.db.selectFrom('tax_rates').selectAll().execute();
    const text = await exportProducts(training.db, { currency });
    await ledger.transaction(async (trx) => {
      for (const rate of rates) {
        // the usual rate is the one that was just typed: only its name comes along, for the list below
        await trx
          .insertInto('tax_rates')
          .values(rate)
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ name: rate.name }))
          .execute();
      }
      for (const category of categories) {
        await trx
          .insertInto('categories')
          .values(category)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }
    });
    const report = await importProducts({
      ledger,
      by,
      currency,
      request: { text, separator: ',', decimal: '.', columns: exportedColumns, dryRun: false }
    });
    return report.imported ? { ok: true, products: report.added } : { ok: false, reason: 'unreadable' };
  } finally {
    await training.close();
  }
}

const exportedColumns = {
  name: 0,
  price: 1,
  barcodes: 2,
  category: 3,
  tax: 4,
  soldOut: 5,
  pinned: 6,
  active: 7,
  age: 8,
  id: 9
};
