/**
 * A text without the shopper's payment code, should the gateway quote it ("invalid code 28…"): what comes back is stored
 * and logged, and a code is neither.
 *
 * A code under 8 characters is no wallet's, and taking it out would only tear other texts apart.
 *
 * Source: money rule 10.
 */
export function withoutSecret({
  text,
  secret
}: {
  readonly text: string | null;
  readonly secret: string | undefined;
}): string | null {
  if (text === null || secret === undefined || secret.length < 8) return text;
  return text.replaceAll(secret, '[payment code]');
}
