/** What everybody calls: signing in, the shop, changes; and the gateway's own call. */
import { idParameter, type Endpoint } from './endpoint';

export const shopEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/auth/sign-in/username',
    route: '/api/auth/[...all]',
    group: 'Signing in',
    title: 'Sign in',
    description: 'The answer sets the session’s cookie. Ten tries a minute for one address and name.',
    body: 'SignIn',
    answers: [{ status: 200, description: 'Signed in.', schema: 'SignedIn' }],
    problems: ['wrong_password', 'too_many_tries']
  },
  {
    method: 'POST',
    path: '/api/auth/sign-out',
    route: '/api/auth/[...all]',
    group: 'Signing in',
    title: 'Sign out',
    description: 'Ends the session and takes its cookie back.',
    answers: [
      { status: 200, description: 'Signed out; also where nobody was signed in.', schema: 'SignedOut' }
    ]
  },
  {
    method: 'GET',
    path: '/api/session',
    group: 'Signing in',
    title: 'Who is signed in, on which register',
    description: 'In training a browser of somebody who is signed in becomes a register by itself.',
    answers: [
      {
        status: 200,
        description: 'The session; `staff` is null where nobody is signed in.',
        schema: 'Session'
      }
    ],
    problems: ['not_found']
  },
  {
    method: 'GET',
    path: '/api/catalogue',
    group: 'The shop',
    title: 'The whole catalogue',
    description: 'With `If-None-Match` and the last `ETag`: 304 while nothing has changed.',
    answers: [
      { status: 200, description: 'The catalogue.', schema: 'Catalogue' },
      { status: 304, description: 'Nothing changed since the answer with this ETag.' }
    ],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/registers',
    group: 'The shop',
    title: 'Make this browser a register',
    description:
      'A new register, or an existing one anew: the browser that was it before is none any more. The answer sets the register’s cookie.',
    body: 'EnrolRegister',
    answers: [{ status: 201, description: 'The register.', schema: 'Register' }],
    problems: ['not_found']
  },
  {
    method: 'GET',
    path: '/api/registers',
    group: 'The shop',
    title: 'All registers',
    description:
      'When each was last seen, how many entries of its journal it still holds, and when it was enrolled.',
    answers: [{ status: 200, description: 'The registers; retired ones last.', schema: 'Registers' }]
  },
  {
    method: 'POST',
    path: '/api/registers/code',
    group: 'The shop',
    title: 'Become a register by a manager’s code',
    description:
      'This browser becomes the register whose code it is, with a new epoch: numbers stay unique, and the browser that was it before is none any more. The answer sets the register’s cookie. Ten tries a minute.',
    body: 'UseEnrolCode',
    answers: [{ status: 201, description: 'The register.', schema: 'Register' }],
    problems: ['not_found', 'too_many_tries']
  },
  {
    method: 'POST',
    path: '/api/registers/{id}/code',
    group: 'The shop',
    title: 'Make a code for a register',
    description:
      'Shown once, good once, for a quarter of an hour. An older one of this register is none any more.',
    parameters: [idParameter('The register’s id.')],
    answers: [{ status: 201, description: 'The code.', schema: 'EnrolCode' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/registers/{id}/name',
    group: 'The shop',
    title: 'Rename a register',
    description: 'Its code and its orders’ numbers stay.',
    parameters: [idParameter('The register’s id.')],
    body: 'RegisterName',
    answers: [{ status: 200, description: 'All registers.', schema: 'Registers' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/registers/{id}/retire',
    group: 'The shop',
    title: 'Retire a register',
    description:
      'No browser can be it any more. Its orders and its journal stay, and what it still holds is taken.',
    parameters: [idParameter('The register’s id.')],
    answers: [{ status: 200, description: 'All registers.', schema: 'Registers' }],
    problems: ['not_found']
  },
  {
    method: 'GET',
    path: '/api/registers/compare',
    group: 'The day',
    title: 'A day’s wallet payments by register: journal, ledger, wallet',
    description: 'The ledger is the truth; a difference is named and changes nothing.',
    parameters: [
      {
        name: 'day',
        in: 'query',
        description: 'The running business day where left out.',
        schema: { type: 'string', format: 'date' },
        example: '2026-11-23'
      }
    ],
    answers: [{ status: 200, description: 'The comparison.', schema: 'Comparison' }],
    problems: ['bad_request']
  },
  {
    method: 'GET',
    path: '/api/changes',
    group: 'Changes',
    title: 'What changes from now on',
    description:
      'A stream of server-sent events. The first is `hello`: what changed before it is not told, so everything that is shown is to be asked for again, after every reconnect too. Then `change` for every change, which names what changed and never how. A comment every 15 seconds says that the stream lives. It ends when the session does, and when the server stops. One stream for a browser is enough.',
    answers: [
      {
        status: 200,
        description:
          'The stream. The data of `change` is a Change, that of `hello` a Hello, as JSON on one line.',
        schema: 'Change',
        mediaType: 'text/event-stream'
      }
    ]
  },
  {
    method: 'POST',
    path: '/api/codepay/notify',
    group: 'Gateway',
    title: 'The gateway’s notifications',
    description:
      'Called by the payment gateway, and by nobody else: its signature is its pass, so there is no session and no Origin. JSON or a form. What it says moves no state: it makes Till ask. The answer is the text `success` once the notification is kept; a repeat is answered alike.',
    answers: [{ status: 200, description: 'Kept.', mediaType: 'text/plain' }],
    problems: ['bad_request', 'too_large', 'too_many_tries']
  },
  {
    method: 'GET',
    path: '/api/openapi.json',
    group: 'This description',
    title: 'This description, for programs',
    description: 'OpenAPI 3.1.',
    answers: [
      { status: 200, description: 'The description.', mediaType: 'application/json' },
      { status: 304, description: 'Nothing changed since the answer with this ETag.' }
    ]
  },
  {
    method: 'GET',
    path: '/api/docs',
    group: 'This description',
    title: 'This description, for people',
    description: 'A page without scripts.',
    answers: [{ status: 200, description: 'The page.', mediaType: 'text/html' }]
  }
];
