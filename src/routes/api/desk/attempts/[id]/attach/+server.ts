import { json } from '@sveltejs/kit';
import { viewAttempt } from '$lib/server/payments/views';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Attaches late money to its order, once the wallet has said again that it is here. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const { ledger, payments } = app;
  const result = await payments.attachLateMoney({
    staff: { staffId: staff.staffId, staffName: staff.name },
    attemptId: params.id
  });
  if (!result.ok) return problem(result);
  return json(viewAttempt({ row: result.row, now: ledger.nowMs(), timing: payments.timing }));
};
