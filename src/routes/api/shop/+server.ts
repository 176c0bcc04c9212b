import { json } from '@sveltejs/kit';
import { readShopSettings, saveShop } from '$lib/server/catalogue/shop-settings';
import { problem, readBody } from '$lib/server/problem';
import { saveShopSchema } from '$lib/wire/settings';
import type { RequestHandler } from './$types';

/** The settings, with what can't be changed any more. */
export const GET: RequestHandler = async ({ locals }) => answer(locals.app);

/** Changes what is given; every register hears of it. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: saveShopSchema });
  if (!body.ok) return body.response;
  const saved = await saveShop({ ledger: app.ledger, by: staff.name, request: body.value });
  if (!saved.ok) return problem(saved);
  if (saved.changed) app.payments.changes.happened({ kind: 'shop', id: 'shop', version: null });
  return answer(app);
};

async function answer({ ledger }: App.Locals['app']): Promise<Response> {
  const settings = await readShopSettings({ ledger });
  return settings === null
    ? problem({ code: 'not_found', detail: 'This shop is not set up yet.' })
    : json(settings);
}
