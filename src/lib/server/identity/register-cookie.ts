/** The cookie that makes a browser a register. */
import type { Cookies } from '@sveltejs/kit';

const name = 'till.register';
/** The longest that browsers allow; every enrolment begins it anew. */
const maxAgeSeconds = 400 * 24 * 60 * 60;

export function readRegisterCookie({ cookies }: { readonly cookies: Cookies }): string | null {
  return cookies.get(name) ?? null;
}

/** @param origin Till's address: `Secure` on https only, or the cookie would not be kept at all */
export function setRegisterCookie({
  cookies,
  token,
  origin
}: {
  readonly cookies: Cookies;
  readonly token: string;
  readonly origin: string;
}): void {
  cookies.set(name, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https://'),
    maxAge: maxAgeSeconds
  });
}
