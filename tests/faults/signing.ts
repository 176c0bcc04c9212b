/** RSA2 as docs/gateway-contract.md describes it, written anew for the fake gateway: it must not agree with the client by sharing its code. */
import { createSign, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

export function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey,
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString()
  };
}

/** A value as it goes over the wire, and its text as it is signed. */
export interface WireField {
  readonly name: string;
  /** The JSON source, quotes included where it is a string. */
  readonly source: string;
  /** What is signed; empty: left out. */
  readonly text: string;
}

export function textField(name: string, text: string): WireField {
  return { name, source: JSON.stringify(text), text };
}

/** A field whose JSON is written as given: a number, an object. */
export function rawField(name: string, source: string): WireField {
  return { name, source, text: source === 'null' ? '' : source };
}

function signedText(fields: readonly WireField[]): string {
  const kept = fields.filter((field) => field.name !== 'sign' && field.text !== '');
  const names = kept.map((field) => field.name).sort();
  return names.map((name) => `${name}=${kept.find((field) => field.name === name)?.text ?? ''}`).join('&');
}

export function jsonOf(fields: readonly WireField[]): string {
  return `{${fields.map(({ name, source }) => `${JSON.stringify(name)}:${source}`).join(',')}}`;
}

/** The same fields with `sign` at the end. */
export function signFields(fields: readonly WireField[], key: KeyObject): WireField[] {
  const signature = createSign('RSA-SHA256').update(signedText(fields), 'utf8').sign(key, 'base64');
  return [...fields, textField('sign', signature)];
}

/** True where `sign` is the key's over all other fields. */
export function verifyFields(fields: Readonly<Record<string, string>>, key: KeyObject): boolean {
  const { sign } = fields;
  if (sign === undefined) return false;
  const wire = Object.entries(fields).map(([name, text]) => textField(name, text));
  return createVerify('RSA-SHA256').update(signedText(wire), 'utf8').verify(key, sign, 'base64');
}
