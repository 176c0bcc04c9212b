/** The answer to a call that was not made: the process slept between its commit and its sending. */
import type { Faulted } from '../gateway/port';

/** @param method the call's name in the contract */
export function neverSent(method: string): Faulted {
  return {
    kind: 'fault',
    fault: 'not_sent',
    evidence: {
      method,
      psn: null,
      code: null,
      message: 'not sent: too long after its commit',
      rawSha256: null,
      httpStatus: null,
      gatewayDate: null,
      durationMs: 0
    }
  };
}
