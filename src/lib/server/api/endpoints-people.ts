/** People: what an admin does with them, and who takes over at a register. */
import { idParameter, type Endpoint } from './endpoint';

export const peopleEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/payments/{id}/set-aside',
    group: 'Payments',
    title: 'Let cash be taken though a payment is not confirmed',
    description:
      'A manager’s decision, by PIN at the register. The payment is asked about as before and holds its order no longer; should the wallet’s money come too, that becomes a task with the refund ready.',
    parameters: [idParameter('The id of the payment: 32 hex digits.')],
    body: 'TakeOver',
    answers: [{ status: 200, description: 'The payment as it stands.', schema: 'Payment' }],
    register: true,
    problems: ['register_unknown', 'wrong_password', 'too_many_tries', 'not_found', 'not_resolvable']
  },
  {
    method: 'POST',
    path: '/api/auth/pin',
    route: '/api/auth/[...all]',
    group: 'Signing in',
    title: 'Take over at a register by PIN',
    description:
      'Only from a browser that is enrolled as a register. Tries are counted by person and register with a growing delay; every wrong one gets the same answer. The session before it ends.',
    body: 'TakeOver',
    answers: [{ status: 200, description: 'Who it is now; the session’s cookie.', schema: 'SignedIn' }],
    problems: ['register_unknown', 'wrong_password', 'too_many_tries']
  },
  {
    method: 'POST',
    path: '/api/auth/badge',
    route: '/api/auth/[...all]',
    group: 'Signing in',
    title: 'Take over at a register by badge',
    description:
      'As by PIN, with what stands on the person’s card. Tries are counted by register with a growing delay; the badge of somebody who may not sign in gets the same answer as a wrong one. A badge proves nothing else: no refund, no change.',
    body: 'TakeOverByBadge',
    answers: [{ status: 200, description: 'Who it is now; the session’s cookie.', schema: 'SignedIn' }],
    problems: ['register_unknown', 'wrong_password', 'too_many_tries']
  },
  {
    method: 'GET',
    path: '/api/people/here',
    group: 'People',
    title: 'Who may take over here',
    description:
      'People with a PIN, for an enrolled register; `role=manager`: those who may decide about money.',
    answers: [{ status: 200, description: 'Their names.', schema: 'PeopleHere' }],
    problems: ['register_unknown']
  },
  {
    method: 'GET',
    path: '/api/people',
    group: 'People',
    title: 'Everybody',
    description: 'Disabled people too: nobody is deleted.',
    answers: [{ status: 200, description: 'The people.', schema: 'People' }]
  },
  {
    method: 'POST',
    path: '/api/people',
    group: 'People',
    title: 'Add somebody',
    description:
      'With a user name, a role and a first password. Managers and admins need the own password (`ownPassword`), unless it was typed in this session in the last five minutes.',
    body: 'AddPerson',
    answers: [{ status: 200, description: 'Added.', schema: 'Person' }],
    problems: ['wrong_password', 'proof_needed', 'too_many_tries', 'person_conflict']
  },
  {
    method: 'POST',
    path: '/api/people/{id}',
    group: 'People',
    title: 'Change somebody',
    description:
      'Name, role, password, PIN, badge, or whether they may sign in. Whoever is disabled or gets a new password is signed out at once, everywhere. The last admin stays one. A new badge ends the one before it; what stands on it is in this answer (`newBadge`) and in no other. A password, a PIN, a new badge, a higher role, and letting a manager or admin in again need the own password (`ownPassword`), unless it was typed in this session in the last five minutes.',
    parameters: [idParameter('The person’s id.')],
    body: 'ChangePerson',
    answers: [{ status: 200, description: 'The person after it.', schema: 'ChangedPerson' }],
    problems: ['wrong_password', 'proof_needed', 'too_many_tries', 'not_found', 'person_conflict']
  }
];
