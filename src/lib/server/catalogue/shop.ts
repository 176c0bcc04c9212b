/** The shop's one row: its name, money, time and tax. */
import { currencyExponent } from '$lib/money/currency';
import type { Ledger, LedgerConnection } from '$lib/server/ledger/ledger';
import { embeddedPatternSchema, type Shop } from '$lib/wire/shop';
import * as v from 'valibot';

/** Up to so much a refund is confirmed by PIN in a new shop, in whole units of its currency. */
const usualRefundPinLimitMajor = 50;

/** The shop, or null before it was set up. */
export async function readShop({ ledger }: { readonly ledger: Ledger }): Promise<Shop | null> {
  const row = await ledger.db.selectFrom('shop').selectAll().executeTakeFirst();
  if (row === undefined) return null;
  return {
    name: row.name,
    address: row.address,
    taxId: row.tax_id,
    currency: row.currency,
    timeZone: row.time_zone,
    dayStartsAtMinute: row.day_starts_at_minute,
    taxMode: row.tax_mode,
    locale: row.locale,
    oneScanLimitMinor: row.one_scan_limit_minor,
    embeddedPatterns: readPatterns(row.embedded_patterns),
    journalKeepDays: row.journal_keep_days
  };
}

/** As they are stored: checked when they were saved. */
export function readPatterns(stored: string): Shop['embeddedPatterns'] {
  return v.parse(v.array(embeddedPatternSchema), JSON.parse(stored));
}

/**
 * Stores the shop once.
 *
 * @returns false where there is one already: it is left as it is
 */
export async function storeShop({
  db,
  shop
}: {
  readonly db: LedgerConnection;
  readonly shop: Shop;
}): Promise<boolean> {
  const stored = await db
    .insertInto('shop')
    .values({
      id: 1,
      name: shop.name,
      address: shop.address,
      tax_id: shop.taxId,
      currency: shop.currency,
      time_zone: shop.timeZone,
      day_starts_at_minute: shop.dayStartsAtMinute,
      tax_mode: shop.taxMode,
      locale: shop.locale,
      one_scan_limit_minor: shop.oneScanLimitMinor,
      refund_pin_limit_minor: usualRefundPinLimitMajor * 10 ** currencyExponent(shop.currency),
      embedded_patterns: JSON.stringify(shop.embeddedPatterns),
      ...(shop.journalKeepDays === undefined ? {} : { journal_keep_days: shop.journalKeepDays })
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return stored !== undefined;
}
