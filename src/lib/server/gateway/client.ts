import { createHash, type KeyObject } from 'node:crypto';
import { classOfCode } from './codes';
import { openEnvelope } from './envelope';
import { GatewayConfigError } from './errors';
import { readPaymentFacts, readRefundFacts, readRefundTaken, type FactsRead } from './facts';
import { isOwnPublicKey } from './keys';
import { readNotification } from './notification';
import type { Answer, CallFault, Evidence, Gateway } from './port';
import { withoutSecret } from './secret';
import {
  numberFields,
  paymentFields,
  refundFields,
  writeRequest,
  type Fields,
  type Identity
} from './request';
import { postOnce, type Posted } from './transport';

/** How this shop speaks to its gateway. Optional fields that are absent are left out of every request. */
export interface GatewayConfig extends Identity {
  /** The gateway's address, with or without a slash at the end; `/api/entry` is added. */
  readonly url: string;
  /** The app's private key: see `parsePrivateKey`. */
  readonly privateKey: KeyObject;
  /** The gateway's public key: see `parsePublicKey`. */
  readonly publicKey: KeyObject;
  /** How long one call may take, from its start to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** What is logged of a call: nothing of its contents. */
export interface GatewayLogEntry {
  readonly method: string;
  readonly merchantOrderNo: string;
  readonly code: string | null;
  readonly psn: string | null;
  readonly fault: CallFault | null;
  readonly durationMs: number;
  /** The gateway's clock, from the answer's header; ISO 8601. */
  readonly gatewayDate: string | null;
}

/** What the client is given. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (entry: GatewayLogEntry) => void;
  /** A request's timestamp, milliseconds since 1970, where the gateway's clock is known to differ; `now` otherwise. */
  readonly newTimestamp?: () => number;
  /** Milliseconds from any beginning, never set back: durations. */
  readonly monotonicNow?: () => number;
}

/**
 * The client of the CodePay gateway. It keeps no state: every call stands alone and is sent at most once.
 *
 * @throws {@link GatewayConfigError} for an address or a timeout that cannot work, and where the app's own public key is
 * configured as the gateway's
 * Source: the contract, "The product: QR Pay, customer-presented".
 */
