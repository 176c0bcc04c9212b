import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { problem } from '$lib/server/problem';
import { readToday } from '$lib/server/reports/today';
import { readWeek } from '$lib/server/reports/week';
import { businessDaySchema } from '$lib/wire/basics';
import type { RequestHandler } from './$types';

const querySchema = v.object({
  day: v.optional(businessDaySchema),
  span: v.optional(v.picklist(['day', 'week']), 'day')
});

/** `?day=`: a business day, the running one where left out. `?span=week`: the seven days that end with it, in figures. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const query = v.safeParse(querySchema, Object.fromEntries(url.searchParams));
  if (!query.success) {
    return problem({
      code: 'bad_request',
      detail: 'A day is written as 2026-11-23. No money moved. Choose a day of the calendar.'
    });
  }
  const { day, span } = query.output;
  const { ledger, payments } = locals.app;
  return span === 'week'
    ? json(await readWeek({ ledger, day }))
    : json(await readToday({ ledger, timing: payments.timing, day }));
};
