/**
 * The shop's own day: it begins at a minute of the wall clock in the shop's zone, often after midnight, so that a bar's
 * night is one day. Days are compared by their instants, so that a clock change can't put a sale into two days or none.
 */
import { TZDateMini } from '@date-fns/tz';
import { addDays, format, parse } from 'date-fns';

export interface DayRule {
  /** IANA zone, `Europe/Berlin`. */
  readonly timeZone: string;
  /** Minutes after midnight, 0 to 1439. */
  readonly dayStartsAtMinute: number;
}

/** From `startMs` on, up to but not with `endMs`; milliseconds since 1970. */
export interface DaySpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The business day that an instant belongs to.
 *
 * @param atMs milliseconds since 1970.
 * @returns `YYYY-MM-DD`.
 */
export function businessDayOf({
  atMs,
  timeZone,
  dayStartsAtMinute
}: DayRule & { readonly atMs: number }): string {
  const local = new TZDateMini(atMs, timeZone);
  const date = dayText(local.getFullYear(), local.getMonth() + 1, local.getDate());
  const rule = { timeZone, dayStartsAtMinute };
  return atMs < startOf(date, rule) ? shiftDay(date, -1) : date;
}

/**
 * A business day's first instant and the one after its last. 23 or 25 hours long where the clock changes.
 *
 * @param day `YYYY-MM-DD`.
 * @throws RangeError when it is no day of the calendar.
 */
export function businessDaySpan({ day, ...rule }: DayRule & { readonly day: string }): DaySpan {
  return { startMs: startOf(day, rule), endMs: startOf(shiftDay(day, 1), rule) };
}

/**
 * The day so many days later (or earlier).
 *
 * @param day `YYYY-MM-DD`.
 * @throws RangeError when it is no day of the calendar.
 */
export function shiftDay(day: string, days: number): string {
  return format(addDays(parseDay(day), days), 'yyyy-MM-dd');
}

function startOf(day: string, { timeZone, dayStartsAtMinute }: DayRule): number {
  const date = parseDay(day);
  return new TZDateMini(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    Math.floor(dayStartsAtMinute / 60),
    dayStartsAtMinute % 60,
    timeZone
  ).getTime();
}

/** Noon of the machine's own zone: a calendar date, safe from any zone's changes around midnight. */
function parseDay(day: string): Date {
  const date = parse(`${day} 12`, 'yyyy-MM-dd HH', new Date(0));
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(date.getTime())) {
    throw new RangeError(`Not a day of the calendar: ${JSON.stringify(day)}.`);
  }
  return date;
}

function dayText(year: number, month: number, date: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
