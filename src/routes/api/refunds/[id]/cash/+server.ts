import { json } from '@sveltejs/kit';
import { viewRefund } from '$lib/server/payments/views';
import { problem, readBody } from '$lib/server/problem';
import { giveBackInCash } from '$lib/server/reports/give-back';
import { payRefundInCashSchema } from '$lib/wire/refunds';
import type { RequestHandler } from './$types';

/** Pays a refund that failed out of the drawer, confirmed by password or PIN. */
export const POST: RequestHandler = async ({ request, params, locals }) => {
  const { app, staff, sessionId, register } = locals;
  if (staff === null || sessionId === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: payRefundInCashSchema });
  if (!body.ok) return body.response;
  const { ledger, payments, identity } = app;
  const result = await giveBackInCash({
    ledger,
    payments,
    stepUps: identity.stepUps,
    from: { staff, sessionId, register },
    refundId: params.id,
    request: body.value
  });
  if (!result.ok) return problem(result);
  return json(viewRefund({ row: result.row, now: ledger.nowMs() }));
};
