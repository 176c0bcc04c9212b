import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { viewNow } from '$lib/server/payments/read-attempts';
import { senderOf } from '$lib/server/payments/sender';
import { problem, readBody } from '$lib/server/problem';
import { idSchema } from '$lib/wire/basics';
import { voidPaymentSchema } from '$lib/wire/payments';
import type { RequestHandler } from './$types';

/** Shuts an attempt that may never have arrived; answers with the attempt as it stands if it had. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const sender = senderOf(locals);
  if (sender === null) return problem({ code: 'register_unknown' });
  const id = v.safeParse(idSchema, params.id);
  if (!id.success) return problem({ code: 'bad_request' });
  const body = await readBody({ request, schema: voidPaymentSchema });
  if (!body.ok) return body.response;
  const { payments } = locals.app;
  const row = await payments.giveUp({ sender, attemptId: id.output, orderId: body.value.orderId });
  return json(await viewNow(locals.app, row));
};
