import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { businessDayOf } from '$lib/order/business-day';
import { readShop } from '$lib/server/catalogue/shop';
import { problem } from '$lib/server/problem';
import { compareRegisters } from '$lib/server/reports/compare-registers';
import { businessDaySchema } from '$lib/wire/basics';
import type { RequestHandler } from './$types';

/** `?day=`: a day's wallet payments by register, as journal, ledger and wallet have them. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const { ledger } = locals.app;
  const asked = v.safeParse(v.nullable(businessDaySchema), url.searchParams.get('day'));
  const shop = await readShop({ ledger });
  if (!asked.success || shop === null) return noDay();
  const rule = { timeZone: shop.timeZone, dayStartsAtMinute: shop.dayStartsAtMinute };
  const day = asked.output ?? businessDayOf({ atMs: ledger.nowMs(), ...rule });
  try {
    return json(await compareRegisters({ ledger, day }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return noDay();
  }
};

function noDay(): Response {
  return problem({
    code: 'bad_request',
    detail: 'A day is written as 2026-11-23. No money moved. Choose a day of the calendar.'
  });
}
