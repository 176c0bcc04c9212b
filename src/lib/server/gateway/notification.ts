import { createHash, type KeyObject } from 'node:crypto';
import { checkSignature, memberText } from './envelope';
import { readPaymentMembers, statusOf } from './facts';
import type { NotificationRead } from './port';
import { readRawObject, type RawMember, type RawObject } from './raw-json';
import { answerLimitBytes } from './transport';

/**
 * Reads and verifies a webhook's body.
 *
 * The body is JSON whatever its type says; a real form, whose fields are the parameters, is read too. Believing it is
 * the caller's matter: it only makes a query due.
 *
 * Source: the contract's "Webhook", money rule 8.
 */
export function readNotification({
  rawBody,
  contentType,
  publicKey,
  merchantNo,
  appId
}: {
  readonly rawBody: string;
  readonly contentType: string | null;
  readonly publicKey: KeyObject;
  readonly merchantNo: string;
  readonly appId: string;
}): NotificationRead {
  if (rawBody.length > answerLimitBytes) return { ok: false, reason: 'unreadable' };
  const members = readBody(rawBody, contentType);
  if (members === null) return { ok: false, reason: 'unreadable' };
  const trust = checkSignature({ members, publicKey });
  if (trust === 'odd_name') return { ok: false, reason: 'unreadable' };
  if (trust !== 'good') return { ok: false, reason: trust };

  const text = (name: string): string | null => memberText(members, name);
  // one gateway key signs for every merchant: a good signature alone does not say that the webhook is ours
  if ((text('merchant_no') ?? merchantNo) !== merchantNo || (text('app_id') ?? appId) !== appId) {
    return { ok: false, reason: 'wrong_merchant' };
  }
  const merchantOrderNo = text('merchant_order_no');
  const facts = readPaymentMembers(members, null);
  if (merchantOrderNo === null || !facts.ok) return { ok: false, reason: 'unreadable' };
  const statusText = text('trans_status');
  return {
    ok: true,
    notification: {
      ...facts.value,
      merchantOrderNo,
      status: statusOf(statusText),
      statusText,
      transType: text('trans_type'),
      origTransNo: text('orig_trans_no'),
      rawSha256: createHash('sha256').update(rawBody, 'utf8').digest('hex')
    }
  };
}

function readBody(rawBody: string, contentType: string | null): RawObject | null {
  const body = rawBody.replace(/^\uFEFF/, '').trim();
  if (body.startsWith('{')) return readJson(body);
  if (contentType?.toLowerCase().includes('json')) return null;
  return readForm(body);
}

function readJson(text: string): RawObject | null {
  const read = readRawObject(text);
  return read.ok ? read.members : null;
}

function readForm(body: string): RawObject | null {
  const fields = [...new URLSearchParams(body)];
  const [first] = fields;
  // a client that was told to send a form and given JSON sends it as one field's name
  if (fields.length === 1 && first?.[0].startsWith('{') && first[1] === '') return readJson(first[0]);
  const members = new Map<string, RawMember>();
  for (const [name, value] of fields) {
    if (members.has(name)) return null;
    members.set(name, { kind: 'string', text: value });
  }
  return members.has('merchant_order_no') || members.has('sign') ? members : null;
}
