import { json } from '@sveltejs/kit';
import { viewAttempt } from '$lib/server/payments/views';
import { problem, readBody } from '$lib/server/problem';
import { resolveAttemptSchema } from '$lib/wire/desk';
import type { RequestHandler } from './$types';

/** A manager's written word about an open payment. It changes no payment: asking goes on. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: resolveAttemptSchema });
  if (!body.ok) return body.response;
  const { ledger, payments } = app;
  const result = await payments.writeResolution({
    staff: { staffId: staff.staffId, staffName: staff.name },
    attemptId: params.id,
    request: body.value
  });
  if (!result.ok) return problem(result);
  return json(viewAttempt({ row: result.row, now: ledger.nowMs(), timing: payments.timing }));
};
