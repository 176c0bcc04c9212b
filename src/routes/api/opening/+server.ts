import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The clock and the gateway's last word, for a register that opens. */
export const GET: RequestHandler = ({ locals }) =>
  json(locals.app.health.opening(), { headers: { 'cache-control': 'no-store' } });
