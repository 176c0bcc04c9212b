import { json } from '@sveltejs/kit';
import { viewNow } from '$lib/server/payments/read-attempts';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Asks the gateway at once. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { payments } = locals.app;
  const row = await payments.askNow({ attemptId: params.id });
  if (row === null) return problem({ code: 'not_found' });
  return json(await viewNow(locals.app, row), { status: 202 });
};
