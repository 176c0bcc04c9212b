import { json } from '@sveltejs/kit';
import { readAttempt } from '$lib/server/payments/read-attempts';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** `?after=<version>&waitMs=`: answers when the attempt changed, or the wait is over. */
export const GET: RequestHandler = async ({ params, url, locals, request }) => {
  const after = url.searchParams.get('after');
  const attempt = await readAttempt({
    ...locals.app,
    id: params.id,
    after: after === null ? null : wholeNumber(after),
    waitMs: wholeNumber(url.searchParams.get('waitMs') ?? '0'),
    signal: request.signal
  });
  return attempt === null ? problem({ code: 'not_found' }) : json(attempt);
};

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
