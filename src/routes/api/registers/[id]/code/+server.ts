import { json } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** A one-time code with which a browser becomes this register anew. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const made = await app.identity.registerBook.makeCode({ registerId: params.id, by: staff.name });
  return made === null
    ? problem({
        code: 'not_found',
        detail: 'There is no such register, or it was retired. No code was made.'
      })
    : json(made, { status: 201 });
};
