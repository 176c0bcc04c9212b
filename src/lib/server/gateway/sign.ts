import { sign as signBytes, verify as verifyBytes, type KeyObject } from 'node:crypto';

/**
 * The text that is signed: all fields but `sign`, without null and empty ones, sorted by name, `name=value` joined by
 * `&`, values raw.
 *
 * Names are compared by UTF-16 code unit, which for ASCII is the ASCII order ("B" before "a").
 *
 * Source: the contract's "Signature", steps 1 and 2, and the signing vectors.
 */
export function stringToSign(fields: Iterable<readonly [name: string, value: string | null]>): string {
  return [...fields]
    .filter(([name, value]) => name !== 'sign' && value !== null && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * Signs the UTF-8 bytes of a text: RSASSA-PKCS1-v1_5 with SHA-256. Runs on the thread pool, so that a burst of queries
 * does not stop the server.
 *
 * @returns base64
 * Source: the contract's "Signature", step 3.
 */
export function signText({ text, key }: { readonly text: string; readonly key: KeyObject }): Promise<string> {
  return new Promise((resolve, reject) => {
    signBytes('sha256', Buffer.from(text, 'utf8'), key, (error, signature) => {
      if (error) reject(error);
      else resolve(signature.toString('base64'));
    });
  });
}

/**
 * Checks a signature of a text.
 *
 * @param signature base64, as received
 * @returns false for anything but a good signature; never throws for what came from the network
 * Source: the contract's "Signature", step 3.
 */
export function verifyText({
  text,
  signature,
  key
}: {
  readonly text: string;
  readonly signature: string;
  readonly key: KeyObject;
}): boolean {
  const bytes = Buffer.from(signature, 'base64');
  return bytes.length > 0 && verifyBytes('sha256', Buffer.from(text, 'utf8'), key, bytes);
}
