import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { amountToProve } from '$lib/server/reports/give-back';
import { problem } from '$lib/server/problem';
import { idSchema } from '$lib/wire/basics';
import type { RequestHandler } from './$types';

const amountSchema = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/),
  v.transform(Number),
  v.safeInteger(),
  v.minValue(1)
);

const askedSchema = v.object({ amountMinor: amountSchema, attemptId: idSchema });

/** What a refund of this amount has to be confirmed by, in this session, now. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const { app, staff, sessionId, register } = locals;
  if (staff === null || sessionId === null) return problem({ code: 'not_signed_in' });
  const asked = v.safeParse(askedSchema, Object.fromEntries(url.searchParams));
  if (!asked.success) return problem({ code: 'bad_request' });
  const needs = await app.identity.stepUps.needs({
    staff,
    sessionId,
    register,
    amountMinor: await amountToProve({ ledger: app.ledger, staff, wanted: asked.output }),
    leastRole: 'admin'
  });
  return json({ needs });
};
