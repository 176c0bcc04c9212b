import { json } from '@sveltejs/kit';
import { readOpenAttempts, viewNow } from '$lib/server/payments/read-attempts';
import { senderOf } from '$lib/server/payments/sender';
import { problem, readBody } from '$lib/server/problem';
import { requestPaymentSchema } from '$lib/wire/payments';
import type { RequestHandler } from './$types';

/** Asks for money once; answers when the attempt is written down, not when it is paid. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const sender = senderOf(locals);
  if (sender === null) return problem({ code: 'register_unknown' });
  const body = await readBody({ request, schema: requestPaymentSchema });
  if (!body.ok) return body.response;
  const result = await locals.app.payments.request({ sender, request: body.value });
  if (!result.ok) return problem(result);
  return json(await viewNow(locals.app, result.row), { status: 202 });
};

/** `?open=1`: what this register has open, as the ledger knows it. */
export const GET: RequestHandler = async ({ locals }) => {
  const sender = senderOf(locals);
  if (sender === null) return problem({ code: 'register_unknown' });
  const attempts = await readOpenAttempts({ ...locals.app, registerId: sender.registerId });
  return json({ attempts });
};
