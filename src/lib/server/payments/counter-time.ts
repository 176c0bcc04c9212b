/**
 * When something at a counter happened, and on which business day: the one answer for what a register sends, for what its
 * journal tells of the same, and for what is counted.
 */
import { businessDayOf } from '$lib/order/business-day';

/** How a shop's days are cut, as its row says it. */
export interface ShopDays {
  readonly time_zone: string;
  readonly day_starts_at_minute: number;
}

/** What a register says of a moment. */
export interface CounterMoment {
  readonly at: string;
  /** The ledger's clock. */
  readonly now: number;
  /** How far the register's clock is ahead of it; left out where nobody knows. */
  readonly aheadMs?: number | undefined;
}

/**
 * A register's clock is believed so far back: its journal may tell again what a restored server forgot months ago, and a
 * clock that lost its battery is years behind.
 */
const believedBackMs = 400 * 24 * 60 * 60 * 1000;

/**
 * By the register's clock, because it may have waited there for a network: less what that is ahead, and never later than
 * now. Now, where it is no time that can be.
 */
export function counterTimeMs({ at, now, aheadMs = 0 }: CounterMoment): number {
  const atMs = Date.parse(at) - aheadMs;
  return atMs <= now && atMs >= now - believedBackMs ? atMs : now;
}

/** The business day of that moment: cash lies in the drawer of the day on which it was taken. */
export function counterDay({ shop, ...moment }: CounterMoment & { readonly shop: ShopDays }): string {
  return shopDayOf({ atMs: counterTimeMs(moment), shop });
}

/** The business day of an instant of the ledger's clock. */
export function shopDayOf({ atMs, shop }: { readonly atMs: number; readonly shop: ShopDays }): string {
  return businessDayOf({ atMs, timeZone: shop.time_zone, dayStartsAtMinute: shop.day_starts_at_minute });
}
