import { json } from '@sveltejs/kit';
import { viewNow } from '$lib/server/payments/read-attempts';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** A cashier's wish to stop: taken at once, carried out by the contract's timing. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { payments } = locals.app;
  const row = await payments.stopPayment({ attemptId: params.id, staffName: locals.staff?.name ?? '' });
  if (row === null) return problem({ code: 'not_found' });
  return json(await viewNow(locals.app, row), { status: 202 });
};