export function createGateway({ config, now, log, newTimestamp, monotonicNow }: GatewayParts): Gateway {
  const url = entryUrl(config.url);
  if (!Number.isSafeInteger(config.timeoutMs) || config.timeoutMs < 1 || config.timeoutMs > 2 ** 31 - 1) {
    throw new GatewayConfigError("The gateway's timeout must be a whole number of milliseconds above 0.");
  }
  if (isOwnPublicKey(config)) {
    throw new GatewayConfigError(
      "The gateway's public key is the app's own public key: paste the gateway's."
    );
  }
  const timestampMs = newTimestamp ?? now;
  const elapsed = monotonicNow ?? ((): number => performance.now());

  interface Call<T> {
    readonly method: string;
    readonly fields: Fields;
    readonly merchantOrderNo: string;
    readonly read: (dataText: string | null) => FactsRead<T>;
    /** Must not come back out, should the gateway quote it. */
    readonly secret?: string;
    readonly signal?: AbortSignal | undefined;
  }

  async function call<T>({
    method,
    fields,
    merchantOrderNo,
    read,
    secret,
    signal
  }: Call<T>): Promise<Answer<T>> {
    const startedAt = elapsed();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), config.timeoutMs);
    let posted: Posted;
    try {
      const json = await writeRequest({
        method,
        fields,
        identity: config,
        timestampMs: timestampMs(),
        key: config.privateKey
      });
      const signals = signal === undefined ? [deadline.signal] : [deadline.signal, signal];
      posted = await postOnce({ url, json, signal: AbortSignal.any(signals) });
    } finally {
      clearTimeout(timer);
    }
    const answer = judge({ method, posted, read, secret, durationMs: elapsed() - startedAt });
    report(answer, merchantOrderNo);
    return answer;
  }

  function judge<T>({
    method,
    posted,
    read,
    secret,
    durationMs
  }: {
    readonly method: string;
    readonly posted: Posted;
    readonly read: (dataText: string | null) => FactsRead<T>;
    readonly secret: string | undefined;
    readonly durationMs: number;
  }): Answer<T> {
    const bare = {
      method,
      psn: null,
      code: null,
      message: null,
      rawSha256: posted.ok ? createHash('sha256').update(posted.body).digest('hex') : null,
      httpStatus: posted.httpStatus,
      gatewayDate: isoDate(posted.dateHeader),
      durationMs: Math.max(0, Math.round(durationMs))
    } satisfies Evidence;
    if (!posted.ok)
      return { kind: 'fault', fault: posted.fault, evidence: { ...bare, message: posted.detail } };

    const opened = openEnvelope({ body: posted.body, publicKey: config.publicKey });
    const clean = (text: string | null): string | null => withoutSecret({ text, secret });
    if (!opened.ok)
      return { kind: 'fault', fault: opened.fault, evidence: { ...bare, message: clean(opened.detail) } };

    const { code, psn, message, dataText } = opened.envelope;
    const evidence = {
      ...bare,
      code: clean(code),
      psn: clean(psn),
      message: clean(message)?.slice(0, 500) ?? null
    };
    const codeClass = classOfCode(code);
    if (codeClass !== 'ok') return { kind: 'refused', codeClass, evidence };
    const facts = read(dataText);
    if (!facts.ok)
      return { kind: 'fault', fault: 'odd_shape', evidence: { ...evidence, message: facts.problem } };
    return { kind: 'answered', codeClass, value: facts.value, evidence };
  }

  function report(answer: Answer<unknown>, merchantOrderNo: string): void {
    const { method, code, psn, durationMs, gatewayDate } = answer.evidence;
    try {
      log({
        method,
        merchantOrderNo,
        code,
        psn,
        fault: answer.kind === 'fault' ? answer.fault : null,
        durationMs,
        gatewayDate
      });
    } catch {
      // a log that cannot be written must not cost the answer to a payment
    }
  }

  return {
    async submitPayment(payment) {
      return call({
        method: 'bscanc.pay.submit',
        fields: paymentFields(payment, config),
        merchantOrderNo: payment.merchantOrderNo,
        read: (dataText) =>
          readPaymentFacts({ dataText, askedCurrency: payment.currency, secret: payment.paymentCode }),
        secret: payment.paymentCode,
        signal: payment.signal
      });
    },
    async queryPayment({ merchantOrderNo }) {
      return call({
        method: 'order.query',
        fields: numberFields(merchantOrderNo),
        merchantOrderNo,
        read: (dataText) => readPaymentFacts({ dataText, askedCurrency: null })
      });
    },
    async cancelPayment({ merchantOrderNo }) {
      return call({
        method: 'order.revoker',
        fields: numberFields(merchantOrderNo),
        merchantOrderNo,
        read: () => ({ ok: true, value: null })
      });
    },
    async submitRefund(refund) {
      return call({
        method: 'order.refund.submit',
        fields: refundFields(refund, config),
        merchantOrderNo: refund.merchantOrderNo,
        read: (dataText) => readRefundTaken({ dataText, askedCurrency: refund.currency })
      });
    },
    async queryRefund({ merchantOrderNo, currency }) {
      return call({
        method: 'order.refund.query',
        fields: numberFields(merchantOrderNo),
        merchantOrderNo,
        read: (dataText) => readRefundFacts({ dataText, askedCurrency: currency ?? null })
      });
    },
    parseNotification({ rawBody, contentType }) {
      const { publicKey, merchantNo, appId } = config;
      return readNotification({ rawBody, contentType, publicKey, merchantNo, appId });
    }
  };
}

function entryUrl(text: string): string {
  const problem = (what: string): GatewayConfigError =>
    new GatewayConfigError(`The gateway's address ${what}.`);
  if (!URL.canParse(text)) throw problem('is not an address like https://gw.codepay.us');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw problem('must begin with https://');
  if (url.username !== '' || url.password !== '') throw problem('must not hold a user name or a password');
  if (url.search !== '' || url.hash !== '') throw problem('must not have a query or a fragment');
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/api\/entry$/, '')}/api/entry`;
  return url.href;
}

/** A `Date` header as ISO 8601 UTC, or null where it is none. */
function isoDate(header: string | null): string | null {
  const ms = header === null ? Number.NaN : Date.parse(header);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
