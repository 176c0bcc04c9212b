import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { keepOrder } from '$lib/server/orders/keep-order';
import { senderOf } from '$lib/server/payments/sender';
import { problem, readBody } from '$lib/server/problem';
import { findOrders } from '$lib/server/reports/find-orders';
import { storeOrderSchema } from '$lib/wire/orders';
import type { RequestHandler } from './$types';

const numberSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64));

/** `?number=`: orders by any number that a shopper can show. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const number = v.safeParse(numberSchema, url.searchParams.get('number'));
  if (!number.success) {
    return problem({
      code: 'bad_request',
      detail: 'A number has 1 to 64 characters. No money moved. Scan the receipt or type its number.'
    });
  }
  return json({ orders: await findOrders({ db: locals.app.ledger.db, number: number.output }) });
};

/** Stores an order that needs no gateway. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const sender = senderOf(locals);
  if (sender === null) return problem({ code: 'register_unknown' });
  const body = await readBody({ request, schema: storeOrderSchema });
  if (!body.ok) return body.response;
  const result = await keepOrder({ ledger: locals.app.ledger, sender, request: body.value });
  if (!result.ok) return problem(result);
  locals.app.payments.changes.happened({ kind: 'order', id: result.row.id, version: null });
  return json({ orderId: result.row.id, revision: result.row.revision, number: result.row.number });
};
