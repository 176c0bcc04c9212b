/**
 * Reading what a failed request threw. `ky` wraps what `fetch` threw, which wraps what the socket said, which may be a
 * list with one error for each address that was tried.
 */

/** Certificate refused by us: the handshake had not ended, so no byte of the request was encrypted yet. */
const certificateCodes: ReadonlySet<string> = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
]);

/** True for what {@link describeFailure} says of a certificate that is not the gateway's, or not valid now. */
export function isCertificateFailure(detail: string | null): boolean {
  return detail !== null && certificateCodes.has(detail);
}

/** Alerts that a server sends only while shaking hands. Other TLS errors may come after the request was written. */
const handshakeCodes: ReadonlySet<string> = new Set([
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME'
]);

/** What making a connection fails with, and nothing later. */
const connectCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT'
]);

const deepestCause = 8;

/**
 * True only where the error proves that not one byte of the request was written. Anything else, known or not, is false:
 * it costs a query, while a wrong "nothing was sent" would let a shopper pay twice.
 *
 * Source: money rule 5, `failed(not_sent)`.
 */
export function nothingWasWritten(error: unknown): boolean {
  return proves(error, 0);
}

function proves(error: unknown, depth: number): boolean {
  if (depth > deepestCause || !isRecord(error)) return false;
  const attempts = error['errors'];
  // one error for each address: one that proves nothing spoils them all
  if (Array.isArray(attempts) && attempts.length > 0)
    return attempts.every((each) => proves(each, depth + 1));
  const code = error['code'];
  if (typeof code === 'string') {
    // the system call says it for every other code: a host may become unreachable before the connection or long after
    if (error['syscall'] === 'connect' || error['syscall'] === 'getaddrinfo') return true;
    return connectCodes.has(code) || certificateCodes.has(code) || handshakeCodes.has(code);
  }
  return proves(error['cause'], depth + 1);
}

/**
 * The first error code in a failure, for the log: never the error's message, which may quote the request.
 */
export function describeFailure(error: unknown): string {
  let current = error;
  for (let depth = 0; depth <= deepestCause && isRecord(current); depth += 1) {
    const code = current['code'];
    if (typeof code === 'string' && /^[A-Z0-9_]{1,64}$/.test(code)) return code;
    current = current['cause'];
  }
  return 'connection failed';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
