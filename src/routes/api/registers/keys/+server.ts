import { json } from '@sveltejs/kit';
import * as v from 'valibot';
import { createJournalKeys } from '$lib/server/journal/journal-keys';
import { problem, readBody } from '$lib/server/problem';
import { enrolJournalKeySchema } from '$lib/wire/journal-keys';
import type { RequestHandler } from './$types';

const registerSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** Which keys a register signs its exported journals with. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const registerId = v.safeParse(registerSchema, url.searchParams.get('register'));
  if (!registerId.success) return problem({ code: 'bad_request' });
  const keys = createJournalKeys({ ledger: locals.app.ledger });
  return json({ keys: await keys.of(registerId.output) });
};

/** A register says which key it signs with. Said again, nothing changes. */
export const POST: RequestHandler = async ({ request, locals }) => {
  const { app, register } = locals;
  if (register === null) return problem({ code: 'register_unknown' });
  const body = await readBody({ request, schema: enrolJournalKeySchema });
  if (!body.ok) return body.response;
  const keys = createJournalKeys({ ledger: app.ledger });
  await keys.enrol({ register, publicKey: body.value.publicKey });
  return json({ keys: await keys.of(register.registerId) });
};
