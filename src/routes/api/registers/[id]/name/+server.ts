import { json } from '@sveltejs/kit';
import { problem, readBody } from '$lib/server/problem';
import { registerNameSchema } from '$lib/wire/registers';
import type { RequestHandler } from './$types';

/** Another name; the code in front of its orders' numbers stays. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: registerNameSchema });
  if (!body.ok) return body.response;
  const { registerBook } = app.identity;
  const done = await registerBook.rename({ registerId: params.id, name: body.value.name, by: staff.name });
  return done
    ? json({ registers: await registerBook.list() })
    : problem({
        code: 'not_found',
        detail: 'There is no such register, or it was retired. Nothing was changed.'
      });
};
