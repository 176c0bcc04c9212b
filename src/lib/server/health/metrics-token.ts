import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * True where the request carries the token of the settings.
 *
 * @param token null: nobody has one
 * @param authorization the header, `Bearer …`
 */
export function isMetricsToken({
  token,
  authorization
}: {
  readonly token: string | null;
  readonly authorization: string | null;
}): boolean {
  const given = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === null || given === undefined) return false;
  // digests have one length, whatever was given
  return timingSafeEqual(sha256(token), sha256(given));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
