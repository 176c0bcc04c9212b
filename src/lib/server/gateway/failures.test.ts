import { describe, expect, it } from 'vitest';
import { describeFailure, nothingWasWritten } from './failures';

/** An error as `ky` hands it over: two wrappings around what the socket said. */
function wrapped(cause: unknown): Error {
  return new Error('Request failed due to a network error', {
    cause: new TypeError('fetch failed', { cause })
  });
}

function socketError(code: string, syscall?: string): Error {
  return Object.assign(new Error(`${syscall ?? ''} ${code}`), {
    code,
    ...(syscall === undefined ? {} : { syscall })
  });
}

describe('a failed request', () => {
  it.each([
    ['connection refused', socketError('ECONNREFUSED', 'connect')],
    ['name not found', socketError('ENOTFOUND', 'getaddrinfo')],
    ['name service away', socketError('EAI_AGAIN', 'getaddrinfo')],
    ['no route while connecting', socketError('EHOSTUNREACH', 'connect')],
    ['wrong host in the certificate', socketError('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['self-signed certificate', socketError('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['handshake refused', socketError('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE')],
    ['connecting took too long', socketError('UND_ERR_CONNECT_TIMEOUT')],
    [
      'every address refused',
      new AggregateError([socketError('ECONNREFUSED', 'connect'), socketError('ETIMEDOUT', 'connect')])
    ]
  ])('wrote nothing: %s', (_what, cause) => {
    expect(nothingWasWritten(wrapped(cause))).toBe(true);
  });

  it.each([
    ['reset', socketError('ECONNRESET', 'read')],
    ['reset while connecting or later, it does not say', socketError('ECONNRESET')],
    ['broken pipe', socketError('EPIPE', 'write')],
    ['closed by the other side', socketError('UND_ERR_SOCKET')],
    ['no route on a living connection', socketError('EHOSTUNREACH', 'read')],
    ['timed out on a living connection', socketError('ETIMEDOUT', 'read')],
    ['no headers in time', socketError('UND_ERR_HEADERS_TIMEOUT')],
    ['a TLS error that may come late', socketError('ERR_SSL_WRONG_VERSION_NUMBER')],
    ['a certificate asked for after the handshake', socketError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')],
    ['a code nobody knows', socketError('SOMETHING_NEW')],
    [
      'one address refused, one lost later',
      Object.assign(
        new AggregateError([socketError('ECONNREFUSED', 'connect'), socketError('ECONNRESET', 'read')]),
        { code: 'ECONNREFUSED', syscall: 'connect' }
      )
    ],
    ['no code at all', new Error('ECONNREFUSED')],
    ['no error at all', 'ECONNREFUSED'],
    ['nothing', undefined]
  ])('may have written something: %s', (_what, cause) => {
    expect(nothingWasWritten(wrapped(cause))).toBe(false);
  });

  it('does not follow causes for ever', () => {
    const loop: { cause?: unknown } = {};
    loop.cause = loop;
    expect(nothingWasWritten(loop)).toBe(false);
    expect(describeFailure(loop)).toBe('connection failed');
  });

  it('is described by its code alone, never by a message, which may quote the request', () => {
    expect(describeFailure(wrapped(socketError('ECONNRESET', 'read')))).toBe('ECONNRESET');
    expect(describeFailure(wrapped(Object.assign(new Error('x'), { code: 'auth 2846' })))).toBe(
      'connection failed'
    );
  });
});
