/** Signing in and out. */
import * as v from 'valibot';
import { staffSchema } from './shop';

/** `POST /api/auth/sign-in/username`: answers with the session's cookie. */
export const signInSchema = v.object({
  username: v.pipe(v.string(), v.maxLength(200)),
  password: v.pipe(v.string(), v.maxLength(1000))
});

export const signedInSchema = v.object({ staff: staffSchema });

/** `POST /api/auth/sign-out` */
export const signedOutSchema = v.object({ ok: v.literal(true) });
