import { json } from '@sveltejs/kit';
import { problem, readBody } from '$lib/server/problem';
import { readReconciliations } from '$lib/server/reports/read-reconciliations';
import { startReconciliationSchema } from '$lib/wire/desk';
import type { RequestHandler } from './$types';

/** The last checks of days against the gateway, newest first. */
export const GET: RequestHandler = async ({ locals }) =>
  json({ reconciliations: await readReconciliations({ ledger: locals.app.ledger }) });

/** Checks a day; answers with the check that runs. Two presses are one check. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: startReconciliationSchema });
  if (!body.ok) return body.response;
  try {
    const row = await app.payments.startReconciliation({ day: body.value.day, by: staff.name });
    const [started] = await readReconciliations({ ledger: app.ledger, id: Number(row.id) });
    return json(started, { status: 202 });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return problem({
      code: 'bad_request',
      detail: 'A day is written as 2026-11-23. No money moved. Choose a day of the calendar.'
    });
  }
};
