import { json } from '@sveltejs/kit';
import { personProblem } from '$lib/server/identity/person-problem';
import { proveOwn } from '$lib/server/identity/prove-own';
import { problem, readBody } from '$lib/server/problem';
import { changePersonSchema } from '$lib/wire/people';
import type { RequestHandler } from './$types';

/** Changes one thing about somebody. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  if (locals.staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: changePersonSchema });
  if (!body.ok) return body.response;
  const result = await locals.app.identity.people.change({
    staffId: params.id,
    change: body.value,
    by: locals.staff,
    prove: proveOwn({ locals, ownPassword: 'ownPassword' in body.value ? body.value.ownPassword : undefined })
  });
  return result.ok ? json(result.person) : problem(personProblem(result));
};
