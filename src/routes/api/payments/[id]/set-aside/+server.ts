import { json } from '@sveltejs/kit';
import { pinProblem } from '$lib/server/identity/pin-problem';
import { viewAttempt } from '$lib/server/payments/views';
import { problem, readBody } from '$lib/server/problem';
import { takeOverSchema } from '$lib/wire/people';
import type { RequestHandler } from './$types';

const why =
  'Cash is taken while the wallet has not answered. If the wallet payment comes too, it must be given back.';

/**
 * A manager lets the order be paid in cash though this payment is not confirmed (money rule 13), by PIN at the register.
 * The payment is asked about as before; should it come too, that is a task with the refund ready.
 */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { app, staff, register } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  if (register === null) return problem({ code: 'register_unknown' });
  const body = await readBody({ request, schema: takeOverSchema });
  if (!body.ok) return body.response;
  const { ledger, payments, identity } = app;
  const check = await identity.staff.verifyPin({
    ...body.value,
    registerId: register.registerId,
    leastRole: 'manager'
  });
  if (!check.ok) return pinProblem(check);
  const result = await payments.writeResolution({
    staff: { staffId: check.staff.staffId, staffName: check.staff.name },
    attemptId: params.id,
    request: { resolution: 'not_charged', why }
  });
  if (!result.ok) return problem(result);
  return json(viewAttempt({ row: result.row, now: ledger.nowMs(), timing: payments.timing }));
};
