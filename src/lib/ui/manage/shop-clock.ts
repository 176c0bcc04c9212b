/** Times and days as the shop's clock and calendar show them, wherever the screen stands. */
import { m } from '$lib/i18n/generated/messages.js';

export interface ShopClock {
  /** BCP 47. */
  readonly locale: string;
  /** IANA zone. */
  readonly timeZone: string;
}

/** "10:42", or "10:42 AM" where the shop's country writes it so: at the till, in the office and on receipts alike. */
export function timeText(at: Date, { locale, timeZone }: ShopClock): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(at);
}

/** "10:42:07": for a timeline, where seconds matter. */
export function exactTimeText(at: Date, { locale, timeZone }: ShopClock): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(at);
}

/** The hour of the shop's day, 0 to 23. */
export function hourOf(at: Date, { timeZone }: Pick<ShopClock, 'timeZone'>): number {
  return Number(new Intl.DateTimeFormat('en', { hour: 'numeric', hourCycle: 'h23', timeZone }).format(at));
}

/** "Mon, Nov 23" of a day written `YYYY-MM-DD`. */
export function dayText(day: string, { locale }: Pick<ShopClock, 'locale'>): string {
  return formatDay(day, locale, { weekday: 'short', day: 'numeric', month: 'short' });
}

/** "Monday" of a day written `YYYY-MM-DD`. */
export function weekdayText(day: string, { locale }: Pick<ShopClock, 'locale'>): string {
  return formatDay(day, locale, { weekday: 'long' });
}

/** "10:42" today, "Yesterday 10:42", else day and time. */
export function momentText(at: Date, now: Date, clock: ShopClock): string {
  const time = timeText(at, clock);
  const day = calendarDay(at, clock.timeZone);
  if (day === calendarDay(now, clock.timeZone)) return time;
  if (day === calendarDay(new Date(now.getTime() - 86_400_000), clock.timeZone)) {
    return m.refund_yesterday({ time });
  }
  return `${dayText(day, clock)}, ${time}`;
}

function formatDay(day: string, locale: string, parts: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`));
}

/** `YYYY-MM-DD`: how Sweden writes it. */
function calendarDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
}
