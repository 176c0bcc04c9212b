import { json } from '@sveltejs/kit';
import { problem } from '$lib/server/problem';
import { readOrderDetail } from '$lib/server/reports/order-detail';
import type { RequestHandler } from './$types';

/** One order with its payments, refunds and timeline. */
export const GET: RequestHandler = async ({ params, locals }) => {
  const { ledger, payments } = locals.app;
  const detail = await readOrderDetail({ ledger, timing: payments.timing, orderId: params.id });
  if (detail !== null) return json(detail);
  return problem({
    code: 'not_found',
    detail: 'There is no such order here. No money moved. Find it again by its number.'
  });
};
