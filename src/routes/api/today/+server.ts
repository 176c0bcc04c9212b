import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { problem } from '$lib/server/problem';
import { readToday, readTodayVersion } from '$lib/server/reports/today';
import { readWeek } from '$lib/server/reports/week';
import { businessDaySchema } from '$lib/wire/basics';
import type { RequestHandler } from './$types';

/** The 31st of February has the form of a day and is none. */
const calendarDaySchema = v.pipe(
  businessDaySchema,
  v.check((day) => {
    const noon = new Date(`${day}T12:00:00Z`);
    return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(day);
  })
);
const querySchema = v.object({
  day: v.optional(calendarDaySchema),
  span: v.optional(v.picklist(['day', 'week']), 'day')
});

/** `?day=`: a business day, the running one where left out; `304` while nothing changed. `?span=week`: the seven days that end with it, in figures. */
export const GET: RequestHandler = async ({ url, locals, request }) => {
  const query = v.safeParse(querySchema, Object.fromEntries(url.searchParams));
  if (!query.success) {
    return problem({
      code: 'bad_request',
      detail: 'A day is written as 2026-11-23. No money moved. Choose a day of the calendar.'
    });
  }
  const { day, span } = query.output;
  const { ledger, payments } = locals.app;
  if (span === 'week') return json(await readWeek({ ledger, day }));
  const wanted = { ledger, timing: payments.timing, day };
  const headers = { etag: `"${await readTodayVersion(wanted)}"`, 'cache-control': 'private, no-cache' };
  // A proxy that compresses may have weakened the tag.
  const known = request.headers.get('if-none-match')?.replace(/^W\//, '');
  if (known === headers.etag) return new Response(null, { status: 304, headers });
  return json(await readToday(wanted), { headers });
};
