import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Asks the gateway about a number that no payment has: it moves nothing. */
export const POST: RequestHandler = async ({ locals }) => json(await locals.app.checkConnection());
