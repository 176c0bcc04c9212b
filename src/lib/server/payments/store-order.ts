/**
 * Stores a register's order: its events are folded here again, with the server's own prices (money rule 11).
 * The caller's transaction holds the order's row until it ends, so that two requests for one order stand in line.
 */
import type { Insertable } from 'kysely';
import { canonicalJson } from '$lib/chain/canonical-json';
import type { PricedProduct } from '$lib/order/adding';
import { isNamedOffline, type OrderEvent } from '$lib/order/events';
import { foldOrder, type Order } from '$lib/order/order';
import { repriceEvents } from '$lib/order/reprice';
import { summariseOrder } from '$lib/order/summary';
import { tenderedMinor } from '$lib/order/tenders';
import { computeTotals } from '$lib/order/totals';
import type { ProblemCode } from '$lib/wire/problems';
import type { Ledger, LedgerConnection, LedgerTransaction } from '../ledger/ledger';
import type { OrdersTable } from '../ledger/schema';
import { appendEvent } from './change-attempt';
import { counterDay } from './counter-time';
import { keepTenders } from './keep-tenders';
import type { OrderRow } from './parts';

/** Who sends it, as the session and the register's token say: never as the body says. */
export interface Sender {
  readonly staffId: string;
  readonly staffName: string;
  readonly registerId: string;
  readonly registerCode: string;
  readonly registerEpoch: number;
  /** How far the register's clock is ahead of the ledger's, in milliseconds; left out where nobody knows. */
  readonly aheadMs?: number | undefined;
}

export interface Refusal {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extra?: Record<string, unknown>;
}

export type Stored = { readonly ok: true; readonly row: OrderRow; readonly order: Order };

export function refuse(code: ProblemCode, detail: string, extra?: Record<string, unknown>): Refusal {
  return extra === undefined ? { ok: false, code, detail } : { ok: false, code, detail, extra };
}

class RefusedInside extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/**
 * A transaction whose refusal leaves nothing behind: what it had written is rolled back. Its work looks first for what it
 * may have committed before, so that it is run again where a commit's answer was lost.
 */
export async function allOrNothing<T extends { readonly ok: true }>(
  ledger: Ledger,
  work: (trx: LedgerTransaction) => Promise<T | Refusal>
): Promise<T | Refusal> {
  try {
    return await ledger.transaction(
      async (trx) => {
        const result = await work(trx);
        if (!result.ok) throw new RefusedInside(result);
        return result;
      },
      { repeatable: true }
    );
  } catch (error) {
    if (error instanceof RefusedInside) return error.refusal;
    throw error;
  }
}

/**
 * Folds, prices and stores an order as it stands at `revision`.
 *
 * @param options.prices `current`: a stale price is refused, before wallet money moves. `as_sold`: cash that lies in the
 *   drawer was paid at the price that the register showed; a stale one is only written down.
 */
export async function storeOrder(options: {
  prices?: 'current' | 'as_sold';
  trx: LedgerTransaction;
  sender: Sender;
  orderId: string;
  revision: number;
  events: readonly OrderEvent[];
  now: number;
}): Promise<Stored | Refusal> {
  const { trx, sender, orderId, revision, events, now, prices = 'current' } = options;
  const opened = events[0];
  if (opened?.kind !== 'order_opened' || opened.orderId !== orderId || revision !== events.length) {
    return refuse(
      'bad_request',
      'The order is not complete. No money moved. Reload this page and try again.'
    );
  }
  const belongs =
    opened.registerId === sender.registerId &&
    opened.epoch <= sender.registerEpoch &&
    isNumberOf({ number: opened.number, code: sender.registerCode, epoch: opened.epoch });
  if (!belongs) {
    return refuse(
      'register_unknown',
      'This order belongs to another register. No money moved. Sell it there.'
    );
  }
  const shop = await trx.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
  if (opened.currency !== shop.currency || opened.taxMode !== shop.tax_mode) {
    return refuse(
      'bad_request',
      "The order is not in the shop's currency or tax mode. No money moved. Reload this page."
    );
  }
  const before = await trx
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  const text = JSON.stringify(events);
  if (before !== undefined && !continues(before.events, events)) {
    return refuse(
      'order_conflict',
      'This order was changed elsewhere since. No money moved. Open it again from the list of orders.',
      { revision: before.revision }
    );
  }
  const asSold = prices === 'as_sold' && events.some(isTender);
  const priced = await priceEvents(trx, events);
  if (!priced.ok && !asSold) return priced;
  const folded = foldOrder(asSold || !priced.ok ? events : priced.events);
  if (!folded.ok) {
    return refuse(
      'bad_request',
      `The order can't be read at step ${folded.at + 1} (${folded.reason}). No money moved. Start a new order.`
    );
  }
  const { order } = folded;
  const totals = computeTotals(order);
  const stale = !priced.ok || priced.changed;
  if (stale && !asSold) {
    return refuse(
      'price_changed',
      'A price has changed since this page was opened. No money moved. Check the new total.',
      {
        totalMinor: totals.totalMinor
      }
    );
  }
  const values: Insertable<OrdersTable> = {
    id: orderId,
    number: opened.number,
    register_id: sender.registerId,
    register_code: sender.registerCode,
    epoch: opened.epoch,
    staff_id: sender.staffId,
    staff_name: sender.staffName,
    business_day: counterDay({ at: opened.at, now, aheadMs: sender.aheadMs, shop }),
    revision,
    events: text,
    total_minor: totals.totalMinor,
    tax_minor: totals.taxMinor,
    currency: shop.currency,
    what: summariseOrder({ order }),
    given_free: order.givenFree ? 1 : 0,
    cleared: order.cleared ? 1 : 0,
    tendered_minor: tenderedMinor(order),
    named_offline: isNamedOffline(events) ? 1 : 0,
    received_at_ms: now,
    updated_at_ms: now
  };
  if (before === undefined) {
    const taken = await trx
      .selectFrom('orders')
      .select('id')
      .where('number', '=', opened.number)
      // This very order may have been stored since it was looked for; then its insert below is run again as a change.
      .where('id', '!=', orderId)
      .executeTakeFirst();
    if (taken !== undefined) {
      return refuse(
        'order_conflict',
        `The number ${opened.number} belongs to another order. No money moved. Enrol this register again.`
      );
    }
    const row = await trx.insertInto('orders').values(values).returningAll().executeTakeFirstOrThrow();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'order',
      subject_id: orderId,
      order_id: orderId,
      what: 'order_received',
      actor: sender.staffName,
      amount_minor: totals.totalMinor
    });
    return keepMoney(row);
  }
  const {
    business_day: _day,
    received_at_ms: _received,
    staff_id: _id,
    staff_name: _name,
    ...changed
  } = values;
  const row = await trx
    .updateTable('orders')
    .set(changed)
    .where('id', '=', orderId)
    .returningAll()
    .executeTakeFirstOrThrow();
  return keepMoney(row);

  async function keepMoney(row: OrderRow): Promise<Stored | Refusal> {
    const kept = await keepTenders({
      trx,
      row,
      events,
      registerId: sender.registerId,
      shop,
      now,
      aheadMs: sender.aheadMs
    });
    if (!kept.ok) {
      return refuse(
        'order_conflict',
        'This money was written down for another order already. Nothing was changed. Ask a manager to look.'
      );
    }
    if (stale && kept.fresh > 0) {
      await appendEvent(trx, {
        at_ms: now,
        subject: 'order',
        subject_id: orderId,
        order_id: orderId,
        what: 'sold_at_older_price',
        actor: sender.staffName,
        amount_minor: row.total_minor
      });
    }
    return { ok: true, row, order };
  }
}

