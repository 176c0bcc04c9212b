import { expect, test } from 'vitest';
import { createNotificationDoor } from './notification-door';
import type { WebhookResult } from './webhook';

function openDoor() {
  const clock = { nowMs: 0 };
  const logged: unknown[] = [];
  const door = createNotificationDoor({
    receive: ({ rawBody }): Promise<WebhookResult> =>
      Promise.resolve(rawBody === 'good' ? { ok: true } : { ok: false, reason: 'bad_signature' }),
    log: { warn: (entry: unknown) => void logged.push(entry) },
    nowMs: () => clock.nowMs
  });
  const knock = (rawBody: string, address = '203.0.113.9') =>
    door.receive({ rawBody, contentType: null, address });
  return { clock, logged, knock };
}

test('forged notifications are refused, and from the thirty-first in a minute on told to wait', async () => {
  const { knock, logged, clock } = openDoor();
  for (let count = 0; count < 30; count += 1) {
    expect(await knock('forged')).toEqual({ ok: false, reason: 'bad_signature', waitMs: 0 });
  }
  clock.nowMs = 20_000;
  expect(await knock('forged')).toMatchObject({ ok: false, waitMs: 40_000 });
  expect(await knock('forged', '203.0.113.10')).toMatchObject({ ok: false, waitMs: 0 });
  clock.nowMs = 60_000;
  expect(await knock('forged')).toMatchObject({ ok: false, waitMs: 0 });
  expect(logged).toHaveLength(32);
});

test('a good one comes in from an address that was refused a hundred times', async () => {
  const { knock } = openDoor();
  for (let count = 0; count < 100; count += 1) await knock('forged');
  expect(await knock('good')).toEqual({ ok: true });
});

test('the log names the address and the reason, never what was sent', async () => {
  const { knock, logged } = openDoor();
  await knock('forged with a secret 2812345678901234');
  expect(logged).toEqual([{ reason: 'bad_signature', characters: 37, address: '203.0.113.9' }]);
});
