/**
 * The shop's own day: it begins at a minute of the wall clock in the shop's zone, often after midnight, so that a bar's
 * night is one day. Days are compared by their instants, so that a clock change can't put a sale into two days or none.
 */
import { TZDateMini } from '@date-fns/tz';

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
  const { year, month, date } = partsOf(day);
  return textOf(new Date(Date.UTC(year, month - 1, date + days)));
}

function startOf(day: string, { timeZone, dayStartsAtMinute }: DayRule): number {
  const { year, month, date } = partsOf(day);
  return new TZDateMini(
    year,
    month - 1,
    date,
    Math.floor(dayStartsAtMinute / 60),
    dayStartsAtMinute % 60,
    timeZone
  ).getTime();
}

/** A calendar date has no zone: UTC counts its days, because no clock changes there. */
function partsOf(day: string): { readonly year: number; readonly month: number; readonly date: number } {
  const [year, month, date] = /^\d{4}-\d{2}-\d{2}$/.test(day) ? day.split('-').map(Number) : [];
  const known = year !== undefined && month !== undefined && date !== undefined;
  // 30 February would become 2 March
  if (!known || year < 100 || textOf(new Date(Date.UTC(year, month - 1, date))) !== day) {
    throw new RangeError(`Not a day of the calendar: ${JSON.stringify(day)}.`);
  }
  return { year, month, date };
}

function textOf(utc: Date): string {
  return dayText(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
}

function dayText(year: number, month: number, date: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
