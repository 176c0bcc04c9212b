/** What a manager's pages call: the day, the desk, the checks. */
import { idParameter, type Endpoint } from './endpoint';

const attemptId = idParameter('The id of the payment: 32 hex digits.');

export const officeEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/api/today',
    group: 'The day',
    title: 'A business day, or a week in figures',
    description:
      'Takings are confirmed wallet money. While nothing has changed, `If-None-Match` with the last `ETag` is answered with 304.',
    parameters: [
      {
        name: 'day',
        in: 'query',
        description: 'A day of the shop’s calendar; the running business day where left out.',
        schema: { type: 'string', format: 'date' },
        example: '2026-11-23'
      },
      {
        name: 'span',
        in: 'query',
        description: '`week`: the seven days that end with it, in figures.',
        schema: { type: 'string', enum: ['day', 'week'], default: 'day' },
        example: 'day'
      }
    ],
    answers: [
      { status: 200, description: 'The day; with `span=week` the week.', schema: 'Today' },
      { status: 200, description: 'With `span=week`.', schema: 'Week' },
      { status: 304, description: 'Nothing changed since the answer with this ETag.' }
    ],
    problems: ['bad_request']
  },
  {
    method: 'GET',
    path: '/api/desk',
    group: "The manager's desk",
    title: 'What needs a person',
    description:
      'Tasks, and payments that are still asked about beyond the counter’s minute, with what was asked and answered.',
    answers: [{ status: 200, description: 'The desk.', schema: 'Desk' }]
  },
  {
    method: 'POST',
    path: '/api/desk/attempts/{id}/resolve',
    group: "The manager's desk",
    title: 'Write down what is known about an open payment',
    description:
      'Changes no payment, and asking goes on. `not_charged` frees the order for another tender; `charged` closes the order as awaiting confirmation, outside the takings until the wallet confirms.',
    parameters: [attemptId],
    body: 'ResolveAttempt',
    answers: [{ status: 200, description: 'The payment as it stands.', schema: 'Payment' }],
    problems: ['not_found', 'not_resolvable']
  },
  {
    method: 'POST',
    path: '/api/desk/attempts/{id}/attach',
    group: "The manager's desk",
    title: 'Attach late money to its order',
    description: 'Asks the wallet once more first. Moves no money: it says what money that came late is for.',
    parameters: [attemptId],
    answers: [{ status: 200, description: 'The payment as it stands.', schema: 'Payment' }],
    problems: ['not_found', 'not_confirmed', 'not_attachable']
  },
  {
    method: 'POST',
    path: '/api/desk/tasks/{id}/done',
    group: "The manager's desk",
    title: 'Mark a task done',
    description: 'With a word and a name. Moves no money.',
    parameters: [
      {
        name: 'id',
        in: 'path',
        description: 'The number of the task.',
        schema: { type: 'integer', minimum: 1 },
        example: 7
      }
    ],
    body: 'FinishTask',
    answers: [{ status: 200, description: 'Done.', schema: 'TaskDone' }],
    problems: ['not_found', 'task_not_done']
  },
  {
    method: 'GET',
    path: '/api/reconciliations',
    group: "The manager's desk",
    title: 'Checks of days against the gateway',
    description: 'The last ones, newest first, with how many payments and refunds were compared.',
    answers: [{ status: 200, description: 'The checks.', schema: 'Reconciliations' }]
  },
  {
    method: 'POST',
    path: '/api/reconciliations',
    group: "The manager's desk",
    title: 'Check a day',
    description:
      'Asks the gateway about every payment and refund of a day. Two presses are one check. Moves no money; differences become tasks.',
    body: 'StartReconciliation',
    answers: [{ status: 202, description: 'The check that runs.', schema: 'Reconciliation' }]
  }
];
