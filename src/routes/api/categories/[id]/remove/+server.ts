import { json } from '@sveltejs/kit';
import { readGroups } from '$lib/server/catalogue/read-products';
import { tellCatalogue } from '$lib/server/catalogue/tell-catalogue';
import { removeGroup } from '$lib/server/catalogue/write-groups';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

/** Removes a category that no product has. */
export const POST: RequestHandler = async ({ params, locals }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const { ledger } = app;
  const removed = await removeGroup({ ledger, by: staff.name, kind: 'category', id: params.id });
  if (!removed.ok) return problem(removed);
  tellCatalogue(app.payments);
  return json(await readGroups(ledger.db));
};
