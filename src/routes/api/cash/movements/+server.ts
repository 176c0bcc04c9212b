import { json } from '@sveltejs/kit';
import { moveCash } from '$lib/server/cash/move-cash';
import { senderOf } from '$lib/server/payments/sender';
import { problem, readBody } from '$lib/server/problem';
import { moveCashSchema } from '$lib/wire/cash';
import type { RequestHandler } from './$types';

/** Keeps cash that went into or out of this register's drawer without a sale. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const sender = senderOf(locals);
  if (sender === null) return problem({ code: 'register_unknown' });
  const body = await readBody({ request, schema: moveCashSchema });
  if (!body.ok) return body.response;
  const result = await moveCash({ ledger: locals.app.ledger, sender, request: body.value });
  if (!result.ok) return problem(result);
  return json({ movementId: body.value.movementId });
};
