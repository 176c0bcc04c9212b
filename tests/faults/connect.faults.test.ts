/** A connection that is not made: its name, its handshake, its way. Real look-ups, real handshakes, a real hole. */
import { spawn } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { createGateway } from '$lib/server/gateway/client';
import type { Gateway } from '$lib/server/gateway/port';
import { selfSigned } from '$lib/server/gateway/self-signed.fixture';
import { makeKeys } from './signing';
import { easy, faultTest, type World } from './world';

const submit = 'bscanc.pay.submit';
const keys = makeKeys();
const gatewayKeys = makeKeys();
const servers: Server[] = [];
const ports = { old: 0, rude: 0 };

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  ports.old = await listening(
    createTlsServer({ ...selfSigned(), minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
  );
  ports.rude = await listening(createServer((socket) => void socket.once('data', () => socket.destroy())));
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** The submit goes there; everything else reaches the gateway. */
function submitsTo(url: () => string): (gateway: Gateway) => Gateway {
  return (gateway) => ({
    ...gateway,
    submitPayment: (asked) =>
      createGateway({
        config: {
          url: url(),
          appId: 'wz6012822ca2f1as78',
          merchantNo: '312100000164',
          privateKey: keys.privateKey,
          publicKey: gatewayKeys.publicKey,
          timeoutMs: 2000
        },
        now: () => Date.now(),
        log: () => undefined
      }).submitPayment(asked)
  });
}

describe('a payment', () => {
  const provenUnsent = [
    // No name has a part of 64 letters: it is known to nobody, without asking a network.
    ['whose gateway has a name that nobody knows', () => `https://${'a'.repeat(64)}.test`, 'ENOTFOUND'],
    [
      'whose handshake the gateway refuses',
      () => `https://127.0.0.1:${ports.old}`,
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'
    ]
  ] as const;
  for (const [what, url, code] of provenUnsent) {
    faultTest(
      `#4 ${what} was not sent, and is told so`,
      async (world) => {
        const { id } = await world.pay();
        expect(await world.ended(id)).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
        const events = await world.ledger.db.selectFrom('events').select('message').execute();
        expect(events.map(({ message }) => message)).toContain(code);
        expect(world.fake.count(submit)).toBe(0);
      },
      { between: submitsTo(url) }
    );
  }

  faultTest(
    '#4 whose connection ends in the handshake is unknown, because nothing proves when, and is asked about',
    async (world) => {
      const { id } = await world.pay();
      await world.until('the doubt', async () => (await world.attempt(id)).state === 'unknown');
      expect(await world.ended(id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
      expect(world.fake.count(submit)).toBe(0);
    },
    { between: submitsTo(() => `https://127.0.0.1:${ports.rude}`) }
  );
});

/** Of an address that no connection is made to, and of one that answers. */
const addresses = { hole: '127.0.0.2', open: '127.0.0.1' };
if (Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')))
  addresses.hole = '::1';
/** What names have these addresses now; every other name has its own. */
const shown = new Map<string, readonly string[]>([
  ['both.test', [addresses.hole, addresses.open]],
  ['hole.test', [addresses.hole]]
]);
const honest = dns.lookup;

function lookup(name: string, options: object, done: (...answer: unknown[]) => void): void {
  const known = shown.get(name);
  if (known === undefined) return void Reflect.apply(honest, dns, [name, options, done]);
  const all = known.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  if ('all' in options && options.all === true) done(null, all);
  else done(null, all[0]?.address, all[0]?.family);
}

/**
 * Packets to this port of the hole's address vanish: a program listens there that stands still, and as many wait for it as
 * may. Gives back what shows that the hole is one, and what closes it.
 */
async function openHole(port: number): Promise<{ isDeep: () => boolean; close: () => void }> {
  const script = `require('node:net').createServer()
    .listen({ host: '${addresses.hole}', port: ${port}, backlog: 1 }, () => console.log('listens'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  for (let count = 0; count < 6; count += 1) {
    const socket = connect(port, addresses.hole);
    socket.on('error', () => undefined);
    waiting.push(socket);
  }
  await vi.waitUntil(() => waiting.filter((socket) => !socket.connecting).length === 2);
  return {
    isDeep: () => waiting.filter((socket) => socket.connecting).length === 4,
    close() {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
    }
  };
}

describe('a gateway whose IPv6 address is a hole', () => {
  beforeAll(() => void Reflect.set(dns, 'lookup', lookup));
  afterAll(() => void Reflect.set(dns, 'lookup', honest));

  /** The body of a test, with a hole where its gateway's port is. */
  const besideHole =
    (body: (world: World) => Promise<void>) =>
    async (world: World): Promise<void> => {
      const hole = await openHole(Number(new URL(world.fake.url).port));
      try {
        await body(world);
        expect(hole.isDeep()).toBe(true);
      } finally {
        hole.close();
      }
    };

  faultTest(
    '#63 has an IPv4 address too: the payment goes there, and is made once',
    besideHole(async (world) => {
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
      expect(world.fake.count(submit)).toBe(1);
    }),
    { ...easy, host: 'both.test' }
  );

  faultTest(
    '#63 has no other address: the payment is in doubt, whatever is asked for, until there is one',
    besideHole(async (world) => {
      const { id } = await world.pay();
      await world.until('the time-out', async () => (await world.attempt(id)).submit_answered_at_ms !== null);
      await world.payments.stopPayment({ attemptId: id, staffName: 'Rosa Marin' });
      await world.until('asking in vain', async () => (await world.story(id)).includes('asked_in_vain'));
      expect((await world.attempt(id)).state).toMatch(/unknown|cancelling/);
      expect(world.fake.calls).toEqual([]);
      // From here on it has one, and every payment must end.
      shown.set('hole.test', [addresses.hole, addresses.open]);
    }),
    { host: 'hole.test', callTimeoutMs: 1000 }
  );
});
