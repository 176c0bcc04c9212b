import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The clock and the gateway, for a register that opens. */
export const GET: RequestHandler = async ({ locals }) =>
  json(await locals.app.opening(), { headers: { 'cache-control': 'no-store' } });
