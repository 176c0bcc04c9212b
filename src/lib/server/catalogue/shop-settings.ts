/** Reads and changes the shop's settings. Every change is one event with its name and both values. */
import { patternProblem } from '$lib/catalogue/weighed';
import { fewestKeepDays, mostKeepDays } from '$lib/chain/keep-days';
import { isCurrency } from '$lib/money/currency';
import type { Ledger, LedgerConnection } from '$lib/server/ledger/ledger';
import type { SaveShop, ShopSettings } from '$lib/wire/settings';
import type { Staff } from '$lib/wire/shop';
import type { ProveOwn } from '../identity/people';
import { appendEvent } from '../payments/change-attempt';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';
import { readPatterns, readShop } from './shop';
import { isTimeZone } from './time-zone';

const shownChanges = 10;

/** The settings with what can't be changed any more and who changed what; null before the shop was set up. */
export async function readShopSettings({
  ledger
}: {
  readonly ledger: Ledger;
}): Promise<ShopSettings | null> {
  const shop = await readShop({ ledger });
  if (shop === null) return null;
  const { refund_pin_limit_minor } = await ledger.db
    .selectFrom('shop')
    .select('refund_pin_limit_minor')
    .executeTakeFirstOrThrow();
  const events = await ledger.db
    .selectFrom('events')
    .select(['at_ms', 'actor', 'message'])
    .where('subject', '=', 'shop')
    .where('what', '=', 'shop_changed')
    .orderBy('id', 'desc')
    .limit(shownChanges)
    .execute();
  return {
    shop,
    refundPinLimitMinor: refund_pin_limit_minor,
    fixed: await readFixed(ledger.db),
    keepDays: { from: fewestKeepDays, to: mostKeepDays },
    changes: events.map(({ at_ms, actor, message }) => ({
      at: new Date(at_ms).toISOString(),
      by: actor,
      what: message ?? ''
    }))
  };
}

export type ShopSaved = { readonly ok: true; readonly changed: boolean };

/**
 * Changes what is given and differs; nothing of it where one part can't be. To raise what a PIN is good for needs the
 * admin's own password.
 *
 * @param prove called only where it is needed
 */
export async function saveShop({
  ledger,
  by,
  request,
  prove
}: {
  readonly ledger: Ledger;
  readonly by: Pick<Staff, 'staffId' | 'name'>;
  readonly request: SaveShop;
  readonly prove: ProveOwn;
}): Promise<ShopSaved | Refusal> {
  if (request.timeZone !== undefined && !isTimeZone(request.timeZone)) {
    return refuse(
      'bad_request',
      `There is no time zone “${request.timeZone}”. Nothing was saved. Choose one, such as Europe/Berlin.`
    );
  }
  if (request.currency !== undefined && !isCurrency(request.currency)) {
    return refuse('bad_request', `There is no currency “${request.currency}”. Nothing was saved.`);
  }
  const wrong = request.embeddedPatterns?.find((pattern) => patternProblem(pattern) !== null);
  if (wrong !== undefined) {
    return refuse(
      'bad_request',
      `The code pattern “${wrong.layout}” with ${wrong.decimals} decimals can’t work. Nothing was saved. A pattern has 13 characters, such as 21IIIIIWWWWWC.`
    );
  }
  const proof = raisesPinLimit(request, await readPinLimit(ledger.db)) ? await prove() : null;
  if (proof !== null && !proof.ok) {
    if (proof.code !== 'proof_needed') await noteNotProved({ ledger, by, why: proof.code });
    return proof;
  }
  return allOrNothing(ledger, async (trx) => {
    const row = await trx.selectFrom('shop').selectAll().forUpdate().executeTakeFirst();
    if (row === undefined) return refuse('not_found', 'This shop is not set up yet. Nothing was saved.');
    if (proof === null && raisesPinLimit(request, row.refund_pin_limit_minor)) {
      // Somebody lowered it since it was looked at.
      return refuse(
        'proof_needed',
        'Nothing was changed yet: this needs your password. Type it, then send it again.'
      );
    }
    const before = {
      name: row.name,
      address: row.address,
      taxId: row.tax_id,
      timeZone: row.time_zone,
      dayStartsAtMinute: row.day_starts_at_minute,
      oneScanLimitMinor: row.one_scan_limit_minor,
      refundPinLimitMinor: row.refund_pin_limit_minor,
      journalKeepDays: row.journal_keep_days,
      currency: row.currency,
      taxMode: row.tax_mode,
      embeddedPatterns: readPatterns(row.embedded_patterns)
    } satisfies AllSettings;
    const changed = fields.filter(
      (field) => request[field] !== undefined && shown(field, request[field]) !== shown(field, before[field])
    );
    if (changed.length === 0) return { ok: true, changed: false };
    const fixed = await readFixed(trx);
    if (fixed.currency && changed.includes('currency')) {
      return refuse(
        'setting_fixed',
        'Prices and orders are in the shop’s currency already, so it stays as it is. Nothing was saved.'
      );
    }
    if (fixed.taxMode && changed.includes('taxMode')) {
      return refuse(
        'setting_fixed',
        'Orders were sold with the tax this way already, so it stays as it is. Nothing was saved.'
      );
    }
    const after: AllSettings = {
      name: request.name ?? before.name,
      address: request.address ?? before.address,
      taxId: request.taxId ?? before.taxId,
      timeZone: request.timeZone ?? before.timeZone,
      dayStartsAtMinute: request.dayStartsAtMinute ?? before.dayStartsAtMinute,
      oneScanLimitMinor: request.oneScanLimitMinor ?? before.oneScanLimitMinor,
      refundPinLimitMinor: request.refundPinLimitMinor ?? before.refundPinLimitMinor,
      journalKeepDays: request.journalKeepDays ?? before.journalKeepDays,
      currency: request.currency ?? before.currency,
      taxMode: request.taxMode ?? before.taxMode,
      embeddedPatterns: request.embeddedPatterns ?? before.embeddedPatterns
    };
    await trx
      .updateTable('shop')
      .set({
        name: after.name,
        address: after.address,
        tax_id: after.taxId,
        time_zone: after.timeZone,
        day_starts_at_minute: after.dayStartsAtMinute,
        one_scan_limit_minor: after.oneScanLimitMinor,
        refund_pin_limit_minor: after.refundPinLimitMinor,
        journal_keep_days: after.journalKeepDays,
        currency: after.currency,
        tax_mode: after.taxMode,
        embedded_patterns: JSON.stringify(after.embeddedPatterns)
      })
      .execute();
    for (const field of changed) {
      await appendEvent(trx, {
        at_ms: ledger.nowMs(),
        subject: 'shop',
        subject_id: 'shop',
        what: 'shop_changed',
        actor: by.name,
        message: `${words[field]}: ${shown(field, before[field])} → ${shown(field, after[field])}`
      });
    }
    return { ok: true, changed: true };
  });
}

