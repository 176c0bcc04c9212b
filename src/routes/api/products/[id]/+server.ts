import { json } from '@sveltejs/kit';
import { readProduct } from '$lib/server/catalogue/read-products';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { changeProduct } from '$lib/server/catalogue/write-product';
import { problem, readBody } from '$lib/server/problem';
import { changeProductSchema } from '$lib/wire/products';
import type { RequestHandler } from './$types';

/** A product with the history of its price. */
export const GET: RequestHandler = async ({ params, locals }) => {
  const found = await readProduct(locals.app.ledger.db, params.id);
  return found === null
    ? problem({ code: 'not_found', detail: 'There is no such product. Go back to the list.' })
    : json(found);
};

/** Changes a product: what the body names. */
export const POST: RequestHandler = async ({ params, request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: changeProductSchema });
  if (!body.ok) return body.response;
  const { ledger } = app;
  const written = await changeProduct({ ledger, by: staff.name, productId: params.id, request: body.value });
  if (!written.ok) return problem(written);
  if (written.changed) tellCatalogue(app.payments);
  return json(await readProduct(ledger.db, written.productId));
};
