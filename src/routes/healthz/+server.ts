import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Whether this server can take money; 503 where it can't. Says nothing that a stranger may not know. */
export const GET: RequestHandler = async ({ locals }) => {
  const health = await locals.app.health.read();
  return json(health, {
    status: health.status === 'down' ? 503 : 200,
    headers: { 'cache-control': 'no-store' }
  });
};
