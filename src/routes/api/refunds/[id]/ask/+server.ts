import { json } from '@sveltejs/kit';
import { viewRefund } from '$lib/server/payments/views';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** "Ask now" and "Try again now": the same refund, never a second one. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { ledger, payments } = locals.app;
  const row = await payments.askRefundNow({ refundId: params.id });
  if (row === null) return problem({ code: 'not_found' });
  return json(viewRefund({ row, now: ledger.nowMs() }), { status: 202 });
};
