import { json } from '@sveltejs/kit';
import { viewAttempt } from '$lib/server/payments/views';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Asks the gateway at once. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { ledger, payments } = locals.app;
  const row = await payments.askNow({ attemptId: params.id });
  if (row === null) return problem({ code: 'not_found' });
  return json(viewAttempt({ row, now: ledger.nowMs(), timing: payments.timing }), { status: 202 });
};
