import type { KeyObject } from 'node:crypto';
import type { CallFault } from './port';
import { readRawObject, type RawObject } from './raw-json';
import { stringToSign, verifyText } from './sign';

/** An answer whose signature is the gateway's. Only now may its shape be trusted. */
export interface Envelope {
  readonly code: string;
  readonly message: string | null;
  readonly psn: string | null;
  /** The JSON text of `data`, from inside the string or cut out of the answer; null where there is none. */
  readonly dataText: string | null;
}

/** What checking gives: the envelope, or the fault with our own words. */
export type EnvelopeRead =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly fault: CallFault; readonly detail: string };

/**
 * Takes the bytes of an answer as far as "signed by the gateway".
 *
 * Source: the contract's "Answer" and "Signature"; money rule 5.
 */
export function openEnvelope({
  body,
  publicKey
}: {
  readonly body: Uint8Array;
  readonly publicKey: KeyObject;
}): EnvelopeRead {
  const text = decodeUtf8(body);
  if (text === null) return { ok: false, fault: 'broken', detail: 'answer is not UTF-8' };
  const read = readRawObject(text);
  if (!read.ok) {
    const fault = read.problem === 'not_json' ? 'broken' : 'odd_shape';
    return { ok: false, fault, detail: `answer: ${read.problem}` };
  }
  const trust = checkSignature({ members: read.members, publicKey });
  if (trust !== 'good') {
    const fault = trust === 'odd_name' ? 'odd_shape' : trust;
    return { ok: false, fault, detail: `${trust}${claim(read.members)}` };
  }
  const code = memberText(read.members, 'code');
  if (code === null) return { ok: false, fault: 'odd_shape', detail: 'answer without a code' };
  return {
    ok: true,
    envelope: {
      code,
      message: memberText(read.members, 'msg'),
      psn: memberText(read.members, 'psn'),
      dataText: read.members.get('data')?.text || null
    }
  };
}

/**
 * Checks the signature over all members, known or not.
 *
 * A name with `&` or `=` in it is refused: the signed text would then not say where one field ends and the next begins.
 */
export function checkSignature({
  members,
  publicKey
}: {
  readonly members: RawObject;
  readonly publicKey: KeyObject;
}): 'good' | 'unsigned' | 'bad_signature' | 'odd_name' {
  const sign = members.get('sign');
  if (sign === undefined || sign.text === null || sign.text.trim() === '') return 'unsigned';
  const fields: Array<[string, string | null]> = [];
  for (const [name, member] of members) {
    if (/[&=]/.test(name)) return 'odd_name';
    fields.push([name, member.text]);
  }
  if (sign.kind !== 'string') return 'bad_signature';
  return verifyText({ text: stringToSign(fields), signature: sign.text, key: publicKey })
    ? 'good'
    : 'bad_signature';
}

/** A member's text where it is a text or a number; null where it is missing, empty or anything else. */
export function memberText(members: RawObject, name: string): string | null {
  const member = members.get(name);
  if (member === undefined || (member.kind !== 'string' && member.kind !== 'number')) return null;
  return member.text === '' ? null : member.text;
}

/** What an answer that nobody can believe says of itself: of use to CodePay's support, proof of nothing. */
function claim(members: RawObject): string {
  const parts: string[] = [];
  for (const name of ['code', 'psn']) {
    const text = memberText(members, name);
    if (text !== null && /^[A-Za-z0-9_.-]{1,40}$/.test(text)) parts.push(`${name} ${text}`);
  }
  return parts.length === 0 ? '' : ` (it claims ${parts.join(', ')})`;
}

function decodeUtf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
