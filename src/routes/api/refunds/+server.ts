import { json } from '@sveltejs/kit';
import { viewRefund } from '$lib/server/payments/views';
import { problem, readBody } from '$lib/server/problem';
import { giveBack } from '$lib/server/reports/give-back';
import { requestRefundSchema } from '$lib/wire/refunds';
import type { RequestHandler } from './$types';

/** Gives money back, confirmed by password or PIN; answers when the refund is written down, not when it arrived. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff, sessionId, register } = locals;
  if (staff === null || sessionId === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: requestRefundSchema });
  if (!body.ok) return body.response;
  const { ledger, payments, identity } = app;
  const result = await giveBack({
    ledger,
    payments,
    stepUps: identity.stepUps,
    from: { staff, sessionId, register },
    request: body.value
  });
  if (!result.ok) return problem(result);
  return json(viewRefund({ row: result.row, now: ledger.nowMs() }), { status: 202 });
};
