import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refuse, type Answer, type Reply } from './answer.ts';
import type { SandboxOutcome } from './outcomes.ts';
import { PaymentDesk, type RequestFields } from './payment-desk.ts';
import { RefundDesk } from './refund-desk.ts';
import { settleDue, type Counter } from './settle.ts';
import { isSignedBy, stringToSign } from './signing.ts';

const clockToleranceMs = 15 * 60_000;
const bodyBytesAtMost = 64 * 1024;

/** The body as text; `undefined` when it is too long. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('A request body without an encoding comes as bytes');
    bytes += chunk.length;
    if (bytes > bodyBytesAtMost) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseFields(body: string): RequestFields | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (value === null) continue;
    if (typeof value !== 'string') return undefined;
    fields[name] = value;
  }
  return fields;
}

const fixed = { format: 'JSON', charset: 'UTF-8', sign_type: 'RSA2', version: '1.0' } as const;

/** Lets a request in when it is the app's own, fresh and for this merchant, and takes it to its desk. */
export class GatewayDoor {
  readonly #counter: Counter;
  readonly #appKey: KeyObject;
  readonly #payments: PaymentDesk;
  readonly #refunds: RefundDesk;
  #pretended: SandboxOutcome | undefined;

  constructor(o: { readonly counter: Counter; readonly appKey: KeyObject }) {
    this.#counter = o.counter;
    this.#appKey = o.appKey;
    this.#payments = new PaymentDesk(o.counter);
    this.#refunds = new RefundDesk(o.counter);
  }

  /** The next payment that is asked plays this, whatever its code says. */
  pretend(outcome: SandboxOutcome): void {
    this.#pretended = outcome;
  }

  answer(body: string): Reply {
    const fields = parseFields(body);
    if (!fields) {
      return signed(refuse('SBX_BAD_PARAMETER', 'The body is one JSON object; every value is a JSON string'));
    }
    const refusal = this.#check(fields);
    if (refusal) return signed(refusal);
    settleDue(this.#counter);
    switch (fields['method']) {
      case 'bscanc.pay.submit': {
        const pretended = this.#pretended;
        this.#pretended = undefined;
        return this.#payments.submit(fields, pretended);
      }
      case 'order.query':
        return signed(this.#payments.query(fields));
      case 'order.revoker':
        return signed(this.#payments.cancel(fields));
      case 'order.refund.submit':
        return signed(this.#refunds.submit(fields));
      case 'order.refund.query':
        return signed(this.#refunds.query(fields));
      default:
        return signed(refuse('SBX_BAD_PARAMETER', 'method: not one of this gateway'));
    }
  }

  #check(fields: RequestFields): Answer | undefined {
    const { appId, merchantNo, now } = this.#counter;
    if (fields['app_id'] !== appId) return refuse('SBX_MERCHANT', 'app_id: not known here');
    if (!isSignedBy(stringToSign(fields), fields['sign'] ?? '', this.#appKey)) {
      return refuse('SBX_SIGNATURE', 'sign: missing, or not by the app’s key');
    }
    const timestamp = fields['timestamp'] ?? '';
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - now()) > clockToleranceMs) {
      return refuse('SBX_CLOCK', 'timestamp: more than 15 minutes off');
    }
    if (fields['merchant_no'] !== merchantNo) return refuse('SBX_MERCHANT', 'merchant_no: not known here');
    for (const [name, value] of Object.entries(fixed)) {
      if (fields[name] !== value) return refuse('SBX_BAD_PARAMETER', `${name}: must be ${value}`);
    }
    return undefined;
  }
}

function signed(answer: Answer): Reply {
  return { how: 'signed', answer };
}
