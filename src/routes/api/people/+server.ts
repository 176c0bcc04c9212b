import { json } from '@sveltejs/kit';
import { personProblem } from '$lib/server/identity/person-problem';
import { proveOwn } from '$lib/server/identity/prove-own';
import { problem, readBody } from '$lib/server/problem';
import { addPersonSchema } from '$lib/wire/people';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) =>
  json({ people: await locals.app.identity.people.list() });

/** Adds somebody who can sign in. */
export const POST: RequestHandler = async ({ request, locals }) => {
  if (locals.staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: addPersonSchema });
  if (!body.ok) return body.response;
  const { ownPassword, ...person } = body.value;
  const result = await locals.app.identity.people.add({
    person,
    by: locals.staff,
    prove: proveOwn({ locals, ownPassword })
  });
  return result.ok ? json(result.person) : problem(personProblem(result));
};
