import { json } from '@sveltejs/kit';
import { wrongEpoch } from '$lib/server/identity/registers';
import { setRegisterCookie } from '$lib/server/identity/register-cookie';
import { problem, readBody } from '$lib/server/problem';
import { enrolRegisterSchema } from '$lib/wire/shop';
import type { RequestHandler } from './$types';

/** The shop's registers. */
export const GET: RequestHandler = async ({ locals }) =>
  json({ registers: await locals.app.identity.registerBook.list() });

/** Enrols this browser as a register: a new one, or an existing one anew. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: enrolRegisterSchema, say: { epochAbove: wrongEpoch } });
  if (!body.ok) return body.response;
  const enrolled = await app.identity.registers.enrol({ ...body.value, by: staff.name });
  if (enrolled === null) {
    return problem({
      code: 'not_found',
      detail: 'There is no such register. Nothing was enrolled. Enrol this browser as a new one.'
    });
  }
  setRegisterCookie({ cookies, token: enrolled.token, origin: app.config.origin });
  return json(enrolled.register, { status: 201 });
};
