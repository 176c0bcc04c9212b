import { json } from '@sveltejs/kit';
import { addNow } from '$lib/server/catalogue/add-now';
import { readCatalogueProduct } from '$lib/server/catalogue/catalogue';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { problem, readBody } from '$lib/server/problem';
import { addNowSchema } from '$lib/wire/products';
import type { RequestHandler } from './$types';

/** "Add it now": what a register scanned and nobody knew becomes a product, to be tidied later. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: addNowSchema });
  if (!body.ok) return body.response;
  const { ledger } = app;
  const result = await addNow({ ledger, by: staff.name, request: body.value });
  if (!result.ok) return problem(result);
  if (result.added) tellCatalogue(app.payments);
  const product = await readCatalogueProduct(ledger.db, result.productId);
  if (product === null) return problem({ code: 'not_found' });
  return json({ product, added: result.added }, { status: result.added ? 201 : 200 });
};
