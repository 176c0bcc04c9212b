/** A session for somebody whose PIN was right: made here, because better-auth knows passwords only. */
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import * as v from 'valibot';

/**
 * A plugin of better-auth with one endpoint, called by the server itself after the PIN was checked; no route leads to it.
 */
export function sessionForPerson() {
  return {
    id: 'till-session-for-person',
    endpoints: {
      sessionForPerson: createAuthEndpoint(
        '/till/session-for-person',
        { method: 'POST', body: v.object({ userId: v.string() }) },
        async (ctx) => {
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(ctx.body.userId);
          if (user === null) throw new APIError('UNAUTHORIZED');
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ user });
        }
      )
    }
  } as const;
}
