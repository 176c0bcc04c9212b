/**
 * What the gateway client throws. Everything that the network or the gateway can do is an `Answer` value instead, so
 * each class here has one remedy, and none is for a cashier.
 *
 * No message holds a key, a payment code or a request's value: messages end up in logs.
 */

/** Base of the classes below: `code` is stable, for documents and tests; `remedy` says what to do next. */
export abstract class GatewayError extends Error {
  abstract readonly code: string;
  abstract readonly remedy: string;
}

/** Why a text is no usable key. */
export type KeyProblem =
  | 'empty'
  | 'not_base64'
  | 'encrypted'
  | 'certificate'
  | 'public_given'
  | 'private_given'
  | 'unreadable'
  | 'not_rsa'
  | 'too_short'
  | 'inconsistent';

const keySentences: Record<KeyProblem, string> = {
  empty: 'is empty',
  not_base64: 'is neither PEM nor base64 (cut off while copying?)',
  encrypted: 'is protected by a passphrase',
  certificate: 'is a certificate, not a key',
  public_given: 'is a public key where the private key belongs',
  private_given: 'is a private key where the public key belongs',
  unreadable: 'cannot be read as an RSA key (cut off while copying?)',
  not_rsa: 'is a key, but not an RSA key',
  too_short: 'is an RSA key shorter than 2048 bits',
  inconsistent: 'is damaged: what it signs does not verify'
};

/** A configured key cannot be used. Remedy: configure the right key; the server must not start. */
export class GatewayKeyError extends GatewayError {
  override readonly name = 'GatewayKeyError';
  readonly code = 'GATEWAY_KEY';
  readonly remedy =
    'Paste the whole key as CodePay shows it: PEM, or base64 without the BEGIN and END lines (RSA, 2048 bits).';
  readonly problem: KeyProblem;

  constructor({ label, problem }: { readonly label: string; readonly problem: KeyProblem }) {
    super(`${label} ${keySentences[problem]}.`);
    this.problem = problem;
  }
}

/** The configuration cannot work. Remedy: correct the named setting; the server must not start. */
export class GatewayConfigError extends GatewayError {
  override readonly name = 'GatewayConfigError';
  readonly code = 'GATEWAY_CONFIG';
  readonly remedy = 'Correct the setting that the message names, then start again.';
}

/** The calling code broke this folder's contract; nothing was sent. Remedy: a bug report. */
export class GatewayMisuse extends GatewayError {
  override readonly name = 'GatewayMisuse';
  readonly code = 'GATEWAY_MISUSE';
  readonly remedy = 'This is a bug in the program: nothing was sent to the gateway. Please report it.';
}
