import { describe } from 'vitest';
import { testServer, withServer } from '../../postgres/on-postgres';
import * as scenarios from './scenarios';
import { killTest } from './victim';

withServer();

/** Where the database itself could tell another story than a file: commits, leases, rows that a dead process had locked. */
const played = [
  scenarios.afterSubmitCommit,
  scenarios.afterSend,
  scenarios.beforeInboxCommit,
  scenarios.afterCancelSend,
  scenarios.afterRefundSend,
  scenarios.frozenBeforeCancel
];

describe('the built server on PostgreSQL, killed', () => {
  for (const { title, play } of played) {
    killTest(title, play, { databaseUrl: async () => (await testServer().createDatabase()).url });
  }
});
