import { json } from '@sveltejs/kit';
import { readDesk } from '$lib/server/desk/read-desk';
import type { RequestHandler } from './$types';

/** What needs a person, and the payments that are still asked about beyond the counter's minute. */
export const GET: RequestHandler = async ({ locals }) => {
  const { ledger, payments } = locals.app;
  return json(await readDesk({ ledger, timing: payments.timing }));
};
