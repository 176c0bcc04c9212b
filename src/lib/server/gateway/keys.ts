import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { GatewayKeyError, type KeyProblem } from './errors';

/**
 * Reads the app's private key once, at start. Signing with a `KeyObject` then parses nothing.
 *
 * Accepts PEM or bare base64, PKCS#1 or PKCS#8; line breaks may be missing, doubled, or written as `\n` (as happens in
 * environment files).
 *
 * @param label what the message calls it, e.g. the variable's name
 * @throws {@link GatewayKeyError} naming what is wrong, never showing any of the key
 * Source: the contract's "Signature": keys come as PEM or base64, PKCS#1 or PKCS#8, 2048 bits.
 */
export function parsePrivateKey({
  text,
  label
}: {
  readonly text: string;
  readonly label: string;
}): KeyObject {
  const der = toDer({ text, label });
  const key = readPrivate(der);
  if (key === null)
    throw new GatewayKeyError({ label, problem: readPublic(der) ? 'public_given' : 'unreadable' });
  checkRsa({ key, label });
  if (!signsWhatItVerifies(key)) throw new GatewayKeyError({ label, problem: 'inconsistent' });
  return key;
}

/**
 * Reads the gateway's public key once, at start: PEM or bare base64, SPKI or PKCS#1.
 *
 * @param label what the message calls it, e.g. the variable's name
 * @throws {@link GatewayKeyError} naming what is wrong, never showing any of the key
 * Source: the contract's "Signature".
 */
export function parsePublicKey({
  text,
  label
}: {
  readonly text: string;
  readonly label: string;
}): KeyObject {
  const der = toDer({ text, label });
  // asked first: a public key can be derived from a private one, and Node would do so without a word
  if (readPrivate(der) !== null) throw new GatewayKeyError({ label, problem: 'private_given' });
  const key = readPublic(der);
  if (key === null) throw new GatewayKeyError({ label, problem: 'unreadable' });
  checkRsa({ key, label });
  return key;
}

/**
 * True where the public key is the app's own instead of the gateway's: the two are easily swapped on CodePay's page, and
 * then every answer would look forged.
 */
export function isOwnPublicKey({
  privateKey,
  publicKey
}: {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}): boolean {
  return createPublicKey(privateKey).equals(publicKey);
}

const pemPattern = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/s;

function toDer({ text, label }: { text: string; label: string }): Buffer {
  const unescaped = text
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim();
  if (unescaped === '') throw new GatewayKeyError({ label, problem: 'empty' });
  const pem = pemPattern.exec(unescaped);
  const kind = pem?.[1] ?? '';
  if (kind.includes('CERTIFICATE')) throw new GatewayKeyError({ label, problem: 'certificate' });
  if (kind.includes('ENCRYPTED') || /Proc-Type:.*ENCRYPTED/.test(unescaped)) {
    throw new GatewayKeyError({ label, problem: 'encrypted' });
  }
  const base64 = (pem?.[2] ?? unescaped).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new GatewayKeyError({ label, problem: 'not_base64' });
  return Buffer.from(base64, 'base64');
}

// OpenSSL's own errors are dropped: they explain nothing to a shop, and nothing about a key should travel further
function readPrivate(der: Buffer): KeyObject | null {
  for (const type of ['pkcs8', 'pkcs1'] as const) {
    try {
      return createPrivateKey({ key: der, format: 'der', type });
    } catch {
      continue;
    }
  }
  return null;
}

function readPublic(der: Buffer): KeyObject | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      return createPublicKey({ key: der, format: 'der', type });
    } catch {
      continue;
    }
  }
  return null;
}

function checkRsa({ key, label }: { key: KeyObject; label: string }): void {
  const problem = rsaProblem(key);
  if (problem !== null) throw new GatewayKeyError({ label, problem });
}

function rsaProblem(key: KeyObject): KeyProblem | null {
  // "rsa-pss" keys are refused too: they cannot make the PKCS#1 v1.5 signatures of this gateway
  if (key.asymmetricKeyType !== 'rsa') return 'not_rsa';
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return 'too_short';
  return null;
}

/** A key with one wrong digit still parses; only its signatures are wrong. Found at start, not at the first payment. */
function signsWhatItVerifies(key: KeyObject): boolean {
  const probe = Buffer.from('key self-test');
  try {
    return verify('sha256', probe, createPublicKey(key), sign('sha256', probe, key));
  } catch {
    return false;
  }
}
