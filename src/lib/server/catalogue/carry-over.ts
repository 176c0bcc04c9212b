/** Takes what was set up in training over into a live shop: products, people, settings. Never a sale. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { appendEvent } from '../payments/change-attempt';
import { exportProducts } from './import/export-products';
import { importProducts } from './import/import-products';

/** The training database beside the live one, or null. */
export function trainingBeside(folder: string): string | null {
  const path = join(folder, 'training.db');
  return existsSync(path) ? path : null;
}

export interface CarriedOver {
  readonly products: number;
  readonly people: number;
  /** How many of them may not sign in yet: managers and admins, see `carryStaff`. */
  readonly disabled: number;
  /** `currency`: the training shop's prices are in another one; `unreadable`: nothing more could be read. */
  readonly problem: 'currency' | 'unreadable' | null;
}

/**
 * Takes over what can be taken, people too where the prices can't. Never fails: the shop stands already, and what did not
 * come along is said and can be typed.
 *
 * @param from the training database's file
 * @param staff takes its people over
 */
export async function carryOver({
  from,
  ledger,
  by,
  currency,
  staff,
  onFault = () => undefined
}: {
  readonly from: string;
  readonly ledger: Ledger;
  readonly by: string;
  readonly currency: string;
  readonly staff: (
    training: Ledger
  ) => Promise<{ readonly people: number; readonly disabled: readonly string[] }>;
  /** The cause, for the log. */
  readonly onFault?: (cause: unknown) => void;
}): Promise<CarriedOver> {
  let people = 0;
  let disabled: readonly string[] = [];
  let products = 0;
  let problem: CarriedOver['problem'] = null;
  try {
    const training = await openLedger({ path: from, now: () => Date.now() });
    try {
      ({ people, disabled } = await staff(training));
      const carried = await carryProducts({ training, ledger, by, currency });
      if (typeof carried === 'number') products = carried;
      else problem = carried;
    } finally {
      await training.close();
    }
  } catch (cause) {
    onFault(cause);
    problem = 'unreadable';
  }
  const whoIsDisabled = disabled.length === 0 ? '' : `, of them disabled: ${disabled.join(', ')}`;
  await ledger.transaction((trx) =>
    appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: 'shop',
      subject_id: 'shop',
      what: 'shop_changed',
      actor: by,
      message: `From training: ${products} products, ${people} people${whoIsDisabled}${problem === null ? '' : ` (${words[problem]})`}`
    })
  );
  return { products, people, disabled: disabled.length, problem };
}

const words = {
  currency: 'no products: its prices are in another currency',
  unreadable: 'its database could not be read to the end'
};

async function carryProducts({
  training,
  ledger,
  by,
  currency
}: {
  readonly training: Ledger;
  readonly ledger: Ledger;
  readonly by: string;
  readonly currency: string;
}): Promise<number | 'currency' | 'unreadable'> {
  const shop = await training.db.selectFrom('shop').selectAll().executeTakeFirst();
  if (shop?.currency !== currency) return 'currency';
  const categories = await training.db.selectFrom('categories').selectAll().execute();
  const rates = await training.db.selectFrom('tax_rates').selectAll().execute();
  const text = await exportProducts(training.db, { currency });
  await ledger.transaction(async (trx) => {
    // The scan limit, the day's start and own codes were chosen in training; what the form asked stays as it was typed.
    // What a PIN may give back begins anew: in training anybody may have raised it.
    const { day_starts_at_minute, one_scan_limit_minor, embedded_patterns } = shop;
    await trx
      .updateTable('shop')
      .set({ day_starts_at_minute, one_scan_limit_minor, embedded_patterns })
      .execute();
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
  return report.imported ? report.added : 'unreadable';
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
