import { json } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Whom this register may ask for a PIN. Also while nobody is signed in: its own cookie says that it is one. */
export const GET: RequestHandler = async ({ url, locals }) => {
  if (locals.register === null) return problem({ code: 'register_unknown' });
  const leastRole = url.searchParams.get('role') === 'manager' ? 'manager' : 'cashier';
  const people = await locals.app.identity.staff.withPin({ leastRole });
  return json({ people: people.map(({ staffId, name, pinSetAtMs }) => ({ staffId, name, pinSetAtMs })) });
};
