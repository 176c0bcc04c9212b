import { json } from '@sveltejs/kit';
import { readCatalogue } from '$lib/server/catalogue/catalogue';
import { readCatalogueVersion } from '$lib/server/catalogue/catalogue-version';
import { readShop } from '$lib/server/catalogue/shop';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** The whole catalogue; `304` where the register has this version. */
export const GET: RequestHandler = async ({ request, locals }) => {
  const { ledger } = locals.app;
  const shop = await readShop({ ledger });
  if (shop === null) return problem({ code: 'not_found' });
  // A proxy that compresses may have weakened the tag.
  const known = request.headers.get('if-none-match')?.replace(/^W\//, '');
  const version = await readCatalogueVersion(ledger.db);
  if (known === `"${version}"`) return new Response(null, { status: 304, headers: headersOf(version) });
  const catalogue = await readCatalogue({ ledger, currency: shop.currency });
  return json(catalogue, { headers: headersOf(catalogue.version) });
};

function headersOf(version: string): { etag: string; 'cache-control': string } {
  return { etag: `"${version}"`, 'cache-control': 'private, no-cache' };
}
