import { problem } from '$lib/server/problem';
import type { BadgeCheck } from './badges';
import type { PinCheck } from './pins';

type Refused<Check> = Exclude<Check, { readonly ok: true }>;

/** One answer for every wrong PIN, whoever it was for; or how long to wait. */
export function pinProblem(check: Refused<PinCheck>): Response {
  if (check.reason === 'wrong_pin') {
    return problem({
      code: 'wrong_password',
      detail: 'The PIN is not right. Nothing was changed. Try again, or sign in with your password.'
    });
  }
  return tooManyTries('The PIN was wrong too often. Nothing was changed.', check.waitMs);
}

/** One answer for every badge that lets nobody in; or how long to wait. */
export function badgeProblem(check: Refused<BadgeCheck>): Response {
  if (check.reason === 'wrong_badge') {
    return problem({
      code: 'wrong_password',
      detail:
        'This badge is not good here. Nothing was changed. Use your PIN, or ask an admin for a new badge.'
    });
  }
  return tooManyTries('Badges that are not good were scanned too often. Nothing was changed.', check.waitMs);
}

function tooManyTries(what: string, waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1000);
  return problem({
    code: 'too_many_tries',
    detail: `${what} Wait ${seconds} s, or sign in with your password.`,
    extra: { seconds },
    headers: { 'retry-after': String(seconds) }
  });
}
