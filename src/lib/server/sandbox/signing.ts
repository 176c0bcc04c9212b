import { createPrivateKey, createPublicKey, KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * A field's value: a JSON string, or a JSON number kept as its text, because the text is what gets signed.
 * Empty and missing values are neither sent nor signed.
 */
export type FieldValue = string | { readonly number: string };
export type Fields = Readonly<Record<string, FieldValue | undefined>>;

const signAsync = promisify(sign);

function present(fields: Fields): [string, FieldValue][] {
  return Object.entries(fields).flatMap(([name, value]): [string, FieldValue][] =>
    value === undefined || value === '' ? [] : [[name, value]]
  );
}

/** All fields but `sign`, without empty ones, sorted by name in ASCII order, as raw `name=value` joined with `&`. */
export function stringToSign(fields: Fields): string {
  return present(fields)
    .filter(([name]) => name !== 'sign')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : value.number}`)
    .join('&');
}

/** The fields as one JSON object, numbers in exactly the text that is signed. */
export function jsonText(fields: Fields): string {
  const members = present(fields).map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${typeof value === 'string' ? JSON.stringify(value) : value.number}`
  );
  return `{${members.join(',')}}`;
}

/** RSA2 (PKCS#1 v1.5 with SHA-256) over UTF-8, in base64. Runs on the thread pool. */
export async function signText(text: string, privateKey: KeyObject): Promise<string> {
  return (await signAsync('sha256', Buffer.from(text, 'utf8'), privateKey)).toString('base64');
}

/** True when `signature` (base64) is the key's over the text; false for anything else, malformed ones too. */
export function isSignedBy(text: string, signature: string, publicKey: KeyObject): boolean {
  return verify('sha256', Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'));
}

export function privateKeyOf(key: KeyObject | string): KeyObject {
  return key instanceof KeyObject ? key : createPrivateKey(key);
}

export function publicKeyOf(key: KeyObject | string): KeyObject {
  return key instanceof KeyObject ? key : createPublicKey(key);
}
