import { json } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import { readRefund } from '$lib/server/reports/read-refund';
import type { RequestHandler } from './$types';

/** `?after=<version>&waitMs=`: answers when the refund changed, or the wait is over. */
export const GET: RequestHandler = async ({ params, url, locals, request }) => {
  const after = url.searchParams.get('after');
  const refund = await readRefund({
    ledger: locals.app.ledger,
    payments: locals.app.payments,
    refundId: params.id,
    after: after === null ? null : wholeNumber(after),
    waitMs: wholeNumber(url.searchParams.get('waitMs') ?? '0'),
    signal: request.signal
  });
  return refund === null ? problem({ code: 'not_found' }) : json(refund);
};

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
