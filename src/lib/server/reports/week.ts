/** Seven business days in figures. */
import { businessDayOf, businessDaySpan, shiftDay } from '$lib/order/business-day';
import type { Week } from '$lib/wire/week';
import type { Ledger } from '../ledger/ledger';
import { readFigures, readRefunds, readShopDay } from './today';

const daysShown = 7;

/**
 * The seven business days that end with `day`, newest first, each counted as `readToday` counts it.
 *
 * @param day `YYYY-MM-DD`; the running business day where left out
 * @throws RangeError when it is no day of the calendar
 */
export async function readWeek({
  ledger,
  day
}: {
  readonly ledger: Ledger;
  readonly day?: string | undefined;
}): Promise<Week> {
  const { db } = ledger;
  const { currency, rule } = await readShopDay({ db });
  const last = day ?? businessDayOf({ atMs: ledger.nowMs(), ...rule });
  const days: Week['days'] = [];
  for (let back = 0; back < daysShown; back += 1) {
    const one = shiftDay(last, -back);
    const figures = await readFigures({ db, span: businessDaySpan({ day: one, ...rule }) });
    days.push({ day: one, ...figures, ...(await readRefunds({ db, day: one })) });
  }
  return { currency, days };
}
