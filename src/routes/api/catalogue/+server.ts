import { json } from '@sveltejs/kit';
import { readCatalogue } from '$lib/server/catalogue/catalogue';
import { readShop } from '$lib/server/catalogue/shop';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** The whole catalogue; `304` where the register has this version. */
export const GET: RequestHandler = async ({ request, locals }) => {
  const { ledger } = locals.app;
  const shop = await readShop({ ledger });
  if (shop === null) return problem({ code: 'not_found' });
  const catalogue = await readCatalogue({ ledger, currency: shop.currency });
  const headers = { etag: `"${catalogue.version}"`, 'cache-control': 'private, no-cache' };
  // A proxy that compresses may have weakened the tag.
  const known = request.headers.get('if-none-match')?.replace(/^W\//, '');
  if (known === headers.etag) return new Response(null, { status: 304, headers });
  return json(catalogue, { headers });
};
