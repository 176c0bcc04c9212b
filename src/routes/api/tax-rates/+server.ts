import { json } from '@sveltejs/kit';
import { readGroups } from '$lib/server/catalogue/read-products';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { saveTaxRate } from '$lib/server/catalogue/write-groups';
import { problem, readBody } from '$lib/server/problem';
import { saveTaxRateSchema } from '$lib/wire/products';
import type { RequestHandler } from './$types';

/** Adds a tax rate, or changes the one with this id. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: saveTaxRateSchema });
  if (!body.ok) return body.response;
  const { ledger } = app;
  const saved = await saveTaxRate({ ledger, by: staff.name, request: body.value });
  if (!saved.ok) return problem(saved);
  tellCatalogue(app.payments);
  return json(await readGroups(ledger.db));
};
