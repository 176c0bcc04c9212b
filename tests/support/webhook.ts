/** Notifications as the gateway signs them, with the key of a training server's own gateway. */
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Till } from './till-server.ts';

export type WebhookFields = Readonly<Record<string, string>>;

/** What the gateway says of a payment of its book, by its own signature. */
export function signedWebhook(
  till: Till,
  merchantOrderNo: string,
  changed: WebhookFields = {}
): Record<string, string> {
  const payment = till.book().payment(merchantOrderNo);
  if (payment === undefined) throw new Error('The gateway does not know this payment');
  const fields: Record<string, string> = {
    app_id: 'till-sandbox',
    merchant_no: merchantNoOf(till),
    merchant_order_no: merchantOrderNo,
    trans_no: payment.transNo,
    trans_type: 'PAY',
    trans_status: '2',
    price_currency: payment.currency,
    order_amount: (payment.amountMinor / 100).toFixed(2),
    ...changed
  };
  const text = Object.entries(fields)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const key = createPrivateKey(readFileSync(join(till.folder, 'sandbox-keys', 'gateway-private.pem')));
  return { ...fields, sign: sign('sha256', Buffer.from(text, 'utf8'), key).toString('base64') };
}

/** The merchant number that the sandbox signs its own notifications with. */
function merchantNoOf(till: Till): string {
  const [row] = till.ledger('SELECT raw FROM inbox LIMIT 1');
  const raw = JSON.parse(String(row?.['raw'])) as { merchant_no: string };
  return raw.merchant_no;
}

/** Sends a body as it is: no Origin, and a content type only where one is given. */
export function postWebhook(
  till: Till,
  body: string,
  contentType: string | null,
  headers: Readonly<Record<string, string>> = {}
): Promise<Response> {
  return fetch(`${till.baseURL}/api/codepay/notify`, {
    method: 'POST',
    // Bytes carry no content type of their own; text would.
    body: new TextEncoder().encode(body),
    headers: { ...(contentType === null ? {} : { 'content-type': contentType }), ...headers }
  });
}
