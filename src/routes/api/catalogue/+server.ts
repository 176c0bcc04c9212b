import { json } from '@sveltejs/kit';
import { readCatalogue } from '$lib/server/catalogue/catalogue';
import { readCatalogueVersion } from '$lib/server/catalogue/catalogue-version';
import { packedCatalogue, takesGzip } from '$lib/server/catalogue/packed-catalogue';
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
  const { currency } = shop;
  if (!takesGzip(request.headers.get('accept-encoding'))) {
    const catalogue = await readCatalogue({ ledger, currency });
    return json(catalogue, { headers: headersOf(catalogue.version) });
  }
  const packed = await packedCatalogue({ ledger, currency, version });
  return new Response(packed.bytes, {
    headers: {
      ...headersOf(packed.version),
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': String(packed.bytes.length)
    }
  });
};

function headersOf(version: string): Readonly<Record<'etag' | 'cache-control' | 'vary', string>> {
  return { etag: `"${version}"`, 'cache-control': 'private, no-cache', vary: 'accept-encoding' };
}