function raisesPinLimit({ refundPinLimitMinor }: SaveShop, nowMinor: number): boolean {
  return refundPinLimitMinor !== undefined && refundPinLimitMinor > nowMinor;
}

async function readPinLimit(db: LedgerConnection): Promise<number> {
  const row = await db.selectFrom('shop').select('refund_pin_limit_minor').executeTakeFirst();
  return row?.refund_pin_limit_minor ?? 0;
}

async function noteNotProved({
  ledger,
  by,
  why
}: {
  readonly ledger: Ledger;
  readonly by: Pick<Staff, 'staffId' | 'name'>;
  readonly why: string;
}): Promise<void> {
  await ledger.transaction((trx) =>
    appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: 'staff',
      subject_id: by.staffId,
      what: 'shop_change_not_confirmed',
      actor: by.name,
      message: why
    })
  );
}

/** The same fields, none of them missing. */
type AllSettings = { readonly [Field in keyof SaveShop]-?: NonNullable<SaveShop[Field]> };

const words: Record<keyof SaveShop, string> = {
  name: 'Name',
  address: 'Address',
  taxId: 'Tax number',
  timeZone: 'Time zone',
  dayStartsAtMinute: 'Start of the day',
  oneScanLimitMinor: 'One-scan limit, in the smallest coin',
  refundPinLimitMinor: 'Refunds by PIN up to, in the smallest coin',
  journalKeepDays: 'Days that tills keep their journals',
  currency: 'Currency',
  taxMode: 'Prices, tax',
  embeddedPatterns: 'Weight and price labels'
};
const fields: readonly (keyof SaveShop)[] = [
  'name',
  'address',
  'taxId',
  'timeZone',
  'dayStartsAtMinute',
  'oneScanLimitMinor',
  'refundPinLimitMinor',
  'journalKeepDays',
  'currency',
  'taxMode',
  'embeddedPatterns'
];

function shown(field: keyof SaveShop, value: NonNullable<SaveShop[keyof SaveShop]>): string {
  if (typeof value === 'object')
    return value.map(({ layout, decimals }) => `${layout} (${decimals})`).join(', ') || '(none)';
  if (field === 'dayStartsAtMinute' && typeof value === 'number') {
    return `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`;
  }
  return value === '' ? '(empty)' : String(value);
}

async function readFixed(db: LedgerConnection): Promise<ShopSettings['fixed']> {
  const order = await db.selectFrom('orders').select('id').limit(1).executeTakeFirst();
  const price = await db.selectFrom('price_versions').select('id').limit(1).executeTakeFirst();
  return { currency: order !== undefined || price !== undefined, taxMode: order !== undefined };
}
