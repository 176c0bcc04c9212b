import { exportProducts } from '$lib/server/catalogue/import/export-products';
import { readShop } from '$lib/server/catalogue/shop';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** All products as a CSV file that the import takes back. */
export const GET: RequestHandler = async ({ locals }) => {
  const { ledger } = locals.app;
  const shop = await readShop({ ledger });
  if (shop === null) return problem({ code: 'not_found' });
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: shop.timeZone }).format(ledger.nowMs());
  return new Response(await exportProducts(ledger.db, { currency: shop.currency }), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="products-${day}.csv"`
    }
  });
};
