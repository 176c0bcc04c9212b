import { text } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** The gateway's notifications. Its signature is its pass; the answer is `success` after the commit, never before. */
export const POST: RequestHandler = async ({ request, locals, getClientAddress }) => {
  const rawBody = await request.text();
  const contentType = request.headers.get('content-type');
  const result = await locals.app.notifications.receive({
    rawBody,
    contentType,
    address: getClientAddress()
  });
  if (result.ok) return text('success');
  const detail = `This notification was refused: ${result.reason}. No money moved.`;
  if (result.waitMs === 0) return problem({ code: 'bad_request', detail });
  const seconds = Math.ceil(result.waitMs / 1000);
  return problem({
    code: 'too_many_tries',
    detail: `${detail} Too many such came from this address. Try again later.`,
    extra: { seconds },
    headers: { 'retry-after': String(seconds) }
  });
};
