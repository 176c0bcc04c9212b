/** Why somebody could not be changed, in words. */
import type { ProblemCode } from '$lib/wire/problems';
import type { PersonResult } from './people';

type Refused = Extract<PersonResult, { readonly ok: false }>;
type Reason = Exclude<Refused['reason'], 'not_proved'>;

const words: Record<Reason, { readonly code: ProblemCode; readonly detail: string }> = {
  unknown: { code: 'not_found', detail: 'There is no such person. Nothing was changed. Reload this page.' },
  taken: {
    code: 'person_conflict',
    detail: 'Somebody has this user name already. Nobody was added. Choose another one.'
  },
  last_admin: {
    code: 'person_conflict',
    detail:
      'This is the last admin, and a shop needs one. Nothing was changed. Make somebody else an admin first.'
  },
  short_pin: {
    code: 'person_conflict',
    detail: 'A manager’s or admin’s PIN needs 6 digits, because it is good for money. Nothing was changed.'
  }
};

export function personProblem(refused: Refused): {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extra?: Record<string, unknown>;
} {
  return refused.reason === 'not_proved' ? refused.problem : words[refused.reason];
}
