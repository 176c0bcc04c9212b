/** Till answers, and its answer is that it can't: its disk is full, its database gone, something in it broke. */
import { expect, test } from 'vitest';
import { attempt, refusal, settle } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, registerBench } from './register-bench.fixture';

const bench = registerBench();
const { open, scan } = bench;
const cannotSave = refusal('storage_failed', 503);
const paidEnd = { state: 'succeeded', endedAt: '2026-11-23T09:02:00.000Z', wallet: 'Alipay' } as const;
const broke = refusal('server_error', 500);

async function charge(register: Register): Promise<void> {
  await scan(register, cola);
  await bench.clock.turn(6000);
  await scan(register, code);
  await settle();
}

test('a payment that Till can’t write down says that nothing was sent, holds its order, and is shut once Till can again', async () => {
  const { server, clock } = bench;
  const register = await open();
  const shut = server.voidPayment;
  server.onRequest = () => cannotSave;
  server.voidPayment = () => Promise.resolve(cannotSave);
  await charge(register);
  expect(register.screen?.state).toBe('not_saved');
  await clock.turn(30_000);
  expect(register.screen?.state).toBe('not_saved');
  expect(register.order.locked).toBe(true);

  server.voidPayment = shut;
  await clock.turn(10_000);
  expect(server.voided).toEqual([server.requests[0]?.attemptId]);
  expect(register.screen).toMatchObject({ state: 'not_sent', savedAgain: true });
  expect(register.order.locked).toBe(false);
  expect(server.requests).toHaveLength(1);
});

test('an earlier copy of it that had arrived counts, whatever was said of the later one', async () => {
  const { server } = bench;
  const register = await open();
  server.onRequest = ({ attemptId }) => {
    server.put(attempt({ attemptId, ...paidEnd }));
    return cannotSave;
  };
  await charge(register);
  expect(register.screen?.state).toBe('paid');
});

test('an error of which nobody knows what it left is “not confirmed” at once, and is asked about', async () => {
  const { server, clock } = bench;
  const register = await open();
  const ask = server.payment;
  server.onRequest = ({ attemptId }) => {
    server.put(attempt({ attemptId }));
    return broke;
  };
  server.payment = () => Promise.resolve(cannotSave);
  await charge(register);
  expect(register.screen).toMatchObject({ state: 'unknown', canStop: false });
  expect(register.order.locked).toBe(true);

  server.payment = ask;
  server.move(server.requests[0]?.attemptId ?? '', paidEnd);
  await clock.turn(10_000);
  expect(register.screen?.state).toBe('paid');
  expect(server.requests).toHaveLength(1);
});

test('a Till that can’t even say who is here is as good as none: no code is sent, cash goes on', async () => {
  const { server } = bench;
  const register = await open();
  server.session = () => Promise.resolve(cannotSave);
  await register.stop();
  const again = await open();
  expect(again.phase).toBe('ready');
  expect(again.canReachTill).toBe(false);
  await charge(again);
  expect(server.requests).toEqual([]);
});
