import { json } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** No browser can be this register any more. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const { registerBook } = app.identity;
  const done = await registerBook.retire({ registerId: params.id, by: staff.name });
  return done
    ? json({ registers: await registerBook.list() })
    : problem({ code: 'not_found', detail: 'There is no such register, or it was retired before.' });
};
