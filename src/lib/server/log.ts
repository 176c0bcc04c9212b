/** The log: JSON lines on the standard output. Secrets are kept out where they are made; this is the second fence. */
import pino, { type DestinationStream, type Logger } from 'pino';

const secretNames = [
  'password',
  'paymentCode',
  'auth_code',
  'authCode',
  'token',
  'secret',
  'cookie',
  'authorization',
  'privateKey'
];

/** An error's own words and place, and nothing that hangs on it: libraries hang whole requests on theirs. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.cause instanceof Error ? { cause: plainError(error.cause) } : {})
  };
}

/** @param destination where the lines go; the standard output where left out */
export function createLog(destination?: DestinationStream): Logger {
  return pino(
    {
      base: null,
      serializers: { error: plainError, err: plainError },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[kept out]' }
    },
    destination ?? pino.destination({ dest: 1, sync: true })
  );
}
