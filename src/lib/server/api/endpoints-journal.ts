/** The registers' journals: handing them in, and where they stand. */
import type { Endpoint } from './endpoint';

export const journalEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/journal',
    group: 'Journals',
    title: 'Hand in entries of a register’s journal',
    description:
      'The register’s cookie is its pass, whoever is signed in; that of an earlier enrolment is good for its own epoch. Entries come in order, at most 200 at once, and 2 MiB in all. Those that are here already are passed over, so the same batch may be sent again. Each is kept as it came, also where it breaks a rule: then a manager sees it. One that can’t be believed stops the chain.',
    body: 'SendJournal',
    answers: [
      {
        status: 200,
        description:
          'Where the chain stands: the register goes on after `lastSeq`, wherever it thought it was.',
        schema: 'JournalStanding'
      }
    ],
    problems: ['too_large', 'register_unknown', 'register_replaced']
  },
  {
    method: 'GET',
    path: '/api/journal',
    group: 'Journals',
    title: 'Where a register’s journal stands here',
    description: 'Of one epoch, by the register’s cookie. Nothing came of it yet: 0.',
    parameters: [
      {
        name: 'epoch',
        in: 'query',
        description: 'The epoch.',
        schema: { type: 'integer', minimum: 1 },
        example: 1
      }
    ],
    answers: [{ status: 200, description: 'Where it stands.', schema: 'JournalStanding' }],
    problems: ['bad_request', 'register_unknown', 'register_replaced']
  },
  {
    method: 'POST',
    path: '/api/registers/keys',
    group: 'Journals',
    title: 'Enrol the key of a register’s exported journals',
    description:
      'The public half, SPKI in base64, of the ECDSA P-256 key that signs them; the private one never leaves the browser. Said again, nothing changes.',
    body: 'EnrolJournalKey',
    answers: [{ status: 200, description: 'All keys of this register.', schema: 'JournalKeys' }],
    register: true,
    problems: ['register_unknown']
  },
  {
    method: 'GET',
    path: '/api/registers/keys',
    group: 'Journals',
    title: 'The keys of a register’s exported journals',
    description: 'To check whose an exported journal is.',
    parameters: [
      {
        name: 'register',
        in: 'query',
        description: 'The register’s id. Needed.',
        schema: { type: 'string', minLength: 1, maxLength: 64 },
        example: '0190f3c81a7b4d5e8f60718293a4b5c6'
      }
    ],
    answers: [{ status: 200, description: 'Oldest first.', schema: 'JournalKeys' }],
    problems: ['bad_request']
  }
];
