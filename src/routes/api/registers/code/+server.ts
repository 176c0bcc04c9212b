import { json } from '@sveltejs/kit';
import { wrongEpoch } from '$lib/server/identity/registers';
import { setRegisterCookie } from '$lib/server/identity/register-cookie';
import { problem, readBody } from '$lib/server/problem';
import { useEnrolCodeSchema } from '$lib/wire/registers';
import type { RequestHandler } from './$types';

/** This browser becomes the register for which a manager made the code. */
export const POST: RequestHandler = async ({ request, locals, cookies }) => {
  const { app, staff } = locals;
  if (staff === null) return problem({ code: 'not_signed_in' });
  const body = await readBody({ request, schema: useEnrolCodeSchema, say: { epochAbove: wrongEpoch } });
  if (!body.ok) return body.response;
  if (app.identity.codeLimit.take(staff.staffId) > 0) {
    return problem({
      code: 'too_many_tries',
      detail: 'Too many codes were tried. No money moved. Wait a minute, then try again.'
    });
  }
  const enrolled = await app.identity.registers.enrolByCode({ ...body.value, by: staff.name });
  if (enrolled === null) {
    return problem({
      code: 'not_found',
      detail:
        'This code is wrong, was used, or is older than a quarter of an hour. Ask a manager for a new one.'
    });
  }
  app.identity.codeLimit.forgive(staff.staffId);
  setRegisterCookie({ cookies, token: enrolled.token, origin: app.config.origin });
  return json(enrolled.register, { status: 201 });
};
