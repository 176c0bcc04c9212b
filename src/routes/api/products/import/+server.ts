import { json } from '@sveltejs/kit';
import { importProducts } from '$lib/server/catalogue/import/import-products';
import { readShop } from '$lib/server/catalogue/shop';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { problem, readBody } from '$lib/server/problem';
import { importProductsSchema } from '$lib/wire/product-import';
import type { RequestHandler } from './$types';

/** Imports a list of products, all or nothing; with `dryRun` only says what would happen. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: importProductsSchema });
  if (!body.ok) return body.response;
  const { ledger } = app;
  const shop = await readShop({ ledger });
  if (shop === null) return problem({ code: 'not_found' });
  const report = await importProducts({
    ledger,
    by: staff.name,
    currency: shop.currency,
    request: body.value
  });
  if (report.imported) tellCatalogue(app.payments);
  return json(report);
};
