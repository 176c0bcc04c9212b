/** What stands in the settings' fields, and the change that it means. */
import { parseMoney } from '$lib/money/typed-money';
import type { SaveShop, ShopSettings } from '$lib/wire/settings';
import type { Shop } from '$lib/wire/shop';
import { withoutSign, type MoneyFormat } from '../money-format';

export interface SettingsDraft {
  name: string;
  address: string;
  taxId: string;
  timeZone: string;
  /** `HH:MM` */
  dayStart: string;
  limit: string;
  refundLimit: string;
  keepDays: string;
  currency: string;
  taxMode: Shop['taxMode'];
  /** How the shop's own codes are built; decimals as a text that a list holds. */
  patterns: { layout: string; decimals: string }[];
}

export type SettingsField = 'name' | 'limit' | 'refundLimit' | 'dayStart' | 'patterns' | 'keepDays';

type Before = Pick<ShopSettings, 'shop' | 'refundPinLimitMinor' | 'keepDays'>;

export function draftOf({ shop, refundPinLimitMinor }: Omit<Before, 'keepDays'>): SettingsDraft {
  const { name, address, taxId, timeZone, dayStartsAtMinute, oneScanLimitMinor, currency, taxMode } = shop;
  const two = (count: number): string => String(count).padStart(2, '0');
  return {
    name,
    address,
    taxId,
    timeZone,
    dayStart: `${two(Math.floor(dayStartsAtMinute / 60))}:${two(dayStartsAtMinute % 60)}`,
    limit: withoutSign(oneScanLimitMinor, shop),
    refundLimit: withoutSign(refundPinLimitMinor, shop),
    keepDays: String(shop.journalKeepDays ?? ''),
    currency,
    taxMode,
    patterns: shop.embeddedPatterns.map(({ layout, decimals }) => ({ layout, decimals: String(decimals) }))
  };
}

export type SettingsRead =
  | { readonly ok: true; readonly change: SaveShop }
  | { readonly ok: false; readonly wrong: readonly SettingsField[] };

export type Pattern = Shop['embeddedPatterns'][number];

/** A draft's pattern as it would be saved. */
export function patternOf({ layout, decimals }: SettingsDraft['patterns'][number]): Pattern {
  return { layout: layout.trim().toUpperCase(), decimals: Number(decimals) };
}

/**
 * Only what differs from the shop as it was read: what somebody else changed meanwhile stays.
 *
 * @param isPattern  whether a code pattern can work
 */
export function readSettings(
  draft: SettingsDraft,
  { shop, refundPinLimitMinor, keepDays: may }: Before,
  isPattern: (pattern: Pattern) => boolean
): SettingsRead {
  const format: MoneyFormat = { currency: draft.currency, locale: shop.locale };
  const limit = parseMoney({ text: draft.limit, ...format });
  const refundLimit = parseMoney({ text: draft.refundLimit, ...format });
  const start = /^([01]\d|2[0-3]):([0-5]\d)/.exec(draft.dayStart);
  const wrong: SettingsField[] = [];
  if (draft.name.trim() === '') wrong.push('name');
  if (!limit.ok || limit.amountMinor < 0) wrong.push('limit');
  if (!refundLimit.ok || refundLimit.amountMinor < 0) wrong.push('refundLimit');
  if (start === null) wrong.push('dayStart');
  const patterns = draft.patterns.map(patternOf);
  if (!patterns.every(isPattern)) wrong.push('patterns');
  const keepDays = Number(draft.keepDays);
  if (!Number.isInteger(keepDays) || keepDays < may.from || keepDays > may.to) wrong.push('keepDays');
  if (wrong.length > 0 || !limit.ok || !refundLimit.ok || start === null) return { ok: false, wrong };
  const wanted: Required<SaveShop> = {
    name: draft.name.trim(),
    address: draft.address.trim(),
    taxId: draft.taxId.trim(),
    timeZone: draft.timeZone,
    dayStartsAtMinute: Number(start[1]) * 60 + Number(start[2]),
    oneScanLimitMinor: limit.amountMinor,
    refundPinLimitMinor: refundLimit.amountMinor,
    journalKeepDays: keepDays,
    currency: draft.currency,
    taxMode: draft.taxMode,
    embeddedPatterns: patterns
  };
  const change: SaveShop = {
    ...(wanted.name === shop.name ? {} : { name: wanted.name }),
    ...(wanted.address === shop.address ? {} : { address: wanted.address }),
    ...(wanted.taxId === shop.taxId ? {} : { taxId: wanted.taxId }),
    ...(wanted.timeZone === shop.timeZone ? {} : { timeZone: wanted.timeZone }),
    ...(wanted.dayStartsAtMinute === shop.dayStartsAtMinute
      ? {}
      : { dayStartsAtMinute: wanted.dayStartsAtMinute }),
    ...(wanted.oneScanLimitMinor === shop.oneScanLimitMinor
      ? {}
      : { oneScanLimitMinor: wanted.oneScanLimitMinor }),
    ...(wanted.refundPinLimitMinor === refundPinLimitMinor
      ? {}
      : { refundPinLimitMinor: wanted.refundPinLimitMinor }),
    ...(wanted.journalKeepDays === shop.journalKeepDays ? {} : { journalKeepDays: wanted.journalKeepDays }),
    ...(wanted.currency === shop.currency ? {} : { currency: wanted.currency }),
    ...(wanted.taxMode === shop.taxMode ? {} : { taxMode: wanted.taxMode }),
    ...(JSON.stringify(patterns) === JSON.stringify(shop.embeddedPatterns)
      ? {}
      : { embeddedPatterns: patterns })
  };
  return { ok: true, change };
}
