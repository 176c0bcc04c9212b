import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { readProduct, readProducts } from '$lib/server/catalogue/read-products';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { addProduct } from '$lib/server/catalogue/write-product';
import { problem, readBody } from '$lib/server/problem';
import { newProductSchema, productShows, productSorts } from '$lib/wire/products';
import type { RequestHandler } from './$types';

const questionSchema = v.object({
  text: v.pipe(v.string(), v.maxLength(100)),
  show: v.picklist(productShows),
  categoryId: v.nullable(v.string()),
  sort: v.picklist(productSorts),
  descending: v.boolean(),
  page: v.pipe(v.number(), v.integer(), v.minValue(1))
});

/** One page of the products, found and sorted. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const asked = url.searchParams;
  const question = v.safeParse(questionSchema, {
    text: asked.get('text') ?? '',
    show: asked.get('show') ?? 'sold',
    categoryId: asked.get('category'),
    sort: asked.get('sort') ?? 'position',
    descending: asked.get('descending') === '1',
    page: Number(asked.get('page') ?? 1)
  });
  if (!question.success) return problem({ code: 'bad_request' });
  return json(await readProducts(locals.app.ledger.db, question.output));
};

/** Adds a product. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: newProductSchema });
  if (!body.ok) return body.response;
  const { ledger } = app;
  const written = await addProduct({ ledger, by: staff.name, request: body.value });
  if (!written.ok) return problem(written);
  if (written.changed) tellCatalogue(app.payments);
  return json(await readProduct(ledger.db, written.productId), { status: written.changed ? 201 : 200 });
};
