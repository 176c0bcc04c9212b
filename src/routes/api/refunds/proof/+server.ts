import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { problem } from '$lib/server/problem';
import type { RequestHandler } from './$types';

const amountSchema = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/),
  v.transform(Number),
  v.safeInteger(),
  v.minValue(1)
);

/** What a refund of this amount has to be confirmed by, in this session, now. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const { app, staff, sessionId, register } = locals;
  if (staff === null || sessionId === null) return problem({ code: 'not_signed_in' });
  const amount = v.safeParse(amountSchema, url.searchParams.get('amountMinor'));
  if (!amount.success) return problem({ code: 'bad_request' });
  const needs = await app.identity.stepUps.needs({
    staff,
    sessionId,
    register,
    amountMinor: amount.output,
    leastRole: 'admin'
  });
  return json({ needs });
};
