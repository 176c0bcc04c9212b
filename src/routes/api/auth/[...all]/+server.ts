import { json } from '@sveltejs/kit';
import { badgeProblem, pinProblem } from '$lib/server/identity/pin-problem';
import { readRegisterCookie } from '$lib/server/identity/register-cookie';
import { problem, readBody } from '$lib/server/problem';
import { takeOverByBadgeSchema, takeOverSchema } from '$lib/wire/people';
import { signInSchema } from '$lib/wire/sign-in';
import type { RequestHandler } from './$types';

/** Signing in and out. Of the library behind it nothing else can be reached from outside. */
export const POST: RequestHandler = async (event) => {
  switch (event.params.all) {
    case 'sign-in/username':
      return signIn(event);
    case 'pin':
      return takeOver(event);
    case 'badge':
      return takeOverByBadge(event);
    case 'sign-out':
      return withCookies(
        json({ ok: true }),
        await event.locals.app.identity.staff.signOut({ headers: event.request.headers })
      );
    default:
      return problem({ code: 'not_found' });
  }
};

async function signIn({
  request,
  locals,
  getClientAddress
}: Parameters<RequestHandler>[0]): Promise<Response> {
  const body = await readBody({ request, schema: signInSchema });
  if (!body.ok) return body.response;
  const result = await locals.app.identity.staff.signIn({ ...body.value, address: getClientAddress() });
  if (result.ok) return withCookies(json({ staff: result.staff }), result.setCookies);
  if (result.reason === 'wrong_password') return problem({ code: 'wrong_password' });
  const seconds = Math.ceil(result.waitMs / 1000);
  return problem({ code: 'too_many_tries', extra: { seconds }, headers: { 'retry-after': String(seconds) } });
}

/** Another person at an enrolled register: the order on its counter is untouched. */
async function takeOver(event: Parameters<RequestHandler>[0]): Promise<Response> {
  const registerId = await registerIdOf(event);
  if (registerId === null) return problem({ code: 'register_unknown' });
  const { request, locals } = event;
  const body = await readBody({ request, schema: takeOverSchema });
  if (!body.ok) return body.response;
  const { headers } = request;
  const result = await locals.app.identity.staff.takeOver({ ...body.value, registerId, headers });
  if (result.ok) return withCookies(json({ staff: result.staff }), result.setCookies);
  return pinProblem(result);
}

async function takeOverByBadge(event: Parameters<RequestHandler>[0]): Promise<Response> {
  const registerId = await registerIdOf(event);
  if (registerId === null) return problem({ code: 'register_unknown' });
  const { request, locals } = event;
  const body = await readBody({ request, schema: takeOverByBadgeSchema });
  if (!body.ok) return body.response;
  const { headers } = request;
  const result = await locals.app.identity.staff.takeOverByBadge({ ...body.value, registerId, headers });
  if (result.ok) return withCookies(json({ staff: result.staff }), result.setCookies);
  return badgeProblem(result);
}

async function registerIdOf({ locals, cookies }: Parameters<RequestHandler>[0]): Promise<string | null> {
  const token = readRegisterCookie({ cookies });
  const register = token === null ? null : await locals.app.identity.registers.findByToken(token);
  return register?.registerId ?? null;
}

function withCookies(response: Response, setCookies: readonly string[]): Response {
  for (const cookie of setCookies) response.headers.append('set-cookie', cookie);
  return response;
}
