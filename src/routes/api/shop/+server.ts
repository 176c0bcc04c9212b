import { json } from '@sveltejs/kit';
import { readShopSettings, saveShop } from '$lib/server/catalogue/shop-settings';
import { proveOwn } from '$lib/server/identity/prove-own';
import { problem, readBody } from '$lib/server/problem';
import { saveShopSchema } from '$lib/wire/settings';
import type { RequestHandler } from './$types';

/** The settings, with what can't be changed any more. */
export const GET: RequestHandler = async ({ locals }) => answer(locals.app);

/** Changes what is given; every register hears of it. */
export const POST: RequestHandler = async ({ request: asked, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request: asked, schema: saveShopSchema });
  if (!body.ok) return body.response;
  const { ownPassword, ...request } = body.value;
  const saved = await saveShop({
    ledger: app.ledger,
    by: staff,
    request,
    prove: proveOwn({ locals, ownPassword })
  });
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
