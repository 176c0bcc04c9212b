import { createServer, type Server } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createGateway } from '$lib/server/gateway/client';
import type { Gateway } from '$lib/server/gateway/port';
import { selfSigned } from '$lib/server/gateway/self-signed.fixture';
import { makeKeys } from './signing';
import { faultTest } from './world';

const keys = makeKeys();
const gatewayKeys = makeKeys();
const usual = getCACertificates('default');
const trusted = selfSigned();
let asked = 0;
const servers: Server[] = [];

/** A server that shows this certificate. */
async function serve(certificate: { key: string; cert: string }): Promise<number> {
  const server = createServer(certificate, (_request, response) => {
    asked += 1;
    response.end('{}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

const ports = { unknown: 0, another: 0 };
beforeAll(async () => {
  ports.unknown = await serve(selfSigned());
  ports.another = await serve(trusted);
  setDefaultCACertificates([...usual, trusted.cert]);
});
afterAll(() => {
  setDefaultCACertificates(usual);
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** The client as it is. */
function towards(port: number): Gateway {
  return createGateway({
    config: {
      url: `https://localhost:${port}`,
      appId: 'wz6012822ca2f1as78',
      merchantNo: '312100000164',
      privateKey: keys.privateKey,
      publicKey: gatewayKeys.publicKey,
      timeoutMs: 2000
    },
    now: () => Date.now(),
    log: () => undefined
  });
}

describe('a gateway whose certificate', () => {
  for (const [what, server, code] of [
    ['nobody vouches for', 'unknown', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is another host’s', 'another', 'ERR_TLS_CERT_ALTNAME_INVALID']
  ] as const) {
    faultTest(
      `#5 ${what} is sent nothing, and an admin is told`,
      async (world) => {
        const row = await world.ended((await world.pay()).id);
        expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
        expect(asked).toBe(0);
        const tasks = await world.ledger.db.selectFrom('tasks').selectAll().execute();
        expect(tasks.map(({ kind }) => kind)).toEqual(['alarm']);
        expect(tasks[0]?.text).toContain('certificate');
        const events = await world.ledger.db.selectFrom('events').select('message').execute();
        expect(events.map(({ message }) => message)).toContain(code);
      },
      { between: () => towards(ports[server]) }
    );
  }
});
