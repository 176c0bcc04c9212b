/** Hours and weeks by the shop's own clock, where a day may have 23 or 25 hours. */
import { TZDateMini } from '@date-fns/tz';
import { businessDaySpan, shiftDay, type DayRule, type DaySpan } from '$lib/order/business-day';

const minuteMs = 60_000;
/** Clocks differ from UTC by whole quarters of an hour everywhere, so a quarter lies in one hour only. */
export const quarterMs = 15 * minuteMs;

/** An hour of a business day: its name on the clock and its place in the day, both from 0. */
export interface ShopHour {
  /** 0 to 23. */
  readonly hour: number;
  /** 0 is the hour in which the day begins; hours after midnight come last. */
  readonly place: number;
}

/** The hour of the shop's clock in which an instant lies. An hour that the clock repeats is one hour. */
export function shopHourOf({ atMs, rule }: { readonly atMs: number; readonly rule: DayRule }): ShopHour {
  const local = new TZDateMini(atMs, rule.timeZone);
  const hour = local.getHours();
  const first = Math.floor(rule.dayStartsAtMinute / 60);
  // A day that begins at 4:30 ends within an hour named 4 too: that one is its last.
  const isRest = hour === first && local.getMinutes() < rule.dayStartsAtMinute % 60;
  return { hour, place: isRest ? 24 : (hour - first + 24) % 24 };
}

/**
 * The same weekday a week before `day`, up to the time of the clock that it is now; the whole of it where `day` is over.
 *
 * @returns the day, its whole span, and the instant to compare up to
 */
export function weekBefore({
  day,
  nowMs,
  rule
}: {
  readonly day: string;
  readonly nowMs: number;
  readonly rule: DayRule;
}): { readonly day: string; readonly span: DaySpan; readonly untilMs: number } {
  const before = shiftDay(day, -7);
  const span = businessDaySpan({ day: before, ...rule });
  if (nowMs >= businessDaySpan({ day, ...rule }).endMs) return { day: before, span, untilMs: span.endMs };
  const now = new TZDateMini(nowMs, rule.timeZone);
  const then = new TZDateMini(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() - 7,
    now.getHours(),
    now.getMinutes(),
    now.getSeconds(),
    rule.timeZone
  ).getTime();
  return { day: before, span, untilMs: Math.min(Math.max(then, span.startMs), span.endMs) };
}
