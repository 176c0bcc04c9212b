/** Keyed digests: what may be kept of a payment code (money rule 10). */
import { createHmac } from 'node:crypto';

/** HMAC-SHA-256, hex. Without the key, which never leaves the server, no code can be guessed back from it. */
export function keyedDigest(options: { key: Buffer; of: readonly string[] }): string {
  const hmac = createHmac('sha256', options.key);
  // Each part with its length in front: ["ab", "c"] is not ["a", "bc"].
  for (const part of options.of) hmac.update(`${part.length}:${part}`);
  return hmac.digest('hex');
}

/** The last four characters, for people to compare; a shorter code gives less away. */
export function lastFour(code: string): string {
  return code.length > 8 ? code.slice(-4) : '';
}