function isTender({ kind }: OrderEvent): boolean {
  return kind === 'cash_tendered' || kind === 'card_tendered';
}

/** The server's own reading of stored events: what was charged and what a receipt shows. */
export async function readOrder(
  db: LedgerConnection,
  row: OrderRow
): Promise<{ order: Order; events: OrderEvent[] }> {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- written by storeOrder from checked events
  const events = JSON.parse(row.events) as OrderEvent[];
  const folded = foldOrder(events);
  if (!folded.ok) throw new Error(`stored order ${row.id} can't be folded at ${folded.at}: ${folded.reason}`);
  return { order: folded.order, events };
}

/** `T1-0042`, from the second epoch `T1.2-0042`: the whole prefix, because `T10-0042` is another register's. */
function isNumberOf(options: { number: string; code: string; epoch: number }): boolean {
  const { number, code, epoch } = options;
  const prefix = epoch > 1 ? `${code}.${epoch}-` : `${code}-`;
  return number.startsWith(prefix) && /^\d{4,}$/.test(number.slice(prefix.length));
}

/** True when the stored events are the beginning of the new ones. */
function continues(stored: string, events: readonly OrderEvent[]): boolean {
  const before: unknown = JSON.parse(stored);
  if (!Array.isArray(before)) return false;
  if (before.length > events.length) return false;
  // By content: the same event may have been written down by another version, with its fields in another order.
  return before.every((event: unknown, index) => canonicalJson(event) === canonicalJson(events[index]));
}

type Priced = { readonly ok: true; readonly events: readonly OrderEvent[]; readonly changed: boolean };

async function priceEvents(trx: LedgerTransaction, events: readonly OrderEvent[]): Promise<Priced | Refusal> {
  const ids = new Set(events.flatMap((event) => (event.kind === 'line_added' ? [event.productId] : [])));
  const prices = await currentPrices(trx, [...ids]);
  const rates = new Map(
    (await trx.selectFrom('tax_rates').select(['id', 'rate_ppm']).execute()).map((rate) => [
      rate.id,
      rate.rate_ppm
    ])
  );
  const repriced = repriceEvents({
    events,
    priceOf: (productId) => prices.get(productId) ?? null,
    taxRatePpmOf: (taxRateId) => rates.get(taxRateId) ?? null
  });
  if (!repriced.ok) {
    return refuse(
      'bad_request',
      'A product on this order is not in the catalogue. No money moved. Remove it and reload this page.',
      {
        lineId: repriced.lineId
      }
    );
  }
  return { ok: true, events: repriced.events, changed: repriced.changedLineIds.length > 0 };
}

async function currentPrices(
  trx: LedgerTransaction,
  productIds: readonly string[]
): Promise<Map<string, PricedProduct>> {
  if (productIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('products')
    .innerJoin('price_versions', 'price_versions.product_id', 'products.id')
    .innerJoin('tax_rates', 'tax_rates.id', 'products.tax_rate_id')
    .where('products.id', 'in', productIds)
    .orderBy('price_versions.version', 'asc')
    .select([
      'products.id',
      'products.name',
      'products.tax_rate_id',
      'tax_rates.rate_ppm',
      'price_versions.id as price_version_id',
      'price_versions.price_minor'
    ])
    .execute();
  // In order of version: the last one set is the current price.
  return new Map(
    rows.map((row) => [
      row.id,
      {
        productId: row.id,
        priceVersionId: row.price_version_id,
        name: row.name,
        unitPriceMinor: row.price_minor,
        taxRateId: row.tax_rate_id,
        taxRatePpm: row.rate_ppm
      }
    ])
  );
}
