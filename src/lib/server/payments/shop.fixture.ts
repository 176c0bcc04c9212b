/** A small shop for tests: a ledger in memory, two products, and orders that a register would send. */
import { randomBytes } from 'node:crypto';
import type { OrderEvent } from '$lib/order/events';
import type { RequestPayment } from '$lib/wire/payments';
import { Kysely } from 'kysely';
import { bringUpToDate, ledgerOver, openLedger, type Ledger, type LedgerDb } from '../ledger/ledger';
import type { LedgerTables } from '../ledger/schema';
import { openSqlite, sqliteDialect } from '../ledger/sqlite';
import type { Sender } from './store-order';

export const sender: Sender = {
  staffId: 'staff-1',
  staffName: 'Rosa Marin',
  registerId: 'register-1',
  registerCode: 'T1',
  registerEpoch: 1
};

export function newId(): string {
  return randomBytes(16).toString('hex');
}

export async function openShopLedger(options: { path?: string; now?: () => number } = {}): Promise<Ledger> {
  const { path = ':memory:', now = Date.now } = options;
  if (path !== ':memory:' || !copying) {
    const ledger = await openLedger({ path, now });
    await seedShop(ledger.db);
    return ledger;
  }
  const database = openSqlite({ path });
  database.deserialize(await (template ??= makeTemplate()));
  return ledgerOver(new Kysely<LedgerTables>({ dialect: sqliteDialect(database) }), { path, now });
}

/**
 * From here on every ledger is opened by `openLedger`, also one in memory: where a suite puts another database in SQLite's
 * place, a copy would lie in SQLite all the same.
 */
export function copyNoLedger(): void {
  copying = false;
}

let copying = true;
/** A shop's database in memory: every test begins with a copy, which is much quicker than every migration again. */
let template: Promise<Uint8Array> | undefined;

async function makeTemplate(): Promise<Uint8Array> {
  const database = openSqlite({ path: ':memory:' });
  const db = new Kysely<LedgerTables>({ dialect: sqliteDialect(database) });
  await bringUpToDate(db, ':memory:');
  await seedShop(db);
  const made = database.serialize();
  await db.destroy();
  return made;
}

/** The shop and its two products, in an empty ledger. */
export async function seedShop(db: LedgerDb): Promise<void> {
  await db
    .insertInto('shop')
    .values({
      id: 1,
      name: 'Corner & Co',
      address: '',
      tax_id: '',
      currency: 'USD',
      time_zone: 'Europe/Berlin',
      day_starts_at_minute: 240,
      tax_mode: 'included',
      locale: 'en-US',
      one_scan_limit_minor: 5000
    })
    .execute();
  await db.insertInto('tax_rates').values({ id: 'standard', name: '10 %', rate_ppm: 100_000 }).execute();
  await db
    .insertInto('categories')
    .values({ id: 'coffee', name: 'Coffee', colour: '#000000', position: 1 })
    .execute();
  for (const [position, [id, price]] of [
    ['americano', 320],
    ['croissant', 290]
  ].entries() as IterableIterator<[number, [string, number]]>) {
    await db
      .insertInto('products')
      .values({
        id,
        name: id,
        category_id: 'coffee',
        tax_rate_id: 'standard',
        position,
        active: 1,
        pinned: 0,
        sold_out: 0,
        minimum_age: null
      })
      .execute();
    await db
      .insertInto('price_versions')
      .values({ id: `${id}-1`, product_id: id, price_minor: price, valid_from_ms: 0, version: 1 })
      .execute();
  }
}

let numbers = 0;

/** An order of one Americano (3.20) and two croissants (5.80): 9.00. */
export function orderEvents(options: { orderId?: string; unitPriceMinor?: number } = {}): {
  orderId: string;
  events: OrderEvent[];
} {
  const orderId = options.orderId ?? newId();
  numbers += 1;
  const at = '2026-11-23T10:42:00.000Z';
  const by = { staffId: sender.staffId, name: sender.staffName };
  const line = { taxRateId: 'standard', taxRatePpm: 100_000 };
  return {
    orderId,
    events: [
      {
        kind: 'order_opened',
        at,
        by,
        orderId,
        number: `T1-${String(numbers).padStart(4, '0')}`,
        registerId: sender.registerId,
        epoch: 1,
        currency: 'USD',
        taxMode: 'included'
      },
      {
        kind: 'line_added',
        at,
        by,
        ...line,
        lineId: newId(),
        productId: 'americano',
        priceVersionId: 'americano-1',
        name: 'americano',
        unitPriceMinor: options.unitPriceMinor ?? 320,
        quantity: 1
      },
      {
        kind: 'line_added',
        at,
        by,
        ...line,
        lineId: newId(),
        productId: 'croissant',
        priceVersionId: 'croissant-1',
        name: 'croissant',
        unitPriceMinor: 290,
        quantity: 2
      }
    ]
  };
}

/** A request for the whole of such an order; `ends` are the last two digits of the payment code. */
export function paymentRequest(options: {
  ends: string;
  order?: { orderId: string; events: OrderEvent[] };
  attemptId?: string;
  amountMinor?: number;
}): RequestPayment {
  const order = options.order ?? orderEvents();
  const digits = BigInt(`0x${newId()}`).toString().slice(0, 14).padStart(14, '7');
  return {
    attemptId: options.attemptId ?? newId(),
    orderId: order.orderId,
    revision: order.events.length,
    amountMinor: options.amountMinor ?? 900,
    currency: 'USD',
    paymentCode: `28${digits}${options.ends}`,
    events: order.events
  };
}
