import { problem } from '$lib/server/problem';
import type { PinCheck } from './pins';

/** One answer for every wrong PIN, whoever it was for; or how long to wait. */
export function pinProblem(check: Exclude<PinCheck, { readonly ok: true }>): Response {
  if (check.reason === 'wrong_pin') {
    return problem({
      code: 'wrong_password',
      detail: 'The PIN is not right. Nothing was changed. Try again, or sign in with your password.'
    });
  }
  const seconds = Math.ceil(check.waitMs / 1000);
  return problem({
    code: 'too_many_tries',
    detail: `The PIN was wrong too often. Nothing was changed. Wait ${seconds} s, or sign in with your password.`,
    extra: { seconds },
    headers: { 'retry-after': String(seconds) }
  });
}
