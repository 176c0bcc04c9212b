import { text } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** The gateway's notifications. Its signature is its pass; the answer is `success` after the commit, never before. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const rawBody = await request.text();
  const contentType = request.headers.get('content-type');
  const result = await locals.app.payments.receiveWebhook({ rawBody, contentType });
  if (result.ok) return text('success');
  return problem({ code: 'bad_request', detail: `This notification was refused: ${result.reason}.` });
};
