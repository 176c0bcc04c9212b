import { json } from '@sveltejs/kit';
import { returnTender } from '$lib/server/cash/return-tender';
import { problem, readBody } from '$lib/server/problem';
import { returnTenderSchema } from '$lib/wire/cash';
import type { RequestHandler } from './$types';

/** Gives back what an order was paid in cash or on another machine, confirmed by the password. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff, register } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: returnTenderSchema });
  if (!body.ok) return body.response;
  const result = await returnTender({
    ledger: app.ledger,
    directory: app.identity.staff,
    staff,
    registerId: register?.registerId ?? null,
    request: body.value
  });
  if (!result.ok) return problem(result);
  app.payments.changes.happened({ kind: 'order', id: result.orderId, version: null });
  return json({ returnId: body.value.returnId });
};
